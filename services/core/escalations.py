"""The escalations of one record as its events leave them: alike for every kind of record."""

from dataclasses import dataclass

from events.base import Fact
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved, Reference, Step


@dataclass(slots=True)
class Escalation:
    """An escalation as it stands."""

    raised: EscalationRaised
    acknowledged: bool = False
    resolved: bool = False


def take_escalation(escalations: dict[Reference, Escalation], fact: Fact) -> None:
    """Take in an event about an escalation; any other changes nothing."""
    if not isinstance(fact, Step):  # as nearly every event is: asked once
        return
    match fact:
        case EscalationRaised():
            escalations[fact.reference] = Escalation(fact)
        case EscalationAcknowledged():
            escalations[fact.reference].acknowledged = True
        case EscalationResolved():
            escalations[fact.reference].resolved = True
        case _:
            pass
