"""Stored events, as the library has them, as messages and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from eventsourcing.persistence import Notification, StoredEvent

from events import envelope
from services.store.errors import WriteRefused
from services.store.messages import MSG_ID, PLAIN_TOPIC, PLAIN_VERSION, Outgoing, RawMessage
from services.store.naming import originator_of


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A stored event with the envelope that `events.envelope.to_headers` made.

    `position` is the sequence in the stream and `stored` the server's own time of storing; both are None before that.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    position: int | None = field(default=None, compare=False)
    stored: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FactNotification(Notification):
    """A notification that carries the envelope of the fact."""

    headers: Mapping[str, str] = field(default_factory=dict)
    stored: datetime | None = field(default=None, compare=False)


def outgoing(event: StoredEvent, *, subject: str, authority: str) -> Outgoing:
    """The message of an event. A fact's message id comes from its own id, so that a repeat is recognised.

    WriteRefused when an envelope speaks of another aggregate or version: it could never be read back.
    """
    if isinstance(event, StoredFact) and event.headers:
        headers = dict(event.headers)
        told = (headers.get(envelope.SUBJECT), headers.get(envelope.VERSION))
        if told != (event.originator_id, str(event.originator_version)):
            raise WriteRefused("headers", "the envelope must name the aggregate and version of its event")
        headers[MSG_ID] = f"{authority}:{headers[envelope.ID]}"
    else:
        headers = {
            PLAIN_VERSION: str(event.originator_version),
            PLAIN_TOPIC: event.topic,
            MSG_ID: uuid4().hex,
        }
    return Outgoing(subject, event.originator_version, headers, event.state)


def stored_event(message: RawMessage) -> StoredEvent:
    """A StoredFact when the message carries an envelope, a plain StoredEvent otherwise."""
    originator_id = originator_of(message.subject)
    if envelope.ID not in message.headers:
        return StoredEvent(originator_id, message.version, message.topic, message.data)
    return StoredFact(
        originator_id,
        message.version,
        message.topic,
        message.data,
        headers=_envelope_headers(message),
        position=message.sequence,
        stored=datetime.fromisoformat(message.time),
    )


def notification(message: RawMessage) -> Notification:
    """The message as a place in the application's sequence; its id is the stream's sequence."""
    originator_id = originator_of(message.subject)
    if envelope.ID not in message.headers:
        return Notification(originator_id, message.version, message.topic, message.data, id=message.sequence)
    return FactNotification(
        originator_id,
        message.version,
        message.topic,
        message.data,
        id=message.sequence,
        headers=_envelope_headers(message),
        stored=datetime.fromisoformat(message.time),
    )


def _envelope_headers(message: RawMessage) -> dict[str, str]:
    return {name: value for name, value in message.headers.items() if name.startswith("ce-")}
