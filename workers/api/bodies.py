"""Bodies: a JSON object in which nothing stands twice, and nothing that a screen or a database would obey."""

from typing import Any

import orjson
from starlette.requests import Request

from services.core.soundness import require_sound
from workers.doors.problems import MALFORMED, NO_JSON, Stopped


def json_object(request: Request, raw: bytes) -> dict[str, Any]:
    """The body as an object. Stopped where it is none; Refused, naming the field, for what is not sound."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Stopped(NO_JSON, "must be application/json", field="Content-Type")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Stopped(MALFORMED, "is no JSON", field="body") from error
    if not isinstance(body, dict):
        raise Stopped(MALFORMED, "must be a JSON object", field="body")
    require_sound(raw.decode())
    return body
