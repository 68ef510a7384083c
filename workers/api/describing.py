"""How each kind of route is described in the OpenAPI document: what it takes, what it answers, and by which rule."""

from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any

from services.core.command import Command
from workers.api.columns import Column, filterable
from workers.api.reading import Shown
from workers.doors.problems import (
    BEHIND,
    BUSY,
    CONFLICT,
    DUTIES,
    FORBIDDEN,
    KINDS,
    MALFORMED,
    MEDIA_TYPE,
    MOVED_ON,
    NO_JSON,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    REFUSED,
    TEXTS_ERASED,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAUTHENTICATED,
    UNAVAILABLE,
    Kind,
)

Operation = dict[str, Any]

ALWAYS = (UNAUTHENTICATED, FORBIDDEN, REFUSED, MALFORMED, TOO_SLOW, TOO_LARGE, TOO_MANY, UNAVAILABLE, BUSY)
OF_COMMANDS = (*ALWAYS, DUTIES, NOT_FOUND, CONFLICT, TEXTS_ERASED, MOVED_ON, NO_JSON)
OF_VIEWS = (*ALWAYS, NOT_ACCEPTABLE, BEHIND)

MAY_READ = (
    "For whoever holds a post of the authority today. Texts are kept back: `[sealed]` stands in their place, unless "
    "`texts=open` asks for them. Then those that the caller needs to know, in a role that the policy gives "
    "`texts.open`, are opened, and who read them stands on record before they are given; `[closed]` stands in the "
    "place of the others."
)
OPENED = {"enum": ["open"]}
POSITION = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
ETAG = {"ETag": {"description": "The version of the record, for If-Match.", "schema": {"type": "string"}}}


def ref(name: str) -> dict[str, str]:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str, place: str, schema: Mapping[str, Any], said: str, **more: Any) -> Operation:
    """A parameter of an operation, by its name and where it stands."""
    return {"name": name, "in": place, "schema": dict(schema), "description": said, **more}


AUTHORITY = parameter(
    "authority",
    "path",
    {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,31}$"},
    "The authority, which the token must let the caller into.",
    required=True,
)
REFERENCE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}
RECORD = (
    parameter("kind", "path", {"type": "string"}, "The kind of record, such as audit; never child.", required=True),
    parameter("reference", "path", REFERENCE, "Its reference.", required=True),
)
TEXTS = parameter("texts", "query", OPENED, "Open the texts, on record; never on a sheet.")
WAIT = parameter(
    "wait-for", "query", POSITION, "Answer once the view has come to this position: that of the caller's own command."
)


DAY = {"type": "string", "format": "date"}
AS_AT = parameter("as_at", "query", DAY, "As it was at the end of this day in England, by all that is known today.")
AS_KNOWN = parameter("as_known", "query", DAY, "As it was known at the end of this day: what was recorded by then.")
NOTE = {
    "Sightline-Note": {
        "description": "Said where nothing had happened, or was known, by the day that was asked about.",
        "schema": {"type": "string"},
    }
}


def answers_of(
    said: str, content: Mapping[str, Any], problems: Iterable[Kind], headers: Mapping[str, Any] | None = None
) -> Operation:
    """The answers by their status: the good one, and every problem that there may be."""
    answers: Operation = {"200": {"description": said, "content": dict(content), "headers": dict(headers or {})}}
    for status in sorted({each.status for each in problems}):
        kinds = [each for each in KINDS if each.status == status and each in set(problems)]
        told = "; ".join(f"`{each.name}`: {each.title}" for each in kinds)
        examples = {each.name: {"value": _example(each)} for each in kinds}
        answers[str(status)] = {
            "description": told,
            "content": {MEDIA_TYPE: {"schema": ref("Problem"), "examples": examples}},
        }
    return answers


def _example(kind: Kind) -> dict[str, Any]:
    told = {"type": kind.urn, "title": kind.title, "status": kind.status, "detail": kind.title}
    return {**told, "instance": "urn:sightline:request:0123456789abcdef"}


def json_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Content in JSON of that schema."""
    return {"application/json": {"schema": dict(schema)}}


def rows_of(name: str) -> dict[str, Any]:
    """The schema of an answer that is all its rows, each of that schema."""
    held = {"rows": {"type": "array", "items": ref(name)}}
    return {"type": "object", "additionalProperties": False, "required": ["rows"], "properties": held}


def body_name(model: type[Command]) -> str:
    """The name of the schema of a command's body."""
    return model.__name__


def command_operation(name: str, model: type[Command]) -> Operation:
    """The operation of a command, with its example."""
    said = (getdoc(model) or "").strip()
    content = {"schema": ref(body_name(model)), **({"example": dict(model.example)} if model.example else {})}
    key = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
    headers = {
        **ETAG,
        "Sightline-Position": {"description": "Where the last of its events stands.", "schema": POSITION},
    }
    return {
        "operationId": name,
        "tags": [name.partition(".")[0]],
        "summary": said.partition("\n")[0],
        "description": f"{said}\n\nFor the roles that the policy of the authority gives `{name}`; the caller must hold "
        "the role that the body names, by the directory, on that day.",
        "parameters": [
            AUTHORITY,
            parameter("Idempotency-Key", "header", key, "The id of the command: it is carried out once, for ever."),
            parameter("If-Match", "header", {"type": "string"}, "The ETag at which the record must be."),
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": answers_of(
            "It was carried out, or had been before.", json_of(ref("Outcome")), OF_COMMANDS, headers
        ),
    }


