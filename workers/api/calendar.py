"""The calendar behind a secret address: the one route without a token, for programs that can send none."""

from starlette.requests import Request
from starlette.responses import Response

from services.calendar_feed import hashed
from workers.api.answers import problem_response
from workers.api.callers import Reception
from workers.api.describing import answers_of
from workers.api.guard import REQUEST_ID
from workers.api.routes import Route
from workers.asking.calendars import calendar
from workers.doors.office import Office
from workers.doors.problems import BUSY, MALFORMED, NOT_FOUND, TOO_MANY, UNAVAILABLE, Problem

LONGEST = 200


def calendar_route(office: Office, reception: Reception) -> Route:
    """The route. What leads nowhere is not found, in the same words for whatever reason.

    A calendar is asked for as often as any caller may ask, and so are guesses from one address.
    """

    async def serve(request: Request) -> Response:
        secret = request.path_params["secret"]
        reception.stranger(request, f"calendar {hashed(secret)}")
        found = await office.ask(calendar, office.system, secret) if len(secret) <= LONGEST else None
        if found is None:
            reception.guessed(request)
            return problem_response(Problem(NOT_FOUND, NOT_FOUND.title), getattr(request.state, REQUEST_ID))
        return Response(found, media_type="text/calendar", headers={"Cache-Control": "private, no-store"})

    operation = {
        "operationId": "calendar",
        "summary": "What one person owes, as a calendar (RFC 5545). The secret stands in the address.",
        "parameters": [{"name": "secret", "in": "path", "required": True, "schema": {"type": "string"}}],
        "security": [],
        "responses": answers_of(
            "The calendar.",
            {"text/calendar": {"schema": {"type": "string"}}},
            (NOT_FOUND, UNAVAILABLE, BUSY, MALFORMED, TOO_MANY),
        ),
    }
    return Route("calendar", "GET", "/calendar/{secret}.ics", serve, operation)
