"""Somebody who has a suppressed copy in front of them and works out what it hides: exactly, and from the copy alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.reports.page import Figure, Report, Table

MOST = 200
"""No number of the tables that are attacked is larger."""

Sum = tuple[tuple[tuple[str, int], ...], int]
"""Some unknown numbers, each with how often it counts, and what they come to."""


@dataclass
class Puzzle:
    """What may stand in each place, and what adds up to what."""

    may: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def adds_up(self, parts: Sequence[str | int], total: str | int) -> None:
        often: dict[str, int] = {}
        known = 0
        for part, by in [*((each, 1) for each in parts), (total, -1)]:
            if isinstance(part, int):
                known += by * part
            else:
                often[part] = often.get(part, 0) + by
        self.sums.append((tuple(often.items()), -known))

    def could_be(self, name: str, value: int) -> bool:
        """Whether there is any way to fill in everything else."""
        return self._solved({**self.may, name: (value, value)})

    def another(self, name: str, truth: int) -> int | None:
        """A number that could stand there just as well, the nearest first, or None where there is but one."""
        low, high = self.may[name]
        others = sorted({*range(low, high + 1)} - {truth}, key=lambda value: abs(value - truth))
        return next((value for value in others if self.could_be(name, value)), None)

    def _solved(self, may: Mapping[str, tuple[int, int]]) -> bool:
        bounds = self._narrowed(dict(may))
        if bounds is None:
            return False
        name, (low, high) = min(bounds.items(), key=lambda each: (each[1][0] == each[1][1], each[1][1] - each[1][0]))
        return low == high or any(self._solved({**bounds, name: (value, value)}) for value in range(low, high + 1))

    def _narrowed(self, may: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]] | None:
        changed = True
        while changed:
            changed = False
            for parts, total in self.sums:
                ends = [sorted((often * may[name][0], often * may[name][1])) for name, often in parts]
                least, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
                if not least <= total <= most:
                    return None
                for (name, often), (low, high) in zip(parts, ends, strict=True):
                    room = sorted(((total - most + high) / often, (total - least + low) / often))
                    narrow = (max(may[name][0], -int(-room[0] // 1)), min(may[name][1], int(room[1] // 1)))
                    if narrow[0] > narrow[1]:
                        return None
                    changed |= narrow != may[name]
                    may[name] = narrow
        return may


def puzzle(report: Report, same: Mapping[str, str]) -> Puzzle:
    """What a suppressed copy says. `same` are the keys of figures that repeat another one, and whose.

    A hidden number is one at least, since a nought is shown. In a table that adds up, a share of a row or column is of
    its total.
    """
    found = Puzzle()
    for table in tables(report):
        grid = [[_said(found, cell, same) for cell in row.cells if isinstance(cell, Figure)] for row in table.rows]
        across, down = [column.total for column in table.columns], [row.total for row in table.rows]
        for line, totals in [*((row, across) for row in grid), *((column, down) for column in zip(*grid, strict=True))]:
            counted = [(cell, total) for (unit, cell), total in zip(line, totals, strict=True) if unit == "count"]
            for total in (cell for cell, is_total in counted if is_total):
                found.adds_up([cell for cell, is_total in counted if not is_total], total)
    return found


def tables(report: Report) -> Iterator[Table]:
    return (block for section in report.sections for block in section.blocks if isinstance(block, Table))


def _said(found: Puzzle, cell: Figure, same: Mapping[str, str]) -> tuple[str, str | int]:
    name = same.get(cell.key, cell.key)
    if cell.unit == "count" and cell.mark is None:
        assert cell.value is not None
        if cell.key in same:
            found.may.setdefault(name, (0, MOST))
            found.adds_up([name], int(cell.value))
        return "count", int(cell.value)
    if cell.unit == "count":
        found.may.setdefault(name, (1, MOST))
        return "count", name
    if cell.among is not None and cell.of is not None:  # what is left over follows, and each is also a count by itself
        for part, value in (("among", cell.among), ("of", cell.of)):
            if (count := same.get(f"{cell.key}.{part}")) is not None:
                names = count.split("+")
                for each in names:
                    found.may.setdefault(each, (0, MOST))
                found.adds_up(names, value)
    return cell.unit, name
