"""Indicators of the period's last month: value, previous value, direction of travel, target and comparators."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from events.indicators import IndicatorCompared, IndicatorRecorded
from events.vocabulary import IndicatorLevel
from projections.counted import figures_told
from projections.dates import month_on
from projections.indicator_counts import Counting
from projections.indicator_months import LOOK_BACK, Books, Compared, Figured, IndicatorRow, Place, Watched, row_of
from services.indicators.state import indicator_aggregate
from services.obligations.calendar import month_end
from services.obligations.periods import Period
from services.policy.blocks.indicators import Indicators
from workers.asking.indicators_asked import as_watched
from workers.reports.counting import Thing, share, slug, table, thing
from workers.reports.material import Material, Question, taken_back
from workers.reports.page import Behind, Block, Cell, Cited, Column, Figure, Row, Unit, Words
from workers.reports.placing import units

MAKES = Indicators

YEARS_BACK = 3
"""Calendar years whose records may hold what a figure is compared with: others publish long after."""

HEADS = ("Value", "Previous", "Direction", "Target", "Compared with")
NO_VALUE = "no value"

Placed = tuple[str, str | None, str]
"""An indicator, one of its parts, and a month."""


ComparedBy = tuple[str, str | None, str, date | None, date | None]
"""An indicator, one of its parts, what it is compared with, and the days for which that was given."""


@dataclass(slots=True)
class _Held:
    """The figures of one place, with the events behind each."""

    policy: str
    books: Books = field(default_factory=Books)
    behind: dict[Placed, tuple[Behind, ...]] = field(default_factory=dict)
    compared: dict[ComparedBy, Behind] = field(default_factory=dict)


def make(block: Indicators, key: str, material: Material) -> tuple[Block, ...]:
    """A row for each indicator and part, or for each of these in each place."""
    policy, month = material.policy, f"{material.asked.period.last:%Y-%m}"
    watched = [
        as_watched(each, policy)
        for each in policy.indicators
        if (not block.names or each.name in block.names)
        and (not block.baskets or each.basket in block.baskets)
        and block.kind in {None, each.kind}
    ]
    rows: list[Row] = []
    for place in _places(block, material):
        told = _told(watched, place, material)
        for each in watched:
            if place.level in each.levels:
                held = _with_counted(each, told, month, place, material)
                rows += [_row(key, row_of(each, part, month, place, held.books), held) for part in _parts(each, held)]
    title = block.title or (", ".join(block.baskets) if block.baskets else "Indicators")
    of = _month(material.asked, month, month).period.in_words()
    note = f"Figures of {of}." if rows else "None of them is kept for this place."
    return (table(key, title, tuple(rows), [Column(title=each) for each in HEADS], stub="Indicator", note=note),)


def _places(block: Indicators, material: Material) -> Iterator[Place]:
    asked = material.asked
    if block.by is not None:
        for unit in units(block.by, material, asked):
            yield Place(block.by, unit)
    elif asked.unit is not None:
        kind: IndicatorLevel = "team" if material.directory.kind_of(asked.unit, asked.until) == "team" else "service"
        yield Place(kind, asked.unit)
    else:
        yield Place()


def _told(watched: list[Watched], place: Place, material: Material) -> _Held:
    """What was recorded of the place, the last time that each figure was given."""
    year = material.asked.period.last.year
    years = [str(each) for each in range(year - YEARS_BACK, year + 1)]
    records = [indicator_aggregate(each.name, of) for each in watched for of in years]
    held = _Held(f"policy/{material.policy.version}")
    for told in figures_told(material.db, material.timeline, material.authority, records, material.asked.span):
        fact, behind = told.fact, (Behind(about=told.about, positions=(told.position,)),)
        if isinstance(fact, IndicatorCompared):
            series = held.books.comparators.setdefault((fact.indicator, fact.part), [])
            series[:] = [each for each in series if not _same(each, fact)]
            series.append(dict(fact) | {"part": fact.part or "", "value": str(fact.value)})
            given = Behind(about=told.about, positions=(told.position,), value=fact.value)
            held.compared[fact.indicator, fact.part, fact.comparator, fact.first, fact.last] = given
        elif isinstance(fact, IndicatorRecorded) and (fact.level, fact.ref) == (place.level, place.ref):
            figure = Figured(fact.value, fact.numerator, fact.denominator, source=fact.source)
            held.books.series.setdefault((fact.indicator, fact.part), {})[fact.month] = figure
            own = tuple(each.model_copy(update={"value": fact.value}) for each in behind)
            held.behind[fact.indicator, fact.part, fact.month] = own
    return held


def _same(row: Mapping[str, object], fact: IndicatorCompared) -> bool:
    return all(row[name] == getattr(fact, name) for name in ("comparator", "first", "last"))


def _parts(each: Watched, held: _Held) -> tuple[str | None, ...]:
    found = tuple(part for name, part in held.books.series if name == each.name)
    return each.parts or found or (None,)


def _with_counted(each: Watched, held: _Held, month: str, place: Place, material: Material) -> _Held:
    """With what the audits give for the month, and for the latest one before it that has any."""
    counting = each.counting
    if counting is None:
        return held
    series = held.books.series.setdefault((each.name, None), {})
    for back in range(LOOK_BACK + 1):
        before = month_on(month, -back)
        if before not in series:
            figure = share(
                "", list(_fields(counting, before, place, material)), lambda one: one.under in counting.grades
            )
            if figure.value is None or figure.among is None or figure.of is None:
                continue
            series[before] = Figured(figure.value, Decimal(figure.among), Decimal(figure.of), counted=True)
            held.behind[each.name, None, before] = figure.behind
        if back:
            break
    return held


def _fields(counting: Counting, month: str, place: Place, material: Material) -> Iterator[Thing]:
    """The graded fields of the audits returned in the month, or in those that it looks back over."""
    asked = _month(material.asked, month_on(month, 1 - counting.months), month)
    for audit in material.of(asked).audits:
        returned = audit.mark("audit.submitted")
        again = audit.fact.reaudit_of is not None or audit.fact.extra_of is not None
        if returned is None or returned.day not in asked.period or again or taken_back(audit):
            continue
        if counting.types and audit.fact.audit_type not in counting.types:
            continue
        if (
            place.ref is not None
            and material.directory.unit_of_kind(audit.fact.team, place.level, asked.until) != place.ref
        ):
            continue
        if not counting.sections:
            moderated = audit.mark("audit.moderated")
            graded = [(audit.grade, moderated or returned)]
        else:
            sections = material.sections(audit, asked)
            graded = [sections[each] for each in counting.sections if each in sections]
        for grade, mark in graded:
            if grade in counting.scale:
                yield thing(audit.about, returned, mark, under=grade or "")


def _month(asked: Question, first: str, last: str) -> Question:
    period = Period(date.fromisoformat(f"{first}-01"), month_end(date.fromisoformat(f"{last}-01")))
    return replace(asked, period=period, unit=None)


def _row(key: str, row: IndicatorRow, held: _Held) -> Row:
    own = ".".join((key, *(slug(each) for each in (row.indicator, row.part, row.ref) if each)))
    part = f": {row.part}" if row.part else ""
    where = f" ({row.ref})" if row.ref else ""
    targets = [each for each in row.comparators if each.comparator == "target" and each.value is not None]
    others = [each for each in row.comparators if each.comparator != "target"]
    now = _figure(own, row, row.month, row.value, held)
    previous = _figure(f"{own}.previous", row, row.previous_month or "", row.previous, held)
    target = Words(text="".join(f"{each.value:f}" for each in targets))
    beside = Words(text=_compared(others), told_of=(now.key,), otherwise=_compared(others, standing=False))
    cells: tuple[Cell, ...] = (
        now,
        previous,
        Words(text=_direction(row), told_of=(now.key, previous.key)),
        _cited(f"{own}.target", target, row, targets, held),
        _cited(f"{own}.compared", beside, row, others, held),
    )
    return Row(title=f"{row.title}{part}{where}", cells=cells)


def _figure(key: str, row: IndicatorRow, month: str, value: Decimal | None, held: _Held) -> Figure:
    figured = held.books.series.get((row.indicator, row.part), {}).get(month)
    behind = held.behind.get((row.indicator, row.part, month), ())
    unit: Unit = row.unit if row.unit in {"per cent", "rate", "days", "pounds"} else "count"  # type: ignore[assignment]
    if figured is not None and figured.counted and figured.numerator is not None and figured.denominator is not None:
        among, of = int(figured.numerator), int(figured.denominator)
        return Figure(key=key, value=value, unit=unit, among=among, of=of, behind=behind)
    return Figure(key=key, value=value, unit=unit, behind=behind)


def _direction(row: IndicatorRow) -> str:
    if row.direction is None or row.value is None or row.previous is None:
        return ""
    up = "up" if row.value > row.previous else "down"
    return {"better": f"better ({up})", "worse": f"worse ({up})", "same": "same"}.get(row.direction, up)


def _cited(key: str, said: Words, row: IndicatorRow, compared: Iterable[Compared], held: _Held) -> Cell:
    """What the figure is held to, with the recorded figures behind it or, of a target that is none, its line."""
    behind = [
        held.compared.get(
            (row.indicator, row.part, each.comparator, each.first, each.last),
            Behind(about=f"{held.policy}/indicators/{row.indicator}/target", value=each.value),
        )
        for each in compared
        if each.value is not None
    ]
    if not behind:
        return said
    return Cited(key=key, text=said.text, told_of=said.told_of, otherwise=said.otherwise, behind=tuple(behind))


def _compared(others: Iterable[Compared], *, standing: bool = True) -> str:
    """What the figure is beside, and on which side of each it lies."""
    others = list(others)
    told = [
        f"{_called(each.comparator)} {each.value:f}{f' ({each.standing})' if standing and each.standing else ''}"
        for each in others
        if each.value is not None
    ]
    lacking = [_called(each.comparator) for each in others if each.value is None]
    return "; ".join([*told, *([f"not recorded: {', '.join(lacking)}"] if lacking else [])])


def _called(comparator: str) -> str:
    """A comparator as it is written."""
    return comparator.replace("england", "England")
