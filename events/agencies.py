"""What other agencies make of an audit that they look at as well: each scores for itself."""

from pydantic import Field

from events.base import Fact, Label, Ref, Sealed
from events.wording import key, with_grade


class AgencyScored(Fact):
    """Another agency scored the audit. A later score of the same agency takes the place of its earlier one.

    `agency` is the role in which it was given. `grade` is of the council's overall scale, `sections` of that of the
    sections; None where the framework has no scale.
    """

    stored_name = "audit.agency_scored.v1"
    clause = "another agency scores the audit"
    acts = ("audit.score",)
    agency: Label
    by: Ref
    grade: Label | None
    sections: dict[Label, Label] = Field(default_factory=dict)
    finding: Sealed | None = None

    def sentence(self) -> str:
        return f"{self.by} scored the audit for {key(self.agency)}, {with_grade(self.grade)}."