def row_name(view: Shown) -> str:
    """The name of the schema of a view's rows."""
    return f"Row-{view.shape.name}"


def page_name(view: Shown) -> str:
    """The name of the schema of a page of a view."""
    return f"Page-{view.shape.name}"


def _sheets() -> dict[str, Any]:
    from workers.api.sheets import FORMS  # noqa: PLC0415 - what a workbook needs is slow to load

    return {media.partition(";")[0]: {"schema": {}} for media, _ in FORMS.values()}


LIMIT = parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 1000}, "Rows of a page.")
CURSOR = parameter("cursor", "query", {"type": "string", "maxLength": 2000}, "`next` of the page before.")


def view_operation(view: Shown) -> Operation:
    """The operation of a view."""
    name = view.shape.name
    options = [
        WAIT,
        LIMIT,
        CURSOR,
        parameter("format", "query", {"enum": ["json", "csv", "xlsx"]}, "Instead of Accept; sheets hold every row."),
        TEXTS,
        AS_AT,
        AS_KNOWN,
    ]
    filters = [
        parameter(each.name, "query", each.filter_schema, "Only rows with this value.")
        for each in filterable(view.columns, in_address=True)
    ]
    content = json_of(ref(page_name(view))) | _sheets()
    return {
        "operationId": f"view-{name}",
        "tags": ["views"],
        "summary": f"The rows of the view {name}, in the order of their keys.",
        "description": f"{MAY_READ} A child is asked for in the body of `{name}/search`, never in an address.",
        "parameters": [AUTHORITY, *options, *filters],
        "responses": answers_of("A page of rows, or a sheet of all.", content, OF_VIEWS, NOTE),
    }


def search_operation(view: Shown) -> Operation:
    """The operation of a view that is asked in a body."""
    filters = {each.name: each.filter_schema for each in filterable(view.columns, in_address=False)}
    asked = {
        "filters": {"type": "object", "additionalProperties": False, "properties": filters},
        "wait-for": POSITION,
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
        "cursor": {"type": "string", "maxLength": 2000},
        "format": {"enum": ["json", "csv", "xlsx"]},
        "texts": OPENED,
        "as_at": DAY,
        "as_known": DAY,
    }
    schema = {"type": "object", "additionalProperties": False, "properties": asked}
    content = {"application/json": {"schema": schema, "example": {"filters": {}, "limit": 10}}}
    return {
        "operationId": f"search-{view.shape.name}",
        "tags": ["views"],
        "summary": f"The rows of the view {view.shape.name}, asked for in a body.",
        "description": MAY_READ,
        "parameters": [AUTHORITY],
        "requestBody": {"required": True, "content": content},
        "responses": answers_of("A page.", json_of(ref(page_name(view))) | _sheets(), (*OF_VIEWS, NO_JSON), NOTE),
    }


def row_schema(columns: Iterable[Column]) -> dict[str, Any]:
    """The schema of a row."""
    held = {each.name: each.schema for each in columns}
    return {"type": "object", "additionalProperties": False, "required": list(held), "properties": held}


def record_operation() -> Operation:
    """The operation of a record's story."""
    return {
        "operationId": "record-timeline",
        "tags": ["records"],
        "summary": "Every event of a record, in the order in which it happened.",
        "description": MAY_READ,
        "parameters": [AUTHORITY, *RECORD, WAIT, TEXTS, AS_AT, AS_KNOWN],
        "responses": answers_of("The events.", json_of(rows_of("Told")), (*ALWAYS, NOT_FOUND, BEHIND), ETAG),
    }


def child_operation() -> Operation:
    """The operation of a child's story."""
    asked = {"child": REFERENCE, "wait-for": POSITION, "texts": OPENED, "as_at": DAY, "as_known": DAY}
    schema = {"type": "object", "additionalProperties": False, "required": ["child"], "properties": asked}
    content = {"application/json": {"schema": schema, "example": {"child": "C-1"}}}
    return {
        "operationId": "child-timeline",
        "tags": ["records"],
        "summary": "Every event of one child's audits, and of the child's key.",
        "description": MAY_READ,
        "parameters": [AUTHORITY],
        "requestBody": {"required": True, "content": content},
        "responses": answers_of("The events.", json_of(rows_of("Told")), (*ALWAYS, NOT_FOUND, NO_JSON, BEHIND)),
    }


def owed_operation() -> Operation:
    """The operation of what a record owes."""
    return {
        "operationId": "record-owed",
        "tags": ["records"],
        "summary": "What a record owes: by whom, by when, met or overdue. Worked out from its history on asking.",
        "description": MAY_READ,
        "parameters": [AUTHORITY, *RECORD, AS_AT, AS_KNOWN],
        "responses": answers_of("The obligations.", json_of(rows_of("OwedThing")), (*ALWAYS, NOT_FOUND), ETAG),
    }


def stream_operation(*, record: bool) -> Operation:
    """The operation of a stream of events."""
    last = parameter("Last-Event-ID", "header", POSITION, "Go on after this event; without it, from now on.")
    what = "one record" if record else "the escalations of the authority"
    return {
        "operationId": "record-events" if record else "escalation-events",
        "tags": ["streams"],
        "summary": f"Server-sent events: what happens to {what}, as it happens.",
        "description": f"{MAY_READ} The id of each event is its position. A stream ends after a quarter of an hour at "
        "the latest, and is taken up again with the last id.",
        "parameters": [AUTHORITY, *(RECORD if record else ()), last],
        "responses": answers_of("The stream.", {"text/event-stream": {"schema": {"type": "string"}}}, ALWAYS),
        "x-stream": True,
    }
