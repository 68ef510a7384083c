"""Which numbers have to be hidden so that none of the small ones can be worked out: pure, of numbers and what adds up.

Whoever reads knows every number that is shown, what adds up to what, that each hidden number is at least one (a nought
is shown), and nothing else. A number is safe as soon as another one could stand in its place with all that is known
still true: a proof of that is kept for each, as what would change with it and by how much.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Line = Mapping[int, int]
"""What comes to nothing: numbers by their place, each with how often it counts; what they add up to counts as -1."""

Proof = Mapping[int, int]
"""By how much each of some unknown numbers could be another, all at once."""

STEPS = 400
"""So many attempts are made to find a proof; where none was found by then, more is hidden."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a report by their places, and what is known of them.

    `printed` are those that stand in it; the others follow from them at most. `totals` are hidden last. Each of `lines`
    comes to nothing.
    """

    values: tuple[int, ...]
    printed: frozenset[int]
    totals: frozenset[int]
    lines: tuple[Line, ...]


def hidden(numbers: Numbers, threshold: int) -> frozenset[int]:
    """The places that have to be hidden: of 1 up to the threshold, and of whatever would give one of these away.

    None of the others could be shown without one of these being known: where one number is small and stands in one sum
    alone, one more is hidden. The same numbers give the same places.
    """
    small = {place for place, value in enumerate(numbers.values) if 1 <= value <= threshold}
    search = _Search(numbers, small)
    while (bare := search.bare()) is not None:
        search.hide(search.nearest(bare))
    for place in sorted(search.unknown - small & numbers.printed, key=lambda each: -numbers.values[each]):
        search.show_if_safe(place)
    return frozenset(search.unknown & numbers.printed)


@dataclass(slots=True)
class _Search:
    numbers: Numbers
    small: set[int]
    unknown: set[int] = field(init=False)
    proofs: dict[int, Proof] = field(default_factory=dict)
    _lines_of: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unprinted = set(range(len(self.numbers.values))) - self.numbers.printed
        self.unknown = self.small | unprinted
        for index, line in enumerate(self.numbers.lines):
            for place in line:
                self._lines_of.setdefault(place, []).append(index)

    def guarded(self) -> set[int]:
        """What nobody may work out: the small numbers, and each that was hidden for their sake."""
        return self.unknown & (self.small | self.numbers.printed)

    def bare(self) -> int | None:
        """The first number that is guarded and has no proof."""
        for place in sorted(self.guarded() - self.proofs.keys()):
            if not self.prove(place):
                return place
        return None

    def prove(self, place: int) -> bool:
        """Whether another number could stand there. A proof is one for each number that would change."""
        if place in self.proofs:
            return True
        proof = self._another(place) or self._twice(place)
        for each in proof or ():
            self.proofs.setdefault(each, proof or {})
        return proof is not None

    def hide(self, place: int) -> None:
        """Hide one more: whatever was proved of the others stays so."""
        self.unknown.add(place)

    def show_if_safe(self, place: int) -> None:
        """Show again what was hidden for the sake of others, where each of them is still safe."""
        kept = dict(self.proofs)
        self.unknown.remove(place)
        self.proofs = {each: proof for each, proof in kept.items() if place not in proof}
        if self.bare() is not None:
            self.unknown.add(place)
            self.proofs = kept

    def nearest(self, bare: int) -> int:
        """What to hide next: no total where it can be, what settles most sums and opens fewest, and the smallest."""
        reach = self._reach(bare)
        known = {place for index in reach for place in self._shown(index)}
        alone = {place for index in reach if self._hidden(index) == 1 for place in self._shown(index)}

        def order(place: int) -> tuple[bool, int, int, int]:
            settled = sum({1: 1, 0: -1}.get(self._hidden(index), 0) for index in self._lines_of[place])
            return place in self.numbers.totals, -settled, self.numbers.values[place], place

        return min(alone or known, key=order)

    def _shown(self, index: int) -> Iterator[int]:
        line = self.numbers.lines[index]
        return (place for place in line if place not in self.unknown and self.numbers.values[place])

    def _hidden(self, index: int) -> int:
        return sum(place in self.unknown for place in self.numbers.lines[index])

    def _reach(self, place: int) -> set[int]:
        """The sums that a number stands in, and those that hang on them by what is unknown."""
        found: set[int] = set()
        waiting = [place]
        while waiting:
            for index in self._lines_of.get(waiting.pop(), ()):
                if index not in found:
                    found.add(index)
                    waiting += [each for each in self.numbers.lines[index] if each in self.unknown]
        return found

    def _twice(self, place: int) -> Proof | None:
        """Where nothing is known but noughts, everything could be twice as much."""
        reach = self._reach(place)
        if any(True for index in reach for _ in self._shown(index)):
            return None
        unknown = {each for index in reach for each in self.numbers.lines[index] if each in self.unknown} | {place}
        return {each: self.numbers.values[each] for each in unknown}

    def _another(self, place: int) -> Proof | None:
        for by in (1, -1, 2, -2):
            if self.may(place, by) and (proof := _Moves(self, STEPS).balanced({place: by})):
                return proof
        return None

    def may(self, place: int, by: int) -> bool:
        """Whether a number could be so much more or less: a hidden one is never nought, an unprinted one may be."""
        return self.numbers.values[place] + by >= int(place in self.numbers.printed)

    def lines_of(self, places: Iterable[int]) -> set[int]:
        """The sums in which any of some numbers stands."""
        return {index for place in places for index in self._lines_of.get(place, ())}


@dataclass(slots=True)
class _Moves:
    search: _Search
    steps: int

    def balanced(self, moved: dict[int, int]) -> dict[int, int] | None:
        """What has to change as well so that every sum still comes to nothing, or None where nothing was found."""
        lines = self.search.numbers.lines
        off = {index: gap for index in self.search.lines_of(moved) if (gap := _gap(lines[index], moved))}
        if not off:
            return moved
        self.steps -= 1
        if self.steps < 0:
            return None
        index = min(off, key=lambda each: (self._open(each, moved), each))
        ways = [
            (each, -off[index] // often)
            for each, often in lines[index].items()
            if each in self.search.unknown and each not in moved and off[index] % often == 0
        ]
        ways.sort(key=lambda way: (self._left(way[0], off), way[0]))
        for each, by in ways:
            if self.search.may(each, by) and (found := self.balanced({**moved, each: by})):
                return found
        return None

    def _open(self, index: int, moved: Mapping[int, int]) -> int:
        line = self.search.numbers.lines[index]
        return sum(each in self.search.unknown and each not in moved for each in line)

    def _left(self, place: int, off: Mapping[int, int]) -> int:
        """How many more sums would be off by it: those that it opens, less those that it settles."""
        return sum(-1 if index in off else 1 for index in self.search.lines_of([place]))


def _gap(line: Line, moved: Mapping[int, int]) -> int:
    return sum(line[each] * by for each, by in moved.items() if each in line)
