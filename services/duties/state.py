"""One duty's record of one month, as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date

from events.duties import DutySkipped
from events.recorded import Recorded

DUTY = "duty/"


def duty_aggregate(duty: str, on: date) -> str:
    """The record that holds what was done towards a duty in the month of a day."""
    return f"{DUTY}{duty}-{on:%Y-%m}"


@dataclass(slots=True)
class DutyRecord:
    """What the next command about the duty must know: which were carried out, and what was skipped in this month."""

    begun: bool = False
    skipped: set[tuple[str, date]] = field(default_factory=set)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        self.begun = True
        if isinstance(recorded.fact, DutySkipped):
            self.skipped.add((recorded.fact.about, recorded.fact.on))
