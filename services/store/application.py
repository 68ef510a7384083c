"""History: what command handlers load an aggregate from and append their facts to."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from eventsourcing.application import Application

from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded
from services.log import Log
from services.snapshots import Folded, Folding, Opened
from services.store.errors import StoreUnavailable, WriteRefused
from services.store.mapper import StateSnapshot
from services.store.recorders import JetStreamApplicationRecorder

log = Log(__name__)
S = TypeVar("S")

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ContractError, zlib.error)
"""What comes of making a state of what is none."""


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
                "PERSISTENCE_MODULE": "services.store.factory",
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
        for name, stored in self._recorder.select_together(aggregate_ids).items():
            with suppress(BrokenHistory, ContractError):
                found[name] = tuple(cast("Recorded", self.mapper.to_domain_event(each)) for each in stored)
        return found

    def unwritten(self, aggregate_ids: Iterable[str]) -> frozenset[str]:
        """Those of the aggregates that have no fact, as `load` would say it of each, for little more than one costs.

        One of which that is not certain is left out: `load` tells.
        """
        return self._recorder.select_unused(aggregate_ids)

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

    def forget_ends(self) -> None:
        """Take no record to end where it was last seen to: what another process had on its way may land by now."""
        self._recorder.forget_heads()

    def position(self) -> int:
        """The newest position in the stream, 0 for none."""
        return self.recorder.max_notification_id() or 0

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        """The record from the newest snapshot on that is believed, with all that was acknowledged after it.

        It is believed if it is of this kind, whole, and made at an event that still stands where it stood, of a history
        of which nothing was given up since. So none is believed of another program, of another history, or of what this
        one does not hold (it was put back from a backup, and may have grown again). Then, and where there is none, all
        facts are loaded.
        """
        kept = self._snapshot(aggregate_id, folding.kind)
        facts = self._since(kept) if kept else ()
        if kept and facts:
            try:
                return Opened(folding.load(kept.state), kept.originator_version, tuple(facts[1:]))
            except UNREADABLE as error:
                log.warning("snapshot cannot be read", aggregate=aggregate_id, reason=repr(error))
        return Opened(None, 0, self.load(aggregate_id))

    def state(self, aggregate_id: str, folding: Folding[S]) -> Folded[S]:
        """The aggregate folded up to now. The result is the same with and without snapshots; only the time differs."""
        opened = self.opened(aggregate_id, folding)
        state = opened.state
        for recorded in opened.facts:
            state = folding.step(state, recorded)
        return Folded(state, opened.version, opened.since)

    def keep_snapshot(self, aggregate_id: str, folding: Folding[S], *, worth: int = 1) -> bool:
        """Keep the present state as a snapshot; whether one was kept.

        Not where fewer than `worth` events came since the last one, so that a repeat keeps nothing; not of a state that
        is too large for a message; and not while the store is full or out of reach, for it only saves time.
        """
        if self.snapshots is None:
            return False
        damage = self._recorder.told_damage()
        opened = self.opened(aggregate_id, folding)
        if len(opened.facts) < max(worth, 1):
            return False
        state, last = opened.state, opened.facts[-1]
        for recorded in opened.facts:
            state = folding.step(state, recorded)
        if state is None:
            return False
        try:
            body = folding.dump(state)
            made = StateSnapshot(
                *(aggregate_id, last.originator_version, folding.kind, body),
                *(last.fingerprint, last.position or 0, damage),
            )
            self.snapshots.put([made], newest=True)
        except (WriteRefused, StoreUnavailable, TypeError) as error:
            log.warning("snapshot was not kept", aggregate=aggregate_id, reason=str(error))
            return False
        return True

    @property
    def _recorder(self) -> JetStreamApplicationRecorder:
        return cast("JetStreamApplicationRecorder", self.recorder)

    def _facts(self, aggregate_id: str, gt: int | None = None) -> Iterator[Recorded]:
        """Read facts through the mapper, which gives nothing else from a stream of events.

        One that cannot be read ends that, unless it turns out that its damage was accepted since this process asked.
        """
        try:
            for fact in cast("Iterator[Recorded]", self.events.get(aggregate_id, gt=gt)):
                yield fact
                gt = fact.originator_version
        except (BrokenHistory, ContractError):
            if not self._recorder.learn_damage():
                raise
            yield from cast("Iterator[Recorded]", self.events.get(aggregate_id, gt=gt))

    def _snapshot(self, aggregate_id: str, kind: str) -> StateSnapshot | None:
        """The newest snapshot, if it can be had and is of that kind."""
        try:
            kept: Iterable[Any] = self.snapshots.get(aggregate_id, desc=True, limit=1) if self.snapshots else ()
            return next((each for each in kept if each.kind == kind), None)
        except (BrokenHistory, ContractError, StoreUnavailable) as error:
            log.warning("snapshot cannot be had", aggregate=aggregate_id, reason=str(error))
            return None

    def _since(self, kept: StateSnapshot) -> list[Recorded]:
        """The very event that a snapshot was made at and all after it; none where it is not to be believed."""
        if kept.damage != self._recorder.told_damage():
            return []
        try:
            stored = self._recorder.select_since(kept.originator_id, kept.originator_version, kept.position)
            found = [cast("Recorded", self.mapper.to_domain_event(each)) for each in stored]
        except (BrokenHistory, ContractError):  # whether it was accepted is told where all of it is read
            return []
        return found if found and found[0].fingerprint == kept.witness else []
