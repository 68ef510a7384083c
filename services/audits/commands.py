"""The commands of a case-file audit."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.base import Label, Ref
from events.findings import FeedbackOutcome, FeedbackSource, Grader
from services.actions.commands import NewAction
from services.core.answers import Answers
from services.core.command import Command, Day, Text
from services.core.identity import ADDED
from services.policy.part import Key


class AuditCommand(Command):
    """A command about one audit."""

    audit: Ref

    @property
    def aggregate(self) -> str:
        """The audit's own record."""
        return f"audit/{self.audit}"


class GradedSection(BaseModel):
    """A section's grade with what was seen and what it meant for the child.

    Where the framework gives sections no grade, `evidence` is the comment (A-SOU-09).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    grade: Label | None = None
    evidence: Text | None = None
    impact: Text | None = None
    escalate: bool = False


class AllocateAudit(AuditCommand):
    """Give a child's file to an auditor. Without `due` the policy sets the last day (TOR-79, HAL-44).

    A re-audit or a further file is then due on the day by which the earlier audit owes it, unless that has passed.
    A child with both a reviewing officer and a conference chair has one as `reviewer` and the other among
    `further_reviewers` (A-SOU-15).
    """

    command: Literal["audit.allocate"]
    audit_type: Label = "full"
    child: Ref
    child_number: Text | None = None
    team: Ref
    worker: Ref
    auditor: Ref
    due: Day | None = None
    round: Ref | None = None
    strand: Label | None = None
    age_band: Label | None = None
    open_since: Day | None = None
    reaudit_of: Ref | None = None
    extra_of: Ref | None = None
    reviewer: Ref | None = None
    further_reviewers: Annotated[tuple[Ref, ...], Field(max_length=5)] = ()
    plan_lead: Ref | None = None


class ReassignAudit(AuditCommand):
    """Give the audit to another auditor, with the reason."""

    command: Literal["audit.reassign"]
    auditor: Ref
    reason: Text


class RecordReflection(AuditCommand):
    """Set down the practitioner's reflection (HAL-42)."""

    command: Literal["audit.record_reflection"]
    reflection: Text
    answers: Answers = Field(default_factory=dict)


class RecordMeeting(AuditCommand):
    """Record the meeting of auditor and practitioner (TOR-73, TOR-74). `override` explains an unmet gate."""

    command: Literal["audit.record_meeting"]
    override: Text | None = None
    answers: Answers = Field(default_factory=dict)


class RecordFeedback(AuditCommand):
    """Record that feedback was sought from child or family and what came of it (TOR-127, HAL-45, HAL-82)."""

    command: Literal["audit.record_feedback"]
    source: FeedbackSource
    outcome: FeedbackOutcome
    feedback: Text | None = None
    answers: Answers = Field(default_factory=dict)


class GradeSection(AuditCommand):
    """Grade one section (TOR-44, TOR-47, TOR-48, HAL-26), or comment on it where sections have no grade (SOU-32)."""

    command: Literal["audit.grade_section"]
    section: Label
    grade: Label | None = None
    grader: Grader = "auditor"
    evidence: Text | None = None
    impact: Text | None = None
    escalate: bool = False


class RaiseSafetyConcern(AuditCommand):
    """Say that the child may be unsafe now, before the audit is finished (TOR-52, HAL-64)."""

    command: Literal["audit.raise_safety_concern"]
    concern: Text


class SubmitAudit(AuditCommand):
    """Return the finished audit with its overall grade; sections and actions may come along.

    `override` gives the reason where something that the policy asks for is missing or a bottom line is unmet,
    `lookback_reason` why the file was read back further, or less far, than the policy says (TOR-57, HAL-31, SOU-34).
    """

    command: Literal["audit.submit"]
    grade: Label | None = None
    sections: dict[Label, GradedSection] = Field(default_factory=dict)
    practitioner_sections: dict[Label, GradedSection] = Field(default_factory=dict)
    bottom_lines_unmet: tuple[Label, ...] = ()
    override: Text | None = None
    safety_plan: Text | None = None
    immediate_concern: bool | None = None
    significant_concern: bool | None = None
    summary: Text | None = None
    bespoke: dict[Label, Text] = Field(default_factory=dict)
    answers: Answers = Field(default_factory=dict)
    looked_back_to: Day | None = None
    lookback_reason: Text | None = None
    actions: tuple[NewAction, ...] = ()


class AllocateModerator(AuditCommand):
    """Pass the returned audit to a moderator (HAL-47, HAL-52, HAL-53)."""

    command: Literal["audit.allocate_moderator"]
    moderator: Ref
    due: Day | None = None


class ModerateAudit(AuditCommand):
    """Confirm the grades or change them, always with a rationale (TOR-87, TOR-89, HAL-55).

    `grade` left out keeps the overall grade; `sections` names only those that change.
    """

    command: Literal["audit.moderate"]
    grade: Label | None = None
    sections: dict[Label, Label] = Field(default_factory=dict)
    rationale: Text
    learning_points: Text | None = None
    safety_plan: Text | None = None
    discussed: bool = False
    answers: Answers = Field(default_factory=dict)
    actions: tuple[NewAction, ...] = ()


class SignOffAudit(AuditCommand):
    """Add the last quality-assurance comments (HAL-5, HAL-56)."""

    command: Literal["audit.sign_off"]
    comments: Text | None = None
    answers: Answers = Field(default_factory=dict)


class ShareAudit(AuditCommand):
    """Send the finished audit to the allocated team (TOR-80)."""

    command: Literal["audit.share"]


class GiveFeedback(AuditCommand):
    """Record that the findings were talked through with the worker or the manager (TOR-77)."""

    command: Literal["audit.give_feedback"]
    recipient: Ref


class FileAudit(AuditCommand):
    """Place the audit on the child's record, after feedback (TOR-78, TOR-90)."""

    command: Literal["audit.file"]


class CloseAudit(AuditCommand):
    """Close the loop of this audit. `reason` says why no action was set where the grade asks for one."""

    command: Literal["audit.close"]
    reason: Annotated[Text | None, ADDED] = None
    answers: Answers = Field(default_factory=dict)


class VoidAudit(AuditCommand):
    """Withdraw an audit that was selected in error; its clocks stop (A-ALL-14)."""

    command: Literal["audit.void"]
    reason: Text


class ExemptAudit(AuditCommand):
    """Record that the audit need not be done, on the request of the role that the policy names (SOU-51)."""

    command: Literal["audit.exempt"]
    ground: Label
    requested_by: Ref
    requested_as: Key


class RecordDeparture(AuditCommand):
    """Record that the child's case was closed or moved while the audit still has consequences (A-ALL-08)."""

    command: Literal["audit.record_departure"]
    how: Literal["closed", "moved"]
