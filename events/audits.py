"""A case-file audit, from allocation to closure.

The stream of one audit also holds its actions, its notices and its escalations (see the modules of those
names), so that one conditional append decides on all of them together.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from events.base import Fact, Label, Ref, Sealed
from events.wording import by_when, key, with_grade

Grader = Literal["auditor", "practitioner"]
FeedbackSource = Literal["child", "parents_carers", "family"]
FeedbackOutcome = Literal["obtained", "attempted", "not_age_appropriate"]


class AuditAllocated(Fact):
    """A child's file was given to an auditor: the head of the form (TOR-39). `due` is the last day for the return.

    `reviewer` is the reviewing officer or conference chair of the child, beside whom there may be
    `further_reviewers` (A-SOU-15), `plan_lead` the professional who answers for the child's plan. `age_flag` is the
    age that no band of the form has (unborn, for one), where it was put into the nearest. `reaudit_of` and `extra_of`
    name the audit that asked for this one. The file is to be read back to `look_back_to`, where the framework says
    how far. Each is None where there is none.
    """

    stored_name = "audit.allocated.v1"
    clause = "the file is given to an auditor"
    leads_to = "allocated"
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

    def sentence(self) -> str:
        again = "" if self.reaudit_of is None else f", a re-audit of {self.reaudit_of}"
        whose = f"the file of child {self.child} in team {self.team}"
        return f"Audit ({self.audit_type}) of {whose} was given to auditor {self.auditor}, {by_when(self.due)}{again}."


class AuditReassigned(Fact):
    """Another auditor took the audit over. The clock of the return goes on as it was."""

    stored_name = "audit.reassigned.v1"
    clause = "another auditor takes the audit over"
    auditor: Ref
    reason: Sealed

    def sentence(self) -> str:
        return f"Auditor {self.auditor} took the audit over."


class AuditSubmitted(Fact):
    """The auditor returned the audit with an overall grade (None only where the framework has no scale).

    `looked_back_to` is how far the auditor read back, where they said so, and `lookback_reason` why it was another day
    than the framework asks for. `suggested` is the grade that the sections came to, where the framework computes one,
    and `grade_reason` why the auditor departed from it.
    """

    stored_name = "audit.submitted.v1"
    clause = "the audit is returned"
    leads_to = "returned"
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
    suggested: Label | None = None
    grade_reason: Sealed | None = None

    def sentence(self) -> str:
        unmet = f"; bottom lines unmet: {', '.join(self.bottom_lines_unmet)}" if self.bottom_lines_unmet else ""
        concern = "; an immediate concern was marked" if self.immediate_concern else ""
        concern += "; a significant concern was marked" if self.significant_concern else ""
        departs = self.suggested not in {None, self.grade}
        apart = f", where the sections came to “{self.suggested}” (reason recorded)" if departs else ""
        return f"The auditor returned the audit {with_grade(self.grade)}{apart}{unmet}{concern}."


class ModeratorAllocated(Fact):
    """The returned audit was passed to a moderator. `due` is the last day; None where the framework has none."""

    stored_name = "audit.moderator_allocated.v1"
    clause = "the audit is given to a moderator"
    leads_to = "with moderator"
    acts = ("audit.allocate_moderator",)
    moderator: Ref
    due: date | None = None

    def sentence(self) -> str:
        return f"Passed to moderator {self.moderator}, {by_when(self.due)}."


class AuditModerated(Fact):
    """The moderator confirmed the auditor's grades or changed them, always with a rationale.

    There may be learning points at any grade, the best one among them (TOR-50). `discussed` says that the moderator
    and the auditor talked it through and agree what is expected (TOR-88, HAL-54).
    `grade` is the overall grade from here on; `sections` holds only those that the moderator changed.
    Version 1 had no section grades; it is read as a moderation that changed none.
    """

    stored_name = "audit.moderated.v2"
    clause = "the audit is moderated"
    leads_to = "moderated"
    acts = ("audit.moderate",)
    moderator: Ref
    outcome: Literal["confirmed", "changed"]
    grade: Label | None
    sections: dict[Label, Label] = Field(default_factory=dict)
    rationale: Sealed
    learning_points: Sealed | None = None
    safety_plan: Sealed | None = None
    discussed: bool = False

    def sentence(self) -> str:
        talked = "; it was talked through with the auditor" if self.discussed else ""
        if self.outcome == "confirmed":
            return f"Moderator {self.moderator} confirmed the audit {with_grade(self.grade)}{talked}."
        sections = ", ".join(f"“{section}” to “{grade}”" for section, grade in self.sections.items())
        also = f"; sections changed: {sections}" if sections else ""
        return (
            f"Moderator {self.moderator} changed the grading; the audit stands {with_grade(self.grade)}{also}{talked}."
        )


class AuditSignedOff(Fact):
    """The last quality-assurance comments were added to the moderated audit."""

    stored_name = "audit.signed_off.v1"
    clause = "the last comments are added"
    leads_to = "signed off"
    acts = ("audit.sign_off",)
    comments: Sealed | None = None

    def sentence(self) -> str:
        return "The audit was signed off."


class AuditShared(Fact):
    """The finished audit was sent to the allocated team, on the day of this event (TOR-60)."""

    stored_name = "audit.shared.v1"
    clause = "the audit is sent to the team"
    acts = ("audit.share",)
    team: Ref

    def sentence(self) -> str:
        return f"The audit was shared with team {self.team}."


class FeedbackGiven(Fact):
    """The findings were talked through with the practitioner or the manager."""

    stored_name = "audit.feedback_given.v1"
    clause = "the findings are talked through"
    acts = ("audit.give_feedback",)
    recipient: Ref

    def sentence(self) -> str:
        return f"The findings were talked through with {self.recipient}."


class AuditFiled(Fact):
    """The audit was placed on the child's record, after feedback."""

    stored_name = "audit.filed.v1"
    clause = "the audit is placed on the child's record"
    acts = ("audit.file",)

    def sentence(self) -> str:
        return "The audit was placed on the child's record."


