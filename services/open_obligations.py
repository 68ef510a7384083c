"""What one record owes and has not done, in plain values that a table can hold: people, dates and the steps to come."""

from dataclasses import fields
from datetime import UTC
from typing import Any

from services.core.record import Record
from services.directory.recipients import Named
from services.obligations.engine import obligations
from services.obligations.model import Obligation
from services.policy.versions import Policies

_PEOPLE = tuple(each.name for each in fields(Named))


def open_obligations(record: Record, policies: Policies) -> list[dict[str, Any]]:
    """Every obligation of a record that somebody can meet, has a last day, and is neither met nor fallen away.

    One that is about actions alone is not owed while there is none.

    A pure function of history and policy. Whether it is overdue, and who holds the posts, is asked of the day.
    """
    found = obligations(record.history, policies, open_alone=True)
    return [_row(each, record.names(each.key, each.trigger)) for each in found]


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
