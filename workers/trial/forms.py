"""The audits of the invented month, and how their forms are filled in as the framework asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.policy.model import Policy

Fields = dict[str, Any]


@dataclass(slots=True)
class File:
    """One audit of the month, and whom it names."""

    audit: str
    team: str
    audit_type: str
    strand: str | None = None
    named: dict[str, str] = field(default_factory=dict)
    action: str | None = None
    returned: bool = False
    confirmed: bool = True


def returns(policy: Policy, file: File, worse: int) -> Iterator[Fields]:
    """The return as the form may want it, from what says most to what says least."""
    tool, grades = policy.tool, policy.grades
    grade = grades.overall[min(worse, len(grades.overall) - 1)] if grades.overall else None
    scale = grades.sections
    place = worse if len(scale) == len(grades.overall) else min(worse, len(scale) - 1)
    alike = {"grade": scale[place]} if scale else {}
    said = {"evidence": "seen on file", "impact": "felt by the child"}
    graded = {name: {**said, **alike} for name in tool.sections}
    fields: Fields = {"sections": graded, "answers": answers_at("return", policy, file)}
    fields |= {"grade": grade} if grade else {}
    fields |= {"practitioner_sections": graded} if "practitioner" in tool.section_graders else {}
    fields |= {"safety_plan": "seen today, plan agreed"} if grade in tool.safety_plan_with else {}
    fields |= {"immediate_concern": False} if tool.immediate_concern_required else {}
    fields |= {"significant_concern": worse > 1} if tool.significant_concern_required else {}
    yield fields
    yield fields | {"grade_reason": "the rest of the file carries more"}
    yield {name: held for name, held in fields.items() if name not in {"sections", "practitioner_sections"}}


def answers_at(moment: str, policy: Policy, file: File) -> Fields:
    """An answer to each question that must be answered then."""
    return {
        each.name: each.options[0] if each.kind == "choice" else list(each.options[:1]) or True
        for each in policy.tool.questions
        if each.required and moment in each.asked_at and each.is_for(file.audit_type, file.strand)
    }
