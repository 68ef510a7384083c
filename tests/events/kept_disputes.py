"""What the kept bodies of disputes, and of scores of other agencies, mean."""

from events.agencies import AgencyScored
from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from events.grade_disputes import GradeDisputed, GradeSettled
from tests.histories import sealed

OF_DISPUTES: dict[str, Fact] = {
    "audit.agency_scored.v1": AgencyScored(
        agency="police", by="P-8", grade="Good", sections={"Plan": "2"}, finding=sealed()
    ),
    "audit.grade_disputed.v1": GradeDisputed(grade="Good", reason=sealed()),
    "audit.grade_settled.v1": GradeSettled(settled_by="P-7", outcome="changed", grade="Good", rationale=sealed()),
    "dispute.raised.v1": DisputeRaised(
        child="C-1", team="T-1", concern=sealed(), tier="practice_group_lead", safety=False
    ),
    "dispute.escalated.v1": DisputeEscalated(team="T-1", tier="director", reason=sealed(), safety=True),
    "dispute.resolved.v1": DisputeResolved(resolution=sealed()),
}
