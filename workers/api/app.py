"""The application: every command, every view, what is told of one record, and the streams, behind one guard."""

import asyncio
from functools import cache
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from events.errors import SightlineError
from workers.api.answers import problem_response
from workers.api.calendar import calendar_route
from workers.api.callers import Reception
from workers.api.commands import command_routes
from workers.api.document import document
from workers.api.guard import REQUEST_ID, Guard, Limits
from workers.api.lists import LISTS, list_routes
from workers.api.policies import policy_routes
from workers.api.records import record_routes
from workers.api.reports import report_routes
from workers.api.streams import Streams, stream_routes
from workers.api.views import shown_views, view_routes
from workers.doors.bearer import Tokens
from workers.doors.office import Office
from workers.doors.problems import DEFECT, MALFORMED, NO_METHOD, NOT_FOUND, Kind, Problem
from workers.doors.rates import Buckets

NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
"""Nothing leaves the process by itself, whatever the environment says: a path or an error may name a child."""

DOCUMENT = "/v1/openapi.json"
"""Where the API describes itself, to whoever asks."""

OF_STATUS = {404: NOT_FOUND, 405: NO_METHOD}


def make_app(office: Office, tokens: Tokens) -> Guard:
    """The application of an office, as a server takes it; FastAPI's own stands behind it as `app`."""
    settings = office.system.settings
    app = FastAPI(
        title="Sightline",
        version="1",
        telemetry=NO_TELEMETRY,
        debug=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: _of_framework, SightlineError: _of_ours, Exception: _defect},
    )
    reception = Reception(office, tokens, Buckets(settings.api_rate, settings.api_burst))
    streams = Streams(office)
    routes = [
        *command_routes(office, reception),
        *view_routes(office, reception),
        *list_routes(office, reception),
        *record_routes(office, reception),
        *report_routes(office, reception),
        *policy_routes(office, reception),
        *stream_routes(office, reception, streams),
        calendar_route(office, reception),
    ]
    for each in routes:
        app.add_api_route(each.path, each.serve, methods=[each.method], name=each.name, include_in_schema=False)

    @cache
    def told() -> bytes:
        return orjson.dumps(document(routes, office.system.catalogue, shown_views(office.system), LISTS))

    async def describe(_request: Request) -> Response:
        # Made for the first who asks, beside all others: it takes as long as the rest of the application together.
        return Response(await asyncio.to_thread(told), media_type="application/json")

    app.add_api_route(DOCUMENT, describe, methods=["GET"], name="document", include_in_schema=False)
    limits = Limits(body_bytes=settings.api_body_bytes, requests_at_once=settings.api_requests_at_once)
    return Guard(app, limits, streams)


async def _of_ours(request: Request, error: Any) -> Response:
    return problem_response(Problem.of(error), getattr(request.state, REQUEST_ID))


async def _of_framework(request: Request, error: Any) -> Response:
    kind: Kind = OF_STATUS.get(error.status_code, MALFORMED)
    return problem_response(
        Problem(kind, kind.title, headers=tuple((error.headers or {}).items())), getattr(request.state, REQUEST_ID)
    )


async def _defect(request: Request, _error: Any) -> Response:
    return problem_response(Problem(DEFECT, DEFECT.title), getattr(request.state, REQUEST_ID))
