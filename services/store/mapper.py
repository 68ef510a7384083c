"""Between what the domain handles (facts with their envelope, snapshots of states) and what the store keeps."""

from dataclasses import dataclass
from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from events import envelope, registry
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.store.messages import StoredFact

SNAPSHOT_TOPIC = "snapshot"
WITNESS = "@"
"""Stands in a snapshot's topic between its kind and its witness; former snapshots name none, and are passed over."""


@dataclass(frozen=True, slots=True)
class StateSnapshot:
    """The state of an aggregate at a version, as bytes that its owner can read. Disposable.

    `kind` names the state and its form: a reader passes over a snapshot of another kind. `witness` is the fingerprint
    of the event at that version: a reader passes over a snapshot whose event is not, or no longer, in the history.
    """

    originator_id: str
    originator_version: int
    kind: str
    state: bytes
    witness: str = ""


class EnvelopeMapper(Mapper[str]):
    """Facts travel under their stored names, never under class paths.

    No cipher is applied here: free text is sealed already.
    """

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a fact or a snapshot. ContractError for anything else."""
        if isinstance(domain_event, StateSnapshot):
            return StoredEvent(
                domain_event.originator_id,
                domain_event.originator_version,
                f"{SNAPSHOT_TOPIC}.{domain_event.kind}{WITNESS}{domain_event.witness}",
                domain_event.state,
            )
        if not isinstance(domain_event, Recorded):
            raise ContractError(type(domain_event).__name__, "only facts and snapshots of states are stored")
        return fact_to_store(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The fact or snapshot.

        ContractError for a stored name or a body that is not known, BrokenHistory for a fact that is not what its
        content hash was made for.
        """
        name, _, kind = stored_event.topic.partition(".")
        if not isinstance(stored_event, StoredFact):
            if name != SNAPSHOT_TOPIC:
                raise ContractError(stored_event.topic, "the event carries no envelope")
            version = stored_event.originator_version
            kind, _, witness = kind.partition(WITNESS)
            return StateSnapshot(str(stored_event.originator_id), version, kind, stored_event.state, witness)
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
    name, body = recorded.fact.stored_name, registry.encode(recorded.fact)
    headers = envelope.to_headers(
        recorded.envelope,
        stored_name=name,
        aggregate=recorded.originator_id,
        version=recorded.originator_version,
        body=body,
    )
    return StoredFact(recorded.originator_id, recorded.originator_version, name, body, headers=headers)
