"""The two decisions that set the overall grade: the auditor's return and the moderation."""

from collections.abc import Iterator

from events.actions import ActionSet
from events.audits import AuditModerated, AuditSubmitted
from events.base import Fact
from events.errors import Refused
from events.findings import MeetingRecorded, ReflectionRecorded, SectionCommented, SectionGraded
from services.actions.decisions import new_actions
from services.audits.commands import ModerateAudit, SubmitAudit
from services.audits.decisions import graded
from services.audits.form import answered, asked, require_look_back, require_questions_of_round, unanswered_at
from services.audits.grade_dispute import require_not_final
from services.audits.rules import (
    require_grade,
    require_in_order,
    require_section,
    safety_plan_missing,
)
from services.audits.state import Audit
from services.audits.suggesting import require_departure, suggested
from services.clock import day_in_words, local_date
from services.core.answers import require_answers
from services.core.dates import require_after
from services.core.situation import Situation
from services.policy.model import Policy

SITTING = (
    ((ReflectionRecorded,), "a reflection"),
    ((MeetingRecorded,), "a meeting"),
    ((SectionGraded, SectionCommented), "what was said of sections"),
    ((ActionSet,), "actions"),
)
"""What an audit in one sitting has on one day."""


def submit(command: SubmitAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """The return. What the policy asks for is there, or `override` says why not (TOR-74, HAL-26, HAL-29)."""
    policy = situation.policy
    require_after(audit, situation.at, "audit.allocated")
    suggestion = _suggestion(command, audit, policy)
    grade = command.grade or suggestion
    require_grade(policy, grade)
    require_departure(policy, grade, suggestion, command.grade_reason)
    facts: list[Fact] = [
        graded(name, section, grader, situation)
        for grader, sections in (("auditor", command.sections), ("practitioner", command.practitioner_sections))
        for name, section in sections.items()
    ]
    _bottom_lines(command, policy)
    _significant_concern(command, policy)
    missing = list(_missing(command, audit, situation)) if policy.tool.needs_form(audit.audit_type) else []
    if missing and not command.override:
        raise Refused("audit", f"it is not complete: {'; '.join(missing)} (or give the reason as override)")
    safety_plan_missing(policy, grade, command.safety_plan)
    require_look_back(command, audit, policy.tool)
    require_questions_of_round(command, audit, situation)
    facts += answered("return", command.answers, audit, situation)
    submitted = AuditSubmitted(
        grade=grade,
        bottom_lines_unmet=command.bottom_lines_unmet,
        override=situation.seal_if("audit.override", command.override),
        safety_plan=situation.seal_if("audit.safety_plan", command.safety_plan),
        immediate_concern=command.immediate_concern,
        significant_concern=command.significant_concern,
        summary=situation.seal_if("audit.summary", command.summary),
        bespoke={name: situation.seal("audit.bespoke", text) for name, text in command.bespoke.items()},
        looked_back_to=command.looked_back_to,
        lookback_reason=situation.seal_if("audit.lookback_reason", command.lookback_reason),
        suggested=suggestion,
        grade_reason=situation.seal_if("audit.grade_reason", command.grade_reason),
    )
    facts.append(submitted)
    return [*facts, *new_actions(command.actions, audit, situation, "audit", facts)]


def _suggestion(command: SubmitAudit, audit: Audit, policy: Policy) -> str | None:
    """What the auditor's grades of the sections come to; None without the form, or where a bottom line decides."""
    if not policy.tool.needs_form(audit.audit_type) or (policy.tool.bottom_lines_force and command.bottom_lines_unmet):
        return None
    known = {section: grade for (by, section), grade in audit.sections.items() if by == "auditor"}
    given = {name: section.grade for name, section in command.sections.items() if section.grade is not None}
    return suggested(policy, known | given)


def _bottom_lines(command: SubmitAudit, policy: Policy) -> None:
    forced = policy.tool.bottom_lines_force
    if forced and command.bottom_lines_unmet and command.grade != forced and not command.override:
        raise Refused("grade", f"must be {forced} while a bottom line is unmet, unless override gives the reason")


def _significant_concern(command: SubmitAudit, policy: Policy) -> None:
    """The auditor answers, with the reason for a yes; nothing is worked out and nothing overrides it (A-ESX-04)."""
    if not policy.tool.significant_concern_required:
        return
    if command.significant_concern is None:
        raise Refused("significant_concern", "needs an answer: are there significant concerns, yes or no")
    if command.significant_concern and not command.summary:
        raise Refused("summary", "a significant concern needs its reason")


def _missing(command: SubmitAudit, audit: Audit, situation: Situation) -> Iterator[str]:
    policy = situation.policy
    tool = policy.tool
    given = {"auditor": command.sections, "practitioner": command.practitioner_sections}
    for grader in tool.section_graders:
        known = {section for by, section in (*audit.sections, *audit.comments) if by == grader} | given[grader].keys()
        if ungraded := [section for section in tool.sections if section not in known]:
            yield f"no {'grade' if policy.grades.sections else 'comment'} by the {grader} for {', '.join(ungraded)}"
    if tool.texts_required and (without := list(_without_texts(command, audit, policy))):
        yield f"no evidence and impact for {', '.join(without)}"
    if tool.immediate_concern_required and command.immediate_concern is None:
        yield "no answer whether there is an immediate concern"
    yield from _of_the_sitting(audit, situation)
    for source in tool.feedback_required:
        if source not in audit.feedback:
            yield f"no feedback sought from {source.replace('_', ' or ')}"
    for question in unanswered_at("return", command.answers, audit, policy):
        yield f"no answer to {question.name} ({question.title})"


def _of_the_sitting(audit: Audit, situation: Situation) -> Iterator[str]:
    """What is missing of reflection and meeting and, where they are of one sitting, what was not on its day."""
    tool, today = situation.policy.tool, local_date(situation.at)
    if tool.reflection_required and not audit.has("audit.reflection_recorded"):
        yield "no reflection of the practitioner"
    if tool.meeting_required and not audit.has("audit.meeting_recorded"):
        yield "no meeting with the practitioner"
    if tool.one_sitting:
        done = [(type(each.fact), local_date(each.envelope.occurred)) for each in situation.record.history]
        for kinds, words in SITTING:
            if others := sorted({day for kind, day in done if kind in kinds and day != today}):
                yield f"{words} on {day_in_words(others[0])}, and not in one sitting with the return"


def _without_texts(command: SubmitAudit, audit: Audit, policy: Policy) -> Iterator[str]:
    """Sections graded by the auditor, other than not applicable, that lack a text."""
    known = {section: grade for (by, section), grade in audit.sections.items() if by == "auditor"}
    known |= {name: section.grade or "" for name, section in command.sections.items()}
    for name, grade in known.items():
        new = command.sections.get(name)
        has_texts = bool(new.evidence and new.impact) if new else name in audit.texts
        if grade != policy.grades.not_applicable and not has_texts:
            yield name


def moderate(command: ModerateAudit, audit: Audit, situation: Situation) -> list[Fact]:
    """Confirmed or changed, by the moderator that it was allocated to."""
    if audit.moderator is None:
        raise Refused("audit", "no moderator has been allocated")
    require_after(audit, situation.at, "audit.submitted")
    require_after(audit, situation.at, "audit.moderator_allocated")
    require_in_order(audit, situation.at, "audit.moderated")
    require_not_final(audit)
    grade = command.grade if command.grade is not None else audit.grade
    if command.grade is not None or grade is None:  # what is kept was checked when it was given
        require_grade(situation.policy, grade)
    changed = {
        section: new for section, new in command.sections.items() if audit.sections.get(("auditor", section)) != new
    }
    for section, new in command.sections.items():
        require_section(situation.policy, section, new, "sections")
    safety_plan_missing(situation.policy, grade, command.safety_plan)
    require_answers(asked(situation.policy, audit, "moderation"), command.answers)
    moderated = AuditModerated(
        moderator=command.actor,
        outcome="changed" if changed or grade != audit.grade else "confirmed",
        grade=grade,
        sections=changed,
        rationale=situation.seal("audit.rationale", command.rationale),
        learning_points=situation.seal_if("audit.learning_points", command.learning_points),
        safety_plan=situation.seal_if("audit.safety_plan", command.safety_plan),
        discussed=command.discussed,
    )
    facts = [*answered("moderation", command.answers, audit, situation), moderated]
    return [*facts, *new_actions(command.actions, audit, situation, "moderation", facts)]
