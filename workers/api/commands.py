"""A route for each command of the catalogue, made from it: the body is the command, the actor the caller."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.commands import CommandNamed
from events.errors import Refused
from events.recorded import Recorded
from services.access.caller import Caller
from services.access.orders import as_act, carry_out
from services.core.command import Command
from services.core.named import named_aggregate
from services.core.outcome import Outcome
from services.store.application import History
from workers.api.bodies import json_object
from workers.api.callers import Reception
from workers.api.describing import command_operation
from workers.api.office import Office, Seat
from workers.api.problems import MALFORMED, Stopped
from workers.api.routes import Route, Serve
from workers.api.watched import Expected

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
    for name in office.system.catalogue.commands:
        serve = _serving(office, reception, name)
        yield Route(name, "POST", f"/v1/{{authority}}/commands/{name}", serve, command_operation(name))


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
        told = await office.act(_carry_out, office, caller, said, expected)
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


def _carry_out(office: Office, caller: Caller, body: Mapping[str, Any], expected: Expected | None) -> dict[str, Any]:
    """What became of the command, as it is answered."""
    system = office.system
    with office.seat(body["authority"]) as seat:
        try:
            command = as_act(caller, body, catalogue=system.catalogue, now=system.clock())
            seat.watched.begin(command.aggregate, command.id, expected)
            outcome = carry_out(caller, body, seat.desk)
            return _told(system.history(command.authority), seat, command, outcome)
        except Refused as error:
            if error.field == "id" and "id" in body:
                raise Refused(KEY, error.rule) from error
            raise


def _told(history: History, seat: Seat, command: Command, outcome: Outcome) -> dict[str, Any]:
    events = [_event(each, seat.watched.positions[each.envelope.event_id]) for each in outcome.events]
    if outcome.result == "repeated" and command.id is not None:
        events = _stored_before(history, command.id)
    own = [each["version"] for each in events if each["record"] == command.aggregate]
    return {
        "result": outcome.result,
        "record": command.aggregate,
        "version": own[-1] if own else _version(history, command.aggregate),
        "position": events[-1]["position"] if events else history.position(),
        "events": events,
        "warnings": list(outcome.warnings),
    }


def _event(recorded: Recorded, position: int) -> dict[str, Any]:
    return {
        "type": recorded.fact.stored_name,
        "record": recorded.originator_id,
        "version": recorded.originator_version,
        "position": position,
    }


def _stored_before(history: History, command_id: str) -> list[dict[str, Any]]:
    """The events that the command of this id led to: they stand before that of its name, in one batch with it."""
    for named in history.load(named_aggregate(command_id)):
        if isinstance(named.fact, CommandNamed) and named.position:
            count = int(named.envelope.event_id.rpartition(".")[2])
            found = history.recorder.select_notifications(named.position - count, count, named.position - 1)
            return [
                {
                    "type": each.topic,
                    "record": str(each.originator_id),
                    "version": each.originator_version,
                    "position": each.id,
                }
                for each in found
            ]
    return []


def _version(history: History, aggregate: str) -> int:
    stored = history.load(aggregate)
    return stored[-1].originator_version if stored else 0
