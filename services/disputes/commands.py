"""The commands about a dispute."""

from typing import Literal

from events.base import Ref
from services.core.command import Command, Text


class DisputeCommand(Command):
    """A command about one dispute."""

    dispute: Ref

    @property
    def aggregate(self) -> str:
        """The dispute's own record."""
        return f"dispute/{self.dispute}"


class RaiseDispute(DisputeCommand):
    """Dispute the planning for a child (SOU-60). A matter of safety goes to the end of the chain at once (SOU-61)."""

    command: Literal["dispute.raise"]
    child: Ref
    team: Ref
    concern: Text
    safety: bool = False


class EscalateDispute(DisputeCommand):
    """Take the dispute one tier up or, for the sake of safety, to the end of the chain."""

    command: Literal["dispute.escalate"]
    reason: Text
    safety: bool = False


class ResolveDispute(DisputeCommand):
    """Record how the dispute was settled."""

    command: Literal["dispute.resolve"]
    resolution: Text
