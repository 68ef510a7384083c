"""One plain sentence for every kind of fact, as a manager of quality assurance would say it.

A sentence never carries sealed text. References stay opaque; whoever shows them may put names to them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, get_args

from events import actions, audits, directory, disputes, duties, escalations, imports, indicators, registers, sampling
from events.answers import Answer
from events.base import Fact, Sealed
from projections.dates import local_date

Sentence = Callable[[Any], str]

OUTCOMES = {
    "obtained": "was obtained",
    "attempted": "was sought but not obtained",
    "not_age_appropriate": "was not sought, because of the child's age",
}
SOURCES = {"child": "the child", "parents_carers": "parents or carers", "family": "the family"}
LAPSED = {
    "met": "it had been done in time",
    "cancelled": "it was no longer owed",
    "nobody_told": "nobody was to be told",
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


def _by(due: date | None) -> str:
    return "with no due date" if due is None else f"due {_date(due)}"


def _date(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _grade(grade: str | None) -> str:
    return "without a grade" if grade is None else f"with the grade “{grade}”"


def _posts(recipients: Iterable[escalations.Recipient]) -> str:
    return ", ".join(dict.fromkeys(each.role for each in recipients)) or "nobody"


def _post(role: str, unit: str | None) -> str:
    return role if unit is None else f"{role} of {unit}"


def _allocated(fact: audits.AuditAllocated) -> str:
    again = "" if fact.reaudit_of is None else f", a re-audit of {fact.reaudit_of}"
    whose = f"the file of child {fact.child} in team {fact.team}"
    return f"Audit ({fact.audit_type}) of {whose} was given to auditor {fact.auditor}, {_by(fact.due)}{again}."


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
    return f"The auditor returned the audit {_grade(fact.grade)}{unmet}{concern}."


def _answered(fact: audits.AuditAnswered) -> str:
    said = "; ".join(": ".join(filter(None, (each.question, ", ".join(each.plain)))) for each in fact.answers)
    return f"Questions of the form were answered ({fact.asked_at}): {said}."


def _moderated(fact: audits.AuditModerated) -> str:
    if fact.outcome == "confirmed":
        return f"Moderator {fact.moderator} confirmed the audit {_grade(fact.grade)}."
    sections = ", ".join(f"“{section}” to “{grade}”" for section, grade in fact.sections.items())
    also = f"; sections changed: {sections}" if sections else ""
    return f"Moderator {fact.moderator} changed the grading; the audit stands {_grade(fact.grade)}{also}."


def _notice(fact: escalations.NoticeSent) -> str:
    late = ", late" if fact.late else ""
    how = "would have been sent (imported history)" if fact.reconstructed else "was sent"
    return f"A {fact.kind} {how} to {_posts(fact.recipients)}{late}: {fact.title}."


def _raised(fact: escalations.EscalationRaised) -> str:
    late = ", late" if fact.late else ""
    how = "Would have been escalated (imported history)" if fact.reconstructed else "Escalated"
    return f"{how} to {_posts(fact.recipients)} at level {fact.level}{late}: {fact.title}."


def _lapsed(fact: escalations.NoticeLapsed) -> str:
    return f"Step “{fact.step}” of “{fact.obligation}” came due, and nobody was told: {LAPSED[fact.reason]}."


def _action(fact: actions.ActionSet) -> str:
    return f"Action {fact.action} ({fact.level}) was given to {fact.owner} at {fact.stage}, {_by(fact.due)}."


def _closed_import(fact: imports.ImportClosed) -> str:
    counts = f"{fact.accepted} taken, {fact.repeated} already here, {fact.refused} refused"
    return f"An import of earlier history was finished: {counts}."


def _for_safety(fact: disputes.DisputeRaised | disputes.DisputeEscalated) -> str:
    return " at once, for the child's safety" if fact.safety else ""


def _drawn(fact: sampling.SampleDrawn) -> str:
    chosen = f"{len(fact.chosen)} of {len(fact.frame)} audits of {fact.month}"
    return f"A sample for “{fact.purpose}” was drawn with seed {fact.seed}: {chosen}: {', '.join(fact.chosen)}."


def _duty(fact: duties.DutyRecorded) -> str:
    what = f"“{fact.duty}”" + (f", {fact.item}," if fact.item else "")
    what += f" {fact.count} times" if fact.count > 1 else ""
    about = f" about {fact.about}" if fact.about else ""
    told = f"; reported to {', '.join(fact.reported_to)}" if fact.reported_to else ""
    along = f"; with {', '.join(fact.evidence)}" if fact.evidence else ""
    return f"{what} was done by {fact.holder}{about} on {_date(fact.on)}{_concern(fact.concern)}{along}{told}."


def _indicator(fact: indicators.IndicatorRecorded) -> str:
    whose = f" of {fact.level} {fact.ref}" if fact.ref else ""
    pair = "" if fact.numerator is None else f" ({fact.numerator} of {fact.denominator})"
    origin = f"; from {fact.source}" if fact.source else ""
    return f"“{fact.indicator}”{_part(fact.part)}{whose} stood at {fact.value}{pair} in {fact.month}{origin}."


def _comparator(fact: indicators.IndicatorCompared) -> str:
    span = f"from {_date(fact.first)} to {_date(fact.last)}"
    origin = f"; from {fact.source}" if fact.source else ""
    return f"“{fact.indicator}”{_part(fact.part)} is compared with {fact.value} ({fact.comparator}) {span}{origin}."


def _part(part: str | None) -> str:
    return f", {part}," if part else ""


def _concern(concern: bool | None) -> str:  # noqa: FBT001 - the answer to a yes or no question
    return "" if concern is None else ", with a significant concern" if concern else ", without a significant concern"


def _entry(fact: registers.EntryRecorded) -> str:
    span = f"from {_date(fact.on)} to {_date(fact.until)}" if fact.until else f"for {_date(fact.on)}"
    looked = f", looking at {len(fact.items)} children" if fact.items else ""
    return f"“{fact.kind}” was recorded {span} by {fact.holder}{_whom(fact)}{looked}{_plainly(fact.answers)}."


def _stepped(fact: registers.EntryStepped) -> str:
    return f"“{fact.kind}”: {fact.step} on {_date(fact.on)} by {fact.holder}{_whom(fact)}{_plainly(fact.answers)}."


def _whom(fact: registers.EntryRecorded | registers.EntryStepped) -> str:
    kinds = ("child", "person", "team", "service", "subject")
    named = [f"{what} {whom}" for what in kinds if (whom := getattr(fact, what))]
    return f" about {', '.join(named)}" if named else ""


def _plainly(answers: Iterable[Answer]) -> str:
    said = "; ".join(f"{each.question}: {', '.join(each.plain)}" for each in answers if each.plain)
    return f" ({said})" if said else ""


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
    audits.ModeratorAllocated: lambda fact: f"Passed to moderator {fact.moderator}, {_by(fact.due)}.",
    audits.AuditModerated: _moderated,
    audits.AuditSignedOff: lambda _: "The audit was signed off.",
    audits.AuditShared: lambda fact: f"The audit was shared with team {fact.team}.",
    audits.FeedbackGiven: lambda fact: f"The findings were talked through with {fact.recipient}.",
    audits.AuditFiled: lambda _: "The audit was placed on the child's record.",
    audits.AuditClosed: lambda _: "The audit was closed.",
    audits.AuditVoided: lambda _: "The audit was made void; the reason is recorded.",
    audits.ReauditAllocated: lambda fact: f"The re-audit {fact.reaudit} of this file was given to {fact.auditor}.",
    audits.AuditSampled: lambda fact: f"The audit was drawn for {fact.purpose} from those of {fact.month}.",
    audits.ReauditCompleted: lambda fact: f"Re-audit {fact.reaudit} was returned {_grade(fact.grade)}.",
    audits.ExtraCompleted: lambda fact: f"Further file {fact.extra} was returned{_concern(fact.concern)}.",
    audits.AuditExempted: lambda fact: (
        f"The audit was exempted ({fact.ground}), as {fact.requested_by}, {fact.requested_as}, had asked."
    ),
    audits.ChildLeft: lambda fact: f"The child's case was {fact.how}; what is still owed waits for a decision.",
    audits.ActRefused: lambda fact: f"Refused: “{fact.act}”, by the rule “{fact.rule}”.",
}
_LOOP: Mapping[type[Fact], Sentence] = {
    actions.ActionSet: _action,
    actions.ActionRedated: lambda fact: f"Action {fact.action} is now {_by(fact.due)}; agreed by {fact.agreed_by}.",
    actions.ActionCompleted: lambda fact: f"Action {fact.action} was completed.",
    actions.ActionConfirmed: lambda fact: f"{fact.role} {fact.confirmed_by} confirmed action {fact.action}.",
    escalations.NoticeSent: _notice,
    escalations.NoticeLapsed: _lapsed,
    escalations.EscalationRaised: _raised,
    escalations.EscalationAcknowledged: lambda fact: (
        f"The escalation of “{fact.obligation}” due {_date(local_date(fact.due))} was taken in hand."
    ),
    escalations.EscalationResolved: lambda fact: (
        f"The escalation of “{fact.obligation}” is resolved: {RESOLVED[fact.how]}."
    ),
    escalations.ObligationMet: lambda fact: f"“{fact.obligation}” was done.",
}
_AROUND: Mapping[type[Fact], Sentence] = {
    directory.UnitPlaced: lambda fact: (
        f"{fact.kind.capitalize()} {fact.unit} stands {f'under {fact.parent}' if fact.parent else 'by itself'}."
    ),
    directory.PersonAppointed: lambda fact: f"{fact.person} became {_post(fact.role, fact.unit)}.",
    directory.PersonMoved: lambda fact: (
        f"{fact.person} moved from {_post(fact.from_role, fact.from_unit)} to {_post(fact.role, fact.unit)}."
    ),
    directory.PersonLeft: lambda fact: f"{fact.person} is no longer {_post(fact.role, fact.unit)}.",
    sampling.FileSelected: lambda fact: f"Audit {fact.audit} of team {fact.team} was selected for the month.",
    sampling.ReturnCounted: lambda fact: f"Audit {fact.audit} was returned in the month {_grade(fact.grade)}.",
    sampling.FileWithdrawn: lambda fact: f"Audit {fact.audit} was withdrawn from the month.",
    sampling.SampleDrawn: _drawn,
    sampling.SampleDiscussed: lambda fact: (
        f"The sample for “{fact.purpose}” of {fact.month} was discussed with {', '.join(fact.participants)}."
    ),
    duties.DutyRecorded: _duty,
    duties.DutySkipped: lambda fact: (
        f"“{fact.duty}” need not be done about {fact.about} in the period of {_date(fact.on)}: {fact.ground}."
    ),
    disputes.DisputeRaised: lambda fact: (
        f"The planning for child {fact.child} in team {fact.team} is disputed; "
        f"it went to {fact.tier}{_for_safety(fact)}."
    ),
    disputes.DisputeEscalated: lambda fact: f"The dispute went up to {fact.tier}{_for_safety(fact)}.",
    disputes.DisputeResolved: lambda _: "The dispute was settled.",
    registers.EntryRecorded: _entry,
    registers.EntryStepped: _stepped,
    registers.EntryWithdrawn: lambda _: "The entry was withdrawn; the reason is recorded.",
    indicators.IndicatorRecorded: _indicator,
    indicators.IndicatorCompared: _comparator,
    imports.ImportOpened: lambda _: "An import of earlier history began.",
    imports.ImportClosed: _closed_import,
}
SENTENCES: Mapping[str, Sentence] = {
    contract.stored_name: say for contract, say in {**_AUDITS, **_LOOP, **_AROUND}.items()
}
"""The sentence of each stored name."""
