"""A clock that stands still for a reason, and goes on afterwards: of an audit, or of one of its actions."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.base import Fact, Label, Ref
from events.wording import by_when, in_words

LastDayOf = Literal["return", "moderation", "action"]


class Standing(BaseModel):
    """What stands still: the return, the moderation, or an action by its reference."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    of: LastDayOf
    action: Ref | None = None

    @property
    def words(self) -> str:
        """As a sentence names it: `action X-1`, `the return`."""
        return f"action {self.action}" if self.action else f"the {self.of}"


class LastDay(Standing):
    """The last day that it has from now on: `due`, and `due_at` where it is counted in hours."""

    due: date
    due_at: AwareDatetime | None = None


class ClockStopped(Fact):
    """The clocks that the framework stops on this ground stand still: of the audit, or of one `action`.

    `stands` are those of them whose last day is shown beside the audit: the return, the moderation and actions.
    """

    stored_name = "audit.clock_stopped.v1"
    clause = "a clock of the audit is stopped"
    acts = ("audit.stop_clock",)
    ground: Label
    action: Ref | None = None
    stands: tuple[Standing, ...] = ()

    def sentence(self) -> str:
        return f"{_clock(self.action)} stands still from now on: {self.ground}."


class ClockResumed(Fact):
    """What stood still on this ground goes on, and each of the `last_days` is moved by what it stood.

    What still stands on another ground has none among them.
    """

    stored_name = "audit.clock_resumed.v1"
    clause = "a clock of the audit goes on"
    acts = ("audit.resume_clock",)
    ground: Label
    action: Ref | None = None
    since: AwareDatetime
    last_days: tuple[LastDay, ...] = ()

    def sentence(self) -> str:
        days = "".join(f"; {each.words} is now {by_when(each.due, each.due_at)}" for each in self.last_days)
        return f"{_clock(self.action)} goes on, which stood still since {in_words(self.since)} ({self.ground}){days}."


def _clock(action: str | None) -> str:
    return f"The clock of action {action}" if action else "The clock of the audit"
