"""A dispute about the overall grade of a moderated audit, and how it was settled for good."""

from typing import Literal

from events.base import Fact, Label, Ref, Sealed
from events.wording import with_grade


class GradeDisputed(Fact):
    """The moderated grade is disputed; until it is settled it stands."""

    stored_name = "audit.grade_disputed.v1"
    clause = "the grade is disputed"
    acts = ("audit.dispute_grade",)
    grade: Label | None
    reason: Sealed

    def sentence(self) -> str:
        stands = with_grade(self.grade)
        return f"The grade was disputed (reason recorded); until that is settled the audit stands {stands}."


class GradeSettled(Fact):
    """The dispute was settled: the grade was confirmed or changed, and is final."""

    stored_name = "audit.grade_settled.v1"
    clause = "a dispute about the grade is settled"
    acts = ("audit.settle_grade",)
    settled_by: Ref
    outcome: Literal["confirmed", "changed"]
    grade: Label | None
    rationale: Sealed
    safety_plan: Sealed | None = None

    def sentence(self) -> str:
        how = "confirmed the grade" if self.outcome == "confirmed" else "changed the grade"
        return f"{self.settled_by} settled the dispute and {how}; the audit stands {with_grade(self.grade)} for good."
