"""What the kept bodies of disputes mean."""

from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from events.grade_disputes import GradeDisputed, GradeSettled
from tests.histories import sealed

OF_DISPUTES: dict[str, Fact] = {
    "audit.grade_disputed.v1": GradeDisputed(grade="Good", reason=sealed()),
    "audit.grade_settled.v1": GradeSettled(settled_by="P-7", outcome="changed", grade="Good", rationale=sealed()),
    "dispute.raised.v1": DisputeRaised(
        child="C-1", team="T-1", concern=sealed(), tier="practice_group_lead", safety=False
    ),
    "dispute.escalated.v1": DisputeEscalated(team="T-1", tier="director", reason=sealed(), safety=True),
    "dispute.resolved.v1": DisputeResolved(resolution=sealed()),
}
