"""Actions counted: what became of them in the period, and where they stand at its end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from events.vocabulary import ActionLevel
from services.policy.blocks.block import Problem, ReportBlock, unknown
from services.policy.part import Key

if TYPE_CHECKING:
    from services.policy.model import Policy

ActionCounted = Literal["set", "due", "completed", "confirmed", "done in time", "done late", "open", "overdue"]
"""Set, due, completed or confirmed in the period; of those due in it, done by their date, or after it by the end of the
period; and what stood open or overdue at its end."""

ActionsBy = Literal["level", "owner", "role of the owner", "team", "service", "stage", "register", "priority"]


class Actions(ReportBlock):
    """How many actions, a column for each of `count`, in all or `by` something: of audits, of entries, or of both.

    With `in_time` there is the share of those due in the period that were done by their date. The actions of what was
    voided, exempted or withdrawn are not counted.
    """

    shows: ClassVar[str] = "Actions"
    block: Literal["actions"]
    count: tuple[ActionCounted, ...] = Field(min_length=1, title="counted")
    by: ActionsBy | None = Field(default=None, title="by")
    of: Literal["audits", "entries", "both"] = Field(default="both", title="of")
    registers: tuple[Key, ...] = Field(default=(), title="of the registers")
    levels: tuple[ActionLevel, ...] = Field(default=(), title="at the levels")
    in_time: bool = Field(default=False, title="with the share done in time")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown register, and registers where only audits are meant."""
        yield from unknown("register", self.registers, [each.name for each in policy.registers], ("registers",))
        if self.registers and self.of == "audits":
            yield ("registers",), "audits are in no register: say `of: entries`"
