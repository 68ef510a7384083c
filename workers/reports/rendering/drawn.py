"""What of a table is drawn: which of its rows, which of its columns, and whether a drawing says more than they do."""

from dataclasses import dataclass
from decimal import Decimal

from workers.reports.page import Figure, Table
from workers.reports.plain import called
from workers.reports.rendering.palette import SERIES

BARS, POINTS = 3, 3
"""So many stacked bars, and points of a line, are seen at a glance better than they are read."""

LENGTH = 5
"""Bars of less than that count one or two of each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of a table is drawn: the points of the axis, and a series for each column of one unit that is no total."""

    axis: tuple[str, ...]
    series: tuple[tuple[str, tuple[Figure | None, ...]], ...]

    @property
    def most(self) -> Decimal:
        """The largest value."""
        return max((value for _, held in self.series for each in held if (value := value_of(each))), default=Decimal(0))


def drawn(table: Table) -> Drawn:
    """What a table's chart shows: a line the shares where there are any, bars the rows in which anything is."""
    rows = [row for row in table.rows if not row.total and any(isinstance(cell, Figure) for cell in row.cells)]
    if table.chart is not None and table.chart.kind != "line":
        rows = [row for row in rows if any(isinstance(cell, Figure) and shows(cell) for cell in row.cells)]
    columns = []
    for across, column in enumerate(table.columns):
        cells = tuple(cell if isinstance(cell := row.cells[across], Figure) else None for row in rows)
        unit = next((cell.unit for cell in cells if cell is not None), None)
        if unit is not None and not column.total:
            columns.append((unit, column.title, cells))
    units = [unit for unit, *_ in columns]
    share = table.chart is not None and table.chart.kind == "line" and "per cent" in units
    wanted = "per cent" if share else next(iter(units), None)
    series = [(title, cells) for unit, title, cells in columns if unit == wanted]
    return Drawn(tuple(called(row) for row in rows), tuple(series[: len(SERIES)]))


def shows(each: Figure | None) -> bool:
    """Whether there is anything in it: a number other than nought, or one that is hidden."""
    return each is not None and (bool(each.value) or each.mark is not None)


def says_little(what: Drawn, kind: str) -> bool:
    """Whether a line would have a point or two, or the bars be few, short or all alike: the table says that better.

    So it does where most stacks lack a part that is hidden: they would be as long as what happens to be shown.
    """
    if kind == "line":
        points = range(len(what.axis))
        return sum(any(value_of(held[at]) is not None for _, held in what.series) for at in points) < POINTS
    bars = [tuple(value_of(held[at]) for _, held in what.series) for at in range(len(what.axis))]
    if max(sum(filter(None, each)) for each in bars) < LENGTH and not any(None in each for each in bars):
        return True
    hidden = sum(None in each for each in bars)
    return len(set(bars)) <= 1 or (kind == "stacked bars" and (len(bars) < BARS or 2 * hidden > len(bars)))


def value_of(each: Figure | None) -> Decimal | None:
    """The value that may be drawn: none where it is hidden."""
    return each.value if each is not None and each.mark is None else None
