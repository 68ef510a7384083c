"""Looking at the workers of one authority: consumers, halts, leases, parked records, open imports."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.js.api import ConsumerInfo

from events.envelope import TYPE
from events.imports import ImportClosed
from events.subjects import aggregate_of, aggregate_subject, all_subjects, stream_name
from projections.closed_imports import closed_imports
from projections.generations import Outdated, positions, reached
from projections.owed import Faulty, faulty
from projections.timeline import SHAPE as TIMELINE
from services.imports import import_aggregate
from services.store.messages import RawMessage
from services.store.source import Source
from workers.intake.pulling import consumer_info
from workers.kept.halts import Halt, halts
from workers.kept.leases import ever_held, holders
from workers.kept.parked import Parked, parked
from workers.kept.sweeps import Sweep, sweeps
from workers.parts.shards import lease_of, shard_of
from workers.parts.standing import State, WorkerHealth
from workers.system import System

LATE_AFTER = 60.0
"""Seconds that an event may wait for a view, or a timer for the escalator, before its worker is called late."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the database of the views tells of the workers."""

    halted: Mapping[tuple[str, str], Halt]
    unknown: Mapping[tuple[str, str], tuple[Faulty, ...]]
    living: Collection[str]
    started: Collection[str]
    parked: Mapping[tuple[str, str], tuple[Parked, ...]]
    swept: Mapping[str, Sweep]
    reached: Mapping[tuple[str, str], int]


def read_books(system: System) -> Books:
    """Read them. Unavailable when the database does not answer."""
    engine = system.engine
    return Books(
        halts(engine),
        _unknown(system),
        holders(engine),
        ever_held(engine),
        parked(engine),
        sweeps(engine),
        reached(engine),
    )


def _unknown(system: System) -> dict[tuple[str, str], tuple[Faulty, ...]]:
    """The records of each authority of which the view of what is owed could not work out what they owe."""
    try:
        kept = positions(system.engine, "owed")
        return {("owed", each): tuple(faulty(system.engine, each)) for each in kept}
    except Outdated:  # its projector stands still and says so
        return {}


