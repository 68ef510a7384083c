"""The distribution of grades: overall or of the sections, as the auditor gave them or as they stand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import By, OfAudits, Problem, unknown, unknown_name
from services.policy.part import Key, Label

if TYPE_CHECKING:
    from services.policy.model import Policy

Given = Literal["by the auditor", "after moderation", "as it stands"]


class Grades(OfAudits):
    """How often each grade of the scale was given, to the audits of the period (`when` says by which day).

    `of` the whole audit, or each section for itself, where `sections` may name some. With several of `given` they
    stand beneath each other, `after moderation` only of audits that were moderated. `share_of` adds the share of a set
    of grades (of an overall grade), `reaching` that of the grades named, in per cent.
    """

    shows: ClassVar[str] = "Grades"
    block: Literal["grades"]
    of: Literal["overall", "sections"] = Field(default="overall", title="of")
    when: Literal["returned", "moderated", "closed"] = Field(default="returned", title="of the audits")
    given: tuple[Given, ...] = Field(default=("as it stands",), min_length=1, title="given")
    by: By | None = Field(default=None, title="by")
    sections: tuple[Label, ...] = Field(default=(), title="sections")
    share_of: Key | None = Field(default=None, title="share of the set")
    reaching: tuple[Label, ...] = Field(default=(), title="share of the grades")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """Also unknown sections and grades, and rows of two sorts at once."""
        yield from super().problems(policy)
        yield from unknown("section", self.sections, policy.tool.sections, ("sections",))
        scale = policy.grades.overall if self.of == "overall" else policy.grades.sections
        yield from unknown("grade", self.reaching, scale, ("reaching",))
        if self.share_of is not None:
            yield from unknown_name("set of grades", self.share_of, policy.grades.sets, "share_of")
            if self.of == "sections":
                yield ("share_of",), "sets hold overall grades: of sections, name the grades in `reaching`"
            if self.reaching:
                yield ("reaching",), "say `share_of` or `reaching`, not both"
        if self.sections and self.of == "overall":
            yield ("sections",), "an overall grade has no sections: say `of: sections`"
        if sum((self.of == "sections", self.by is not None, len(self.given) > 1)) > 1:
            yield ("by",), "rows are the sections, or by something, or as it was given: one of the three"
