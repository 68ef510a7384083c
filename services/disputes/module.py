"""Disputes about the planning for a child."""

from collections.abc import Mapping
from typing import Any

from events.base import Fact
from events.disputes import DisputeEscalated, DisputeRaised
from events.errors import NotFound
from services.core.part import Act, Part
from services.core.record import Kind
from services.disputes import commands as c
from services.disputes import decisions as d
from services.disputes.state import Dispute


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """A dispute is about the child's team."""
    return {"about": fact.team} if isinstance(fact, DisputeRaised | DisputeEscalated) else {}


def _stands(dispute: Dispute, reference: str) -> None:
    if not dispute.tier:
        raise NotFound("dispute", reference)


MODULE = Part(
    name="disputes",
    kinds=(Kind("dispute", Dispute, owes=True, begun_by=_begun_by, require_standing=_stands),),
    acts=(
        Act(c.RaiseDispute, d.raise_dispute),
        Act(c.EscalateDispute, d.escalate_dispute),
        Act(c.ResolveDispute, d.resolve_dispute),
    ),
)
