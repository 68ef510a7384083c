"""Which report of which period is meant, by which version of the framework, when it is due, and its record's name."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from events.errors import NotFound, Refused, SightlineError
from services.clock import day_in_words
from services.obligations.calendar import WorkingCalendar, month_end
from services.obligations.periods import PERIOD_PATTERN, Period, period_called
from services.policy.model import Policy
from services.policy.reports import Report
from services.policy.tasks import Every
from services.policy.versions import Policies

REPORT = "report/"

LENGTHS: Mapping[Every, re.Pattern[str]] = {
    "quarter": re.compile(".*Q.*"),
    "third": re.compile(".*T.*"),
    "half year": re.compile(".*H.*"),
    "month": re.compile(".*-.*"),
    "year": re.compile(".*"),
}
"""How long a period is, by what it is called."""

NAMED = re.compile(PERIOD_PATTERN)


def report_aggregate(name: str, period: str, unit: str | None = None) -> str:
    """The record of a report of a period, such as `report/findings-2026-Q1` or, of one unit, `…-2026-Q1--<unit>`.

    A name holds no hyphen and a period no two together: so no unit, whatever it is called, makes another's record.
    """
    return f"{REPORT}{name}-{period}" + (f"--{unit}" if unit else "")


class Asked(NamedTuple):
    """A report of a period, with the version of the framework that was in force on its last day."""

    policy: Policy
    report: Report
    every: Every
    period: Period


def report_of(held: Policies, name: str, key: str) -> Asked:
    """The report of the period of that name, by the version that was in force on the period's last day.

    A report that was called otherwise in another version, or is no more, is found under the name that it had then; of
    one on request any period can be asked for. NotFound for a report that the framework of that day does not know, and
    Refused for what is the name of no such period.
    """
    refused: list[SightlineError] = []
    unknown: list[SightlineError] = []
    for policy in reversed(held.versions):
        try:
            report = report_called(policy, name)
            every, period = _period(report, key, policy.calendar.year_start)
        except NotFound as error:
            unknown.append(error)
            continue
        except Refused as error:
            refused.append(error)
            continue
        if (then := held.in_force(period.last)) is policy:
            return Asked(policy, report, every, period)
        last = day_in_words(period.last)
        known = ", ".join(each.name for each in then.reports) or "none"
        rule = f"version {then.version} of the framework, in force on {last}, has no such report; it has {known}"
        refused.append(NotFound("report", f"{name} ({rule})"))
    raise (*refused, *unknown)[0]


def report_called(policy: Policy, name: str) -> Report:
    """The report of that name. NotFound, with the names that there are, for another."""
    for each in policy.reports:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in policy.reports) or "none"
    raise NotFound("report", f"{name} (known: {known})")


def _period(report: Report, key: str, year_start: int) -> tuple[Every, Period]:
    if not NAMED.fullmatch(key):
        raise Refused("period", f"{key!r} is not a valid period; write it like 2026-03, 2026-Q1, 2026-H1 or 2026")
    if report.every is not None:
        return report.every, period_called(key, report.every, year_start)
    length = next(each for each, named in LENGTHS.items() if named.fullmatch(key))
    return length, period_called(key, length, year_start)


def report_due(policy: Policy, report: Report, period: Period) -> date | None:
    """The last day on which the report of the period is in time; None for one that is made on request.

    It is counted from the period's last day, so that so many months after it end with a month; and it moves off a day
    without work where the report, or else the policy's calendar, says so.
    """
    if report.due is None:
        return None
    calendar = WorkingCalendar.of(policy)
    day = calendar.shift(period.last, report.due)
    rolled = report.roll_non_working or policy.calendar.roll_non_working
    return calendar.roll(month_end(day) if report.due.unit == "months" else day, rolled)
