"""The commands of a case-file audit."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.base import Label, Ref
from events.findings import FeedbackOutcome, FeedbackSource, Grader
from services.actions.commands import NewAction
from services.core.answers import Answers
from services.core.command import Command, Day, Example, Text
from services.core.identity import ADDED
from services.policy.part import Key


class AuditCommand(Command):
    """A command about one audit."""

    audit: Ref = Field(description="The audit, such as TOR-007.")

    @property
    def aggregate(self) -> str:
        """The audit's own record."""
        return f"audit/{self.audit}"


class GradedSection(BaseModel):
    """A section's grade with what was seen and what it meant for the child.

    Where the framework gives sections no grade, `evidence` is the comment (A-SOU-09).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    grade: Label | None = Field(default=None, description="A grade of the framework's scale.")
    evidence: Text | None = Field(default=None, description="What was seen.")
    impact: Text | None = Field(default=None, description="What it meant for the child.")
    escalate: bool = Field(default=False, description="Whether it has to be taken further at once.")


class AllocateAudit(AuditCommand):
    """Give a child's file to an auditor. Without `due` the policy sets the last day (TOR-79, HAL-44).

    A re-audit or a further file is then due on the day by which the earlier audit owes it, unless that has passed.
    A child with both a reviewing officer and a conference chair has one as `reviewer` and the other among
    `further_reviewers` (A-SOU-15).
    """

    command: Literal["audit.allocate"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "audit": "TOR-7",
        "child": "C-7",
        "child_number": "100007",
        "team": "T-1",
        "worker": "P-SW",
        "auditor": "P-AUD2",
        "strand": "Help and protection",
        "age_band": "6–10",
    }
    audit_type: Label = Field(default="full", description="The type of audit, as the policy names it.")
    child: Ref = Field(description="The child, by an opaque reference.")
    child_number: Text | None = Field(default=None, description="The council's own number of the child; it is sealed.")
    team: Ref = Field(description="The team that works with the child.")
    worker: Ref = Field(description="The allocated practitioner.")
    auditor: Ref = Field(description="Who is to audit it.")
    due: Day | None = Field(default=None, description="The last day for it; without one, the policy sets it.")
    round: Ref | None = Field(default=None, description="The round that it belongs to.")
    strand: Label | None = Field(default=None, description="The strand of the service that the file is of.")
    age_band: Label | None = Field(default=None, description="The child's age band.")
    open_since: Day | None = Field(default=None, description="Since when the case is open.")
    reaudit_of: Ref | None = Field(default=None, description="The audit that it looks at again.")
    extra_of: Ref | None = Field(default=None, description="The audit to which this is a further file.")
    reviewer: Ref | None = Field(default=None, description="The reviewing officer, or the conference chair.")
    further_reviewers: Annotated[tuple[Ref, ...], Field(max_length=5)] = Field(
        default=(), description="Who reviews the child's plan as well."
    )
    plan_lead: Ref | None = Field(default=None, description="Who leads the child's plan.")


class ReassignAudit(AuditCommand):
    """Give the audit to another auditor, with the reason."""

    command: Literal["audit.reassign"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7", "auditor": "P-AUD", "reason": "long absence"}
    auditor: Ref = Field(description="Who is to audit it from now on.")
    reason: Text = Field(description="Why.")


class RecordReflection(AuditCommand):
    """Set down the practitioner's reflection (HAL-42)."""

    command: Literal["audit.record_reflection"]
    example: ClassVar[Example] = {"role": "worker", "audit": "TOR-7", "reflection": "I would visit sooner"}
    reflection: Text = Field(description="The practitioner's reflection.")
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")


class RecordMeeting(AuditCommand):
    """Record the meeting of auditor and practitioner (TOR-73, TOR-74). `override` explains an unmet gate."""

    command: Literal["audit.record_meeting"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "TOR-7"}
    override: Text | None = Field(
        default=None, description="Why it is done although something that the policy asks for is missing."
    )
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")


