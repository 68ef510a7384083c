"""When a message that was not taken is posted again, and when no more. Pure: chance and time are handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from services.settings import Settings

SPREAD = 0.2
"""By which part a wait is longer or shorter, by chance: what failed together does not come again together."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits, in seconds: `first`, doubling up to `longest`, until together they make `until`."""

    first: float
    longest: float
    until: float

    @classmethod
    def of(cls, settings: Settings) -> "Schedule":
        """As the settings have it."""
        return cls(
            settings.webhooks_retry_seconds, settings.webhooks_longest_wait_seconds, settings.webhooks_give_up_seconds
        )

    def plain(self, attempt: int) -> float:
        """The wait after that attempt, counted from 1, without chance."""
        return float(min(self.first * 2 ** min(attempt - 1, 60), self.longest))

    def over(self, attempt: int) -> bool:
        """Whether that attempt was the last one."""
        return sum(self.plain(each) for each in range(1, attempt)) >= self.until

    def wait(self, attempt: int, chance: Callable[[], float], asked: float | None = None) -> float:
        """The wait after that attempt: what the receiver asked for, if it is longer, but never beyond the longest.

        `chance` gives a number from 0 to 1.
        """
        wait = self.plain(attempt) * (1 + SPREAD * (2 * chance() - 1))
        return min(max(wait, asked or 0.0), self.longest * (1 + SPREAD))


def retry_after(text: str | None, now: datetime) -> float | None:
    """The seconds for which a receiver asks in `Retry-After`, as a number or a date; None where that says nothing."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return max((at - now).total_seconds(), 0.0)
