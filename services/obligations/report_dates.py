"""When a report of a period is due, and how its record is called."""

from datetime import date

from services.obligations.calendar import WorkingCalendar, month_end
from services.obligations.periods import Period
from services.policy.model import Policy
from services.policy.reports import Report

REPORT = "report/"


def report_aggregate(name: str, period: str, unit: str | None = None) -> str:
    """The record of a report of a period, such as `report/findings-2026-Q1` or, of one unit, `…-2026-Q1--<unit>`.

    A name holds no hyphen and a period no two together: so no unit, whatever it is called, makes another's record.
    """
    return f"{REPORT}{name}-{period}" + (f"--{unit}" if unit else "")


def report_due(policy: Policy, report: Report, period: Period) -> date | None:
    """The last day on which the report of the period is in time; None for one that is made on request.

    It is counted from the period's last day, so that so many months after it end with a month; and it moves off a day
    without work where the policy's calendar says so.
    """
    if report.due is None:
        return None
    calendar = WorkingCalendar(frozenset(policy.calendar.closures))
    day = calendar.shift(period.last, report.due)
    return calendar.roll(month_end(day) if report.due.unit == "months" else day, policy.calendar.roll_non_working)
