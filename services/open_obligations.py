"""What one record owes and has not done, in plain values that a table can hold: people, dates and the steps to come."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC
from typing import Any

from events.escalations import OUTCOMES, EscalationResolved
from events.recorded import Recorded
from services.core.own_names import SYSTEM_ACTOR
from services.core.record import Kind, Record
from services.directory.recipients import Named
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies

_PEOPLE = tuple(each.name for each in fields(Named))

TOLD = (*OUTCOMES, EscalationResolved)
"""What the engine itself has recorded of a step and of its end."""


def open_obligations(record: Record, policies: Policies) -> list[dict[str, Any]]:
    """Every obligation of a record that somebody can meet, has a last day, and is neither met nor fallen away.

    One that is about actions alone is not owed while there is none.

    A pure function of history and policy. Whether it is overdue, and who holds the posts, is asked of the day.
    """
    return _open(record.kind, record.history, policies, lambda: record.state)


def open_by_history(kind: Kind, history: Sequence[Recorded], policies: Policies) -> list[dict[str, Any]]:
    """The same of a record of that kind with this history: how it stands is made of it where something is open."""
    return _open(kind, history, policies, lambda: _left_by(kind, history))


def is_told_alone(recorded: Recorded) -> bool:
    """Whether an event leaves what its record owes as it was: the engine itself had it recorded that somebody was told.

    What a person answers to that may keep further steps from being said.
    """
    fact = recorded.fact
    if not isinstance(fact, TOLD):
        return False
    answered = isinstance(fact, EscalationResolved) and fact.how == "resolved"
    return recorded.envelope.actor == SYSTEM_ACTOR and not answered


def _left_by(kind: Kind, history: Sequence[Recorded]) -> Any:
    state = kind.begin()
    for each in history:
        state.apply(each)
    return state


def _open(
    kind: Kind, history: Sequence[Recorded], policies: Policies, state: Callable[[], Any]
) -> list[dict[str, Any]]:
    found = obligations(history, policies, open_alone=True)
    if not found:
        return []
    stands = state()
    return [_row(each, kind.named_in(stands, each.key, each.trigger)) for each in found]


def _row(owed: Obligation, people: Named) -> dict[str, Any]:
    envelope = owed.trigger.envelope
    return {
        "obligation": owed.name,
        "item": owed.key,
        "trigger": envelope.event_id,
        "title": owed.rule.title,
        "due": owed.due,
        "since": None if owed.stands else owed.overdue_from,
        "stands_since": owed.stands.since if owed.stands else None,
        "stands_because": owed.stands.ground if owed.stands else None,
        "policy_version": envelope.policy_version,
        "people": {name: getattr(people, name) for name in _PEOPLE} | {"also": dict(people.also)},
        "steps": [
            {"due": rung.due.astimezone(UTC).isoformat(), "kind": rung.kind, "title": owed.titled(rung, rung.due)}
            for rung in sorted(owed.rungs, key=lambda rung: rung.due)
        ],
    }


def people_from(people: dict[str, Any]) -> Named:
    """The people of a record as `open_obligations` wrote them down."""
    also = {role: tuple(persons) for role, persons in people["also"].items()}
    return Named(**{**people, "also": also, "abouts": tuple(people["abouts"])})
