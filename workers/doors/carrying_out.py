"""A caller's order carried out at a desk, and what a door tells of it: the same through every door."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from events.commands import CommandNamed
from events.errors import Refused
from events.recorded import Recorded
from services.access.caller import Caller
from services.access.orders import as_act, carry_out
from services.core.command import Command
from services.core.named import named_aggregate
from services.core.outcome import Outcome
from services.store.application import History
from workers.doors.office import Office, Seat
from workers.doors.watched import Expected
from workers.reports.issuing import completed


def carried_out(
    office: Office, caller: Caller, body: Mapping[str, Any], *, id_from: str, expected: Expected | None = None
) -> dict[str, Any]:
    """What became of the command, as it is answered. A repeat of the same id answers as the first time.

    `body` is the command, with the `authority` that it is for. `id_from` names where the door takes its id from: a rule
    about the id is told of that. `expected` is what the record must stand at. Raises as `services.access.carry_out`
    does, NotFound for an authority that there is not, and Stopped where the record has moved on.
    """
    system = office.system
    with office.seat(body["authority"]) as seat:
        try:
            command = as_act(caller, body, catalogue=system.catalogue, now=system.clock())
            seat.watched.begin(command.aggregate, command.id, expected)
            outcome = carry_out(caller, body, seat.desk, partial(completed, system))
            return _told(system.history(command.authority), seat, command, outcome)
        except Refused as error:
            if error.field == "id" and "id" in body:
                raise Refused(id_from, error.rule) from error
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
