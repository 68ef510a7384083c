"""What follows from a command about an audit: check, then facts. Nothing is written here."""

from events.audits import (
    AuditAllocated,
    AuditExempted,
    AuditReassigned,
    AuditShared,
    AuditSignedOff,
    AuditVoided,
    ChildLeft,
    FeedbackGiven,
    ModeratorAllocated,
)
from events.base import Fact
from events.errors import Refused, SeparationOfDuties
from events.findings import (
    FeedbackRecorded,
    Grader,
    MeetingRecorded,
    ReflectionRecorded,
    SafetyConcernRaised,
    SectionCommented,
    SectionGraded,
)
from services.audits import commands as c
from services.audits.asked_for import day_asked_for
from services.audits.eligibility import Given, require_auditor, require_eligible, require_moderator
from services.audits.form import answered, asked, look_back_to
from services.audits.rules import (
    require_in_order,
    require_no_scorer,
    require_once_after,
    require_section,
)
from services.audits.state import Audit
from services.clock import local_date
from services.core.answers import require_answers
from services.core.dates import due_by_policy, require_after
from services.core.situation import Situation


def allocate(command: c.AllocateAudit, _: Audit, situation: Situation) -> list[Fact]:
    """A new audit. The auditor is not the allocated practitioner (A-ALL-10)."""
    situation.require_unit("team", command.team, "team")
    given = Given(command.audit_type, command.team, command.worker, command.reaudit_of)
    require_auditor(command.auditor, given, situation)
    tool = situation.policy.tool
    for field, value, known in (
        ("audit_type", command.audit_type, tool.types),
        ("strand", command.strand, tool.strands),
        ("age_band", command.age_band, (*tool.age_bands, *tool.age_bands_read_as)),
    ):
        if value is not None and value not in known:
            raise Refused(field, f"unknown {field.replace('_', ' ')} {value}; known: {', '.join(known) or 'none'}")
    if command.due is not None and command.due < local_date(situation.at):
        raise Refused("due", f"{command.due} is before the day of allocation")
    require_eligible(command, situation)
    _require_reviewers(command, situation)
    allocated = AuditAllocated(
        **command.model_dump(
            include={"audit_type", "child", "team", "worker", "auditor", "round", "strand"}
            | {"open_since", "reaudit_of", "extra_of", "reviewer", "further_reviewers"}
            | {"plan_lead"}
        ),
        age_band=tool.age_bands_read_as.get(command.age_band or "", command.age_band),
        age_flag=command.age_band if command.age_band in tool.age_bands_read_as else None,
        child_number=situation.seal_if("audit.child_number", command.child_number),
        due=command.due or day_asked_for(command, situation),
        look_back_to=look_back_to(situation),
    )
    due = allocated.due or due_by_policy(situation, allocated)
    return [allocated.model_copy(update={"due": due})]


def _require_reviewers(command: c.AllocateAudit, situation: Situation) -> None:
    named = (command.reviewer, *command.further_reviewers)
    if command.further_reviewers and command.reviewer is None:
        raise Refused("further_reviewers", "name the first of them as reviewer")
    if len(set(named)) != len(named):
        raise Refused("further_reviewers", "a reviewer is named twice")
    situation.roll.require_in_post("reviewer", [command.reviewer])
    situation.roll.require_in_post("further_reviewers", command.further_reviewers)
    situation.roll.require_in_post("plan_lead", [command.plan_lead])


