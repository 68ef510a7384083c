"""The published language as an AsyncAPI 3 document: made of the types themselves, so that it says what they say."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson
from pydantic import AwareDatetime
from pydantic.json_schema import models_json_schema

from events.audits import AuditFiled
from events.base import Ref
from events.envelope import Envelope
from events.published.base import TYPES, OpaqueId, Part, Published, RecordName, Term, opened
from events.published.message import (
    CONTENT_TYPE,
    FACT,
    MSG_ID,
    POSITION,
    RECONSTRUCTED,
    SUNSET,
    Message,
    message,
    read,
)
from events.recorded import Recorded
from events.subjects import PUBLISHED_AGE, published_subject

Schema = dict[str, Any]

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
COUNCIL = "torbay"
SUBSCRIBER = "#/components/securitySchemes/subscriber"
OPAQUE = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
UTC_TIME = {"type": "string", "format": "date-time", "pattern": "Z$"}

SAMPLES: dict[str, Any] = {
    "record": "audit/TOR-034",
    "obligation": "return",
    "step": "overdue",
    "item": "2",
    "role": "head_of_service",
    "by_role": "qa_team",
    "section": "voice",
    "grade": "Meets Good",
    "before": "Meets Good",
    "after": "Does Not Meet Good",
    "audit_type": "case file",
    "action": "X-1",
    "owners": ("P-9",),
    "level": 2,
}
"""What stands in the examples where the name of a field says more than its kind does."""

BY_KIND: tuple[tuple[Any, Any], ...] = (
    (Ref, "R-1"),
    (Term, "term"),
    (RecordName, "audit/TOR-034"),
    (OpaqueId, "0" * 32),
    (bool, False),
    (int, 1),
    (date, date(2026, 11, 30)),
    (AwareDatetime, NOON),
)


def document(kinds: Iterable[type[Published]] | None = None) -> Schema:
    """The AsyncAPI document of these types, or of all; the same types give the same document.

    Sightline sends; who reads is told the subjects, the headers, the data with examples, and how it is let in.
    """
    found = sorted(TYPES.values() if kinds is None else kinds, key=lambda kind: (kind.name, kind.major))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sightline: published messages",
            "version": "1.0.0",
            "description": (
                "What other services of a council may rely on. Each message is a CloudEvent 1.0 in structured mode and"
                " tells of one fact, once. No message holds free text, a child or a child's number. A field may be"
                " added to a type; whatever changes a meaning takes a new version, which stands in the subject, and the"
                f" former one is published beside it until its sunset. A message is kept for {PUBLISHED_AGE.days} days."
            ),
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "council": {
                "host": "{host}",
                "protocol": "nats",
                "description": "The server of the council, JetStream: each subscriber has a consumer of its own.",
                "variables": {"host": {"description": "Host and port.", "default": "127.0.0.1:4222"}},
                "security": [{"$ref": SUBSCRIBER}],
            }
        },
        "channels": {name: channel for kind in found for name, channel in _channels(kind)},
        "operations": {name: operation for kind in found for name, operation in _operations(kind)},
        "components": {
            "messages": {kind.event_type(): _message(kind) for kind in found},
            "schemas": _schemas(found),
            "parameters": {
                "authority": {"description": "The council, such as torbay.", "examples": [COUNCIL]},
            },
            "securitySchemes": {
                "subscriber": {
                    "type": "userPassword",
                    "description": "Each subscriber has an account, a user and a consumer of its own.",
                }
            },
        },
    }


def example(kind: type[Published]) -> Message:
    """A message of that type, as it could be sent."""
    told = kind(**_sample(kind))
    envelope = Envelope(
        "example.0", COUNCIL, "P-QA", "qa_team", NOON, NOON, correlation="", causation="", policy_version="1"
    )
    return message(told, Recorded(told.record, 1, AuditFiled(), envelope, 1_204), reconstructed=False)


def _channels(kind: type[Published]) -> Iterator[tuple[str, Schema]]:
    about = {
        "parameters": {"authority": {"$ref": "#/components/parameters/authority"}},
        "messages": {kind.event_type(): {"$ref": f"#/components/messages/{kind.event_type()}"}},
    }
    said = _first(kind)
    news = published_subject("{authority}", kind.name, kind.major)
    old = published_subject("{authority}", kind.name, kind.major, reconstructed=True)
    yield kind.event_type(), {"address": news, "title": kind.name, "description": said, **about}
    apart = f"No news: imported history, and what was recorded before the stream was made. {said}"
    yield f"{kind.event_type()}.reconstructed", {"address": old, "title": kind.name, "description": apart, **about}


def _operations(kind: type[Published]) -> Iterator[tuple[str, Schema]]:
    for channel, _ in _channels(kind):
        yield (
            f"send.{channel}",
            {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel}"},
                "summary": _first(kind),
                "security": [{"$ref": SUBSCRIBER}],
                "messages": [{"$ref": f"#/channels/{channel}/messages/{kind.event_type()}"}],
            },
        )


def _message(kind: type[Published]) -> Schema:
    shown = example(kind)
    retired = {"x-sunset": kind.sunset.isoformat()} if kind.sunset else {}
    return {
        "name": kind.event_type(),
        "title": kind.name,
        "summary": _first(kind),
        "description": _docstring(kind),
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": f"#/components/schemas/{_headers_name(kind)}"},
        "payload": {"$ref": f"#/components/schemas/{kind.event_type()}"},
        "examples": [{"name": "example", "headers": dict(shown.headers), "payload": dict(read(shown.body))}],
        **retired,
    }


def _schemas(kinds: list[type[Published]]) -> Schema:
    """The data of each type with its parts, the CloudEvent around it, and its headers."""
    template = "#/components/schemas/{model}"
    modes = [(kind, "serialization") for kind in kinds]
    names, defined = models_json_schema(modes, ref_template=template)  # type: ignore[arg-type]  # the mode is a literal
    data: Schema = opened(defined.get("$defs", {}))
    events = {kind.event_type(): _cloud_event(kind, names[kind, "serialization"]) for kind in kinds}
    return {**data, **events, **{_headers_name(kind): _headers(kind) for kind in kinds}}


def _cloud_event(kind: type[Published], data: Schema) -> Schema:
    properties: Schema = {
        "specversion": {"const": "1.0"},
        "id": {**OPAQUE, "description": "Tells this message from any other; the same if it ever comes again."},
        "source": {"type": "string", "pattern": "^/sightline/[a-z][a-z0-9-]*$"},
        "type": {"const": kind.event_type()},
        "subject": {"type": "string", "description": "What it is about: kind and opaque reference."},
        "time": {**UTC_TIME, "description": "When it happened."},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"const": kind.schema_id()},
        "recordedtime": {**UTC_TIME, "description": "When it was recorded."},
        "reconstructed": {"type": "boolean", "description": "Whether it is no news."},
        "data": data,
    }
    return {"type": "object", "description": _docstring(kind), "required": list(properties), "properties": properties}


def _headers(kind: type[Published]) -> Schema:
    properties: Schema = {
        "Content-Type": {"const": CONTENT_TYPE},
        MSG_ID: {**OPAQUE, "description": "The id of the CloudEvent."},
        POSITION: {"type": "string", "pattern": "^[0-9]+$", "description": "The place of the fact in the history."},
        FACT: {**OPAQUE, "description": "Which fact it tells of."},
    }
    required = list(properties)
    properties[RECONSTRUCTED] = {"const": "true", "description": "Only on what is no news."}
    if kind.sunset:
        properties[SUNSET] = {"const": kind.sunset.isoformat(), "description": "The last day of this version."}
        required.append(SUNSET)
    return {"type": "object", "required": required, "properties": properties}


def _headers_name(kind: type[Published]) -> str:
    return f"{kind.event_type()}.headers"


def _docstring(kind: type[Published]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _first(kind: type[Published]) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _sample(kind: type[Part]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: _value(name, hints[name]) for name in kind.model_fields}


def _value(name: str, hint: Any) -> Any:
    if name in SAMPLES and get_origin(hint) is not Literal:
        return SAMPLES[name]
    for known, value in BY_KIND:
        if hint == known:
            return value
    arguments = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return arguments[0]
        case origin if origin in {Union, UnionType}:
            return _value(name, next(each for each in arguments if each is not type(None)))
        case origin if origin is tuple:
            return (_value(name, arguments[0]),)
    return hint(**_sample(hint))


def as_text(kinds: Iterable[type[Published]] | None = None) -> str:
    """The document as it is printed."""
    return orjson.dumps(document(kinds), option=orjson.OPT_INDENT_2).decode()
