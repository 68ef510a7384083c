"""What an indicator stood at in a month: value, direction of travel, and how it compares. Asked of the view."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, Table, select

from events.vocabulary import Comparator, IndicatorLevel
from projections.dates import month_on
from projections.generations import reading
from projections.indicator_counts import Counting, Share, Teams, shares
from projections.indicator_figures import AUDITS, COMPARATORS, SHAPE, VALUES
from projections.queries import ViewRow
from projections.store import Source

LOOK_BACK = 12
"""Months before the one asked about in which the previous value is looked for: an older one tells no direction."""

Better = Literal["higher", "lower", "neither"]
Standing = Literal["better", "worse", "above", "below", "same"]

OF_THE_WHOLE = {None, "count", "pounds"}
"""Units in which a part cannot be compared with what holds for a whole authority."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator as the authority's framework describes it."""

    name: str
    title: str
    kind: str = "indicator"
    basket: str | None = None
    unit: str | None = None
    per: int | None = None
    better: Better = "neither"
    window: str | None = None
    parts: tuple[str, ...] = ()
    levels: tuple[IndicatorLevel, ...] = ("authority",)
    target: Decimal | None = None
    compared_with: tuple[Comparator, ...] = ()
    counting: Counting | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose figures are asked for. `teams` tells which belonged to the place when, for what is counted; None: all."""

    level: IndicatorLevel = "authority"
    ref: str | None = None
    teams: Teams | None = None


class Compared(ViewRow):
    """How the value stands to a comparator. Without a `value` the comparator is asked for and was not recorded.

    `difference` is the indicator's value less the comparator's. `standing` is better or worse where the framework says
    which way is better, else above or below; None where either value is missing.
    """

    comparator: Comparator
    value: Decimal | None = None
    first: date | None = None
    last: date | None = None
    source: str | None = None
    difference: Decimal | None = None
    standing: Standing | None = None


class IndicatorRow(ViewRow):
    """One figure of one month. `value` is None where there is none: a missing month is never a nought.

    `counted` tells that it was worked out from the audits. `previous` is the latest earlier value of the twelve months
    before, of the month `previous_month`, and `direction` how the value moved since; None where either is missing.
    `replaced` says how often the value was given anew.
    """

    indicator: str
    title: str
    kind: str
    basket: str | None
    unit: str | None
    per: int | None
    better: Better
    window: str | None
    month: str
    level: IndicatorLevel
    ref: str | None
    part: str | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    counted: bool
    source: str | None
    replaced: int
    previous: Decimal | None
    previous_month: str | None
    direction: Standing | None
    comparators: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Figured:
    """A figure of one month, as it was recorded or counted."""

    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    counted: bool = False
    source: str | None = None
    replaced: int = 0


Series = dict[str, Figured]
"""Figures by month."""


@dataclass(slots=True)
class Books:
    """What a question needs: figures by indicator and part, comparators by indicator."""

    series: dict[tuple[str, str | None], Series] = field(default_factory=dict)
    comparators: dict[tuple[str, str | None], list[Mapping[str, Any]]] = field(default_factory=dict)


def indicator_months(
    source: Source, authority: str, watched: Sequence[Watched], months: Sequence[str], place: Place
) -> list[IndicatorRow]:
    """The figures of these months (such as `2026-03`) for one place, in the order of the framework, then of time.

    Every indicator that is recorded for such a place has a row in every month, with a value or without.
    """
    if not months:
        return []
    with reading(SHAPE, source) as (db, tables):
        books = _read(db, tables, authority, place, (min(months), max(months)))
        countings = [each.counting for each in watched if each.counting]
        span = (month_on(min(months), -LOOK_BACK), max(months))
        counted = shares(db, tables[AUDITS], authority, countings, place.teams, span)
    return [
        row_of(each, part, month, place, books)
        for each in watched
        if place.level in each.levels
        for part in _parts(each, _with_counted(each, books, counted, place))
        for month in sorted(months)
    ]


def standing(better: Better, value: Decimal, other: Decimal) -> Standing:
    """How a value stands to another one, in the words of what is better."""
    if value == other:
        return "same"
    if better == "neither":
        return "above" if value > other else "below"
    return "better" if (value > other) == (better == "higher") else "worse"


def _read(db: Connection, tables: Mapping[str, Table], authority: str, place: Place, span: tuple[str, str]) -> Books:
    books = Books()
    values, comparators = tables[VALUES], tables[COMPARATORS]
    asked = select(values).where(
        values.c.authority == authority,
        values.c.level == place.level,
        values.c.ref == (place.ref or ""),
        values.c.month >= month_on(span[0], -LOOK_BACK),
        values.c.month <= span[1],
    )
    for row in db.execute(asked.order_by(values.c.part)):
        figure = Figured(
            Decimal(row.value),
            _number(row.numerator),
            _number(row.denominator),
            source=row.source,
            replaced=row.replaced,
        )
        books.series.setdefault((row.indicator, row.part or None), {})[row.month] = figure
    for row in db.execute(select(comparators).where(comparators.c.authority == authority)):
        books.comparators.setdefault((row.indicator, row.part or None), []).append(row._asdict())
    return books


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _with_counted(each: Watched, books: Books, counted: Mapping[Counting, Mapping[str, Share]], place: Place) -> Books:
    """The books, with what the audits give for the months in which nobody recorded anything."""
    if each.counting is not None and place.level != "person":
        series = books.series.setdefault((each.name, None), {})
        for month, share in counted[each.counting].items():
            if month not in series:
                series[month] = Figured(share.value, Decimal(share.among), Decimal(share.of), counted=True)
    return books


def _parts(each: Watched, books: Books) -> Sequence[str | None]:
    if each.parts:
        return each.parts
    found = [part for name, part in books.series if name == each.name]
    return found or [None]


def row_of(each: Watched, part: str | None, month: str, place: Place, books: Books) -> IndicatorRow:
    """One figure of one month with what it is compared with, from the books of its place."""
    series = books.series.get((each.name, part), {})
    figure = series.get(month)
    before = max((other for other in series if month_on(month, -LOOK_BACK) <= other < month), default=None)
    previous = None if before is None else series[before].value
    moved = None if figure is None or previous is None else standing(each.better, figure.value, previous)
    return IndicatorRow(
        indicator=each.name,
        month=month,
        level=place.level,
        ref=place.ref,
        part=part,
        value=figure.value if figure else None,
        numerator=figure.numerator if figure else None,
        denominator=figure.denominator if figure else None,
        counted=figure.counted if figure else False,
        source=figure.source if figure else None,
        replaced=figure.replaced if figure else 0,
        previous=previous,
        previous_month=before,
        direction=moved,
        comparators=tuple(_compared(each, part, month, place, books, figure.value if figure else None)),
        **{name: getattr(each, name) for name in ("title", "kind", "basket", "unit", "per", "better", "window")},
    )


def _compared(
    each: Watched, part: str | None, month: str, place: Place, books: Books, value: Decimal | None
) -> Iterator[Compared]:
    if each.unit in OF_THE_WHOLE and place.level != "authority":
        return
    held = _in_force(books.comparators.get((each.name, part), []), month)
    own: tuple[Comparator, ...] = () if each.target is None else ("target",)
    for comparator in dict.fromkeys((*own, *each.compared_with, *held)):
        found = held.get(comparator)
        other = Decimal(found["value"]) if found else each.target if comparator == "target" else None
        apart = None if value is None or other is None else (value - other, standing(each.better, value, other))
        yield Compared(
            comparator=comparator,
            value=other,
            first=found["first"] if found else None,
            last=found["last"] if found else None,
            source=found["source"] if found else None,
            difference=apart[0] if apart else None,
            standing=apart[1] if apart else None,
        )


def _in_force(rows: Sequence[Mapping[str, Any]], month: str) -> dict[Comparator, Mapping[str, Any]]:
    """Of each kind the one that began last by the month; a target only while its time lasts.

    What others reached is published long after: the newest that there is stands beside the month, with its dates.
    """
    found: dict[Comparator, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["first"], -row["last"].toordinal())):
        begun = f"{row['first']:%Y-%m}" <= month
        if begun and (row["comparator"] != "target" or f"{row['last']:%Y-%m}" >= month):
            found[row["comparator"]] = row
    return found
