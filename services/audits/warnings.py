"""What is recorded all the same but should be looked at again: a warning refuses nothing."""

from collections.abc import Iterator

from events.audits import AuditAllocated, AuditClosed, AuditSubmitted
from events.base import Fact
from events.findings import AuditAnswered
from events.recorded import Recorded
from services.audits.asked_for import too_early
from services.audits.state import Audit
from services.core.answers import beyond_standard
from services.core.record import Record
from services.obligations.model import OwedBy
from services.policy.model import Policy
from services.policy.rules import written


def warnings_on_audit(recorded: Recorded, record: Record, policy: Policy, owed_by: OwedBy) -> Iterator[str]:
    """What is odd about an act on an audit, given the audit as the act leaves it and what each record owes."""
    if isinstance(record.state, Audit):
        yield from filter(None, (_warning_of(recorded.fact, record.state, policy), too_early(recorded, owed_by)))


def _warning_of(fact: Fact, audit: Audit, policy: Policy) -> str:
    """What is odd about an allocation, a return or an answer, given the audit as it leaves it; empty if nothing is.

    An overall grade far above the auditor's worst section is odd (A-TOR-12). Grades are compared by their places
    on the two scales, best first; what is not applicable has no place.
    """
    if isinstance(fact, AuditAnswered):
        return "; ".join(beyond_standard(policy.tool.questions, fact.answers))
    if isinstance(fact, AuditClosed) and fact.open_actions:
        return f"closed although this is not done: {', '.join(fact.open_actions)}"
    if isinstance(fact, AuditAllocated) and fact.plan_lead is None and _told(policy, "plan_lead"):
        return "nobody is named as plan_lead: what is for them will go to the tier above the child's practitioner"
    steps, grades = policy.tool.warn_above_worst_section, policy.grades
    if steps is None or not isinstance(fact, AuditSubmitted) or fact.grade not in grades.overall:
        return ""
    places = [
        grades.sections.index(grade)
        for (grader, _), grade in audit.sections.items()
        if grader == "auditor" and grade in grades.sections
    ]
    if not places or max(places) - grades.overall.index(fact.grade) < steps:
        return ""
    return f"the overall grade {fact.grade} stands far above the worst section, {grades.sections[max(places)]}"


def _told(policy: Policy, person: str) -> bool:
    """Whether any step of the policy is for that person of the record."""
    return any(to.role == person for rule in written(policy) for step in rule.ladder for to in step.to)
