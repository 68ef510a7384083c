"""What follows from a command about a dispute."""

from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised, DisputeResolved
from events.errors import Refused
from services.clock import local_date
from services.core.situation import Situation
from services.disputes.commands import EscalateDispute, RaiseDispute, ResolveDispute
from services.disputes.state import Dispute
from services.policy.model import Policy


def raise_dispute(command: RaiseDispute, dispute: Dispute, situation: Situation) -> list[Fact]:
    """To the first tier or, for the sake of safety, to the last. Refused where the framework knows no chain."""
    chain = _chain(situation.policy)
    if dispute.tier:
        raise Refused("dispute", f"{command.dispute} is already raised")
    situation.require_unit("team", command.team, "team")
    return [
        DisputeRaised(
            child=command.child,
            team=command.team,
            concern=situation.seal("dispute.concern", command.concern),
            tier=chain[-1] if command.safety else chain[0],
            safety=command.safety,
        )
    ]


def escalate_dispute(command: EscalateDispute, dispute: Dispute, situation: Situation) -> list[Fact]:
    """One tier up and never more, unless safety asks for the end of the chain."""
    tier = _standing(command.dispute, dispute, situation)
    chain = _chain(situation.policy)
    place = _place(tier, chain, situation.began(command.aggregate))
    if place >= len(chain) - 1:
        raise Refused("dispute", f"{tier} is the end of the chain; what is left is to resolve it")
    return [
        DisputeEscalated(
            team=dispute.team,
            tier=chain[-1] if command.safety else chain[place + 1],
            reason=situation.seal("dispute.reason", command.reason),
            safety=command.safety,
        )
    ]


def resolve_dispute(command: ResolveDispute, dispute: Dispute, situation: Situation) -> list[Fact]:
    """Settled, with what was agreed."""
    _standing(command.dispute, dispute, situation)
    return [DisputeResolved(resolution=situation.seal("dispute.resolution", command.resolution))]


def _chain(policy: Policy) -> tuple[str, ...]:
    if not policy.dispute_chain:
        raise Refused("dispute", "the framework knows no chain for disputes")
    return policy.dispute_chain


def _place(tier: str, chain: tuple[str, ...], began: Policy | None) -> int:
    """How high a tier stands; one that was renamed since stands where it stood in the chain of its own version."""
    for known in (chain, began.dispute_chain if began else ()):
        if tier in known:
            return known.index(tier)
    return -1


def _standing(reference: str, dispute: Dispute, situation: Situation) -> str:
    situation.record.require_standing()
    if dispute.resolved:
        raise Refused("dispute", f"{reference} is already resolved")
    if dispute.since is not None and situation.at < dispute.since:
        raise Refused("at", f"{local_date(situation.at)} is before the last act on it, on {local_date(dispute.since)}")
    return dispute.tier
