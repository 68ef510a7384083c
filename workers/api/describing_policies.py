"""How the routes of the rules are described in the OpenAPI document."""

from workers.api.describing import ALWAYS, AS_AT, AS_KNOWN, AUTHORITY, Operation, answers_of, json_of, ref, rows_of

FOR_POSTS = "For whoever holds a post of the authority today."


def adopted_operation() -> Operation:
    """The operation of the list of adopted versions."""
    said = "Every version of the framework that was adopted: by whom, in force from when, and its hash."
    return {
        "operationId": "policies",
        "tags": ["policies"],
        "summary": said,
        "description": f"{FOR_POSTS} Each event names the rules that it was decided by with such a hash.",
        "parameters": [AUTHORITY],
        "responses": answers_of(said, json_of(rows_of("AdoptedVersion")), ALWAYS),
    }


def in_force_operation() -> Operation:
    """The operation of the framework in words."""
    said = "The framework in force, in words: today, or on a day that has passed."
    return {
        "operationId": "policy-in-force",
        "tags": ["policies"],
        "summary": said,
        "description": FOR_POSTS,
        "parameters": [AUTHORITY, AS_AT, AS_KNOWN],
        "responses": answers_of(said, json_of(ref("FrameworkInWords")), ALWAYS),
    }
