"""Moments of a policy on the dates of one clock: a day or, where hours are counted, an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.clock import at_local, local_date
from services.obligations.calendar import WorkingCalendar, month_end
from services.obligations.periods import period_of
from services.policy.expressions import Moment

MIDNIGHT = time(0, 0)


class When(NamedTuple):
    """A day in England and, where it was counted in hours, the very instant."""

    day: date
    at: datetime | None = None


def overdue_from(due: When) -> datetime:
    """Midnight after a last day in England, in UTC (A-ALL-02), or the last instant."""
    return due.at if due.at is not None else at_local(due.day + timedelta(days=1), MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Bases:
    """What the moments of one clock are counted from, by name; of events and of the beginning also the instants."""

    whens: Mapping[str, When | None]
    began: datetime | None = None
    instants: Mapping[str, datetime] = field(default_factory=dict)

    def having(self, name: str, when: When | None) -> "Bases":
        """The same with one more."""
        return Bases({**self.whens, name: when}, self.began, self.instants)

    def with_month_ends(self, year_start: int) -> "Bases":
        """The same with the last days of the month in which the clock began, of the next month, and of the quarter."""
        began = self.whens.get("trigger")
        if began is None or "month_end" in self.whens:
            return self
        return Bases({**self.whens, **_month_ends(began.day, year_start)}, self.began, self.instants)

    def counted(self, moment: Moment, calendar: WorkingCalendar) -> When | None:
        """The moment; None where what it is counted from has not come.

        Hours are hours of the clock, whatever the day: over a change of England's clocks 24 hours are 24 hours.
        """
        base, span = self.whens.get(moment.base), moment.span
        if base is None or span is None:
            return base
        if not moment.in_hours:
            return When(calendar.shift(base.day, span, moment.sign))
        began = base.at or (self.began if moment.base == "trigger" else self.instants.get(moment.base))
        if began is None:
            return None
        at = began + moment.sign * timedelta(hours=span.count)
        return When(local_date(at), at)


@lru_cache(maxsize=1_024)
def _month_ends(began: date, year_start: int) -> Mapping[str, When]:
    last = month_end(began)
    return {
        "month_end": When(last),
        "next_month_end": When(month_end(last + timedelta(days=1))),
        "quarter_end": When(period_of("quarter", began, year_start).last),
    }
