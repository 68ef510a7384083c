"""The commands about a dispute."""

from typing import ClassVar, Literal

from pydantic import Field

from events.base import Ref
from services.core.command import Command, Example, Text


class DisputeCommand(Command):
    """A command about one dispute."""

    dispute: Ref = Field(description="The dispute, such as D-1.")

    @property
    def aggregate(self) -> str:
        """The dispute's own record."""
        return f"dispute/{self.dispute}"


class RaiseDispute(DisputeCommand):
    """Dispute the planning for a child (SOU-60). A matter of safety goes to the end of the chain at once (SOU-61)."""

    command: Literal["dispute.raise"]
    example: ClassVar[Example] = {
        "role": "reviewing_officer",
        "dispute": "D-1",
        "child": "C-7",
        "team": "T-1",
        "concern": "the plan has no date",
    }
    child: Ref = Field(description="The child, by an opaque reference.")
    team: Ref = Field(description="The team that works with the child.")
    concern: Text = Field(description="What the concern is.")
    safety: bool = Field(default=False, description="Whether it is a matter of the child's safety.")


class EscalateDispute(DisputeCommand):
    """Take the dispute one tier up or, for the sake of safety, to the end of the chain."""

    command: Literal["dispute.escalate"]
    example: ClassVar[Example] = {
        "role": "reviewing_officer",
        "dispute": "D-1",
        "reason": "not settled within the team",
    }
    reason: Text = Field(description="Why.")
    safety: bool = Field(default=False, description="Whether it is a matter of the child's safety.")


class ResolveDispute(DisputeCommand):
    """Record how the dispute was settled."""

    command: Literal["dispute.resolve"]
    example: ClassVar[Example] = {"role": "reviewing_officer", "dispute": "D-1", "resolution": "the plan has dates now"}
    resolution: Text = Field(description="How it was settled.")
