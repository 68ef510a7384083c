"""Looking at the workers over a connection: consumers, checkpoints, halts, leases, parked records, open imports."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from events.envelope import TYPE
from events.imports import ImportClosed
from events.subjects import aggregate_of, aggregate_subject, all_subjects, fired_subject, stream_name, timer_stream
from projections.generations import Outdated, positions
from projections.owed import Faulty, faulty
from services.imports import import_aggregate
from services.store.errors import StoreUnavailable
from services.store.source import Source
from workers.halts import Halt, halts
from workers.leases import holders
from workers.outbox import Outbox
from workers.parked import Parked, parked
from workers.published import PUBLISHER, kept
from workers.pulling import consumer_info
from workers.running import VIEW_NAMES
from workers.standing import State, WorkerHealth
from workers.sweeps import Sweep, sweeps
from workers.system import System

LATE_AFTER = 60.0
"""Seconds that an event may wait for a view, or a timer for the escalator, before its worker is called late."""

OPEN_TOO_LONG = timedelta(minutes=30)
"""An import that was opened before that and never closed was given up: a hundred thousand commands take a minute."""

SWEEPS_MISSED = 3
"""So many sweeps in a row without a sign of life, and the sweeper is called stopped."""

SWEEP_SLACK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Books:
    """What the database of the views tells of the workers."""

    halted: Mapping[tuple[str, str], Halt]
    unknown: Mapping[tuple[str, str], tuple[Faulty, ...]]
    living: Collection[str]
    parked: Mapping[tuple[str, str], tuple[Parked, ...]]
    swept: Mapping[str, Sweep]


def _read_books(system: System) -> _Books:
    engine = system.engine
    return _Books(halts(engine), _unknown(system), holders(engine), parked(engine), sweeps(engine))


def _unknown(system: System) -> dict[tuple[str, str], tuple[Faulty, ...]]:
    """The records of each authority of which the view of what is owed could not work out what they owe."""
    try:
        kept = positions(system.engine, "owed")
        return {("owed", each): tuple(faulty(system.engine, each)) for each in kept}
    except Outdated:  # its projector stands still and says so
        return {}


async def look(system: System, client: Client, *, whole: bool = True) -> list[WorkerHealth]:
    """Look over a connection of the caller's; timekeeper first, then escalator, views, publisher, sweeper.

    What takes a question of its own (open imports, how late a worker is) is asked for a `whole` look alone.
    StoreUnavailable or Unavailable when the server or the database does not answer.
    """
    js = client.jetstream()
    books = await asyncio.to_thread(_read_books, system)
    found = []
    for authority in system.authorities:
        one = _Looking(system, client, js, authority, books)
        try:
            held = await one.open_imports() if whole else {}
            found.append(_holding(await one.consumer("timekeeper", all_subjects(authority), whole=whole), held))
            found.append(await one.consumer("escalator", f"{fired_subject(authority, '')}>", whole=whole))
            found.extend([await one.view(view, whole=whole) for view in VIEW_NAMES])
            found.append(await one.publisher(whole=whole))
            if whole:
                found.append(_sweeper(system, authority, books))
        except nats.errors.Error as error:
            raise StoreUnavailable(f"NATS did not answer ({type(error).__name__})") from error
        finally:
            await one.close()
    return found


class _Looking:
    """A look at the workers of one authority."""

    def __init__(self, system: System, client: Client, js: JetStreamContext, authority: str, books: _Books) -> None:
        self._system = system
        self._js = js
        self._authority = authority
        self._books = books
        self._events = Source(client, stream_name(authority))
        self._timers = Source(client, timer_stream(authority))
        self._outbox = Outbox(client, authority)

    async def consumer(self, worker: str, subject: str, *, whole: bool) -> WorkerHealth:
        source = self._timers if worker == "escalator" else self._events
        info = await consumer_info(self._js, source.stream, worker)
        waiting, unacknowledged, position = _counts(info)
        failing = self._books.parked.get((worker, self._authority), ())
        behind = waiting + unacknowledged + len(failing)
        late_by = 0.0
        if whole and info is not None and waiting + unacknowledged:
            floor = info.ack_floor.stream_seq if info.ack_floor else 0
            late_by = await _waited(source, subject, floor + 1)
        return WorkerHealth(
            worker,
            self._authority,
            _state(there=info is not None, failing=bool(failing), late_by=late_by, behind=behind),
            behind,
            waiting,
            unacknowledged,
            position,
            await source.last_sequence(),
            reason=_reasons(failing),
            parked=tuple(each.record for each in failing),
            late_by=late_by,
            asked_for=info is not None and bool(info.num_waiting or info.num_ack_pending),
        )

    async def view(self, view: str, *, whole: bool) -> WorkerHealth:
        end = await self._events.last_sequence()
        info = await consumer_info(self._js, self._events.stream, f"view-{view}")
        reached = (await asyncio.to_thread(positions, self._system.engine, view)).get(self._authority, 0)
        waiting, unacknowledged, _ = _counts(info)
        halt = self._books.halted.get((view, self._authority))
        unknown = self._books.unknown.get((view, self._authority), ()) if whole else ()
        behind = max(end - reached, 0)
        late_by = await _waited(self._events, all_subjects(self._authority), reached + 1) if whole and behind else 0.0
        state = _state(there=info is not None, failing=bool(unknown), late_by=late_by, behind=behind)
        return WorkerHealth(
            view,
            self._authority,
            "halted" if halt else state,
            behind,
            waiting,
            unacknowledged,
            reached,
            end,
            halted_at=halt.position if halt else None,
            reason=halt.reason if halt else "; ".join(f"{each.about} not worked out: {each.fault}" for each in unknown),
            parked=tuple(each.about for each in unknown),
            late_by=late_by,
            asked_for=view in self._books.living,
        )

    async def publisher(self, *, whole: bool) -> WorkerHealth:
        """How far what is published is behind the history, by what it says itself and by the checkpoint."""
        end = await self._events.last_sequence()
        info = await consumer_info(self._js, self._events.stream, PUBLISHER)
        checkpoint = await asyncio.to_thread(kept, self._system.engine, self._authority)
        reached = max(checkpoint.position, (await self._outbox.end()).position)
        halt = self._books.halted.get((PUBLISHER, self._authority))
        behind = max(end - reached, 0)
        late_by = await _waited(self._events, all_subjects(self._authority), reached + 1) if whole and behind else 0.0
        state = _state(there=info is not None, failing=False, late_by=late_by, behind=behind)
        return WorkerHealth(
            PUBLISHER,
            self._authority,
            "halted" if halt else state,
            behind,
            position=reached,
            end=end,
            halted_at=halt.position if halt else None,
            reason=halt.reason if halt else "",
            late_by=late_by,
            asked_for=PUBLISHER in self._books.living,
        )

    async def open_imports(self) -> Mapping[str, datetime]:
        """The imports whose last event does not close them, and when that was stored."""
        pattern = aggregate_subject(self._authority, "import/*")
        subjects = (await self._js.stream_info(self._events.stream, pattern)).state.subjects or {}
        found = {}
        for subject in sorted(subjects):
            last = await self._events.newest(subject)
            if last is not None and last.headers.get(TYPE) != ImportClosed.stored_name:
                name = aggregate_of(subject).removeprefix(import_aggregate(""))
                found[name] = datetime.fromisoformat(last.time)
        return found

    async def close(self) -> None:
        await self._events.close()
        await self._timers.close()
        await self._outbox.source.close()


def _state(*, there: bool, failing: bool, late_by: float, behind: int) -> State:
    if not there:
        return "missing"
    if failing:
        return "failing"
    if late_by > LATE_AFTER:
        return "late"
    return "behind" if behind else "up to date"


def _holding(found: WorkerHealth, imports: Mapping[str, datetime]) -> WorkerHealth:
    """The timekeeper with the imports that hold notices back, and those among them that nobody will end."""
    found = replace(found, open_imports=tuple(imports))
    too_long = [name for name, since in imports.items() if datetime.now(UTC) - since > OPEN_TOO_LONG]
    if not too_long or not found.ok:
        return found
    told = ", ".join(f"{name} (since {imports[name].astimezone():%Y-%m-%d %H:%M})" for name in too_long)
    return replace(found, state="holding", reason=f"imports begun and not ended, whose notices wait: {told}")


def _sweeper(system: System, authority: str, books: _Books) -> WorkerHealth:
    sweep = books.swept.get(authority)
    failing = books.parked.get(("sweeper", authority), ())
    if sweep is None:
        return WorkerHealth("sweeper", authority, "missing", asked_for=False)
    pause = timedelta(seconds=system.settings.sweep_seconds)
    state: State = "up to date"
    if datetime.now(UTC) - sweep.beat > SWEEPS_MISSED * pause + SWEEP_SLACK:
        since = "never" if sweep.whole is None else f"last at {sweep.whole.astimezone():%Y-%m-%d %H:%M}"
        return WorkerHealth("sweeper", authority, "stopped", reason=f"swept {since}", asked_for=False)
    if failing or sweep.reason:
        state = "failing"
    elif sweep.whole is None or sweep.beat - sweep.whole > SWEEPS_MISSED * pause + SWEEP_SLACK:
        state = "behind"  # in the middle of a long one, such as the first
    reason = "; ".join(each for each in (sweep.reason, _reasons(failing)) if each)
    return WorkerHealth(
        "sweeper", authority, state, len(failing), reason=reason, parked=tuple(each.record for each in failing)
    )


def _reasons(failing: Collection[Parked]) -> str:
    return "; ".join(f"{each.record} not worked out in {each.attempts} attempts: {each.reason}" for each in failing)


async def _waited(source: Source, subject: str, position: int) -> float:
    """Seconds since the first message there or after it was stored; 0 where there is none."""
    first = await source.next_of(subject, position)
    return 0.0 if first is None else max((datetime.now(UTC) - datetime.fromisoformat(first.time)).total_seconds(), 0.0)


def _counts(info: ConsumerInfo | None) -> tuple[int, int, int]:
    if info is None:
        return 0, 0, 0
    return info.num_pending or 0, info.num_ack_pending or 0, info.delivered.stream_seq if info.delivered else 0
