"""`sightline show indicators`: what was reached in a month, the direction of travel, and how it compares."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal

import typer

from events.errors import NotFound, Refused
from projections.dates import month_on
from projections.indicator_counts import Counting
from projections.indicator_months import Compared, IndicatorRow, Place, Watched, indicator_months
from services.clock import at_local, local_date
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.obligations.calendar import month_end
from services.policy.indicators import FromAudits, Indicator
from services.policy.model import Policy
from workers.cli.options import Authority, QuestionOfViews, reference
from workers.cli.showing import asking, show
from workers.cli.spread import spread
from workers.cli.tables import Column
from workers.system import System

MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
LONGEST = 120
"""Months that one question may span."""

MISSING = "missing"

Month = Annotated[str | None, typer.Option(help="The month, such as 2026-03; else the last one that is over.")]
Months = Annotated[int, typer.Option(min=1, max=LONGEST, help="So many months, up to that one.")]
By = Annotated[Literal["service", "team"] | None, typer.Option(help="A row for each service, or for each team.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to the views that are shown."""
    del app  # it stands under `show`, which is already a part of the program
    show.command("indicators")(show_indicators)


@spread
def show_indicators(
    authority: Authority,
    call: QuestionOfViews,
    month: Month = None,
    months: Months = 1,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator.")] = None,
    by: By = None,
    service: Annotated[str | None, typer.Option(help="The figures of this service.")] = None,
    team: Annotated[str | None, typer.Option(help="The figures of this team.")] = None,
    person: Annotated[str | None, typer.Option(help="The figures of this member of staff.")] = None,
) -> None:
    """Each indicator in a month: value, previous value, direction of travel, target and what it is compared with.

    A month without a value is missing, and is never taken for nought.
    """
    if sum(each is not None for each in (by, service, team, person)) > 1:
        raise Refused("by", "name one of --by, --service, --team and --person")
    with asking(authority, call, "indicators") as ask:
        last = _month(month, ask.system)
        policy = ask.system.policies[authority].in_force(month_end(date.fromisoformat(f"{last}-01")))
        watched = [as_watched(each, policy) for each in policy.indicators if indicator in {None, each.name}]
        if indicator is not None and not watched:
            raise NotFound("indicator", indicator)
        directory = directory_of(ask.system.history(authority))
        asked = [month_on(last, -back) for back in range(months)]
        rows = [
            row
            for place in _places(directory, _end_of(last), by, service, team, person)
            for row in indicator_months(ask.system.engine, authority, watched, asked, place)
        ]
        of_one = by is None and months == 1
        ask.answer(f"indicators in {last}", columns(of_one=of_one), rows)


def as_watched(indicator: Indicator, policy: Policy) -> Watched:
    """The indicator as the view is asked for it."""
    return Watched(
        **{
            name: getattr(indicator, name)
            for name in ("name", "title", "kind", "basket", "unit", "per", "better", "parts", "levels", "target")
        },
        window=str(indicator.window) if indicator.window else None,
        compared_with=indicator.compared_with,
        counting=_counting(indicator, indicator.counted, policy) if indicator.counted else None,
    )


def _counting(indicator: Indicator, counted: FromAudits, policy: Policy) -> Counting:
    mapped = policy.tool.indicator_map.get(counted.mapped or "", ())
    return Counting(
        scale=frozenset(policy.grades.overall if counted.overall else policy.grades.sections),
        grades=frozenset(counted.grades),
        sections=counted.sections or mapped,
        types=counted.types,
        months=indicator.window.count if indicator.window else 1,
    )


def _month(text: str | None, system: System) -> str:
    if text is None:
        return f"{local_date(system.clock()).replace(day=1) - timedelta(days=1):%Y-%m}"
    if not MONTH.fullmatch(text):
        raise Refused("month", f"{text!r} is no month; write YYYY-MM")
    return text


def _end_of(month: str) -> datetime:
    """The last instant of a month in England."""
    after = month_end(date.fromisoformat(f"{month}-01")) + timedelta(days=1)
    return at_local(after, time(0, 0)) - datetime.resolution


