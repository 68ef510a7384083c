"""A dispute about the planning for a child, from tier to tier of the policy's chain. No tier has a time limit."""

from events.base import Fact, Label, Ref, Sealed
from events.wording import key


class DisputeRaised(Fact):
    """Somebody disputes the planning for a child. `tier` is the role that it went to first.

    A matter of `safety` passes over the chain and goes to its end at once.
    """

    stored_name = "dispute.raised.v1"
    clause = "a dispute about the planning is raised"
    begins = True
    acts = ("dispute.raise",)
    child: Ref
    team: Ref
    concern: Sealed
    tier: Label
    safety: bool = False

    def sentence(self) -> str:
        return (
            f"The planning for child {self.child} in team {self.team} is disputed; "
            f"it went to {key(self.tier)}{_for_safety(self)}."
        )


class DisputeEscalated(Fact):
    """It was not settled and went one tier up or, where it became a matter of safety, to the end of the chain."""

    stored_name = "dispute.escalated.v1"
    clause = "the dispute goes up the chain"
    acts = ("dispute.escalate",)
    team: Ref
    tier: Label
    reason: Sealed
    safety: bool = False

    def sentence(self) -> str:
        return f"The dispute went up to {key(self.tier)}{_for_safety(self)}."


class DisputeResolved(Fact):
    """It was settled at the tier that it had reached."""

    stored_name = "dispute.resolved.v1"
    clause = "the dispute is settled"
    acts = ("dispute.resolve",)
    resolution: Sealed

    def sentence(self) -> str:
        return "The dispute was settled."


def _for_safety(fact: DisputeRaised | DisputeEscalated) -> str:
    return " at once, for the child's safety" if fact.safety else ""