class Looking:
    """A look at the workers of one authority, over a connection of the caller's.

    What takes a question of its own (open imports, how late a worker is) is asked for a `whole` look alone. Where a
    stream ends is asked once, when it is first wanted, and once more by `views`.
    """

    def __init__(self, system: System, client: Client, authority: str, books: Books, *, whole: bool) -> None:
        self.system = system
        self.authority = authority
        self.books = books
        self.whole = whole
        self._events = Source(client, stream_name(authority))
        self._js = client.jetstream()
        self._sources = {self._events.stream: self._events}
        self._ends: dict[str, int] = {}
        self.client = client

    async def _end(self, source: Source) -> int:
        """Where the stream ends, as this look sees it."""
        if source.stream not in self._ends:
            self._ends[source.stream] = await source.last_sequence()
        return self._ends[source.stream]

    async def consumer(self, worker: str, stream: str, subject: str) -> WorkerHealth:
        """A worker that consumes what stands under the subject, by a consumer of its own name, and acknowledges it."""
        source = self._sources.setdefault(stream, Source(self.client, stream))
        info = await consumer_info(self._js, source.stream, worker)
        waiting, unacknowledged, position = _counts(info)
        failing = self.books.parked.get((worker, self.authority), ())
        behind = waiting + unacknowledged + len(failing)
        late_by = 0.0
        if self.whole and info is not None and waiting + unacknowledged:
            floor = info.ack_floor.stream_seq if info.ack_floor else 0
            late_by = _since(await source.next_live(subject, floor + 1))  # what was removed waits for no consumer
        return WorkerHealth(
            worker,
            self.authority,
            _state(there=info is not None, failing=bool(failing), late_by=late_by, behind=behind),
            behind,
            waiting,
            unacknowledged,
            position,
            await self._end(source),
            reason=self.told_of(failing),
            parked=tuple(each.record for each in failing),
            late_by=late_by,
            asked_for=info is not None and bool(info.num_waiting or info.num_ack_pending),
        )

    async def views(self, names: Iterable[str]) -> list[WorkerHealth]:
        """The projectors of these views, held against an end that is asked for now.

        Look at the workers first: what one of them did last is then not yet in a view that lacks it.
        """
        self._ends.clear()
        return [await self.view(each) for each in names]

    async def view(self, view: str) -> WorkerHealth:
        """The projector of a view: how far its checkpoint is, what halts it, and what it could not work out."""
        reached = self.books.reached.get((view, self.authority), 0)
        unknown = self.books.unknown.get((view, self.authority), ()) if self.whole else ()
        many = self.system.settings.projector_shards
        lease = lease_of(view, shard_of(self.authority, many), many)
        found = await self._following(view, lease, reached, there=lease in self.books.started)
        if not unknown:
            return found
        told = "; ".join(f"{each.about} not worked out: {each.fault}" for each in unknown)
        failing = replace(found, parked=tuple(each.about for each in unknown), reason=found.reason or told)
        return failing if found.state in {"missing", "halted"} else replace(failing, state="failing")

    async def following(self, worker: str, durable: str, reached: int) -> WorkerHealth:
        """A worker that follows the history by a checkpoint of its own, at `reached`, and acknowledges nothing."""
        info = await consumer_info(self._js, self._events.stream, durable)
        return await self._following(worker, worker, reached, there=info is not None)

    async def _following(self, worker: str, lease: str, reached: int, *, there: bool) -> WorkerHealth:
        end = await self._end(self._events)
        halt = self.books.halted.get((worker, self.authority))
        behind = max(end - reached, 0)
        late_by = 0.0
        if self.whole and behind:
            late_by = _since(await self._events.next_of(all_subjects(self.authority), reached + 1))
        state = _state(there=there, failing=False, late_by=late_by, behind=behind)
        return WorkerHealth(
            worker,
            self.authority,
            "halted" if halt else state,
            behind,
            waiting=behind,
            position=reached,
            end=end,
            halted_at=halt.position if halt else None,
            reason=halt.reason if halt else "",
            late_by=late_by,
            asked_for=lease in self.books.living,
        )

    @staticmethod
    def told_of(failing: Collection[Parked]) -> str:
        """Why each of the records is not worked out."""
        return "; ".join(f"{each.record} not worked out in {each.attempts} attempts: {each.reason}" for each in failing)

    async def open_imports(self) -> Mapping[str, datetime]:
        """The imports whose last event does not close them, and when that was stored.

        An import is believed to have ended where the timeline knows that its last version closes it, and the stream
        holds just so many of its events; the end of any other is asked of the stream.
        """
        counts = await self._events.subjects(aggregate_subject(self.authority, "import/*"))
        ended = await asyncio.to_thread(self._ended)
        found = {}
        for subject in sorted(each for each, count in counts.items() if ended.get(aggregate_of(each)) != count):
            last = await self._events.newest(subject)
            if last is not None and last.headers.get(TYPE) != ImportClosed.stored_name:
                name = aggregate_of(subject).removeprefix(import_aggregate(""))
                found[name] = datetime.fromisoformat(last.time)
        return found

    def _ended(self) -> Mapping[str, int]:
        engine = self.system.engine
        try:
            known = self.authority in positions(engine, TIMELINE.name)
            return closed_imports(engine, self.authority) if known else {}
        except Outdated:  # its projector stands still and says so
            return {}

    async def close(self) -> None:
        """Give back what was opened; the connection stays the caller's."""
        for source in self._sources.values():
            await source.close()


def _state(*, there: bool, failing: bool, late_by: float, behind: int) -> State:
    if not there:
        return "missing"
    if failing:
        return "failing"
    if late_by > LATE_AFTER:
        return "late"
    return "behind" if behind else "up to date"


def _since(first: RawMessage | None) -> float:
    """Seconds since the oldest message that waits was stored; 0 where there is none."""
    return 0.0 if first is None else max((datetime.now(UTC) - datetime.fromisoformat(first.time)).total_seconds(), 0.0)


def _counts(info: ConsumerInfo | None) -> tuple[int, int, int]:
    if info is None:
        return 0, 0, 0
    return info.num_pending or 0, info.num_ack_pending or 0, info.delivered.stream_seq if info.delivered else 0
