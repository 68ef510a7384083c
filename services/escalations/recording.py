"""From what is to be recorded now to events: with ids that every attempt makes alike."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from events.envelope import Envelope
from events.escalations import EscalationResolved, Step
from events.recorded import Recorded
from services.core.own_names import SYSTEM_ACTOR, SYSTEM_ROLE
from services.escalations.settle import Settled
from services.obligations.steps import identity_of


def as_recorded(history: Sequence[Recorded], facts: Sequence[Settled], now: datetime) -> Iterator[Recorded]:
    """The events that come next on the audit of `history`, which holds at least one event.

    The same step gets the same event id in every process and at every attempt.
    """
    last = history[-1]
    for number, settled in enumerate(facts, start=1):
        cause = settled.cause.envelope
        yield Recorded(
            originator_id=last.originator_id,
            originator_version=last.originator_version + number,
            fact=settled.fact,
            envelope=Envelope(
                event_id=f"{_step_id(last.originator_id, settled.fact)}.0",
                authority=cause.authority,
                actor=SYSTEM_ACTOR,
                role=SYSTEM_ROLE,
                occurred=settled.occurred,
                recorded=now,
                correlation=cause.correlation,
                causation=cause.event_id,
                policy_version=cause.policy_version,
                policy_hash=cause.policy_hash,
            ),
        )


def _step_id(aggregate: str, fact: Step) -> str:
    # Sent, raised and lapsed are outcomes of the same step and share its id; a resolution is another act, of what
    # was raised under just that reference.
    resolved = isinstance(fact, EscalationResolved)
    parts = ("resolved", aggregate, *fact.reference) if resolved else ("step", aggregate, *identity_of(fact))
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]
