"""Moments of a policy on the dates of one clock: a day or, where hours are counted, an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from services.clock import at_local, local_date
from services.obligations.calendar import WorkingCalendar, month_end
from services.obligations.periods import period_of
from services.policy.expressions import CALENDAR_BASES, Moment

MIDNIGHT = time(0, 0)


class When(NamedTuple):
    """A day in England and, where it was counted in hours, the very instant."""

    day: date
    at: datetime | None = None


def overdue_from(due: When) -> datetime:
    """Midnight after a last day in England, in UTC (A-ALL-02), or the last instant."""
    return due.at if due.at is not None else instant_at(due.day + timedelta(days=1), MIDNIGHT)


@lru_cache(maxsize=8_192)
def instant_at(day: date, hour: time) -> datetime:
    """The instant at which clocks in England show that hour of the day: many clocks share a day."""
    return at_local(day, hour)


class Known(Protocol):
    """The dates that moments are counted from, by name; None for what has not come."""

    def get(self, name: str, /) -> When | None:
        """The date of that name."""
        ...


@dataclass(frozen=True, slots=True)
class Bases:
    """What the moments of one clock are counted from, by name; of events and of the beginning also the instants.

    `year_start` is the month that a year of the framework begins with: its quarters begin there.
    """

    whens: Known
    began: datetime | None = None
    instants: Mapping[str, datetime] = field(default_factory=dict)
    year_start: int = 4

    def counted(self, moment: Moment, calendar: WorkingCalendar) -> When | None:
        """The moment; None where what it is counted from has not come."""
        return self.counted_from(self._base(moment.base), moment, calendar)

    def counted_from(self, base: When | None, moment: Moment, calendar: WorkingCalendar) -> When | None:
        """The moment, where what it is counted from is this: the last day, or another step.

        Hours are hours of the clock, whatever the day: over a change of England's clocks 24 hours are 24 hours.
        """
        span = moment.span
        if base is None or span is None:
            return base
        if span.unit != "hours":
            return When(calendar.shift(base.day, span, moment.sign))
        began = base.at or (self.began if moment.base == "trigger" else self.instants.get(moment.base))
        if began is None:
            return None
        at = began + moment.sign * timedelta(hours=span.count)
        return When(local_date(at), at)

    def _base(self, name: str) -> When | None:
        """The date of that name; of its first month, the next one and its quarter, the last days."""
        began = self.whens.get("trigger") if name in CALENDAR_BASES else None
        return self.whens.get(name) if began is None else _month_ends(began.day, self.year_start)[name]


@lru_cache(maxsize=1_024)
def _month_ends(began: date, year_start: int) -> Mapping[str, When]:
    last = month_end(began)
    return {
        "month_end": When(last),
        "next_month_end": When(month_end(last + timedelta(days=1))),
        "quarter_end": When(period_of("quarter", began, year_start).last),
    }
