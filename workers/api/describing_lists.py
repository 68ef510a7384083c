"""How the routes of lists that are worked out on asking are described in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from workers.api.describing import (
    ALWAYS,
    AS_AT,
    AS_KNOWN,
    AUTHORITY,
    CURSOR,
    LIMIT,
    NOTE,
    WAIT,
    Operation,
    answers_of,
    json_of,
    parameter,
    ref,
)
from workers.doors.problems import BEHIND


def list_name(name: str) -> str:
    """The name of the schema of a page of a list."""
    return f"Page-of-{name}"


def list_operation(name: str, said: str, filters: Mapping[str, tuple[Mapping[str, Any], str]]) -> Operation:
    """The operation of a list that is worked out on asking."""
    asked = [parameter(each, "query", schema, words) for each, (schema, words) in filters.items()]
    return {
        "operationId": name,
        "tags": ["lists"],
        "summary": said,
        "description": "For whoever holds a post of the authority today. Worked out on asking, of what the views keep.",
        "parameters": [AUTHORITY, WAIT, LIMIT, CURSOR, AS_AT, AS_KNOWN, *asked],
        "responses": answers_of("A page.", json_of(ref(list_name(name))), (*ALWAYS, BEHIND), NOTE),
    }
