"""What the kept bodies of disputes mean."""

from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from tests.histories import sealed

OF_DISPUTES: dict[str, Fact] = {
    "dispute.raised.v1": DisputeRaised(
        child="C-1", team="T-1", concern=sealed(), tier="practice_group_lead", safety=False
    ),
    "dispute.escalated.v1": DisputeEscalated(team="T-1", tier="director", reason=sealed(), safety=True),
    "dispute.resolved.v1": DisputeResolved(resolution=sealed()),
}
