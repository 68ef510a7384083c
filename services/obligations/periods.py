"""Months, quarters, thirds, halves and years, counted from the month in which an authority's year begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.obligations.calendar import month_end
from services.policy.tasks import Every

MONTHS: Mapping[Every, int] = {
    "month": 1,
    "two months": 2,
    "quarter": 3,
    "third": 4,
    "half year": 6,
    "year": 12,
    "calendar year": 12,
}
"""How many months each period has. All divide the year, so that periods never straddle two of them."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months. What is owed in it is due on its last day (A-ESX-03)."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last

    def months(self) -> Iterator[tuple[int, int]]:
        """Its months, as year and month."""
        month = self.first
        while month <= self.last:
            yield month.year, month.month
            month = _months_on(month, 1)


def period_of(every: Every, day: date, year_start: int = 4) -> Period:
    """The one period of that length in which the day lies. `year_start` is the month that a year begins with.

    A calendar year begins in January all the same (A-SWI-18).
    """
    length = MONTHS[every]
    passed = (day.month - _begins(every, year_start)) % 12 % length
    first = _months_on(day.replace(day=1), -passed)
    return Period(first, month_end(_months_on(first, length - 1)))


def periods(every: Every, first: date, last: date, year_start: int = 4) -> Iterator[Period]:
    """The periods that end within these days, in order."""
    period = period_of(every, first, year_start)
    while period.last <= last:
        yield period
        period = period_of(every, period.last + timedelta(days=1), year_start)


def number_of(every: Every, day: date, year_start: int = 4) -> int:
    """How many such periods had gone by before the period of the day, counted from long ago."""
    period = period_of(every, day, year_start)
    return (period.first.year * 12 + period.first.month - _begins(every, year_start)) // MONTHS[every]


def year_of(day: date, year_start: int = 4) -> Period:
    """The year in which the day lies: from April, unless the policy says otherwise (A-ESX-02)."""
    return period_of("year", day, year_start)


def _begins(every: Every, year_start: int) -> int:
    return 1 if every == "calendar year" else year_start


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)
