"""`sightline show indicators`: what was reached in a month, the direction of travel, and how it compares."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

import typer

from events.errors import Refused
from projections.indicator_months import Compared, IndicatorRow
from services.clock import local_date
from workers.asking.indicators_asked import Whose, rows_of
from workers.cli.options import Authority, QuestionOfList, reference
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
    call: QuestionOfList,
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
    whose = Whose(by, reference("service", service), reference("team", team), reference("person", person))
    whose.require_one()
    with asking(authority, call, "indicators") as ask:
        last = _month(month, ask.system)
        rows = rows_of(ask.system, authority, last, months, whose, indicator)
        of_one = by is None and months == 1
        ask.answer(f"indicators in {last}", columns(of_one=of_one), ask.page(rows))


def _month(text: str | None, system: System) -> str:
    if text is None:
        return f"{local_date(system.clock()).replace(day=1) - timedelta(days=1):%Y-%m}"
    if not MONTH.fullmatch(text):
        raise Refused("month", f"{text!r} is not a valid month; write YYYY-MM")
    return text


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
