"""How often is looked for news: often while there is some, rarely once there was none for a while.

What a minute costs in which nothing happens is paid for each authority, so that it decides how many one machine keeps.
"""

from collections.abc import Callable
from time import monotonic

RESTS_AFTER = 60.0
"""Seconds without news after which somebody rests."""


class Pace:
    """`seconds` until the next look: `busy`, or `at_rest` once nothing was new for `RESTS_AFTER`."""

    def __init__(self, busy: float, at_rest: float, *, clock: Callable[[], float] = monotonic) -> None:
        self._busy = busy
        self._at_rest = at_rest
        self._clock = clock
        self._news = clock()

    def news(self) -> None:
        """There was something new just now."""
        self._news = self._clock()

    @property
    def rests(self) -> bool:
        """Whether nothing was new for a while."""
        return self._clock() - self._news > RESTS_AFTER

    @property
    def seconds(self) -> float:
        """How long to wait until the next look."""
        return self._at_rest if self.rests else self._busy
