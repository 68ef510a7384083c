"""What became of one message: the fold of a delivery's record."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from events.deliveries import (
    DeliveryAttempted,
    DeliveryBounced,
    DeliveryDelivered,
    DeliveryFailed,
    DeliveryHandedUp,
    DeliverySuppressed,
    Failure,
    Suppression,
)
from events.recorded import Recorded

Phase = Literal["not begun", "in hand", "waiting", "given up", "delivered", "bounced", "suppressed"]

GOES_UP: frozenset[Suppression] = frozenset({"left", "doubtful"})
"""Reasons for sending nothing of which the tier above is told. Who has no address yet costs nobody above a message."""


@dataclass(slots=True)
class Delivery:
    """One message: of what it tells, how far it has come, and when it is tried again."""

    begun: DeliveryAttempted | DeliverySuppressed | None = None
    phase: Phase = "not begun"
    reason: Failure | Suppression | None = None
    number: int = 0
    attempted: datetime | None = None
    again: datetime | None = None
    handed_up: bool = False
    transport: str | None = None
    notices: frozenset[str] = field(default_factory=frozenset)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case DeliveryAttempted() as begun:
                self.begun, self.phase, self.number = begun, "in hand", begun.number
                self.transport, self.attempted, self.again = begun.transport, recorded.envelope.recorded, None
            case DeliverySuppressed() as begun:
                self.begun, self.phase, self.reason = begun, "suppressed", begun.reason
            case DeliveryDelivered():
                self.phase = "delivered" if self.phase != "bounced" else "bounced"
            case DeliveryFailed(again=again, reason=reason):
                self.phase = "given up" if again is None else "waiting"
                self.reason, self.again = reason, again
            case DeliveryBounced():
                self.phase = "bounced"
            case DeliveryHandedUp():
                self.handed_up = True
        if self.begun is not None:
            self.notices = frozenset(each.notice for each in self.begun.told)

    @property
    def goes_up(self) -> bool:
        """Whether the tier above is still to be told."""
        silent = self.phase in {"given up", "bounced"} or (self.phase == "suppressed" and self.reason in GOES_UP)
        return silent and not self.handed_up
