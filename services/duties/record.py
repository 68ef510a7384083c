"""One duty's record of one month, as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date

from events.duties import DutySkipped
from events.escalations import Reference
from events.recorded import Recorded
from services.escalations.state import Escalation, take_escalation

DUTY = "duty/"


def duty_aggregate(duty: str, on: date) -> str:
    """The record that holds what was done towards a duty in the month of a day."""
    return f"{DUTY}{duty}-{on:%Y-%m}"


@dataclass(slots=True)
class DutyRecord:
    """What the next command about the duty must know: which were carried out, and what was skipped in this month."""

    version: int = 0
    skipped: set[tuple[str, date]] = field(default_factory=set)
    escalations: dict[Reference, Escalation] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        if isinstance(recorded.fact, DutySkipped):
            self.skipped.add((recorded.fact.about, recorded.fact.on))
        take_escalation(self.escalations, recorded.fact)
        self.version = recorded.originator_version
        self.commands[recorded.envelope.command_id] = recorded.envelope.digest
