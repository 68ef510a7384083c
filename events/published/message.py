"""A published message: a CloudEvent in structured mode (JSON), its subject and its headers.

What tells one message from another is the fact that it tells of and its type, never what it says: a fact that is read
again gives the same message.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from events.published.base import Published
from events.recorded import Recorded
from events.subjects import published_subject

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
MSG_ID = "Nats-Msg-Id"
POSITION = "Sightline-Position"
"""The place in the council's history of the fact that a message tells of: the publisher goes on after the last one."""

FACT = "Sightline-Fact"
"""Which fact that is, opaque: two messages of one fact say the same."""

SUNSET = "Sightline-Sunset"
"""The last day on which facts are told in this version of the type; a newer one is told beside it."""

RECONSTRUCTED = "Sightline-Reconstructed"
"""`true` on what is no news: imported history, and what was recorded before the stream was made."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands in the stream."""

    subject: str
    headers: Mapping[str, str]
    body: bytes


def fact_id(authority: str, event_id: str) -> str:
    """The opaque id of a fact. An event id may come from a caller, so nothing of it is shown."""
    return _opaque(authority, event_id)


def message_id(authority: str, event_id: str, kind: type[Published]) -> str:
    """The id of the message of that type about a fact."""
    return _opaque(authority, event_id, kind.event_type())


def message(told: Published, event: Recorded, *, reconstructed: bool) -> Message:
    """The message that tells of the event. `reconstructed` says that it is no news, and puts it on a subject apart.

    The same event and the same data give the same bytes.
    """
    envelope = event.envelope
    frame = _frame(type(told), envelope.authority, reconstructed)
    identity = message_id(envelope.authority, envelope.event_id, frame.kind)
    body = {
        "specversion": "1.0",
        "id": identity,
        "source": frame.source,
        "type": frame.type,
        "subject": told.record,
        "time": _utc(envelope.occurred),
        "datacontenttype": "application/json",
        "dataschema": frame.schema,
        "recordedtime": _utc(envelope.recorded),
        "reconstructed": reconstructed,
        "data": orjson.Fragment(told.model_dump_json()),
    }
    headers = {
        "Content-Type": CONTENT_TYPE,
        MSG_ID: identity,
        POSITION: str(event.position),
        FACT: fact_id(envelope.authority, envelope.event_id),
        **frame.headers,
    }
    return Message(frame.subject, headers, orjson.dumps(body))


class _Frame(NamedTuple):
    """What the messages of one type in one authority have in common."""

    kind: type[Published]
    source: str
    type: str
    schema: str
    subject: str
    headers: Mapping[str, str]


@lru_cache(maxsize=1_024)
def _frame(kind: type[Published], authority: str, reconstructed: bool) -> _Frame:  # noqa: FBT001 - a key of the cache
    return _Frame(
        kind,
        f"/sightline/{authority}",
        kind.event_type(),
        kind.schema_id(),
        published_subject(authority, kind.name, kind.major, reconstructed=reconstructed),
        {
            **({RECONSTRUCTED: "true"} if reconstructed else {}),
            **({SUNSET: kind.sunset.isoformat()} if kind.sunset else {}),
        },
    )


def in_force(kind: type[Published], stored: date) -> bool:
    """Whether facts of that day are told in this version of the type."""
    return kind.sunset is None or stored <= kind.sunset


def read(body: bytes) -> Mapping[str, Any]:
    """The CloudEvent of a message. ValueError where it is none."""
    found = orjson.loads(body)
    if not isinstance(found, dict) or found.get("specversion") != "1.0":
        raise ValueError("the message is not a CloudEvent")
    return found


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _opaque(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
