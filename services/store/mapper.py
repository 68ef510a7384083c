"""Between what the domain handles (facts with their envelope, snapshots of states) and what the store keeps."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from events import envelope, registry
from events.envelope import Envelope
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.store.stored import StoredFact

SNAPSHOT_TOPIC = "snapshot"
APART = "@"
"""Stands in a snapshot's topic between what it says of itself; former snapshots say less, and are passed over."""


@dataclass(frozen=True, slots=True)
class StateSnapshot:
    """The state of an aggregate at a version, as bytes that its owner can read. Disposable.

    `kind` names the state and its form: a reader passes over a snapshot of another kind. `witness` is the fingerprint
    of the event at that version and `position` its place in the stream: a reader passes over a snapshot whose event is
    not, or no longer, there. `damage` tells what damage of the stream was accepted when it was made: one that was made
    of events which were given up since is passed over as well.
    """

    originator_id: str
    originator_version: int
    kind: str
    state: bytes
    witness: str = ""
    position: int = 0
    damage: str = ""

    def to_stored(self) -> StoredEvent:
        """The stored form: all that it says of itself and of its body stands in the topic."""
        told = (self.kind, self.witness, str(self.position), self.damage, sha256(self.state).hexdigest())
        topic = f"{SNAPSHOT_TOPIC}.{APART.join(told)}"
        return StoredEvent(self.originator_id, self.originator_version, topic, self.state)

    @classmethod
    def of_stored(cls, stored: StoredEvent) -> "StateSnapshot":
        """The snapshot in a stored event. ContractError for what is none, or was changed."""
        name, _, told = stored.topic.partition(".")
        parts = told.split(APART)
        if name != SNAPSHOT_TOPIC or len(parts) != 5 or not parts[2].isdecimal():  # noqa: PLR2004 - as `to_stored` has them
            raise ContractError(stored.topic, "the event carries no envelope, and is no snapshot")
        kind, witness, position, damage, body = parts
        if body != sha256(stored.state).hexdigest():
            raise ContractError(stored.topic, "the body is not the one that was kept")
        about, version = str(stored.originator_id), stored.originator_version
        return cls(about, version, kind, stored.state, witness, int(position), damage)


class EnvelopeMapper(Mapper[str]):
    """Facts travel under their stored names, never under class paths.

    No cipher is applied here: free text is sealed already.
    """

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a fact or a snapshot. ContractError for anything else."""
        if isinstance(domain_event, StateSnapshot):
            return domain_event.to_stored()
        if not isinstance(domain_event, Recorded):
            raise ContractError(type(domain_event).__name__, "only facts and snapshots of states are stored")
        return fact_to_store(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The fact or snapshot.

        ContractError for a stored name or a body that is not known, BrokenHistory for a fact that is not what its
        content hash was made for.
        """
        if not isinstance(stored_event, StoredFact):
            return StateSnapshot.of_stored(stored_event)
        try:
            told = envelope.from_headers(stored_event.headers)
            fingerprint = envelope.checked_hash(stored_event.headers, stored_event.state)
        except (KeyError, ValueError) as error:
            where = f"{stored_event.originator_id}, version {stored_event.originator_version}"
            raise BrokenHistory(where, f"the envelope is not whole: {error}") from error
        return Recorded(
            str(stored_event.originator_id),
            stored_event.originator_version,
            registry.decode(stored_event.topic, stored_event.state),
            told,
            stored_event.position,
            fingerprint,
        )


def fact_to_store(recorded: Recorded) -> StoredFact:
    """The stored form of a fact, with the headers of its envelope and its content hash."""
    fact = recorded.fact
    return body_to_store(
        recorded.originator_id,
        recorded.originator_version,
        fact.stored_name,
        registry.encode(fact),
        recorded.envelope,
    )


def body_to_store(aggregate: str, version: int, name: str, body: bytes, told: Envelope) -> StoredFact:
    """The same of a fact of that stored name, whose body is written already."""
    headers = envelope.to_headers(told, stored_name=name, aggregate=aggregate, version=version, body=body)
    return StoredFact(aggregate, version, name, body, headers=headers)
