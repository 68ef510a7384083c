"""A route for each command of the catalogue, made from it: the body is the command, the actor the caller."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.errors import Refused
from workers.api.bodies import json_object
from workers.api.callers import Reception
from workers.api.describing import command_operation
from workers.api.routes import Route, Serve
from workers.doors.carrying_out import carried_out
from workers.doors.office import Office
from workers.doors.problems import MALFORMED, Stopped
from workers.doors.watched import Expected

POSITION = "Sightline-Position"
KEY = "Idempotency-Key"
ELSEWHERE: Mapping[str, str] = {
    "command": "stands in the path; leave it out of the body",
    "authority": "stands in the path; leave it out of the body",
    "id": f"is the header {KEY}; leave it out of the body",
}
"""The fields of a command that come from elsewhere, beside the actor, who is the caller."""

TAG = re.compile(r'\s*(W/)?"([0-9]{1,9})"\s*')


def command_routes(office: Office, reception: Reception) -> Iterator[Route]:
    """A route for each command that the catalogue of the system knows."""
    for name, model in office.system.catalogue.commands.items():
        serve, operation = _serving(office, reception, name), command_operation(name, model)
        yield Route(name, "POST", f"/v1/{{authority}}/commands/{name}", serve, operation)


def _serving(office: Office, reception: Reception, name: str) -> Serve:
    async def serve(request: Request) -> Response:
        caller = await reception.caller(request)
        said = {
            "command": name,
            "authority": request.path_params["authority"],
            **_said(request, await request.body()),
        }
        key = request.headers.get(KEY)
        if key is not None:
            said["id"] = key
        expected = expected_of(request.headers.get("If-Match"))
        told = await office.act(carried_out, office, caller, said, id_from=KEY, expected=expected)
        headers = {POSITION: str(told["position"]), "ETag": f'"{told["version"]}"'}
        return Response(orjson.dumps(told), headers=headers, media_type="application/json")

    return serve


def _said(request: Request, raw: bytes) -> dict[str, Any]:
    """The body. Refused for a field that comes from elsewhere."""
    body = json_object(request, raw)
    for name, rule in ELSEWHERE.items():
        if name in body:
            raise Refused(name, rule)
    return body


def expected_of(if_match: str | None) -> Expected | None:
    """The versions that If-Match names; None where there is no such header. A weak one matches nothing."""
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return Expected(None)
    found = [TAG.fullmatch(each) for each in if_match.split(",")]
    if not all(found):
        raise Stopped(MALFORMED, 'must be the ETag of the record, such as "3", or *', field="If-Match")
    return Expected(frozenset(int(each[2]) for each in found if each and not each[1]))
