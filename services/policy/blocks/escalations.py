"""Escalations counted: raised, acknowledged, resolved, and how long that took."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import Problem, ReportBlock, unknown
from services.policy.part import Key

if TYPE_CHECKING:
    from services.policy.model import Policy

EscalationCounted = Literal["raised", "acknowledged", "resolved", "open"]


class Escalations(ReportBlock):
    """How many escalations about audits and entries, a column for each of `count`, in all or `by` something.

    Raised, acknowledged or resolved in the period, or open at its end. With `days` there is the middle of the days from
    raising to resolving, of those resolved in it.
    """

    shows: ClassVar[str] = "Escalations"
    block: Literal["escalations"]
    count: tuple[EscalationCounted, ...] = Field(default=("raised", "resolved", "open"), min_length=1, title="counted")
    by: Literal["level", "rule", "team", "service"] | None = Field(default=None, title="by")
    rules: tuple[Key, ...] = Field(default=(), title="of the rules")
    days: bool = Field(default=False, title="with the days until resolved")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown rule."""
        known = (
            *(each.name for each in policy.obligations),
            *(each.name for each in policy.alerts),
            *(each.name for each in policy.reports),
        )
        yield from unknown("obligation", self.rules, known, ("rules",))