class RecordFeedback(AuditCommand):
    """Record that feedback was sought from child or family and what came of it (TOR-127, HAL-45, HAL-82)."""

    command: Literal["audit.record_feedback"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "TOR-7", "source": "child", "outcome": "attempted"}
    source: FeedbackSource = Field(description="Who was asked.")
    outcome: FeedbackOutcome = Field(description="What came of it.")
    feedback: Text | None = Field(default=None, description="What was said.")
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")


class GradeSection(AuditCommand):
    """Grade one section (TOR-44, TOR-47, TOR-48, HAL-26), or comment on it where sections have no grade (SOU-32)."""

    command: Literal["audit.grade_section"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "TOR-7", "section": "Risk", "grade": "Meets good"}
    section: Label = Field(description="The section of the form.")
    grade: Label | None = Field(default=None, description="A grade of the framework's scale.")
    grader: Grader = Field(default="auditor", description="Who grades it.")
    evidence: Text | None = Field(default=None, description="What was seen.")
    impact: Text | None = Field(default=None, description="What it meant for the child.")
    escalate: bool = Field(default=False, description="Whether it has to be taken further at once.")


class RaiseSafetyConcern(AuditCommand):
    """Say that the child may be unsafe now, before the audit is finished (TOR-52, HAL-64)."""

    command: Literal["audit.raise_safety_concern"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "TOR-7", "concern": "not seen since May"}
    concern: Text = Field(description="What the concern is.")


class SubmitAudit(AuditCommand):
    """Return the finished audit with its overall grade; sections and actions may come along.

    `override` gives the reason where something that the policy asks for is missing or a bottom line is unmet,
    `lookback_reason` why the file was read back further, or less far, than the policy says (TOR-57, HAL-31, SOU-34).
    Where the policy suggests a grade, one that is left out is that, and `grade_reason` says why another is given.
    """

    command: Literal["audit.submit"]
    example: ClassVar[Example] = {
        "role": "auditor",
        "audit": "TOR-7",
        "grade": "Does Not Meet Good – escalate immediately",
        "sections": {
            "Plans": {
                "grade": "Does not meet good",
                "evidence": "no plan since May",
                "impact": "nobody knows what changes",
            }
        },
        "override": "returned at once, the other sections follow",
        "safety_plan": "seen today, plan agreed",
    }
    grade: Label | None = Field(default=None, description="The overall grade; without one, the suggested one.")
    sections: dict[Label, GradedSection] = Field(
        default_factory=dict, description="The grade of each section, with evidence and impact."
    )
    practitioner_sections: dict[Label, GradedSection] = Field(
        default_factory=dict, description="The practitioner's own grade of each section."
    )
    bottom_lines_unmet: tuple[Label, ...] = Field(default=(), description="The bottom lines that are not met.")
    override: Text | None = Field(
        default=None, description="Why it is done although something that the policy asks for is missing."
    )
    safety_plan: Text | None = Field(default=None, description="What keeps the child safe from now on.")
    immediate_concern: bool | None = Field(default=None, description="Whether there is an immediate concern.")
    significant_concern: bool | None = Field(default=None, description="Whether there is a significant concern.")
    summary: Text | None = Field(default=None, description="The summary of the audit.")
    bespoke: dict[Label, Text] = Field(
        default_factory=dict, description="What was found on the round's own questions, by question."
    )
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")
    looked_back_to: Day | None = Field(default=None, description="The day to which the file was read back.")
    lookback_reason: Text | None = Field(
        default=None, description="Why it was read back further, or less far, than the policy says."
    )
    grade_reason: Annotated[Text | None, ADDED] = Field(
        default=None, description="Why the overall grade is another than the sections come to."
    )
    actions: tuple[NewAction, ...] = Field(default=(), description="Actions that it leads to.")


