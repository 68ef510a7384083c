"""Sampling: the months with the files that were chosen and returned in them, and the samples drawn from those."""

from events.audits import AuditAllocated, AuditSubmitted, AuditVoided
from events.recorded import Recorded
from events.sampling import ReturnCounted
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.directory.recipients import Named
from services.sampling import commands as c
from services.sampling import drawing
from services.sampling.reactions import joins_month
from services.sampling.state import Month


def _names(_month: Month, _item: str, trigger: Recorded | None) -> Named:
    """A month is about its service."""
    match trigger:
        case Recorded(fact=ReturnCounted(service=service)):
            return Named(actor=trigger.envelope.actor, about=service)
        case Recorded():
            return Named(actor=trigger.envelope.actor)
    return Named()


MODULE = Part(
    name="sampling",
    kinds=(Kind("month", Month, owes=True, own_key=True, names=_names),),
    acts=(Act(c.DrawSample, drawing.draw), Act(c.DiscussSample, drawing.discuss)),
    reactions=(Reaction((AuditAllocated, AuditSubmitted, AuditVoided), joins_month),),
)
