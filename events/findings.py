"""What is found and said while an audit is done: reflection, meeting, feedback, grades, concerns, answers."""

from typing import Literal

from events.answers import Answer
from events.base import Fact, Label, Ref, Sealed
from events.wording import key

Grader = Literal["auditor", "practitioner"]
FeedbackSource = Literal["child", "parents_carers", "family"]
FeedbackOutcome = Literal["obtained", "attempted", "not_age_appropriate"]


class ReflectionRecorded(Fact):
    """The practitioner set down a reflection on the work, before or after the audit."""

    stored_name = "audit.reflection_recorded.v1"
    clause = "the practitioner's reflection is recorded"
    acts = ("audit.record_reflection",)
    practitioner: Ref
    reflection: Sealed

    def sentence(self) -> str:
        return f"Practitioner {self.practitioner} recorded a reflection."


class MeetingRecorded(Fact):
    """Auditor and practitioner met on the file, that day (TOR-43).

    `override` says why it went ahead where a gate was not met.
    """

    stored_name = "audit.meeting_recorded.v1"
    clause = "auditor and practitioner have met"
    acts = ("audit.record_meeting",)
    practitioner: Ref
    override: Sealed | None = None

    def sentence(self) -> str:
        gate = "" if self.override is None else ", although a condition for it was not met (reason recorded)"
        return f"Auditor and practitioner {self.practitioner} met on the file{gate}."


class FeedbackRecorded(Fact):
    """Feedback was sought from the child or the family, with what came of it."""

    stored_name = "audit.feedback_recorded.v1"
    clause = "feedback of the child or the family is recorded"
    acts = ("audit.record_feedback",)
    source: FeedbackSource
    outcome: FeedbackOutcome
    feedback: Sealed | None = None

    def sentence(self) -> str:
        return f"Feedback of {SOURCES[self.source]} {OUTCOMES[self.outcome]}."


class SectionGraded(Fact):
    """A section of the tool was graded. A later grade by the same grader replaces the earlier one."""

    stored_name = "audit.section_graded.v1"
    clause = "a section is graded"
    section: Label
    grade: Label
    grader: Grader = "auditor"
    evidence: Sealed | None = None
    impact: Sealed | None = None
    escalate: bool = False

    def sentence(self) -> str:
        urgent = ", to be escalated at once" if self.escalate else ""
        return f"The {self.grader} graded section “{self.section}” as “{self.grade}”{urgent}."


class SectionCommented(Fact):
    """The auditor set down what a section of the tool shows, where the framework gives sections no grade."""

    stored_name = "audit.section_commented.v1"
    clause = "a section is commented on"
    section: Label
    grader: Grader = "auditor"
    comment: Sealed

    def sentence(self) -> str:
        return f"The {self.grader} commented on section “{self.section}”."


class SafetyConcernRaised(Fact):
    """A child may be unsafe now. It does not wait for the audit to be returned."""

    stored_name = "audit.safety_concern_raised.v1"
    clause = "somebody says that the child may be unsafe"
    acts = ("audit.raise_safety_concern",)
    concern: Sealed

    def sentence(self) -> str:
        return "A concern was raised that the child may be unsafe now."


class AuditAnswered(Fact):
    """Questions of the framework's own were answered: at the return, with feedback, at the meeting and so on.

    `asked_at` is the moment as the policy names it. Later answers stand beside the earlier ones.
    """

    stored_name = "audit.answered.v1"
    clause = "questions of the form are answered"
    asked_at: Label
    answers: tuple[Answer, ...]

    def sentence(self) -> str:
        said = "; ".join(
            ": ".join(filter(None, (key(f"?{each.question}"), ", ".join(each.plain)))) for each in self.answers
        )
        return f"Questions of the form were answered ({self.asked_at}): {said}."


OUTCOMES = {
    "obtained": "was obtained",
    "attempted": "was sought but not obtained",
    "not_age_appropriate": "was not sought, because of the child's age",
}

SOURCES = {"child": "the child", "parents_carers": "parents or carers", "family": "the family"}
