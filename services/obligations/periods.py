"""Months, quarters, thirds, halves and years, counted from the month in which an authority's year begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

from events.errors import Refused
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

PERIOD_PATTERN = r"^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]|T[1-3]|H[12]))?$"

PeriodKey = Annotated[str, StringConstraints(pattern=PERIOD_PATTERN)]
"""A period by its name: the month 2026-03, the quarter 2026-Q1, the third 2026-T1, the half year 2026-H1, the
year 2026.

The year of a name is the one in which the programme's year begins, so that with a year from April 2026-Q4 ends in March
2027; a month keeps the name of the calendar, and two months have that of the first.
"""

LETTERS: Mapping[Every, str] = {"quarter": "Q", "third": "T", "half year": "H"}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months. What is owed in it is due on its last day (A-ESX-03)."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last

    @property
    def after(self) -> date:
        """The day after its last."""
        return self.last + timedelta(days=1)

    def in_words(self) -> str:
        """A period as a person reads it: `Sep 2025`, `Oct to Dec 2025`, `Apr 2025 to Mar 2026`."""
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.last:%b %Y}"
        year = "" if self.first.year == self.last.year else f" {self.first.year}"
        return f"{self.first:%b}{year} to {self.last:%b %Y}"

    def months(self) -> Iterator[tuple[int, int]]:
        """Its months, as year and month."""
        month = self.first
        while month <= self.last:
            yield month.year, month.month
            month = _months_on(month, 1)


@lru_cache(maxsize=4_096)
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


def key_of(every: Every, day: date, year_start: int = 4) -> str:
    """The name of the period of that length in which the day lies: see `PeriodKey`."""
    first = period_of(every, day, year_start).first
    if MONTHS[every] in {1, 2}:
        return f"{first:%Y-%m}"
    year = period_of("calendar year" if every == "calendar year" else "year", day, year_start).first
    if every not in LETTERS:
        return str(year.year)
    passed = (first.year - year.year) * 12 + first.month - year.month
    return f"{year.year}-{LETTERS[every]}{passed // MONTHS[every] + 1}"


def period_called(key: str, every: Every | None, year_start: int = 4) -> Period:
    """The period of that name, among those of the length; without a length, of the one that the name is of.

    Refused, with a name that it could be, for that of another length.
    """
    year, _, rest = key.partition("-")
    first = date(int(year), year_start, 1)
    if rest.isdigit():
        length, first = every or "month", date(int(year), int(rest), 1)
    elif rest:
        length = next(each for each, letter in LETTERS.items() if letter == rest[0])
        first = _months_on(first, MONTHS[length] * (int(rest[1]) - 1))
    else:
        length = every or "year"
    found = period_of(every or length, first, year_start)
    if key != key_of(every or length, first, year_start):
        raise Refused(
            "period", f"{key} is not the name of a {every}; write {key_of(every or length, first, year_start)}"
        )
    return found


def year_of(day: date, year_start: int = 4) -> Period:
    """The year in which the day lies: from April, unless the policy says otherwise (A-ESX-02)."""
    return period_of("year", day, year_start)


def _begins(every: Every, year_start: int) -> int:
    return 1 if every == "calendar year" else year_start


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)
