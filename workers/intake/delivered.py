"""Messages as a consumer brought them, and the events that they hold."""

from collections.abc import Sequence

from nats.aio.msg import Msg

from events.errors import BrokenHistory, SightlineError
from events.recorded import Recorded
from services.store.messages import RawMessage, from_consumer
from services.store.reading import to_recorded


class Standstill(Exception):
    """The view cannot go on from here: at `position`, or (None) because it is ahead of its stream."""

    def __init__(self, position: int | None, reason: str) -> None:
        self.position = position
        self.reason = reason
        super().__init__(reason)


def decoded(messages: Sequence[RawMessage]) -> tuple[list[Recorded], SightlineError | None]:
    """The events of the messages up to the first that is none, and why that one is none."""
    events: list[Recorded] = []
    for each in messages:
        try:
            events.append(to_recorded(each.subject, each.headers, each.data, each.sequence))
        except SightlineError as fault:
            return events, fault
        except Exception as error:  # noqa: BLE001 - one message that nobody foresaw halts the view, as any other does
            return events, BrokenHistory(
                f"{each.subject} at sequence {each.sequence}", f"it is not an event: {error!r}"
            )
    return events, None


def raw(message: Msg) -> RawMessage:
    """The message as the stream holds it. ValueError for one that came from no stream."""
    return from_consumer(message.subject, message.reply, message.headers or {}, message.data)
