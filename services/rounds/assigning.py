"""Giving children to auditors by chance, evenly, within what each may still take, and to nobody who may not audit them.

Whoever can be served is served: where a plain draw would run into a wall, auditors swap (a search for augmenting
paths). So a child is left over only if there is no assignment at all that serves it beside the others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.chance import by_chance


@dataclass(frozen=True, slots=True)
class Stuck:
    """A child that nobody can be given: those who may audit it, all of whom have what they may take."""

    child: str
    full: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The auditor of each child, and the children that are left over."""

    pairs: Mapping[str, str]
    stuck: tuple[Stuck, ...]


def assign(
    children: Collection[str],
    room: Mapping[str, int],
    loads: Mapping[str, int],
    barred: Mapping[str, Collection[str]],
    seed: str,
) -> Assignment:
    """Each child's auditor, evenly: nobody gets a further file while another could take it who has fewer.

    `room` is what each auditor may still take, `loads` what each has, `barred` who may not audit which child. The same
    input gives the same answer, whatever its order.
    """
    order = by_chance(children, seed, str)
    search = _Search(
        {child: _choices(child, room, barred.get(child, ()), seed) for child in order},
        loads,
        room,
        {each: [] for each in room},
    )
    waiting: list[str] = order
    highest = max((loads.get(each, 0) + room[each] for each in room), default=0)
    for level in range(1, highest + 1):
        search.level = level
        waiting = [child for child in waiting if not search.place(child)]
    pairs = {child: auditor for auditor, held in search.held.items() for child in held}
    stuck = tuple(Stuck(child, tuple(sorted(search.reached(child)))) for child in sorted(waiting))
    return Assignment({child: pairs[child] for child in sorted(pairs)}, stuck)


def _choices(child: str, room: Mapping[str, int], barred: Collection[str], seed: str) -> Sequence[str]:
    return by_chance((each for each in room if each not in barred), seed, lambda each: f"{child}:{each}")


@dataclass(slots=True)
class _Search:
    """The files that each auditor holds while they are given out, up to a level that rises."""

    choices: Mapping[str, Sequence[str]]
    loads: Mapping[str, int]
    room: Mapping[str, int]
    held: dict[str, list[str]]
    level: int = 0
    came_by: dict[str, str] = field(default_factory=dict)

    def place(self, child: str) -> bool:
        """Give the child to somebody, if need be by moving others; whether that could be done."""
        end = next((each for each in self.choices[child] if self._free(each)), None)
        if end is not None:
            self.held[end].append(child)
            return True
        reached = self.reached(child)
        end = next((each for each in reached if self._free(each)), None)
        while end is not None:
            moved = self.came_by[end]
            left = next((each for each, files in self.held.items() if moved in files), None)
            if left is not None:
                self.held[left].remove(moved)
            self.held[end].append(moved)
            end = left
        return any(child in files for files in self.held.values())

    def reached(self, child: str) -> list[str]:
        """Everybody who could take the child if others were moved, nearest first."""
        self.came_by = {}
        queue = [child]
        for each in queue:
            for auditor in self.choices[each]:
                if auditor not in self.came_by:
                    self.came_by[auditor] = each
                    queue.extend(self.held[auditor])
        return list(self.came_by)

    def _free(self, auditor: str) -> bool:
        most = min(self.room[auditor], max(0, self.level - self.loads.get(auditor, 0)))
        return len(self.held[auditor]) < most
