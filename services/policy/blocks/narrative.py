"""A text that a role writes for the report."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from services.policy.blocks.block import Problem, ReportBlock, unknown_name
from services.policy.part import Key

if TYPE_CHECKING:
    from services.policy.model import Policy


class Narrative(ReportBlock):
    """What `role` writes under a title; the `name` tells it from the other texts of its report."""

    shows: ClassVar[str] = "Text"
    block: Literal["narrative"]
    name: Key = Field(title="called")
    role: Key = Field(title="written by")

    def problems(self, policy: "Policy") -> Iterator[Problem]:
        """An unknown role."""
        yield from unknown_name("role", self.role, policy.roles, "role")
