"""Instants as calendar days: stored in UTC, and judged by the day that it was in England."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

SINCE, AHEAD = 1900, 22
"""From then on clocks in England were never behind UTC and never more than two hours ahead: until that hour of a day in
UTC it is the same day there."""


def local_date(instant: datetime) -> date:
    """The date in England at that instant."""
    if instant.tzinfo is UTC and instant.hour < AHEAD and instant.year > SINCE:
        return instant.date()  # by far the most; to work it out takes ten times as long
    return instant.astimezone(LONDON).date()


def begins(day: date) -> datetime:
    """The instant at which a day begins in England."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def ends(day: date) -> datetime:
    """The last instant of a day in England."""
    return datetime.combine(day, time.max, LONDON).astimezone(UTC)


def passed(instant: datetime, last: date, at: datetime | None) -> bool:
    """Whether an instant lies after a last day in England or, where that is due `at` an instant, not before it."""
    return instant >= at if at is not None else local_date(instant) > last
