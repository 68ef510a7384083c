"""Instants and local dates: stored as UTC instants, judged as calendar days in Europe/London."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import TIMESTAMP, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from events.dates import local_date

__all__ = ["Instant", "day", "local_date", "month_on", "overdue_since"]


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, in and out.

    PostgreSQL keeps it as `timestamptz`; SQLite as ISO text with microseconds, which sorts as time does.
    A naive datetime is refused with ValueError, because nobody can say which instant it was.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use the database's own type, where it has one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Give UTC, as the database keeps it."""
        if value is None or dialect.name != "postgresql":
            return as_text(value)
        return _in_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give an aware datetime in UTC."""
        return None if value is None else read_instant(value)


_NUMBERS = tuple(f"{number:03}" for number in range(1_000))

day_as_text = lru_cache(maxsize=8_192)(date.isoformat)
"""A day as SQLite keeps it, and of an instant the day alone. Many rows share a day."""


def as_text(instant: datetime | None) -> str | None:
    """The instant as SQLite keeps it; ValueError for one without its zone.

    It is what `isoformat` gives with microseconds, in less than two thirds of the time: a rebuild writes four an event.
    """
    if instant is None:
        return None
    at = instant if instant.tzinfo is UTC else _in_utc(instant)
    thousands, rest = divmod(at.microsecond, 1_000)
    hour, minute, second = _NUMBERS[at.hour], _NUMBERS[at.minute], _NUMBERS[at.second]
    return f"{day_as_text(at.date())}T{hour[1:]}:{minute[1:]}:{second[1:]}.{_NUMBERS[thousands]}{_NUMBERS[rest]}+00:00"


def read_instant(value: datetime | str) -> datetime:
    """An instant as either database gives it, in UTC."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {instant}")
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def overdue_since(due: date | None, *, as_of: date | None, at: datetime | None = None) -> date | None:
    """Give the first day after `due` if it has come by `as_of`; None if not, or if either is unknown.

    Of what was due `at` an instant it is the day of that instant, once that day is over: a day tells no hours.
    """
    if due is None or as_of is None or as_of <= due:
        return None
    return due + timedelta(days=1) if at is None else due


def month_on(month: str, months: int) -> str:
    """Give the month so many months after one such as `2026-03`; before it where `months` is negative."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + months, 12)
    return f"{year:04}-{number + 1:02}"


def day(instant: datetime | None) -> date | None:
    """Give the calendar day in England, None for an instant that has not come."""
    return None if instant is None else local_date(instant)
