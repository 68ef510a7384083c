"""One dispute as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass
from datetime import datetime

from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from events.recorded import Recorded


@dataclass(slots=True)
class Dispute:
    """A dispute as it stands. `tier` is the role that has it, empty before it is raised; `since` the last act."""

    child: str | None = None
    team: str = ""
    tier: str = ""
    resolved: bool = False
    since: datetime | None = None

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case DisputeRaised(child=child, team=team, tier=tier):
                self.child, self.team, self.tier = child, team, tier
            case DisputeEscalated(tier=tier):
                self.tier = tier
            case DisputeResolved():
                self.resolved = True
        if not recorded.fact.stored_name.startswith(("notice.", "escalation.")):
            self.since = recorded.envelope.occurred