def _places(
    directory: Directory, at: datetime, by: str | None, service: str | None, team: str | None, person: str | None
) -> Iterator[Place]:
    if by is not None:
        for unit in directory.units(by, at):
            yield _unit(directory, at, by, unit)
    elif service is not None or team is not None:
        yield _unit(directory, at, "service" if service else "team", service or team or "")
    elif person is not None:
        reference("person", person)
        if not directory.ever_held_by(person, at):
            raise NotFound("person", person)
        yield Place("person", person)
    else:
        yield Place()


def _unit(directory: Directory, at: datetime, kind: str, unit: str) -> Place:
    reference(kind, unit)
    if directory.kind_of(unit, at) != kind:
        raise NotFound(kind, unit)

    @cache
    def belonged(team: str, month: str) -> bool:
        return directory.unit_of_kind(team, kind, _end_of(month)) == unit

    return Place("team" if kind == "team" else "service", unit, belonged)


def columns(*, of_one: bool) -> list[Column]:
    """The indicators, in the order in which a QA manager reads them; with month and place, unless all are `of_one`."""
    where: list[Column] = [("month", lambda row: row.month), ("of", lambda row: row.ref)]
    return [
        ("basket", lambda row: row.basket),
        ("indicator", _title),
        *([] if of_one else where),
        ("value", _value),
        ("previous", _previous),
        ("direction", _direction),
        ("target", _target),
        ("compared with", _comparators),
    ]


def _title(row: IndicatorRow) -> str:
    standard = " (practice standard)" if row.kind == "practice standard" else ""
    window = f", last {row.window}" if row.window else ""
    return f"{row.title}{f': {row.part}' if row.part else ''}{window}{standard}"


def _value(row: IndicatorRow) -> str:
    if row.value is None:
        return MISSING
    pair = "" if row.numerator is None else f" ({_plain(row.numerator)} of {_plain(row.denominator or Decimal(0))})"
    return f"{figure(row, row.value)}{pair}{', from the audits' if row.counted else ''}"


def _previous(row: IndicatorRow) -> str:
    return MISSING if row.previous is None else f"{figure(row, row.previous)} ({row.previous_month})"


def _direction(row: IndicatorRow) -> str | None:
    if row.direction is None or row.value is None or row.previous is None:
        return None
    way = {True: "up", False: "down"}[row.value > row.previous]
    return {"better": f"better ({way})", "worse": f"worse ({way})", "same": "same"}.get(row.direction, way)


def _target(row: IndicatorRow) -> str | None:
    for each in row.comparators:
        if each.comparator == "target":
            return MISSING if each.value is None else f"{figure(row, each.value)}{_apart(each)}"
    return None


def _comparators(row: IndicatorRow) -> str:
    others = [each for each in row.comparators if each.comparator != "target"]
    told = [_compared(row, each, each.value) for each in others if each.value is not None]
    lacking = ", ".join(_name(each) for each in others if each.value is None)
    return "; ".join([*told, *([f"{MISSING}: {lacking}"] if lacking else [])])


def _name(each: Compared) -> str:
    return "England" if each.comparator == "england" else each.comparator


def _compared(row: IndicatorRow, each: Compared, value: Decimal) -> str:
    time = f" ({each.first:%Y-%m} to {each.last:%Y-%m})" if each.first and each.last else ""
    return f"{_name(each)} {figure(row, value)}{time}{_apart(each)}"


def _apart(each: Compared) -> str:
    """How far the month's value is from it; nothing where the month has none."""
    if each.difference is None or each.standing is None:
        return ""
    return ": same" if each.standing == "same" else f": {_plain(abs(each.difference))} {each.standing}"


def figure(row: IndicatorRow, value: Decimal) -> str:
    """A value in its unit, such as `41.2%` or `52 per 10,000`."""
    match row.unit:
        case "per cent":
            return f"{_plain(value)}%"
        case "rate" if row.per:
            return f"{_plain(value)} per {row.per:,}"
        case "days":
            return f"{_plain(value)} days"
        case "pounds":
            return f"{'-' if value < 0 else ''}£{_plain(abs(value))}"
        case _:
            return _plain(value)


def _plain(value: Decimal) -> str:
    """To two places at most, without noughts at the end; thousands apart."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") or "0"
