"""Every number of a report once, however often it is printed, and what adds up to what in its tables."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workers.reports.covers import Bags
from workers.reports.disclosure import Line, Numbers, hidden
from workers.reports.page import Behind, Cell, Figure, Table

Place = tuple[str, str, int, int]
"""Where a figure stands: section, table, row and column."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The counts that a figure says, by their places among all: a whole number, or a share's two and what is left."""

    whole: int | None = None
    among: int | None = None
    of: int | None = None
    rest: int | None = None

    def places(self) -> Iterator[int]:
        return (each for each in (self.whole, self.among, self.of, self.rest) if each is not None)


@dataclass(slots=True)
class Counted:
    """The numbers of the tables that it takes: which of them are the same, and which sums they stand in.

    Two are the same where they stand under one key, count the same records, or are a share's and a count beside it. A
    number that counts what several beside it count, or several cells of any table, is their sum, and so is any number,
    wherever it stands, of those in one row or column that together count each of its records once.
    Totals are sums where the table says so or where they do add up. A coefficient says something of each cell that
    counts some of its records, so that it is hidden with any of them.
    """

    values: list[int] = field(default_factory=list)
    records: list[Sequence[str]] = field(default_factory=list)
    unprinted: set[int] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)
    figures: dict[Place, _Parts] = field(default_factory=dict)
    tables: list[list[int]] = field(default_factory=list)
    coefficients: dict[Place, frozenset[str]] = field(default_factory=dict)
    sums: list[list[tuple[int, int]]] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    same: dict[int, int] = field(default_factory=dict)
    known_as: dict[Hashable, int] = field(default_factory=dict)

    def take(self, section: str, table: Table) -> None:
        """Count a table in."""
        grid = [
            [
                self._parts(cell, total=row.total or column.total)
                for cell, column in zip(row.cells, table.columns, strict=True)
            ]
            for row in table.rows
        ]
        self.figures |= {
            (section, table.key, down, across): parts
            for down, row in enumerate(grid)
            for across, parts in enumerate(row)
        }
        self.coefficients |= {
            (section, table.key, down, across): frozenset(_records(cell.behind))
            for down, row in enumerate(table.rows)
            for across, cell in enumerate(row.cells)
            if isinstance(cell, Figure) and cell.unit == "coefficient"
        }
        across_total, down_total = [column.total for column in table.columns], [row.total for row in table.rows]
        self.tables.append(
            [
                parts.whole
                for row, total in zip(grid, down_total, strict=True)
                for parts, each in zip(row, across_total, strict=True)
                if parts.whole is not None and not total and not each
            ]
        )
        lines = [(row, across_total) for row in grid]
        lines += [(list(column), down_total) for column in zip(*grid, strict=True)]
        for line, totals in lines:
            whole = [(parts.whole, total) for parts, total in zip(line, totals, strict=True) if parts.whole is not None]
            self._totals(whole, adds_up=table.adds_up)
            told = list(zip(line, totals, strict=True))
            self._totals([(each.among, total) for each, total in told if each.among is not None], adds_up=False)
            self._totals([(each.of, total) for each, total in told if each.of is not None], adds_up=False)
            self._beside([place for place, _ in whole], line)
            for each in [each for parts in line for each in (parts.among, parts.of) if each is not None]:
                self._several([place for place, total in whole if not total], each)
            self._shares([parts for parts, total in zip(line, totals, strict=True) if not total])
            self.lines.append([place for parts in line for place in parts.places()])

    def gone(self, threshold: int) -> frozenset[Place]:
        """Where the figures stand of which nothing may be shown."""
        self._across_tables()
        lines: list[Line] = []
        for line in (*self.sums, *self._covers()):
            often: dict[int, int] = defaultdict(int)
            for place, by in line:
                often[self._root(place)] += by
            lines.append({place: by for place, by in often.items() if by})
        roots = [self._root(place) for place in range(len(self.values))]
        numbers = Numbers(
            values=tuple(self.values),
            printed=frozenset(root for place, root in enumerate(roots) if place not in self.unprinted),
            totals=frozenset(roots[place] for place in self.totals),
            lines=tuple(line for line in lines if line),
        )
        away = hidden(numbers, threshold)
        unknown = [self.records[place] for table in self.tables for place in table if roots[place] in away]
        return frozenset(
            at
            for at, parts in self.figures.items()
            if any(roots[each] in away for each in parts.places())
            or any(each and self.coefficients.get(at, frozenset()).issuperset(each) for each in unknown)
        )

    def _across_tables(self) -> None:
        """A number that counts what some cells of a table count, in whichever rows and columns, is their sum."""
        cells = [[(place, set(self.records[place])) for place in table if self.records[place]] for table in self.tables]
        for wanted in {tuple(each): place for place, each in enumerate(self.records) if each}.values():
            records = set(self.records[wanted])
            for table in cells:
                inside = [place for place, own in table if own <= records and self._root(place) != self._root(wanted)]
                if len(inside) > 1 and self._come_to(inside, wanted):
                    self.sums.append([*((each, 1) for each in inside), (wanted, -1)])

    def _parts(self, cell: Cell, *, total: bool) -> _Parts:
        if not isinstance(cell, Figure) or cell.mark is not None:
            return _Parts()
        if cell.of is not None:
            return self._share(cell, cell.of)
        if cell.unit == "count" and cell.value is not None and _whole(cell.value):
            whole = self._number(int(cell.value), (cell.key, "whole"), _records(cell.behind))
            if total:
                self.totals.add(whole)
            return _Parts(whole=whole)
        if valued := [each for each in cell.behind if each.value is not None]:
            return _Parts(of=self._number(len(valued), (cell.key, "of"), _records(valued)))
        return _Parts()

    def _share(self, cell: Figure, whole: int) -> _Parts:
        of = self._number(whole, (cell.key, "of"), _records(cell.behind))
        self.totals.add(of)
        if cell.among is None:
            return _Parts(of=of)
        among = self._number(cell.among, (cell.key, "among"), _records(each for each in cell.behind if each.among))
        if cell.among > whole:
            return _Parts(among=among, of=of)
        left = _records(each for each in cell.behind if not each.among)
        rest = self._number(whole - cell.among, (cell.key, "rest"), left)
        self.unprinted.add(rest)
        self.sums.append([(among, 1), (rest, 1), (of, -1)])
        return _Parts(among=among, of=of, rest=rest)

    def _number(self, value: int, name: Hashable, records: Sequence[str]) -> int:
        """A number, and what it is known as: by its figure's key, and by the records that it counts."""
        place = len(self.values)
        self.values.append(value)
        told = records if len(records) == value else ()
        self.records.append(told)
        names = [(name, value), *([("records", tuple(told))] if told else [])]
        for each in names:
            self._join(self.known_as.setdefault(each, place), place)
        return place

    def _totals(self, whole: Sequence[tuple[int, bool]], *, adds_up: bool) -> None:
        """What the totals of a row or column add up: all the others, or those since the total before."""
        every = [place for place, total in whole if not total]
        since: list[int] = []
        for place, total in whole:
            if not total:
                since.append(place)
                continue
            sums = [parts for parts in (every, since) if parts and self._come_to(parts, place)]
            for parts in sums[:1] or [every] * (adds_up and bool(every)):
                self.sums.append([*((each, 1) for each in parts), (place, -1)])
            since = []

    def _beside(self, whole: Sequence[int], line: Sequence[_Parts]) -> None:
        """A share's counts are those that stand beside it."""
        for each in (
            each for parts in line if parts.whole is None for each in (parts.among, parts.of) if each is not None
        ):
            for place in whole:
                if self.values[each] == self.values[place]:
                    self._join(each, place)

    def _several(self, parts: Sequence[int], counted: int) -> None:
        """What a share counts of the counts beside it: those of its records, or a run that comes to as many."""
        wanted = set(self.records[counted])
        inside = [place for place in parts if self.records[place] and wanted.issuperset(self.records[place])]
        runs = [parts[first:last] for first in range(len(parts)) for last in range(first + 2, len(parts) + 1)]
        for summed in [inside] if inside and self._come_to(inside, counted) else runs:
            if self._come_to(summed, counted):
                self.sums.append([*((each, 1) for each in summed), (counted, -1)])

    def _shares(self, line: Sequence[_Parts]) -> None:
        """Shares of one whole that make it up are a sum."""
        by_whole: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for parts in line:
            if parts.among is not None and parts.of is not None:
                by_whole[self.values[parts.of]].append((parts.among, parts.of))
        for shares in by_whole.values():
            (_, of), amongs = shares[0], [among for among, _ in shares]
            if len(amongs) > 1 and self._come_to(amongs, of):
                for _, other in shares:
                    self._join(of, other)
                self.sums.append([*((each, 1) for each in amongs), (of, -1)])

    def _covers(self) -> Iterator[list[tuple[int, int]]]:
        """What of one row or column holds every record that another number counts, wherever that stands."""
        told = [(self._root(place), tuple(held)) for place, held in enumerate(self.records)]
        first: dict[Hashable, int] = {}
        alike = [first.setdefault(each, place) for place, each in enumerate(told)]
        bags = Bags.of({place: self.records[place] for place in first.values()})
        for line in {frozenset(alike[each] for each in line) for line in self.lines}:
            for whole in bags.held:
                for parts in bags.covers(whole, line):
                    yield [*((each, 1) for each in parts), (whole, -1)]

    def _come_to(self, parts: Sequence[int], total: int) -> bool:
        return sum(self.values[each] for each in parts) == self.values[total]

    def _root(self, place: int) -> int:
        while (up := self.same.get(place, place)) != place:
            place = up
        return place

    def _join(self, one: int, other: int) -> None:
        one, other = self._root(one), self._root(other)
        if one != other:
            self.same[max(one, other)] = min(one, other)


def _whole(value: Decimal) -> bool:
    return value >= 0 and value == value.to_integral_value()


def _records(behind: Iterable[Behind]) -> Sequence[str]:
    """What is counted, a record as often as it is: two counts of the same are one number."""
    return sorted(each.about for each in behind)
