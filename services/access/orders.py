"""From what a caller sends to a command: the actor is the caller, whatever the body says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from events.errors import Forbidden, Refused
from services.access.caller import Caller
from services.clock import local_date
from services.core.catalogue import Catalogue
from services.core.command import Command, made_fields
from services.core.desk import Desk
from services.core.outcome import Outcome
from services.core.recent import require_recent
from services.directory.may import Council

OBJECT = "must be one JSON object"
MADE_HERE = "is made as the order is taken; leave it out"

Complete = Callable[[Command], Command]
"""Fills in what the door makes of an order (see `services.core.command.MADE`); a command without any stays as it is."""


def _as_it_is(command: Command) -> Command:
    return command


def as_act(caller: Caller, body: Mapping[str, Any], *, catalogue: Catalogue, now: datetime) -> Command:
    """The command that the caller orders, with the caller as its actor. A repeat gives the same.

    What the body says of `actor`, `authority` or `role` must be so by the token: Forbidden, naming the field, if it is
    not. What it leaves out is the token's, where that leaves no choice. With `at` the act is one of the last days, and
    happens live all the same; Refused, naming the field, for what is older (see `services.core.recent`), and for
    whatever else of the body is at fault. That the actor holds the role is asked when it is carried out.
    """
    if not isinstance(body, Mapping):
        raise Refused("body", OBJECT)
    said = {
        "actor": _own(caller, body),
        "authority": _said_or_only(body, "authority", caller.authorities),
        "role": _said_or_only(body, "role", caller.roles),
    }
    try:
        line = orjson.dumps({**body, **said})
    except orjson.JSONEncodeError as error:
        raise Refused("body", OBJECT) from error
    command = catalogue.parse(line)
    if given := sorted(made_fields(type(command)) & body.keys()):
        raise Refused(given[0], MADE_HERE)
    caller.require_authority(command.authority)
    caller.require_claimed(command.role)
    require_recent(command, now)
    return command


def carry_out(caller: Caller, body: Mapping[str, Any], desk: Desk, complete: Complete = _as_it_is) -> Outcome:
    """Carry out what the caller orders at the desk of the authority; raises what `as_act`, `complete` and the desk do.

    Whoever acts for themselves acts now, whatever day they name: they must be of the authority today as well. So
    nobody who has left acts by a date on which they had not.
    """
    command = as_act(caller, body, catalogue=desk.catalogue, now=desk.clock())
    if command.at is not None:
        _require_in_post(command.actor, desk)
    return desk.carry_out(complete(command))


def _require_in_post(person: str, desk: Desk) -> None:
    today = local_date(desk.clock())
    directory = desk.people.brought_up_to_date(desk.store, desk.catalogue).state
    if not Council(directory, desk.policies.in_force(today)).posts(person, today):
        raise Forbidden("actor", f"{person} holds no post on {today}")


def _own(caller: Caller, body: Mapping[str, Any]) -> str:
    if body.get("actor", caller.person) != caller.person:
        raise Forbidden("actor", "is whoever the token names; leave it out")
    return caller.person


def _said_or_only(body: Mapping[str, Any], field: str, known: frozenset[str] | None) -> Any:
    """What the body says, or the only one that the token knows. Refused where that leaves a choice."""
    if field in body:
        return body[field]
    if known is None or len(known) != 1:
        raise Refused(field, "is needed")
    return next(iter(known))
