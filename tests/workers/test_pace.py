"""How often somebody looks who waits for news."""

from workers.intake.pace import RESTS_AFTER, Pace


class Hands:
    """A clock whose hands are moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_who_has_had_no_news_for_a_while_looks_rarely() -> None:
    """A minute after the last news, and not before, the longer pause begins."""
    clock = Hands()
    pace = Pace(1.0, 20.0, clock=clock)
    clock.now += RESTS_AFTER
    assert pace.seconds == 1.0
    clock.now += 0.1
    assert pace.seconds == 20.0


def test_news_wakes_who_rests() -> None:
    """With the first news the short pause is back, and the minute begins anew."""
    clock = Hands()
    pace = Pace(1.0, 20.0, clock=clock)
    clock.now += 10 * RESTS_AFTER
    pace.news()
    assert pace.seconds == 1.0
    clock.now += RESTS_AFTER + 1
    assert pace.seconds == 20.0
