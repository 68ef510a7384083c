"""The two kinds of table in a pack: lists with a row for each record, which name it, and counts, which do not."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from services.clock import day_in_words, instant_in_words
from workers.reports.page import Behind, Cell, Column, Figure, Row, Table, Unit, Words

NOTHING = "–"
PLACES: dict[Unit, Decimal] = {"coefficient": Decimal("0.01")}
"""To how many places a figure is given, where that is not one."""


def listing(key: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> Table:
    """A row for each record, with its name first. A suppressed copy leaves each row out."""
    first, *others = columns
    made = tuple(
        Row(title=plain(name), cells=tuple(Words(text=plain(cell), names=True) for cell in cells), names=True)
        for name, *cells in rows
    )
    return Table(
        key=key, title=title, stub=first, columns=tuple(Column(title=each) for each in others), rows=made, note=note
    )


def counting(  # noqa: PLR0913 - a table says as much
    key: str,
    title: str,
    stub: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str, Sequence[Cell]]],
    *,
    total: bool = False,
    note: str = "",
) -> Table:
    """Figures under their columns. With `total`, the last row and the last column add up the others."""
    held = list(rows)
    made = tuple(
        Row(title=name, cells=tuple(cells), total=total and place == len(held))
        for place, (name, cells) in enumerate(held, 1)
    )
    heads = tuple(Column(title=each, total=total and place == len(columns)) for place, each in enumerate(columns, 1))
    return Table(key=key, title=title, stub=stub, columns=heads, rows=made, adds_up=total, note=note)


def crossed(key: str, title: str, stub: str, columns: Sequence[str], placed: Iterable[tuple[str, str, str]]) -> Table:
    """How many records stand in each row and column, with their sums: each comes as its row, its column and its name.

    The rows are in the order of their titles.
    """
    cells: dict[tuple[str, str], list[str]] = {}
    for row, column, about in placed:
        cells.setdefault((row, column), []).append(about)
    titles = sorted({row for row, _ in cells})

    def behind(rows: Sequence[str], heads: Sequence[str]) -> list[str]:
        return [about for row in rows for head in heads for about in cells.get((row, head), ())]

    rows = [
        (
            name,
            [
                number(f"{key}.{name}.{head}", behind(held, heads))
                for head, heads in (*((c, [c]) for c in columns), ("all", columns))
            ],
        )
        for name, held in (*((each, [each]) for each in titles), ("All", titles))
    ]
    return counting(key, title, stub, [*columns, "All"], rows, total=True)


def number(key: str, abouts: Iterable[str]) -> Figure:
    """How many records there are; they stand behind the figure."""
    held = sorted(abouts)
    return Figure(key=key, value=Decimal(len(held)), behind=tuple(Behind(about=each) for each in held))


def share(key: str, among: int, of: int) -> Figure:
    """Per cent, to one decimal; nothing where there is nothing to count from."""
    value = rounded(Fraction(100 * among, of), "per cent") if of else None
    return Figure(key=key, value=value, unit="per cent", among=among, of=of)


def measured(key: str, value: Fraction | int | None, unit: Unit, of: int) -> Figure:
    """Something worked out of so many records; None has no value."""
    return Figure(key=key, value=None if value is None else rounded(Fraction(value), unit), unit=unit, of=of)


def rounded(value: Fraction, unit: Unit) -> Decimal:
    """To one decimal, a coefficient to two; a half goes to the even one."""
    places = PLACES.get(unit, Decimal("0.1"))
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(places, ROUND_HALF_EVEN)


def plain(value: Any) -> str:
    """A cell as a person reads it."""
    match value:
        case None | "" | ():
            return NOTHING
        case datetime():
            return instant_in_words(value)
        case date():
            return day_in_words(value)
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(map(plain, value))
    return str(value)
