"""The escalations of one matter as its events leave them: alike for an audit, a dispute, an entry and a duty."""

from dataclasses import dataclass

from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved

Identity = tuple[str, str, str, str]
"""Obligation, step, key and instant (see `events.escalations.Step`)."""


@dataclass(slots=True)
class Escalation:
    """An escalation as it stands."""

    raised: EscalationRaised
    acknowledged: bool = False
    resolved: bool = False


def take_escalation(escalations: dict[Identity, Escalation], fact: Fact) -> None:
    """Take in an event about an escalation; any other changes nothing."""
    match fact:
        case EscalationRaised():
            escalations[fact.identity] = Escalation(fact)
        case EscalationAcknowledged():
            escalations[fact.identity].acknowledged = True
        case EscalationResolved():
            escalations[fact.identity].resolved = True
        case _:
            pass
