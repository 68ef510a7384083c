"""One dispute as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import datetime

from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from events.escalations import Reference
from events.recorded import Recorded
from services.escalations.state import Escalation, take_escalation


@dataclass(slots=True)
class Dispute:
    """A dispute as it stands. `tier` is the role that has it, None before it is raised; `since` the last act."""

    version: int = 0
    child: str | None = None
    team: str = ""
    tier: str | None = None
    resolved: bool = False
    since: datetime | None = None
    escalations: dict[Reference, Escalation] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case DisputeRaised(child=child, team=team, tier=tier):
                self.child, self.team, self.tier = child, team, tier
            case DisputeEscalated(tier=tier):
                self.tier = tier
            case DisputeResolved():
                self.resolved = True
            case fact:
                take_escalation(self.escalations, fact)
        if not recorded.fact.stored_name.startswith(("notice.", "escalation.")):
            self.since = recorded.envelope.occurred
        self.version = recorded.originator_version
        self.commands[recorded.envelope.command_id] = recorded.envelope.digest
