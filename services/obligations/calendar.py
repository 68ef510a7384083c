"""Counting days: calendar and working days, weeks, months with the last valid day (A-ALL-01, A-ALL-03)."""

import calendar as month_lengths
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from services.policy.expressions import Span
from services.policy.model import ObligationRule, Policy
from services.policy.yearly import Yearly

SATURDAY = 5


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    import holidays  # noqa: PLC0415 - it brings the calendars of the whole world

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """England's working days less an authority's own closures, of one year (`closures`) or of each (`yearly`).

    `kept` holds by year the bank holidays that were adopted with a policy; those of other years the library knows.
    """

    closures: frozenset[date] = frozenset()
    kept: Mapping[int, frozenset[date]] = field(default_factory=dict)
    yearly: tuple[Yearly, ...] = ()

    @classmethod
    def of(cls, policy: Policy, rule: ObligationRule | None = None) -> "WorkingCalendar":
        """The working days by which a policy counts; of one of its rules, those by which its clock does."""
        held, kept = policy.calendar, policy.days_kept
        through = rule is not None and rule.through_closures
        plain = calendar_of(() if through else held.closures, () if through else held.closed_each_year)
        return cls(plain.closures, kept, plain.yearly) if kept else plain

    def is_working(self, day: date) -> bool:
        """Monday to Friday, no bank holiday, no closure."""
        if day.weekday() >= SATURDAY or day in self.closures or any(each.holds(day) for each in self.yearly):
            return False
        kept = self.kept.get(day.year)
        return day not in (bank_holidays(day.year) if kept is None else kept)

    def shift(self, day: date, span: Span, sign: int = 1) -> date:
        """The day a span after (or before) `day`, which is day 0.

        N working days on is the Nth working day after day 0. Months end on the same day number, or on the
        month's last day if it has none. ValueError for hours, which no day is counted in.
        """
        match span.unit:
            case "days":
                return day + timedelta(days=sign * span.count)
            case "weeks":
                return day + timedelta(weeks=sign * span.count)
            case "months":
                return _months(day, sign * span.count)
            case "working days":
                return self._working_days(day, span.count, sign)
            case "hours":
                raise ValueError(f"{span} are counted from an instant, and not from a day")

    def roll(self, day: date, rule: Literal["none", "next", "previous"]) -> date:
        """`day`, or where the rule says so the nearest working day after or before it."""
        while rule != "none" and not self.is_working(day):
            day += timedelta(days=1 if rule == "next" else -1)
        return day

    def _working_days(self, day: date, count: int, sign: int) -> date:
        while count:
            day += timedelta(days=sign)
            count -= self.is_working(day)
        return day


@lru_cache(maxsize=256)
def calendar_of(closures: tuple[date, ...], yearly: tuple[Yearly, ...] = ()) -> WorkingCalendar:
    """The working days of whoever closes on these days besides: one calendar for every date that is counted by it."""
    return WorkingCalendar(frozenset(closures), yearly=yearly)


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=month_lengths.monthrange(day.year, day.month)[1])


def _months(day: date, count: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = month_lengths.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))
