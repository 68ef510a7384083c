"""Indicators: the value of a month with the one before, the direction of travel, and what it is compared with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import Problem, ReportBlock, unknown
from services.policy.part import Key, Label

if TYPE_CHECKING:
    from services.policy.model import Policy


class Indicators(ReportBlock):
    """The indicators of some `baskets`, or of some `names`; all, where none is named. Of the period's last month.

    In all, or `by` team or service, each of which has a row.
    """

    shows: ClassVar[str] = "Indicators"
    block: Literal["indicators"]
    baskets: tuple[Label, ...] = Field(default=(), title="of the baskets")
    names: tuple[Key, ...] = Field(default=(), title="named")
    kind: Literal["indicator", "practice standard"] | None = Field(default=None, title="which are")
    by: Literal["team", "service"] | None = Field(default=None, title="by")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown basket or indicator."""
        baskets = {each.basket for each in policy.indicators if each.basket}
        yield from unknown("basket", self.baskets, baskets, ("baskets",))
        yield from unknown("indicator", self.names, [each.name for each in policy.indicators], ("names",))
        if not policy.indicators:
            yield (), "the policy has no indicators"
