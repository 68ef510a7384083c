"""Waits grow from seconds to hours, together they make a day, and a receiver may ask for more within limits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.settings import Settings
from services.webhooks.schedule import SPREAD, Schedule, retry_after

USUAL = Schedule.of(Settings())
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_day_of_attempts() -> None:
    """About eighteen attempts, none of them more than three hours after the one before."""
    attempts = next(each for each in range(1, 100) if USUAL.over(each))
    assert attempts == 19
    waits = [USUAL.plain(each) for each in range(1, attempts)]
    assert waits == sorted(waits)
    assert waits[0] == 10
    assert max(waits) == 10_800
    assert sum(waits) >= 86_400


@given(st.integers(1, 200), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_a_wait_keeps_within_limits(attempt: int, chance: float, asked: float | None) -> None:
    """Chance moves it by a fifth; what a receiver asks for is kept, up to the longest wait."""
    wait = USUAL.wait(attempt, lambda: chance, asked)
    assert USUAL.plain(attempt) * (1 - SPREAD) <= wait + 1e-6
    assert wait <= USUAL.longest * (1 + SPREAD)
    assert wait + 1e-6 >= min(asked or 0, USUAL.longest)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 01 Jul 2026 12:01:00 GMT", 60),
        ("Wed, 01 Jul 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("\u0661\u0662", None),
        ("9" * 400, 999_999_999),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    """A number of seconds or a date; what is neither says nothing."""
    assert retry_after(text, NOW) == seconds
