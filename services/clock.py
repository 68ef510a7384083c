"""Time is handed in. UTC in storage; Europe/London wherever a date is meant."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from events.dates import LONDON, local_date

__all__ = ["LONDON", "Clock", "at_local", "day_in_words", "doubt_of", "instant_in_words", "local_date", "shifted_clock"]

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""


def shifted_clock(offset: timedelta = timedelta()) -> Clock:
    """The machine's clock, moved by `offset`: a rehearsal runs the whole system on another day."""

    def now() -> datetime:
        return datetime.now(UTC) + offset

    return now


def day_in_words(day: date) -> str:
    """A day as a person reads it: `26 Jan 2026`. Of an instant, the day in England."""
    return f"{local_date(day) if isinstance(day, datetime) else day:%-d %b %Y}"


def month_in_words(day: date) -> str:
    """The month of a day as a person reads it: `January 2026`."""
    return f"{day:%B %Y}"


def instant_in_words(instant: datetime) -> str:
    """An instant as clocks in England showed it: `26 Jan 2026 09:00`. Every table turns instants into words by this."""
    return f"{instant.astimezone(LONDON):%-d %b %Y %H:%M}"


def at_local(day: date, at: time) -> datetime:
    """The instant, in UTC, at which clocks in England show `at` on `day`."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@lru_cache(maxsize=4_096)
def doubt_of(shown: datetime) -> str:
    """Why a time without a zone is no one instant in England: clocks skipped it, or showed it twice; else empty."""
    first, second = (shown.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return ""
    day, clock = f"{shown:%Y-%m-%d}", f"{shown:%H:%M}"
    if first.astimezone(LONDON).replace(tzinfo=None) != shown:
        return f"no clock in England showed {clock} on {day}: the hour was skipped"
    one, other = (f"{clock}{each.astimezone(LONDON).isoformat()[-6:]}" for each in (first, second))
    return f"clocks in England showed {clock} twice on {day}; write {one} for the first, {other} after it"
