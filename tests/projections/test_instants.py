"""Instants and days in rows: as SQLite keeps them, so that text sorts as time does."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from projections.dates import as_text, day_as_text, read_instant

INSTANTS = [
    datetime(2026, 1, 5, 9, 3, 4, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 0, 0, 1_002, tzinfo=UTC),
    datetime(987, 10, 11, 12, 13, 14, 15, tzinfo=UTC),
    datetime(2026, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
]


@pytest.mark.parametrize("instant", INSTANTS)
def test_an_instant_as_text(instant: datetime) -> None:
    """It is what Python writes of it in UTC, with microseconds whether there are any or not; read, it is the same."""
    written = as_text(instant)
    assert written == instant.astimezone(UTC).isoformat(timespec="microseconds")
    assert read_instant(written) == instant
    assert read_instant(written).tzinfo is UTC


def test_what_nobody_can_place_is_refused() -> None:
    """An instant without its zone is none."""
    with pytest.raises(ValueError, match="needs its time zone"):
        as_text(datetime(2026, 1, 5))  # noqa: DTZ001 - that is the point


def test_a_day_as_text() -> None:
    """A day as Python writes it; of an instant the day alone."""
    assert day_as_text(date(2026, 1, 5)) == day_as_text(datetime(2026, 1, 5, 9, tzinfo=UTC)) == "2026-01-05"
