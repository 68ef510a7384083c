"""A dispute about the planning for a child, from tier to tier of the policy's chain. No tier has a time limit."""

from events.base import Fact, Label, Ref, Sealed


class DisputeRaised(Fact):
    """Somebody disputes the planning for a child. `tier` is the role that it went to first.

    A matter of `safety` passes over the chain and goes to its end at once.
    """

    stored_name = "dispute.raised.v1"
    begins = True
    acts = ("dispute.raise",)
    child: Ref
    team: Ref
    concern: Sealed
    tier: Label
    safety: bool = False


class DisputeEscalated(Fact):
    """It was not settled and went one tier up or, where it became a matter of safety, to the end of the chain."""

    stored_name = "dispute.escalated.v1"
    acts = ("dispute.escalate",)
    team: Ref
    tier: Label
    reason: Sealed
    safety: bool = False


class DisputeResolved(Fact):
    """It was settled at the tier that it had reached."""

    stored_name = "dispute.resolved.v1"
    acts = ("dispute.resolve",)
    resolution: Sealed
