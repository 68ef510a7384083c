"""Rules that more than one decision about an audit asks."""

from collections.abc import Sequence
from datetime import date, datetime

from events.base import Fact
from events.errors import NotFound, Refused, SeparationOfDuties
from services.audits.state import Audit
from services.clock import local_date
from services.command import Command, Situation
from services.obligations.engine import due_date
from services.obligations.log import Log, name_of
from services.obligations.starts import dated_by, occasion_next
from services.people.recipients import matter_of
from services.policy.expressions import PERSONS
from services.policy.model import Policy


def require_audit(audit: Audit, reference: str) -> None:
    """NotFound unless the audit was allocated; Refused if it was voided or exempted."""
    if not audit.has("audit.allocated"):
        raise NotFound("audit", reference)
    for event in ("audit.voided", "audit.exempted"):
        if audit.has(event):
            raise Refused("audit", f"it was {event.removeprefix('audit.')}; its record stays as it is")


def require_event(audit: Audit, event: str, because: str) -> None:
    """Refused unless an event of that name has happened."""
    if not audit.has(event):
        raise Refused("audit", because)


def require_after(audit: Audit, at: datetime, cause: str) -> None:
    """Refused if the act is dated before the event that it follows from."""
    began = audit.dates.get(cause)
    if began is not None and at < began:
        raise Refused("at", f"{local_date(at)} is before its cause, {cause.replace('_', ' ')} on {local_date(began)}")


def require_in_order(audit: Audit, at: datetime, event: str) -> None:
    """Refused for an act dated before the last of its kind: of two the later in time holds, not the later recorded."""
    last = audit.latest.get(event)
    if last is not None and at < last:
        words = event.partition(".")[2].replace("_", " ")
        raise Refused("at", f"{local_date(at)} is before what holds since {local_date(last)} ({words})")


def require_once_after(audit: Audit, reference: str, event: str, cause: str, situation: Situation) -> None:
    """Refused unless its cause has happened, it has not, and it is dated after its cause."""
    require_audit(audit, reference)
    require_event(audit, cause, f"that needs {cause.replace('_', ' ')} first")
    if audit.has(event):
        raise Refused("audit", f"{event.replace('_', ' ')} has already happened")
    require_after(audit, situation.at, cause)


def require_act(command: Command, record: Audit | None, situation: Situation) -> None:
    """Refused unless the policy gives the act to the role, and the actor holds the role on that day (see `may`).

    An auditor who tries to moderate the same audit breaks the separation of duties (A-ALL-10), whoever moderates it.
    """
    policy, act = situation.policy, command.command
    allowed = policy.acts.get(act, ())
    if command.role not in policy.roles and command.role not in PERSONS:
        raise Refused("role", f"unknown role {command.role}")
    if command.role not in allowed:
        raise Refused("role", f"{command.role} may not {act}; that is for {', '.join(allowed) or 'nobody'}")
    if record is not None and act == "audit.moderate" and command.actor == record.auditor:
        raise SeparationOfDuties("actor", "the auditor may not moderate the same audit")
    named = None
    if record is not None and command.role in PERSONS:
        named = matter_of(record, getattr(command, "action", ""))
    situation.roll.require_role("role", command.actor, command.role, named)


def require_grade(policy: Policy, grade: str | None, field: str = "grade") -> None:
    """Refused unless the grade stands on the overall scale; a framework without a scale takes none."""
    scale = policy.grades.overall
    if grade is None and scale:
        raise Refused(field, f"an overall grade is needed: {', '.join(scale)}")
    if grade is not None and grade not in scale:
        raise Refused(field, f"unknown grade {grade}; the scale is {', '.join(scale) or 'empty'}")


def require_section(policy: Policy, section: str, grade: str | None, field: str = "section") -> str | None:
    """The grade; Refused unless the section is on the form and the grade on its scale, None where it has no scale."""
    if section not in policy.tool.sections:
        raise Refused(field, f"unknown section {section}; the form has {', '.join(policy.tool.sections)}")
    known = (*policy.grades.sections, *filter(None, [policy.grades.not_applicable]))
    if grade is None and known:
        raise Refused("grade", f"a grade is needed for {section}: {', '.join(known)}")
    if grade is not None and grade not in known:
        raise Refused("grade", f"unknown grade {grade} for {section}; the scale is {', '.join(known) or 'empty'}")
    return grade


def due_by_policy(situation: Situation, aggregate: str, fact: Fact, *, before: Sequence[Fact] = ()) -> date | None:
    """The last day that the policy gives to what starts with this fact of a record; None if it gives none.

    `before` is what the same decision makes before the fact. The conditions of a rule ask what stands, as the engine
    does: what was taken back has not happened.
    """
    log = Log(situation.history(aggregate))
    today = local_date(situation.at)
    dates = {name: log.date_of(name) for name in log.names}
    dates |= {name_of(each): today for each in before if name_of(each) != name_of(fact)}
    rule = dated_by(situation.policy, occasion_next(log, fact, situation.at, before))
    return due_date(situation.policy, rule, {name_of(fact): today, **dates, "trigger": today}) if rule else None


def safety_plan_missing(policy: Policy, grade: str | None, plan: str | None) -> None:
    """Refused if the grade must come with a plan that keeps the child safe and none is given (HAL-59)."""
    if grade in policy.tool.safety_plan_with and not plan:
        raise Refused("safety_plan", f"{grade} must carry a plan that keeps the child safe")
