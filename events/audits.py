"""A case-file audit, from allocation to closure.

The stream of one audit also holds its actions, its notices and its escalations (see the modules of those
names), so that one conditional append decides on all of them together.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from events.answers import Answer
from events.base import Fact, Label, Ref, Sealed

Grader = Literal["auditor", "practitioner"]
FeedbackSource = Literal["child", "parents_carers", "family"]
FeedbackOutcome = Literal["obtained", "attempted", "not_age_appropriate"]


class AuditAllocated(Fact):
    """A child's file was given to an auditor. `due` is the last day for the return; None where there is none.

    `reviewer` is the reviewing officer or conference chair of the child, beside whom there may be
    `further_reviewers` (A-SOU-15), `plan_lead` the professional who answers for the child's plan. `age_flag` is the
    age that no band of the form has (unborn, for one), where it was put into the nearest. `reaudit_of` and `extra_of`
    name the audit that asked for this one. The file is to be read back to `look_back_to`, where the framework says
    how far.
    """

    stored_name = "audit.allocated.v1"
    begins = True
    acts = ("audit.allocate",)
    audit_type: Label
    child: Ref
    child_number: Sealed | None = None
    team: Ref
    worker: Ref
    auditor: Ref
    due: date | None = None
    round: Ref | None = None
    strand: Label | None = None
    age_band: Label | None = None
    age_flag: Label | None = None
    open_since: date | None = None
    reaudit_of: Ref | None = None
    extra_of: Ref | None = None
    reviewer: Ref | None = None
    further_reviewers: tuple[Ref, ...] = ()
    plan_lead: Ref | None = None
    look_back_to: date | None = None


class AuditReassigned(Fact):
    """Another auditor took the audit over. The clock of the return goes on as it was."""

    stored_name = "audit.reassigned.v1"
    auditor: Ref
    reason: Sealed


class ReflectionRecorded(Fact):
    """The practitioner set down a reflection on the work, before or after the audit."""

    stored_name = "audit.reflection_recorded.v1"
    acts = ("audit.record_reflection",)
    practitioner: Ref
    reflection: Sealed


class MeetingRecorded(Fact):
    """Auditor and practitioner met on the file. `override` says why it went ahead where a gate was not met."""

    stored_name = "audit.meeting_recorded.v1"
    acts = ("audit.record_meeting",)
    practitioner: Ref
    override: Sealed | None = None


class FeedbackRecorded(Fact):
    """Feedback was sought from the child or the family, with what came of it."""

    stored_name = "audit.feedback_recorded.v1"
    acts = ("audit.record_feedback",)
    source: FeedbackSource
    outcome: FeedbackOutcome
    feedback: Sealed | None = None


class SectionGraded(Fact):
    """A section of the tool was graded. A later grade by the same grader replaces the earlier one."""

    stored_name = "audit.section_graded.v1"
    section: Label
    grade: Label
    grader: Grader = "auditor"
    evidence: Sealed | None = None
    impact: Sealed | None = None
    escalate: bool = False


class SectionCommented(Fact):
    """The auditor set down what a section of the tool shows, where the framework gives sections no grade."""

    stored_name = "audit.section_commented.v1"
    section: Label
    grader: Grader = "auditor"
    comment: Sealed


class SafetyConcernRaised(Fact):
    """A child may be unsafe now. It does not wait for the audit to be submitted."""

    stored_name = "audit.safety_concern_raised.v1"
    acts = ("audit.raise_safety_concern",)
    concern: Sealed


class AuditAnswered(Fact):
    """Questions of the framework's own were answered: at the return, with feedback, at the meeting and so on.

    `asked_at` is the moment as the policy names it. Later answers stand beside the earlier ones.
    """

    stored_name = "audit.answered.v1"
    asked_at: Label
    answers: tuple[Answer, ...]


class AuditSubmitted(Fact):
    """The auditor returned the audit with an overall grade (None only where the framework has no scale).

    `looked_back_to` is how far the auditor read back, where they said so, and `lookback_reason` why it was another day
    than the framework asks for.
    """

    stored_name = "audit.submitted.v1"
    acts = ("audit.submit",)
    grade: Label | None
    bottom_lines_unmet: tuple[Label, ...] = ()
    override: Sealed | None = None
    safety_plan: Sealed | None = None
    immediate_concern: bool | None = None
    significant_concern: bool | None = None
    summary: Sealed | None = None
    bespoke: dict[Label, Sealed] = Field(default_factory=dict)
    looked_back_to: date | None = None
    lookback_reason: Sealed | None = None


class ModeratorAllocated(Fact):
    """The returned audit was passed to a moderator. `due` is the last day; None where the framework has none."""

    stored_name = "audit.moderator_allocated.v1"
    acts = ("audit.allocate_moderator",)
    moderator: Ref
    due: date | None = None


class AuditModerated(Fact):
    """The moderator confirmed the auditor's grades or changed them, always with a rationale.

    `grade` is the overall grade from here on; `sections` holds only those that the moderator changed.
    Version 1 had no section grades; it is read as a moderation that changed none.
    """

    stored_name = "audit.moderated.v2"
    acts = ("audit.moderate",)
    moderator: Ref
    outcome: Literal["confirmed", "changed"]
    grade: Label | None
    sections: dict[Label, Label] = Field(default_factory=dict)
    rationale: Sealed
    learning_points: Sealed | None = None
    safety_plan: Sealed | None = None
    discussed: bool = False


class AuditSignedOff(Fact):
    """The last quality-assurance comments were added to the moderated audit."""

    stored_name = "audit.signed_off.v1"
    acts = ("audit.sign_off",)
    comments: Sealed | None = None


class AuditShared(Fact):
    """The finished audit was sent to the allocated team."""

    stored_name = "audit.shared.v1"
    acts = ("audit.share",)
    team: Ref


class FeedbackGiven(Fact):
    """The findings were talked through with the worker or the manager."""

    stored_name = "audit.feedback_given.v1"
    acts = ("audit.give_feedback",)
    recipient: Ref


class AuditFiled(Fact):
    """The audit was placed on the child's record, after feedback."""

    stored_name = "audit.filed.v1"
    acts = ("audit.file",)


