"""A dispute about the moderated grade: who raises it within the framework's days, and who settles it for good."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from events.base import Fact, Label
from events.errors import Refused
from events.grade_disputes import GradeDisputed, GradeSettled
from services.audits.commands import AuditCommand
from services.audits.rules import require_grade, require_no_judge, safety_plan_missing
from services.audits.state import Audit
from services.clock import day_in_words, local_date
from services.core.command import Example, Text
from services.core.dates import require_after
from services.core.situation import Situation
from services.obligations.calendar import WorkingCalendar


class DisputeGrade(AuditCommand):
    """Dispute the grade that the moderation came to, within the days of the framework, once until it is settled."""

    command: Literal["audit.dispute_grade"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "NOR-8", "reason": "the plan of May was not on file then"}
    reason: Text = Field(description="Why the grade is disputed.")


class SettleGrade(AuditCommand):
    """Settle the dispute: the grade is confirmed or changed, and final. Nobody settles what they audited or moderated.

    `grade` left out keeps the overall grade.
    """

    command: Literal["audit.settle_grade"]
    example: ClassVar[Example] = {
        "role": "principal_social_worker",
        "audit": "NOR-8",
        "grade": "Good",
        "rationale": "the plan was there, on another file",
    }
    grade: Label | None = Field(default=None, description="The overall grade that is final; without one, it stays.")
    rationale: Text = Field(description="Why.")
    safety_plan: Text | None = Field(default=None, description="What keeps the child safe from now on.")


def dispute(command: DisputeGrade, audit: Audit, situation: Situation) -> list[Fact]:
    """Refused where the framework knows no such dispute, after its days, and where one stands or was settled."""
    rules, moderated = situation.policy.grade_dispute, audit.latest.get("audit.moderated")
    if rules is None:
        raise Refused("audit", "the framework knows no dispute about a grade")
    if moderated is None:
        raise Refused("audit", "it is not moderated: there is no moderated grade to be disputed")
    require_not_final(audit)
    if audit.disputed:
        raise Refused("audit", _disputed_since(audit))
    require_after(audit, situation.at, "audit.moderated")
    last = WorkingCalendar.of(situation.policy).shift(local_date(moderated), rules.within)
    if local_date(situation.at) > last:
        raise Refused("at", f"the grade could be disputed until {day_in_words(last)}, {rules.within} after moderation")
    return [GradeDisputed(grade=audit.grade, reason=situation.seal("audit.reason", command.reason))]


def settle(command: SettleGrade, audit: Audit, situation: Situation) -> list[Fact]:
    """The grade that is final. Refused unless it is disputed, and for whoever audited or moderated it."""
    if not audit.disputed:
        raise Refused("audit", "its grade is not disputed")
    require_no_judge(command.actor, situation, "settle the dispute about its grade")
    require_after(audit, situation.at, "audit.grade_disputed")
    grade = command.grade if command.grade is not None else audit.grade
    if command.grade is not None:
        require_grade(situation.policy, grade)
    changed = grade != audit.grade
    if changed:
        safety_plan_missing(situation.policy, grade, command.safety_plan)
    return [
        GradeSettled(
            settled_by=command.actor,
            outcome="changed" if changed else "confirmed",
            grade=grade,
            rationale=situation.seal("audit.rationale", command.rationale),
            safety_plan=situation.seal_if("audit.safety_plan", command.safety_plan),
        )
    ]


def require_not_final(audit: Audit) -> None:
    """Refused once a dispute about the grade was settled: what settles it is final."""
    if settled := audit.dates.get("audit.grade_settled"):
        raise Refused("audit", f"its grade is final: it was settled on {day_in_words(settled)}")


def require_settled_to_close(audit: Audit, at: datetime) -> None:
    """Refused while a dispute about the grade stands, and on a day before it was settled."""
    if audit.disputed:
        raise Refused("audit", f"{_disputed_since(audit)}: it cannot be closed before that is settled")
    if "audit.grade_settled" in audit.latest:
        require_after(audit, at, "audit.grade_settled")


def _disputed_since(audit: Audit) -> str:
    return f"its grade is disputed since {day_in_words(audit.latest['audit.grade_disputed'])}"
