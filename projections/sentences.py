"""One plain sentence for every kind of fact, as a manager of quality assurance would say it.

A sentence never carries sealed text. References stay opaque; whoever shows them may put names to them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from events import (
    actions,
    audits,
    commands,
    escalations,
)
from events.base import Fact, Sealed
from projections.dates import local_date
from projections.sentences_around import AROUND
from projections.wording import Sentence, by_when, in_words, key, with_concern, with_grade

OUTCOMES = {
    "obtained": "was obtained",
    "attempted": "was sought but not obtained",
    "not_age_appropriate": "was not sought, because of the child's age",
}
SOURCES = {"child": "the child", "parents_carers": "parents or carers", "family": "the family"}
LAPSED = {
    "met": "nothing was left of it to be done",
    "nothing_owed": "there was nothing yet to be done",
    "cancelled": "it was no longer owed",
    "nobody_told": "nobody was to be told",
    "too_late": "its day had passed before there was a cause for it",
}
RESOLVED = {
    "discharged": "what was owed has been done",
    "withdrawn": "it is no longer owed",
    "resolved": "a person resolved it",
}


def sentence(fact: Fact) -> str:
    """Say what happened. KeyError for a fact without a sentence; a test keeps the table complete."""
    return SENTENCES[fact.stored_name](fact)


def sealed_fields(fact: Fact) -> dict[str, str]:
    """Give the sealed texts of a fact by their fields, for those who may unseal them.

    Of a field that holds several texts, each comes as `field: key`.
    """
    found: dict[str, str] = {}
    for name, field in type(fact).model_fields.items():
        value = getattr(fact, name) if _holds_sealed(field) else None
        if name == "answers":
            found |= {f"answers: {each.question}": each.text for each in getattr(fact, name) if each.text}
        elif name == "items":
            found |= {
                f"answers: {each.question} of {item.child}": each.text
                for item in getattr(fact, name)
                for each in item.answers
                if each.text
            }
        elif isinstance(value, dict):
            found |= {f"{name}: {key}": text for key, text in value.items()}
        elif value is not None:
            found[name] = value
    return found


def _holds_sealed(field: Any) -> bool:
    marks = get_args(Sealed)[1:]
    kinds = (field, *get_args(field.annotation))
    return any(mark in getattr(kind, "metadata", getattr(kind, "__metadata__", ())) for kind in kinds for mark in marks)


def _posts(recipients: Iterable[escalations.Recipient]) -> str:
    return ", ".join(dict.fromkeys(key(each.role) for each in recipients)) or "nobody"


def _allocated(fact: audits.AuditAllocated) -> str:
    again = "" if fact.reaudit_of is None else f", a re-audit of {fact.reaudit_of}"
    whose = f"the file of child {fact.child} in team {fact.team}"
    return f"Audit ({fact.audit_type}) of {whose} was given to auditor {fact.auditor}, {by_when(fact.due)}{again}."


def _met(fact: audits.MeetingRecorded) -> str:
    gate = "" if fact.override is None else ", although a condition for it was not met (reason recorded)"
    return f"Auditor and practitioner {fact.practitioner} met on the file{gate}."


def _section(fact: audits.SectionGraded) -> str:
    urgent = ", to be escalated at once" if fact.escalate else ""
    return f"The {fact.grader} graded section “{fact.section}” as “{fact.grade}”{urgent}."


def _submitted(fact: audits.AuditSubmitted) -> str:
    unmet = f"; bottom lines unmet: {', '.join(fact.bottom_lines_unmet)}" if fact.bottom_lines_unmet else ""
    concern = "; an immediate concern was marked" if fact.immediate_concern else ""
    concern += "; a significant concern was marked" if fact.significant_concern else ""
    return f"The auditor returned the audit {with_grade(fact.grade)}{unmet}{concern}."


def _answered(fact: audits.AuditAnswered) -> str:
    said = "; ".join(
        ": ".join(filter(None, (key(f"?{each.question}"), ", ".join(each.plain)))) for each in fact.answers
    )
    return f"Questions of the form were answered ({fact.asked_at}): {said}."


def _moderated(fact: audits.AuditModerated) -> str:
    if fact.outcome == "confirmed":
        return f"Moderator {fact.moderator} confirmed the audit {with_grade(fact.grade)}."
    sections = ", ".join(f"“{section}” to “{grade}”" for section, grade in fact.sections.items())
    also = f"; sections changed: {sections}" if sections else ""
    return f"Moderator {fact.moderator} changed the grading; the audit stands {with_grade(fact.grade)}{also}."


def _closed(fact: audits.AuditClosed) -> str:
    still = f"; still open: {', '.join(fact.open_actions)}" if fact.open_actions else ""
    return f"The audit was closed{still}{'' if fact.reason is None else ' (reason recorded)'}."


def _notice(fact: escalations.NoticeSent) -> str:
    late = ", late" if fact.late else ""
    how = "would have been sent (imported history)" if fact.reconstructed else "was sent"
    return f"A {fact.kind} {how} to {_posts(fact.recipients)}{late}: {fact.title}."


def _raised(fact: escalations.EscalationRaised) -> str:
    late = ", late" if fact.late else ""
    how = "Would have been escalated (imported history)" if fact.reconstructed else "Escalated"
    return f"{how} to {_posts(fact.recipients)} at level {fact.level}{late}: {fact.title}."


def _lapsed(fact: escalations.NoticeLapsed) -> str:
    what = f"“{fact.title}”" if fact.title else f"Step “{key(f'{fact.obligation}/{fact.step}')}” of “{fact.obligation}”"
    when = f"was for {in_words(local_date(fact.due))}" if fact.reason == "too_late" else "came due"
    return f"{what} {when}, and nobody was told: {LAPSED[fact.reason]}."


def _action(fact: actions.ActionSet) -> str:
    return f"Action {fact.action} ({fact.level}) was given to {fact.owner} at {fact.stage}, {by_when(fact.due)}."


_AUDITS: Mapping[type[Fact], Sentence] = {
    audits.AuditAllocated: _allocated,
    audits.AuditReassigned: lambda fact: f"Auditor {fact.auditor} took the audit over.",
    audits.ReflectionRecorded: lambda fact: f"Practitioner {fact.practitioner} recorded a reflection.",
    audits.MeetingRecorded: _met,
    audits.FeedbackRecorded: lambda fact: f"Feedback of {SOURCES[fact.source]} {OUTCOMES[fact.outcome]}.",
    audits.SectionGraded: _section,
    audits.SectionCommented: lambda fact: f"The {fact.grader} commented on section “{fact.section}”.",
    audits.SafetyConcernRaised: lambda _: "A concern was raised that the child may be unsafe now.",
    audits.AuditAnswered: _answered,
    audits.AuditSubmitted: _submitted,
    audits.ModeratorAllocated: lambda fact: f"Passed to moderator {fact.moderator}, {by_when(fact.due)}.",
    audits.AuditModerated: _moderated,
    audits.AuditSignedOff: lambda _: "The audit was signed off.",
    audits.AuditShared: lambda fact: f"The audit was shared with team {fact.team}.",
    audits.FeedbackGiven: lambda fact: f"The findings were talked through with {fact.recipient}.",
    audits.AuditFiled: lambda _: "The audit was placed on the child's record.",
    audits.AuditClosed: _closed,
    audits.AuditVoided: lambda _: "The audit was made void; the reason is recorded.",
    audits.ReauditAllocated: lambda fact: f"The re-audit {fact.reaudit} of this file was given to {fact.auditor}.",
    audits.AuditSampled: lambda fact: f"The audit was drawn for {fact.purpose} from those of {fact.month}.",
    audits.ReauditCompleted: lambda fact: f"Re-audit {fact.reaudit} was returned {with_grade(fact.grade)}.",
    audits.ExtraCompleted: lambda fact: f"Further file {fact.extra} was returned{with_concern(fact.concern)}.",
    audits.ReauditWithdrawn: lambda fact: f"Re-audit {fact.reaudit} was {fact.how}; it does not count.",
    audits.ExtraWithdrawn: lambda fact: f"Further file {fact.extra} was {fact.how}; it does not count.",
    audits.AuditExempted: lambda fact: (
        f"The audit was exempted ({fact.ground}), as {fact.requested_by}, {key(fact.requested_as)}, had asked."
    ),
    audits.ChildLeft: lambda fact: f"The child's case was {fact.how}; what is still owed waits for a decision.",
    commands.ActRefused: lambda fact: f"Refused: “{fact.act}”, by the rule “{fact.rule}”.",
}
_LOOP: Mapping[type[Fact], Sentence] = {
    actions.ActionSet: _action,
    actions.ActionRedated: lambda fact: f"Action {fact.action} is now {by_when(fact.due)}; agreed by {fact.agreed_by}.",
    actions.ActionCompleted: lambda fact: f"Action {fact.action} was completed.",
    actions.ActionConfirmed: lambda fact: f"{key(fact.role)} {fact.confirmed_by} confirmed action {fact.action}.",
    escalations.NoticeSent: _notice,
    escalations.NoticeLapsed: _lapsed,
    escalations.EscalationRaised: _raised,
    escalations.EscalationAcknowledged: lambda fact: (
        f"The escalation of “{fact.obligation}” due {in_words(local_date(fact.due))} was taken in hand."
    ),
    escalations.EscalationResolved: lambda fact: (
        f"The escalation of “{fact.obligation}” is resolved: {RESOLVED[fact.how]}."
    ),
    escalations.ObligationMet: lambda fact: f"“{fact.obligation}” was done.",
}
SENTENCES: Mapping[str, Sentence] = {
    contract.stored_name: say for contract, say in {**_AUDITS, **_LOOP, **AROUND}.items()
}
"""The sentence of each stored name."""