class AuditClosed(Fact):
    """The loop was closed. `open_actions` were not done; `reason`: what was said of that, or of there being none."""

    stored_name = "audit.closed.v1"
    clause = "the audit is closed"
    leads_to = "closed"
    acts = ("audit.close",)
    open_actions: tuple[Ref, ...] = ()
    reason: Sealed | None = None

    def sentence(self) -> str:
        still = f"; still open: {', '.join(self.open_actions)}" if self.open_actions else ""
        return f"The audit was closed{still}{'' if self.reason is None else ' (reason recorded)'}."


class AuditVoided(Fact):
    """The audit was selected in error; its clocks stop and its record stays."""

    stored_name = "audit.voided.v1"
    clause = "the audit is voided"
    leads_to = "voided"
    reason: Sealed

    def sentence(self) -> str:
        return "The audit was voided; the reason is recorded."


class AuditExempted(Fact):
    """The audit need not be done, on the only grounds that the framework accepts; its clocks stop."""

    stored_name = "audit.exempted.v1"
    clause = "the audit is exempted"
    leads_to = "exempted"
    ground: Label
    requested_by: Ref
    requested_as: Label

    def sentence(self) -> str:
        return f"The audit was exempted ({self.ground}), as {self.requested_by}, {key(self.requested_as)}, had asked."


class ChildLeft(Fact):
    """The child's case was closed or moved away while the audit still had consequences (A-ALL-08)."""

    stored_name = "audit.child_left.v1"
    clause = "the child's case is closed or moved"
    acts = ("audit.record_departure",)
    how: Literal["closed", "moved"]

    def sentence(self) -> str:
        return f"The child's case was {self.how}; what is still owed waits for a decision."


OUTCOMES = {
    "obtained": "was obtained",
    "attempted": "was sought but not obtained",
    "not_age_appropriate": "was not sought, because of the child's age",
}

SOURCES = {"child": "the child", "parents_carers": "parents or carers", "family": "the family"}
