"""Escalations: what is answered about every record that owes something."""

from events.errors import Refused
from services.core.command import Command
from services.core.part import Act, Part
from services.core.situation import Situation
from services.escalations import commands as c
from services.escalations import decisions as d


def _owes(_command: Command, situation: Situation) -> None:
    """Refused for a record that owes nothing, and so escalates nothing; NotFound unless it is there."""
    situation.record.require_standing()
    if not situation.record.kind.owes:
        raise Refused("record", f"{situation.record.called} owes nothing, and nothing of it escalates")


MODULE = Part(
    name="escalations",
    acts=(
        Act(c.AcknowledgeEscalation, d.acknowledge, before=_owes),
        Act(c.ResolveEscalation, d.resolve, before=_owes),
        Act(c.MeetObligation, d.meet_obligation, before=_owes, words="record that something owed was done"),
    ),
)
