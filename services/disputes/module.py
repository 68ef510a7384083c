"""Disputes about the planning for a child."""

from events.disputes import DisputeEscalated, DisputeRaised
from events.errors import NotFound
from events.recorded import Recorded
from services.core.part import Act, Part
from services.core.record import Kind
from services.directory.recipients import Named
from services.disputes import commands as c
from services.disputes import decisions as d
from services.disputes.state import Dispute


def _names(_dispute: Dispute, _item: str, trigger: Recorded | None) -> Named:
    """A dispute is about the child's team."""
    match trigger:
        case Recorded(fact=DisputeRaised(team=team) | DisputeEscalated(team=team)):
            return Named(actor=trigger.envelope.actor, about=team)
        case Recorded():
            return Named(actor=trigger.envelope.actor)
    return Named()


def _stands(dispute: Dispute, reference: str) -> None:
    if dispute.tier is None:
        raise NotFound("dispute", reference)


MODULE = Part(
    name="disputes",
    kinds=(Kind("dispute", Dispute, owes=True, names=_names, require_standing=_stands),),
    acts=(
        Act(c.RaiseDispute, d.raise_dispute),
        Act(c.EscalateDispute, d.escalate_dispute),
        Act(c.ResolveDispute, d.resolve_dispute),
    ),
)
