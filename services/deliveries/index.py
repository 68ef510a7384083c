"""What is still to be sent, as one reading of the stream leaves it: a hint, for each message's own record decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from events.deliveries import DeliveryAttempted, DeliverySuppressed
from events.recorded import Recorded
from services.deliveries.due import Addressed
from services.deliveries.state import Delivery

Name = tuple[str, str, str]


@dataclass(slots=True)
class Index:
    """Who is still to be told of what, and the messages that have not come to their end.

    `waiting` holds what no message has taken up yet, `open` the state of each message in hand. What has ended is
    forgotten, so that it grows with what is to be done and not with history.
    """

    position: int = 0
    waiting: dict[Name, Addressed] = field(default_factory=dict)
    open: dict[str, Delivery] = field(default_factory=dict)
    watched: dict[str, datetime] = field(default_factory=dict)

    def add(self, addressed: Iterable[Addressed]) -> None:
        """Take in who is to be told."""
        self.waiting.update((each.name, each) for each in addressed)

    def follow(self, recorded: Recorded) -> Delivery:
        """Take in an event of a message; the message as it then stands, as far as this reading knows it."""
        reference = recorded.originator_id.partition("/")[2]
        delivery = self.open.setdefault(reference, Delivery())
        delivery.apply(recorded)
        if isinstance(recorded.fact, DeliveryAttempted | DeliverySuppressed):
            self.taken_up(recorded.fact)
        self.settle(reference, delivery, recorded.envelope.recorded)
        return delivery

    def taken_up(self, begun: DeliveryAttempted | DeliverySuppressed) -> None:
        """A message tells of these: nobody waits for them any more."""
        who = begun.recipient or f"{begun.role}@{begun.unit or ''}"
        for each in begun.told:
            self.waiting.pop((who, each.notice, begun.instead_of), None)

    def settle(self, reference: str, delivery: Delivery, at: datetime) -> None:
        """Forget a message that has come to its end; one that was handed over is watched for coming back."""
        if delivery.phase == "delivered":
            self.watched[reference] = at
        elif delivery.phase == "bounced":
            self.watched.pop(reference, None)
        if delivery.phase in {"delivered", "suppressed", "given up", "bounced"} and not delivery.goes_up:
            self.open.pop(reference, None)
        else:
            self.open[reference] = delivery

    def due(self, now: datetime) -> Iterator[tuple[str, list[Addressed]]]:
        """What goes now, by its place: each place is one message."""
        places: dict[str, list[Addressed]] = {}
        for each in self.waiting.values():
            if each.at <= now:
                places.setdefault(each.place, []).append(each)
        yield from places.items()
