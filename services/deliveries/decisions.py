"""What follows from a message that came back."""

from collections.abc import Iterator

from events.base import Fact
from events.deliveries import DeliveryBounced
from events.errors import Refused
from services.core.situation import Situation
from services.deliveries.commands import ReportBounce
from services.deliveries.state import Delivery


def report_bounce(command: ReportBounce, delivery: Delivery, situation: Situation) -> list[Fact]:
    """It came back. Refused for a message that was never handed over, or is known to have come back."""
    situation.record.require_standing()
    facts: list[Fact] = [*bounced(delivery)]
    if not facts:
        done = "came back before" if delivery.phase == "bounced" else "was not handed over"
        raise Refused("delivery", f"{command.delivery} {done}")
    return facts


def bounced(delivery: Delivery) -> Iterator[DeliveryBounced]:
    """That the message came back, if it was handed over and that is not known; a repeat decides nothing."""
    if delivery.phase == "delivered" and delivery.begun is not None and delivery.begun.recipient is not None:
        yield DeliveryBounced(recipient=delivery.begun.recipient)
