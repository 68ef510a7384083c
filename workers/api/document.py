"""The OpenAPI document, made from the routes themselves: there is no other list of what the API takes and answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from services.core.catalogue import Catalogue
from services.core.command import made_fields
from workers.api.commands import ELSEWHERE
from workers.api.describing import body_name, page_name, ref, row_name, row_schema
from workers.api.describing_lists import list_name
from workers.api.lists import Listed
from workers.api.policies import AdoptedVersion, FrameworkInWords
from workers.api.reading import Shown
from workers.api.records import OwedThing, Told
from workers.api.routes import Route
from workers.doors.problems import KINDS

SCHEMAS = "#/components/schemas/{model}"
NOT_IN_BODIES = frozenset({*ELSEWHERE, "actor"})
ABOUT = """Every act and every view of Sightline.

Each answer to an act names its position in the history (`Sightline-Position`); a query takes that as `wait-for`, so
that whoever wrote reads what they wrote. An act with an `Idempotency-Key` is carried out once: a repeat answers
`repeated`, with the same events. With `If-Match` it is carried out only on the version that the caller saw. Errors are
problems (RFC 9457) that name the field and the rule. A child is never named in an address."""


def document(
    routes: Iterable[Route], catalogue: Catalogue, views: Mapping[str, Shown], lists: Iterable[Listed]
) -> dict[str, Any]:
    """The document of these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for each in routes:
        paths.setdefault(each.path, {})[each.method.lower()] = dict(each.operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Sightline", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of the issuer that the settings name; `sightline token PERSON` makes one "
                    "on the embedded default.",
                }
            },
            "schemas": dict(sorted(_schemas(catalogue, views, lists).items())),
        },
    }


def _schemas(catalogue: Catalogue, views: Mapping[str, Shown], lists: Iterable[Listed]) -> dict[str, Any]:
    bodies: list[tuple[Any, Any]] = [(model, "validation") for model in catalogue.commands.values()]
    answers = (Told, OwedThing, AdoptedVersion, FrameworkInWords)
    told: list[tuple[Any, Any]] = [(each, "serialization") for each in answers]
    _, made = models_json_schema([*bodies, *told], ref_template=SCHEMAS)
    schemas: dict[str, Any] = dict(made["$defs"])
    for model in catalogue.commands.values():
        schemas[body_name(model)] = _body(schemas[body_name(model)], made_fields(model))
    for view in views.values():
        schemas[row_name(view)] = row_schema(view.columns)
        schemas[page_name(view)] = _page(row_name(view))
    for each in lists:
        schema = each.adapter.json_schema(mode="serialization", ref_template=SCHEMAS)
        schemas |= schema.pop("$defs", {})
        schemas[f"Row-of-{each.name}"] = schema
        schemas[list_name(each.name)] = _page(f"Row-of-{each.name}")
    return schemas | {"Problem": PROBLEM, "Outcome": OUTCOME}


def _body(schema: Mapping[str, Any], made: frozenset[str]) -> dict[str, Any]:
    """The command without what comes from elsewhere, or is made of it."""
    properties = {name: held for name, held in schema["properties"].items() if name not in NOT_IN_BODIES | made}
    required = [name for name in schema.get("required", ()) if name not in NOT_IN_BODIES]
    return {**schema, "properties": properties, "required": required}


def _page(row: str) -> dict[str, Any]:
    held = {
        "rows": {"type": "array", "items": ref(row)},
        "next": {"type": ["string", "null"], "description": "The cursor of the next page; null on the last one."},
    }
    return {"type": "object", "additionalProperties": False, "required": list(held), "properties": held}


_STRING, _INTEGER = {"type": "string"}, {"type": "integer"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": [each.urn for each in KINDS]},
        "title": _STRING,
        "status": _INTEGER,
        "detail": _STRING,
        "instance": {**_STRING, "description": "Names the request; the log knows it by the same id."},
        "field": {**_STRING, "description": "The part of the request at fault."},
        "rule": {**_STRING, "description": "What it must keep."},
    },
}
_EVENT = {
    "type": "object",
    "required": ["type", "record", "version", "position"],
    "additionalProperties": False,
    "properties": {"type": _STRING, "record": _STRING, "version": _INTEGER, "position": _INTEGER},
}
OUTCOME = {
    "type": "object",
    "required": ["result", "record", "version", "position", "events", "warnings"],
    "additionalProperties": False,
    "properties": {
        "result": {"enum": ["accepted", "repeated"]},
        "record": {**_STRING, "description": "The record that the act is about."},
        "version": {**_INTEGER, "description": "The version of that record after it."},
        "position": {**_INTEGER, "description": "Where the last of the events stands in the history."},
        "events": {"type": "array", "items": _EVENT},
        "warnings": {"type": "array", "items": _STRING, "description": "What is odd about it, and refuses nothing."},
    },
}
