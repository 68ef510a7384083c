"""The shape of a policy's audit tool: what the form asks for, and what makes an audit complete."""

from typing import Annotated, Literal

from pydantic import Field

from services.policy.expressions import SpanText
from services.policy.form import FormQuestion, Reference
from services.policy.part import Key, Label, Part
from services.policy.suggestion import Suggestion

Agencies = Annotated[tuple[Key, ...], Field(min_length=1)]


class FurtherFile(Part):
    """Which type of audit asks for a further file, and what the two have in common."""

    of: Label
    same: Literal["worker", "team"]


class ReviewStep(Part):
    """One of a child's statutory reviews: how long after the one before it must be held at the latest."""

    name: Label
    within: SpanText


class AuditTool(Part):
    """What the form asks for, and what must be there before an audit counts as complete.

    Audits of the `form_types` need the whole form, all types where none is named; the others need their overall
    grade alone. `age_bands_read_as` puts ages outside of every band into one, with a flag. An overall grade that
    is `warn_above_worst_section` steps better than the worst section gives a warning, never a refusal. `lookback` is
    counted back from the day of selection: a `limit` that only a reason goes beyond, the `least` that only a reason
    stays within, or `fixed`. Audits of a type in `agencies` are scored by each of those roles as well, each for itself.
    `questions` are the framework's own, `references` stand beside the form.
    """

    sections: tuple[Label, ...] = Field(title="Sections of the form")
    section_graders: tuple[Literal["auditor", "practitioner"], ...] = Field(
        default=("auditor",), title="Sections are graded by"
    )
    texts_required: bool = Field(default=False, title="Each section needs its evidence and impact")
    meeting_required: bool = Field(default=False, title="Auditor and practitioner must have met before the return")
    reflection_required: bool = Field(default=False, title="The practitioner's reflection is needed before the return")
    one_sitting: bool = Field(
        default=False, title="Reflection, meeting, grades and actions are all of the day of the return"
    )
    immediate_concern_required: bool = Field(
        default=False, title="The return must answer whether there is an immediate concern"
    )
    significant_concern_required: bool = Field(
        default=False, title="The return must answer whether there is a significant concern"
    )
    feedback_not_by_auditor: bool = Field(default=False, title="The auditor may not gather the feedback")
    other_service_types: tuple[Label, ...] = Field(default=(), title="An auditor from another service is needed for")
    reflection_before_meeting: bool = Field(default=False, title="The reflection comes before the meeting")
    feedback_required: tuple[Literal["child", "parents_carers", "family"], ...] = Field(
        default=(), title="Feedback must be sought from"
    )
    bottom_lines_force: Label | None = Field(default=None, title="An unmet bottom line forces the grade")
    safety_plan_with: tuple[Label, ...] = Field(
        default=(), title="A plan that keeps the child safe comes with the grade"
    )
    age_bands: tuple[Label, ...] = ()
    strands: tuple[Label, ...] = ()
    types: tuple[Label, ...] = Field(default=("full",), title="Types of audit")
    indicator_map: dict[Label, tuple[Label, ...]] = Field(
        default_factory=dict, title="Indicators of the reports with their sections"
    )
    lookback: SpanText | None = Field(default=None, title="The audit looks back over")
    lookback_rule: Literal["limit", "least", "fixed"] = Field(default="limit", title="That span is")
    questions: tuple[FormQuestion, ...] = ()
    references: tuple[Reference, ...] = ()
    review_prompts: dict[Key, Annotated[tuple[ReviewStep, ...], Field(min_length=1)]] = Field(default_factory=dict)
    form_types: tuple[Label, ...] = Field(default=(), title="The whole form is needed for (none named: for all types)")
    further_files: dict[Label, FurtherFile] = Field(default_factory=dict, title="A further file is of the type")
    age_bands_read_as: dict[Label, Label] = Field(default_factory=dict, title="Ages outside of every band are put into")
    warn_above_worst_section: int | None = Field(
        default=None, ge=1, le=9, title="Steps above the worst section from which an overall grade gives a warning"
    )

    agencies: dict[Label, Agencies] = Field(default_factory=dict, title="Scored by other agencies as well")
    suggestion: Suggestion | None = Field(default=None, title="An overall grade is suggested")

    def needs_form(self, audit_type: str | None) -> bool:
        """Whether an audit of this type is returned with the whole form."""
        return not self.form_types or audit_type in self.form_types
