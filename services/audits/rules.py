"""Rules that more than one decision about an audit asks."""

from datetime import datetime

from events.audits import AuditAllocated, AuditModerated, AuditReassigned
from events.errors import NotFound, Refused, SeparationOfDuties
from services.audits.commands import AuditCommand, ModerateAudit
from services.audits.eligibility import require_moderator
from services.audits.stages import TAKEN_BACK
from services.audits.state import Audit
from services.clock import local_date
from services.core.dates import require_after
from services.core.situation import Situation
from services.policy.model import Policy


def require_separate(command: ModerateAudit, situation: Situation) -> None:
    """An auditor who tries to moderate the same audit breaks the separation of duties (A-ALL-10).

    So does somebody of the child's own team or service, or of the auditor's, where the policy says so.
    """
    require_there(command, situation)
    if command.actor == situation.record.state.auditor:
        raise SeparationOfDuties("actor", "the auditor may not moderate the same audit")
    require_no_scorer(command.actor, situation.record.state, "actor")
    require_moderator(command.actor, situation.record.state, situation, "actor")


def require_no_scorer(person: str, audit: Audit, field: str) -> None:
    """Refused for somebody who scored the audit for another agency."""
    if person in audit.scorers:
        raise SeparationOfDuties(field, "who scored it for another agency may neither audit nor moderate it")


def require_no_judge(actor: str, situation: Situation, act: str) -> None:
    """Refused, saying what they may not do, for whoever audited it or moderated it, then or before."""
    facts = [each.fact for each in situation.record.history]
    audited = {each.auditor for each in facts if isinstance(each, AuditAllocated | AuditReassigned)}
    moderated = {each.moderator for each in facts if isinstance(each, AuditModerated)}
    if actor in audited | moderated | {situation.record.state.moderator}:
        did = "audited" if actor in audited else "moderated"
        raise SeparationOfDuties("actor", f"who {did} it may not {act}")


def require_there(command: AuditCommand, situation: Situation) -> None:
    """NotFound unless the audit was allocated."""
    if situation.record.state.stage is None:
        raise NotFound("audit", command.audit)


def require_standing(audit: Audit, reference: str) -> None:
    """NotFound unless the audit was allocated; Refused if it was voided or exempted."""
    if audit.stage is None:
        raise NotFound("audit", reference)
    if audit.stage in TAKEN_BACK:
        raise Refused("audit", f"it was {audit.stage}; its record stays as it is")


def require_event(audit: Audit, event: str, because: str) -> None:
    """Refused unless an event of that name has happened."""
    if not audit.has(event):
        raise Refused("audit", because)


def require_in_order(audit: Audit, at: datetime, event: str) -> None:
    """Refused for an act dated before the last of its kind: of two the later in time holds, not the later recorded."""
    last = audit.latest.get(event)
    if last is not None and at < last:
        words = event.partition(".")[2].replace("_", " ")
        raise Refused("at", f"{local_date(at)} is before what holds since {local_date(last)} ({words})")


def require_once_after(audit: Audit, event: str, cause: str, situation: Situation) -> None:
    """Refused unless its cause has happened, it has not, and it is dated after its cause."""
    require_event(audit, cause, f"that needs {cause.replace('_', ' ')} first")
    if audit.has(event):
        raise Refused("audit", f"{event.replace('_', ' ')} has already happened")
    require_after(audit, situation.at, cause)


def require_grade(policy: Policy, grade: str | None, field: str = "grade") -> None:
    """Refused unless the grade stands on the overall scale; a framework without a scale takes none."""
    scale = policy.grades.overall
    if grade is None and scale:
        raise Refused(field, f"an overall grade is needed: {', '.join(scale)}")
    if grade is not None and grade not in scale:
        raise Refused(field, f"unknown grade {grade}; the scale is {', '.join(scale) or 'empty'}")


def require_section(
    policy: Policy, section: str, grade: str | None, field: str = "section", of_grade: str = "grade"
) -> str | None:
    """The grade; Refused unless the section is on the form and the grade on its scale, None where it has no scale."""
    if section not in policy.tool.sections:
        raise Refused(field, f"unknown section {section}; the form has {', '.join(policy.tool.sections)}")
    known = (*policy.grades.sections, *filter(None, [policy.grades.not_applicable]))
    if grade is None and known:
        raise Refused(of_grade, f"a grade is needed for {section}: {', '.join(known)}")
    if grade is not None and grade not in known:
        raise Refused(of_grade, f"unknown grade {grade} for {section}; the scale is {', '.join(known) or 'empty'}")
    return grade


def safety_plan_missing(policy: Policy, grade: str | None, plan: str | None) -> None:
    """Refused if the grade must come with a plan that keeps the child safe and none is given (HAL-59)."""
    if grade in policy.tool.safety_plan_with and not plan:
        raise Refused("safety_plan", f"{grade} must carry a plan that keeps the child safe")
