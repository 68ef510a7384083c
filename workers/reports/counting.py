"""Figures made of things: each knows what it was counted from, so that it can be opened."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from projections.counted_records import Mark
from workers.reports.page import Behind, Column, Figure, Row, Table

PLACES = Decimal("0.1")
TOTAL = "All"
UNKNOWN = "not recorded"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that counts: its record, the events that say so, and under what it is set out."""

    about: str
    positions: tuple[int, ...]
    under: str = ""
    value: Decimal | None = None


def thing(about: str, *marks: Mark | None, under: str = "", value: Decimal | None = None) -> Thing:
    """A thing that the marks speak of."""
    return Thing(about, tuple(sorted({each.position for each in marks if each is not None})), under, value)


def count(key: str, things: Iterable[Thing]) -> Figure:
    """How many there are."""
    behind = tuple(Behind(about=each.about, positions=each.positions) for each in things)
    return Figure(key=key, value=Decimal(len(behind)), behind=behind)


def share(key: str, things: Iterable[Thing], is_among: Callable[[Thing], bool]) -> Figure:
    """What part of them in per cent, to one place, a half up; no value where there is none."""
    behind = tuple(Behind(about=each.about, positions=each.positions, among=is_among(each)) for each in things)
    among, of = sum(each.among for each in behind), len(behind)
    value = (Decimal(among * 100) / of).quantize(PLACES, ROUND_HALF_UP) if of else None
    return Figure(key=key, value=value, unit="per cent", among=among, of=of, behind=behind)


def middle(key: str, things: Iterable[Thing]) -> Figure:
    """The middle of their values in days, to one place; no value where there is none."""
    behind = tuple(Behind(about=each.about, positions=each.positions, value=each.value) for each in things)
    values = [each.value for each in behind if each.value is not None]
    value = Decimal(median(values)).quantize(PLACES, ROUND_HALF_UP) if values else None
    return Figure(key=key, value=value, unit="days", behind=behind)


def total_of(key: str, things: Iterable[Thing]) -> Figure:
    """The sum of their values; no value where there is none."""
    behind = tuple(Behind(about=each.about, positions=each.positions, value=each.value) for each in things)
    values = [each.value for each in behind if each.value is not None]
    return Figure(key=key, value=sum(values, Decimal()) if values else None, behind=behind)


@dataclass(frozen=True, slots=True)
class Counts:
    """A column of a table: its title, and the things that are counted in it."""

    key: str
    title: str
    things: Sequence[Thing]


def rows_of(key: str, rows: Sequence[tuple[str, str]], columns: Sequence[Counts], *, total: bool) -> tuple[Row, ...]:
    """A row for each of `rows` (name and title) with how many things stand under it, and with `total` one of all."""
    made = [
        Row(
            title=title,
            cells=tuple(
                count(f"{key}.{slug(name)}.{column.key}", (each for each in column.things if each.under == name))
                for column in columns
            ),
        )
        for name, title in rows
    ]
    if total:
        cells = tuple(count(f"{key}.all.{column.key}", column.things) for column in columns)
        made.append(Row(title=TOTAL, cells=cells, total=bool(made)))
    return tuple(made)


def table(
    key: str, title: str, rows: tuple[Row, ...], columns: Sequence[Column], *, stub: str = "", note: str = ""
) -> Table:
    """A table of counts: the last row, where there are others, adds them up."""
    return Table(
        key=key,
        title=title,
        stub=stub,
        columns=tuple(columns),
        rows=rows,
        adds_up=any(each.total for each in rows) or any(each.total for each in columns),
        note=note,
    )


def slug(words: str) -> str:
    """A name as a part of a key: `Does Not Meet Good` as `does-not-meet-good`."""
    return (
        "-".join("".join(each if each.isalnum() or each in "-_" else " " for each in words).split()).lower() or "none"
    )
