"""History: what command handlers load an aggregate from and append their facts to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import structlog
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError

from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.store.errors import WriteRefused
from services.store.mapper import StateSnapshot
from services.store.recorders import JetStreamApplicationRecorder

log = structlog.get_logger(__name__)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Folding(Generic[S]):
    """How a state is made from facts and how it is kept in a snapshot.

    `kind` names state and form; choose a new one whenever either changes, and older snapshots are passed over.
    """

    kind: str
    step: Callable[[S | None, Recorded], S | None]
    dump: Callable[[S], bytes]
    load: Callable[[bytes], S]


@dataclass(frozen=True, slots=True)
class Folded(Generic[S]):
    """A state with the version that it stands at; `since` is the version of the snapshot it began from, or 0.

    `fingerprint` is that of the event at that version.
    """

    state: S | None
    version: int
    since: int = 0
    fingerprint: str = ""


class History(Application[str]):
    """The facts of one authority.

    Loading is strongly consistent: everything acknowledged before is seen. Appending is all or nothing. May be used
    from many threads. Close it, or use it as a context manager.
    """

    name = "History"
    is_snapshotting_enabled = True

    def __init__(
        self,
        authority: str,
        url: str,
        *,
        credentials: Path | None = None,
        archives: Path | None = None,
        timeout: float = 5.0,
        patience: float = 10.0,
    ) -> None:
        self.authority = authority
        super().__init__(
            env={
                "PERSISTENCE_MODULE": "services.store",
                "MAPPER_TOPIC": "services.store.mapper:EnvelopeMapper",
                "NATS_URL": url,
                "NATS_AUTHORITY": authority,
                "NATS_CREDENTIALS": str(credentials) if credentials else "",
                "NATS_ARCHIVES": str(archives) if archives else "",
                "NATS_TIMEOUT": str(timeout),
                "NATS_PATIENCE": str(patience),
            }
        )

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """Every fact of the aggregate above the version `after`, in its order; an empty tuple when there is none.

        Where damage was accepted, those that can still be read: what a lost one said, the state does not hold, and its
        version may be lacking. Whoever decides on such a record decides on what is left of it.
        BrokenHistory when a version is missing, StoreUnavailable when the store cannot be reached.
        """
        return tuple(self._facts(aggregate_id, gt=after or None))

    def load_all(self, aggregate_ids: Iterable[str]) -> dict[str, tuple[Recorded, ...]]:
        """The facts of several aggregates, each as `load` gives them, for little more than the cost of one.

        One that cannot be read is left out, whatever the reason: `load` gives that.
        """
        found: dict[str, tuple[Recorded, ...]] = {}
        recorder = cast("JetStreamApplicationRecorder", self.recorder)
        for name, stored in recorder.select_together(aggregate_ids).items():
            with suppress(BrokenHistory, ContractError):
                found[name] = tuple(cast("Recorded", self.mapper.to_domain_event(each)) for each in stored)
        return found

    def each(self, aggregate_id: str, *, after: int | None = None) -> Iterator[Recorded]:
        """The same facts one by one, for a history that is too long to be held as a whole; those after a version."""
        return self._facts(aggregate_id, after)

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """Write the facts, of one or of several aggregates, or none of them; their positions.

        VersionConflict (a Conflict) when somebody else wrote first: load again and decide again. WriteRefused (a
        Refused) for more than 1,000 facts or one too large, StoreUnavailable when the store is full or out of reach.
        A repeat of the same facts gives their first positions. `expected` names known last positions by aggregate.
        """
        if not recorded:
            return ()
        known = {"expected": expected} if expected else {}
        return tuple(each.notification.id for each in self.events.put(recorded, **known))

    def position(self) -> int:
        """The newest position in the stream, 0 for none."""
        return self.recorder.max_notification_id() or 0

    def state(self, aggregate_id: str, folding: Folding[S]) -> Folded[S]:
        """The aggregate folded up to now, beginning from a snapshot if there is one of the right kind.

        The result is the same with and without snapshots; only the time differs. A snapshot of what the history does
        not hold (it was put back from a backup, and may have grown again since) is not believed.
        """
        since = self._snapshot(aggregate_id, folding.kind)
        facts = self._facts(aggregate_id, gt=since.originator_version - 1 if since else None)
        first = next(facts, None) if since else None
        if since and not (first and first.fingerprint == since.witness):
            since, facts = None, self._facts(aggregate_id)
        state = folding.load(since.state) if since else None
        version = since.originator_version if since else 0
        fingerprint = since.witness if since else ""
        for recorded in facts:
            state, version = folding.step(state, recorded), recorded.originator_version
            fingerprint = recorded.fingerprint
        return Folded(state, version, since.originator_version if since else 0, fingerprint)

    def keep_snapshot(self, aggregate_id: str, folding: Folding[S]) -> bool:
        """Keep the present state as a snapshot; False when there is nothing new to keep, or it is too large.

        A repeat keeps nothing.
        """
        folded = self.state(aggregate_id, folding)
        if self.snapshots is None or folded.state is None or folded.version == folded.since:
            return False
        body = folding.dump(folded.state)
        try:
            self.snapshots.put([StateSnapshot(aggregate_id, folded.version, folding.kind, body, folded.fingerprint)])
        except IntegrityError:  # another process kept one of this version or a later one
            return False
        except WriteRefused:  # larger than a message may be: it would only have saved time
            log.warning("snapshot is too large to be kept", aggregate=aggregate_id, bytes=len(body))
            return False
        return True

    def _facts(self, aggregate_id: str, gt: int | None = None) -> Iterator[Recorded]:
        """Read facts through the mapper, which gives nothing else from a stream of events.

        One that cannot be read ends that, unless it turns out that its damage was accepted since this process asked.
        """
        try:
            for fact in cast("Iterator[Recorded]", self.events.get(aggregate_id, gt=gt)):
                yield fact
                gt = fact.originator_version
        except (BrokenHistory, ContractError):
            if not cast("JetStreamApplicationRecorder", self.recorder).learn_damage():
                raise
            yield from cast("Iterator[Recorded]", self.events.get(aggregate_id, gt=gt))

    def _snapshot(self, aggregate_id: str, kind: str) -> StateSnapshot | None:
        kept: Iterable[Any] = self.snapshots.get(aggregate_id, desc=True, limit=1) if self.snapshots else ()
        return next((each for each in kept if each.kind == kind), None)
