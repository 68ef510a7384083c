"""A message that came back: recorded once, of one that went out, and its address is doubted from then on."""

import pytest

from events.base import Fact
from events.deliveries import DeliveryAttempted, DeliveryDelivered, DeliveryFailed, DeliverySuppressed, Told
from tests.given import Scene, fact, given
from tests.histories import history
from tests.lives import QA, Line

TO_DIRECTOR = {
    "role": "director",
    "kind": "escalation",
    "obligation": "return",
    "step": "overdue_1",
    "told": (Told(about="audit/A-1", notice="0a1b.0"),),
}
SENT = DeliveryAttempted.model_validate({**TO_DIRECTOR, "recipient": "P-DIR", "transport": "smtp"})
DELIVERED = DeliveryDelivered(transport="smtp")
TO_NOBODY = SENT.model_copy(update={"recipient": None})
BOUNCE: Line = {"command": "delivery.report_bounce", "authority": "torbay", **QA, "delivery": "M-1"}


def at_desk(*facts: Fact, addressed: bool = False) -> Scene:
    """Torbay with a director, who may have an address, and what became of one message."""
    director = {"authority": "torbay", **QA, "person": "P-DIR"}
    address = {**director, "command": "person.address", "address": "somebody@council.example"}
    desk = given({**director, "command": "person.appoint", "post": "director"}, *([address] if addressed else []))
    desk.store.append(*history([("delivery/M-1", each) for each in facts]))
    return desk


def test_a_bounce_is_recorded_once() -> None:
    """It says whose message came back; said again, it came back before."""
    desk = at_desk(SENT, DELIVERED).when(BOUNCE).then(fact("delivery.bounced", "delivery/M-1", recipient="P-DIR"))
    desk.when({**BOUNCE, "id": "again"}).refused("delivery", "M-1 came back before")


def test_the_address_is_doubted() -> None:
    """Where the person has an address, it is not used until it is changed."""
    at_desk(SENT, DELIVERED, addressed=True).when(BOUNCE).then(
        fact("delivery.bounced", recipient="P-DIR"), fact("person.address_doubted", person="P-DIR")
    )


@pytest.mark.parametrize(
    "facts",
    [
        (SENT,),
        (SENT, DeliveryFailed(reason="refused", transport="smtp")),
        (DeliverySuppressed.model_validate({**TO_DIRECTOR, "recipient": "P-DIR", "reason": "no_address"}),),
        (TO_NOBODY, DELIVERED),
    ],
    ids=["in hand", "given up", "suppressed", "to nobody"],
)
def test_what_never_arrived_cannot_come_back(facts: tuple[Fact, ...]) -> None:
    """A message that was not handed over to somebody has no bounce."""
    at_desk(*facts).when(BOUNCE).refused("delivery", "M-1 was not handed over")
