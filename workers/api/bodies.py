"""Bodies of HTTP requests."""

from typing import Any

from starlette.requests import Request

from workers.doors import bodies
from workers.doors.problems import NO_JSON, Stopped


def json_object(request: Request, raw: bytes) -> dict[str, Any]:
    """The body as an object; raises as `workers.doors.bodies`, and Stopped for another media type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Stopped(NO_JSON, "must be application/json", field="Content-Type")
    return bodies.json_object(raw)
