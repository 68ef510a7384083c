"""Which day it is in England at an instant, as the zone's own rules have it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from events.dates import LONDON, local_date


@pytest.mark.parametrize("year", [1899, 1901, 1918, 1941, 1945, 1947, 1969, 1971, 1995, 2025, 2026])
def test_every_hour_of_a_year(year: int) -> None:
    """In summer, in double summer time and in the years without a winter time, up to the hour and after it."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    for hour in range(366 * 24):
        for instant in (first + timedelta(hours=hour), first + timedelta(hours=hour, minutes=59, seconds=59)):
            assert local_date(instant) == instant.astimezone(LONDON).date()


def test_of_another_zone() -> None:
    """An instant is told in any zone: the day is England's."""
    assert local_date(datetime(2026, 7, 1, 1, tzinfo=timezone(timedelta(hours=5)))) == date(2026, 6, 30)
