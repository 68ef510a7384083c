"""From what becomes of a message to events: what the sender records of itself."""

from collections.abc import Sequence
from datetime import datetime

from events.base import Fact
from events.recorded import Recorded
from services.core.own_events import own_envelope
from services.core.random_ids import random_id
from services.policy.model import Policy


def record_of(reference: str) -> str:
    """The record of a message."""
    return f"delivery/{reference}"


def as_recorded(
    facts: Sequence[tuple[str, int, Fact]], *, authority: str, cause: str, policy: Policy, now: datetime
) -> tuple[Recorded, ...]:
    """Events on records, each with the version that it takes, under an id that no other attempt has.

    So of two who try at once one gets a Conflict, and neither takes the other's attempt for its own. `cause` is the id
    of the event that they follow from.
    """
    envelope = own_envelope(random_id(), about=facts[0][0], authority=authority, policy=policy, now=now, cause=cause)
    return tuple(
        Recorded(aggregate, version, fact, envelope.numbered(number))
        for number, (aggregate, version, fact) in enumerate(facts)
    )
