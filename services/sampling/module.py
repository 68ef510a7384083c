"""Sampling: the months with the files that were chosen and returned in them, and the samples drawn from those."""

from collections.abc import Mapping
from typing import Any

from events.audits import AuditAllocated, AuditModerated, AuditSubmitted, AuditVoided
from events.base import Fact
from events.sampling import FileModerated, ReturnCounted
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.sampling import commands as c
from services.sampling import drawing
from services.sampling.reactions import joins_month
from services.sampling.state import Month


def _begun_by(fact: Fact) -> Mapping[str, Any]:
    """A month is about its service."""
    return {"about": fact.service} if isinstance(fact, ReturnCounted | FileModerated) else {}


MODULE = Part(
    name="sampling",
    kinds=(Kind("month", Month, owes=True, own_key=True, begun_by=_begun_by),),
    acts=(Act(c.DrawSample, drawing.draw), Act(c.DiscussSample, drawing.discuss)),
    reactions=(Reaction((AuditAllocated, AuditSubmitted, AuditModerated, AuditVoided), joins_month),),
)