class AuditClosed(Fact):
    """The loop was closed. `open_actions` were not done; `reason`: what was said of that, or of there being none."""

    stored_name = "audit.closed.v1"
    acts = ("audit.close",)
    open_actions: tuple[Ref, ...] = ()
    reason: Sealed | None = None


class AuditVoided(Fact):
    """The audit was selected in error or withdrawn; its clocks stop and its record stays."""

    stored_name = "audit.voided.v1"
    reason: Sealed


class ReauditAllocated(Fact):
    """A re-audit of this file was given to an auditor: written together with that allocation, or its change."""

    stored_name = "audit.reaudit_allocated.v1"
    acts = ("audit.allocate",)
    reaudit: Ref
    auditor: Ref


class AuditSampled(Fact):
    """A month's sample has this audit in it: written together with the draw, where the policy marks the chosen."""

    stored_name = "audit.sampled.v1"
    acts = ("sample.draw",)
    purpose: Label
    month: Ref


class ReauditCompleted(Fact):
    """A re-audit of this file was returned: written together with the return of that other audit."""

    stored_name = "audit.reaudit_completed.v1"
    acts = ("audit.submit",)
    reaudit: Ref
    grade: Label | None


class ExtraCompleted(Fact):
    """One of the further files that a concern asked for was returned: written together with that return."""

    stored_name = "audit.extra_completed.v1"
    acts = ("audit.submit",)
    extra: Ref
    concern: bool | None


class ReauditWithdrawn(Fact):
    """A re-audit of this file was voided or exempted: it counts as never given and never returned (A-ALL-14)."""

    stored_name = "audit.reaudit_withdrawn.v1"
    acts = ("audit.void", "audit.exempt")
    reaudit: Ref
    how: Literal["voided", "exempted"]


class ExtraWithdrawn(Fact):
    """One of the further files that a concern asked for came to nothing: written together with the act that did it."""

    stored_name = "audit.extra_withdrawn.v1"
    acts = ("audit.void", "audit.exempt")
    extra: Ref
    how: Literal["voided", "exempted"]


class AuditExempted(Fact):
    """The audit need not be done, on the only grounds that the framework accepts; its clocks stop."""

    stored_name = "audit.exempted.v1"
    ground: Label
    requested_by: Ref
    requested_as: Label


class ChildLeft(Fact):
    """The child's case was closed or moved away while the audit still had consequences (A-ALL-08)."""

    stored_name = "audit.child_left.v1"
    acts = ("audit.record_departure",)
    how: Literal["closed", "moved"]
