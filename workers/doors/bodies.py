"""Bodies: a JSON object in which nothing stands twice, and nothing that a screen or a database would obey."""

from typing import Any

import orjson

from services.core.soundness import require_sound
from workers.doors.problems import MALFORMED, Stopped


def json_object(raw: bytes) -> dict[str, Any]:
    """The body as an object. Stopped where it is none; Refused, naming the field, for what is not sound."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Stopped(MALFORMED, "is not valid JSON", field="body") from error
    if not isinstance(body, dict):
        raise Stopped(MALFORMED, "must be a JSON object", field="body")
    require_sound(raw.decode())
    return body