def reassign(command: c.ReassignAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """Another auditor, before the return."""
    require_in_order(audit, situation.at, "audit.reassigned")
    if command.auditor == audit.auditor:
        raise Refused("auditor", f"{command.auditor} is already the auditor")
    given = Given(audit.audit_type, audit.team, audit.worker, audit.reaudit_of)
    require_auditor(command.auditor, given, situation)
    require_no_scorer(command.auditor, audit, "auditor")
    require_after(audit, situation.at, "audit.allocated")
    return [AuditReassigned(auditor=command.auditor, reason=situation.seal("audit.reason", command.reason))]


def record_reflection(command: c.RecordReflection, audit: Audit, situation: Situation) -> list[Fact]:
    """The practitioner's own words."""
    require_after(audit, situation.at, "audit.allocated")
    sealed = situation.seal("audit.reflection", command.reflection)
    reflected = ReflectionRecorded(practitioner=command.actor, reflection=sealed)
    return [*answered("reflection", command.answers, audit, situation), reflected]


def record_meeting(command: c.RecordMeeting, audit: Audit, situation: Situation) -> list[Fact]:
    """The meeting; where the policy gates it, after the reflection or with a reason (A-HAL-16)."""
    require_after(audit, situation.at, "audit.allocated")
    gated = situation.policy.tool.reflection_before_meeting and not audit.has("audit.reflection_recorded")
    if gated and not command.override:
        raise Refused("override", "the reflection comes before the meeting; give a reason to go ahead without it")
    override = situation.seal_if("audit.override", command.override)
    require_answers(asked(situation.policy, audit, "meeting"), command.answers)
    met = MeetingRecorded(practitioner=audit.worker or command.actor, override=override)
    return [*answered("meeting", command.answers, audit, situation), met]


def record_feedback(command: c.RecordFeedback, audit: Audit, situation: Situation) -> list[Fact]:
    """What came of seeking feedback; an attempt counts, a reply is not needed (A-HAL-23)."""
    require_after(audit, situation.at, "audit.allocated")
    if situation.policy.tool.feedback_not_by_auditor and command.actor == audit.auditor:
        raise SeparationOfDuties("actor", "the auditor may not gather the family's feedback")
    if command.outcome == "obtained" and not command.feedback:
        raise Refused("feedback", "feedback that was obtained needs its text")
    if command.outcome == "not_age_appropriate" and command.source != "child":
        raise Refused("outcome", "only the child's part can be not age-appropriate")
    sealed = situation.seal_if("audit.feedback", command.feedback)
    if command.outcome == "obtained":
        require_answers(asked(situation.policy, audit, "feedback"), command.answers)
    recorded = FeedbackRecorded(source=command.source, outcome=command.outcome, feedback=sealed)
    return [*answered("feedback", command.answers, audit, situation), recorded]


def grade_section(command: c.GradeSection, audit: Audit, situation: Situation) -> list[Fact]:
    """One section's grade, until the audit is returned."""
    require_after(audit, situation.at, "audit.allocated")
    section = c.GradedSection(
        grade=command.grade, evidence=command.evidence, impact=command.impact, escalate=command.escalate
    )
    return [graded(command.section, section, command.grader, situation)]


def graded(name: str, section: c.GradedSection, grader: str, situation: Situation) -> SectionGraded | SectionCommented:
    """The fact of one section's grade or, without a scale, of its comment, checked against the form."""
    if grader not in situation.policy.tool.section_graders:
        raise Refused("grader", f"the form takes no grades from the {grader}")
    by: Grader = "practitioner" if grader == "practitioner" else "auditor"
    grade = require_section(situation.policy, name, section.grade)
    if grade is None:
        if not section.evidence:
            raise Refused("evidence", f"{name} has no grade: write the comment here")
        return SectionCommented(section=name, grader=by, comment=situation.seal("audit.comment", section.evidence))
    return SectionGraded(
        section=name,
        grade=grade,
        grader=by,
        evidence=situation.seal_if("audit.evidence", section.evidence),
        impact=situation.seal_if("audit.impact", section.impact),
        escalate=section.escalate,
    )


def raise_safety_concern(command: c.RaiseSafetyConcern, audit: Audit, situation: Situation) -> list[Fact]:
    """A concern for the child's safety now; it waits for nothing."""
    require_after(audit, situation.at, "audit.allocated")
    return [SafetyConcernRaised(concern=situation.seal("audit.concern", command.concern))]


def allocate_moderator(command: c.AllocateModerator, audit: Audit, situation: Situation) -> list[Fact]:
    """A moderator for a returned audit, who is not its auditor (A-ALL-10)."""
    if command.moderator == audit.auditor:
        raise SeparationOfDuties("moderator", "the auditor may not moderate the same audit")
    require_no_scorer(command.moderator, audit, "moderator")
    require_moderator(command.moderator, audit, situation, "moderator")
    require_in_order(audit, situation.at, "audit.moderator_allocated")
    if command.moderator == audit.moderator:
        raise Refused("moderator", f"{command.moderator} is already the moderator")
    situation.roll.require_in_post("moderator", [command.moderator])
    require_after(audit, situation.at, "audit.submitted")
    allocated = ModeratorAllocated(moderator=command.moderator, due=command.due)
    due = command.due or due_by_policy(situation, allocated)
    return [allocated.model_copy(update={"due": due})]


def sign_off(command: c.SignOffAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """The last comments, once moderated."""
    require_once_after(audit, "audit.signed_off", "audit.moderated", situation)
    require_answers(asked(situation.policy, audit, "sign_off"), command.answers)
    signed = AuditSignedOff(comments=situation.seal_if("audit.comments", command.comments))
    return [*answered("sign_off", command.answers, audit, situation), signed]


def share(_: c.ShareAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """To the allocated team, once returned."""
    require_once_after(audit, "audit.shared", "audit.submitted", situation)
    return [AuditShared(team=audit.team or "")]


def give_feedback(command: c.GiveFeedback, audit: Audit, situation: Situation) -> list[Fact]:
    """To the practitioner or the manager, once returned; it may be given to several people."""
    require_after(audit, situation.at, "audit.submitted")
    if command.recipient != audit.worker:
        situation.roll.require_in_post("recipient", [command.recipient])
    return [FeedbackGiven(recipient=command.recipient)]


def void(command: c.VoidAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """Voided, with a reason."""
    require_after(audit, situation.at, "audit.allocated")
    return [AuditVoided(reason=situation.seal("audit.reason", command.reason))]


def exempt(command: c.ExemptAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """Not to be done, on the grounds and the request that the policy accepts (A-SOU-03, A-SOU-04)."""
    require_after(audit, situation.at, "audit.allocated")
    exemption = situation.policy.exemption
    if exemption is None:
        raise Refused("audit", "the framework knows no exemption")
    if command.ground not in exemption.grounds:
        raise Refused("ground", f"{command.ground} is none; accepted: {', '.join(exemption.grounds)}")
    if command.requested_as != exemption.requested_by:
        raise Refused("requested_as", f"only {exemption.requested_by} may ask, not {command.requested_as}")
    situation.roll.require_role("requested_by", command.requested_by, command.requested_as, unit=audit.team)
    return [AuditExempted(ground=command.ground, requested_by=command.requested_by, requested_as=command.requested_as)]


def record_departure(command: c.RecordDeparture, audit: Audit, situation: Situation) -> list[Fact]:
    """The child's case was closed or moved; what is pending stays and waits for a decision (A-ALL-08)."""
    require_after(audit, situation.at, "audit.allocated")
    if audit.has("audit.child_left"):
        raise Refused("audit", "the departure is already recorded")
    return [ChildLeft(how=command.how)]
