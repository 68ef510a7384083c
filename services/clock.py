"""Time is handed in. UTC in storage; Europe/London wherever a date is meant."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""


def shifted_clock(offset: timedelta = timedelta()) -> Clock:
    """The machine's clock, moved by `offset`: a rehearsal runs the whole system on another day."""

    def now() -> datetime:
        return datetime.now(UTC) + offset

    return now


def local_date(instant: datetime) -> date:
    """The date in England at that instant."""
    return instant.astimezone(LONDON).date()


def at_local(day: date, at: time) -> datetime:
    """The instant, in UTC, at which clocks in England show `at` on `day`."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)
