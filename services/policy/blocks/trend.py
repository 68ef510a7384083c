"""A trend: the figures of another block over the last periods, with the direction of travel."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.actions import Actions
from services.policy.blocks.audits import Audits
from services.policy.blocks.block import Problem, ReportBlock
from services.policy.blocks.entries import Entries
from services.policy.blocks.escalations import Escalations
from services.policy.blocks.grades import Grades
from services.policy.tasks import Every

if TYPE_CHECKING:
    from services.policy.model import Policy

Line = Annotated[Audits | Grades | Entries | Actions | Escalations, Field(discriminator="block")]
"""What can be followed over periods: blocks that count."""


class Trend(ReportBlock):
    """The totals of `line`, of each of the last `periods` up to the report's own; the oldest first.

    Periods are as long as the report's own, or as `every`. The last row says how each figure moved from the period
    before: better or worse where it is known which way is better, by `better` or, of a share of grades, by the scale;
    else up or down.
    """

    shows: ClassVar[str] = "Trend"
    block: Literal["trend"]
    line: Line = Field(title="of")
    periods: int = Field(default=6, ge=2, le=24, title="periods")
    every: Every | None = Field(default=None, title="each a")
    better: Literal["higher", "lower"] | None = Field(default=None, title="better is")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """What is wrong with the line, and rows in it, of which there would be one for each period."""
        for key, rule in self.line.problems(policy):
            yield ("line", *key), rule
        if self.line.block != "grades" and self.line.by is not None:
            yield ("line", "by"), "a trend follows totals: leave `by` out"