class AllocateModerator(AuditCommand):
    """Pass the returned audit to a moderator (HAL-47, HAL-52, HAL-53)."""

    command: Literal["audit.allocate_moderator"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7", "moderator": "P-MOD"}
    moderator: Ref = Field(description="Who moderates.")
    due: Day | None = Field(
        default=None, description="The last day for the moderation; without one, the policy sets it."
    )


class ModerateAudit(AuditCommand):
    """Confirm the grades or change them, always with a rationale (TOR-87, TOR-89, HAL-55).

    `grade` left out keeps the overall grade; `sections` names only those that change.
    """

    command: Literal["audit.moderate"]
    example: ClassVar[Example] = {
        "role": "moderator",
        "audit": "TOR-7",
        "rationale": "a visit is booked",
        "discussed": True,
    }
    grade: Label | None = Field(default=None, description="The overall grade; without one, it stays.")
    sections: dict[Label, Label] = Field(default_factory=dict, description="The grades that change, by section.")
    rationale: Text = Field(description="Why the grades stand, or change.")
    learning_points: Text | None = Field(default=None, description="What is to be learnt from it.")
    safety_plan: Text | None = Field(default=None, description="What keeps the child safe from now on.")
    discussed: bool = Field(default=False, description="Whether it was talked through with the auditor.")
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")
    actions: tuple[NewAction, ...] = Field(default=(), description="Actions that it leads to.")


class SignOffAudit(AuditCommand):
    """Add the last quality-assurance comments (HAL-5, HAL-56)."""

    command: Literal["audit.sign_off"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7", "comments": "agreed"}
    comments: Text | None = Field(default=None, description="The last comments.")
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")


class ShareAudit(AuditCommand):
    """Send the finished audit to the allocated team (TOR-80)."""

    command: Literal["audit.share"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7"}


class GiveFeedback(AuditCommand):
    """Record that the findings were talked through with the practitioner or the manager (TOR-77)."""

    command: Literal["audit.give_feedback"]
    example: ClassVar[Example] = {"role": "auditor", "audit": "TOR-7", "recipient": "P-SW"}
    recipient: Ref = Field(description="With whom the findings were talked through.")


class FileAudit(AuditCommand):
    """Place the audit on the child's record, after feedback (TOR-78, TOR-90)."""

    command: Literal["audit.file"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7"}


class CloseAudit(AuditCommand):
    """Close the loop of this audit. `reason` says why no action was set where the grade asks for one."""

    command: Literal["audit.close"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-7"}
    reason: Annotated[Text | None, ADDED] = Field(
        default=None, description="Why no action was set where the grade asks for one."
    )
    answers: Answers = Field(default_factory=dict, description="Answers to the form's questions, by question.")


class VoidAudit(AuditCommand):
    """Void an audit that was selected in error; its clocks stop (A-ALL-14)."""

    command: Literal["audit.void"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "TOR-8", "reason": "the child had moved away"}
    reason: Text = Field(description="Why.")


class ExemptAudit(AuditCommand):
    """Record that the audit need not be done, on the request of the role that the policy names (SOU-51)."""

    command: Literal["audit.exempt"]
    example: ClassVar[Example] = {
        "role": "qa_lead",
        "audit": "SOU-5",
        "ground": "sick leave",
        "requested_by": "P-HOS",
        "requested_as": "head_of_service",
    }
    ground: Label = Field(description="The ground, as the policy words it.")
    requested_by: Ref = Field(description="Who asked for it.")
    requested_as: Key = Field(description="In which role they asked.")


class RecordDeparture(AuditCommand):
    """Record that the child's case was closed or moved while the audit still has consequences (A-ALL-08)."""

    command: Literal["audit.record_departure"]
    example: ClassVar[Example] = {"role": "qa_lead", "audit": "SOU-6", "how": "moved"}
    how: Literal["closed", "moved"] = Field(description="Whether the case was closed or moved.")
