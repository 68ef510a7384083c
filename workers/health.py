"""How the workers are: what waits for each of them, which projection stands still, which import holds notices."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from events.envelope import TYPE
from events.errors import Unavailable
from events.imports import ImportClosed
from events.subjects import aggregate_of, aggregate_subject, stream_name, timer_stream
from projections.generations import positions
from services.imports import import_aggregate
from services.settings import Settings
from services.store.errors import StoreUnavailable
from workers.halts import Halt, halts
from workers.leases import holders
from workers.pulling import consumer_info
from workers.running import VIEW_NAMES
from workers.system import System

State = Literal["up to date", "behind", "halted", "stopped", "missing"]
LOOK_EVERY = 0.1
LOOKS = 4
"""A worker that runs asks the server for messages nearly all the time; only who never does in several looks is
stopped."""


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """One worker in one authority.

    `state` is `missing` where no consumer of it is on the server: it was never started here, or the consumer was
    deleted and no process of it runs to make it again. It is `stopped` where nobody asks for its messages. `behind`
    is how much it has still to do: events that a view lacks, or messages that wait or were given out and not
    acknowledged. `position` is the view's checkpoint, or the last event given out; `end` the stream's last one.
    `halted_at` is the event that a projection cannot take, `reason` why. `open_imports` are imports that hold
    notices back; they are no fault.
    """

    worker: str
    authority: str
    state: State
    behind: int
    waiting: int
    unacknowledged: int
    position: int
    end: int
    halted_at: int | None = None
    reason: str = ""
    open_imports: tuple[str, ...] = ()
    asked_for: bool = True

    @property
    def ok(self) -> bool:
        """Whether the worker does its work: it may be behind, but it must run and not stand still."""
        return self.state in {"up to date", "behind"}

    @property
    def done(self) -> bool:
        """Whether there is nothing left for it to do now."""
        return self.state in {"up to date", "stopped"} and not self.behind


def health(settings: Settings) -> list[WorkerHealth]:
    """Look at every worker in every authority, but the sweeper, which consumes nothing.

    Raises Unavailable when the server or the database cannot be reached.
    """
    with System(settings) as system:
        return asyncio.run(_health(system))


async def _health(system: System) -> list[WorkerHealth]:
    async with _connected(system) as client:
        asked: set[tuple[str, str]] = set()
        for _ in range(LOOKS):
            found = await look(system, client)
            asked |= {(each.worker, each.authority) for each in found if each.asked_for}
            if len(asked) == len(found):
                break
            await asyncio.sleep(LOOK_EVERY)
        return [_seen(each, asked=(each.worker, each.authority) in asked) for each in found]


def _seen(found: WorkerHealth, *, asked: bool) -> WorkerHealth:
    if asked or found.state in {"missing", "halted"}:
        return found
    return replace(found, state="stopped", asked_for=False)


async def settled(system: System, *, within: float = 60.0) -> None:
    """Wait until the workers have done all there is to do now: all views at the stream's end, no timer unworked.

    Timers that are not yet due do not count. Unavailable when it takes longer than `within` seconds, with what is
    left; at once when a projection stands still, since waiting does not help.
    """
    deadline = monotonic() + within
    async with _connected(system) as client:
        before: dict[tuple[str, str], int] | None = None
        while True:
            found = await look(system, client, imports=False)
            ends = {(each.worker, each.authority): each.end for each in found}
            left = [each for each in found if not each.done]
            # What the timekeeper did last may reach the escalator, and what the escalator did, the views, after they
            # were looked at. So it is settled when a second look finds the same ends and again nothing to do.
            if not left and ends == before:
                return
            before = None if left else ends
            _give_up_on(left, late=monotonic() > deadline)
            await asyncio.sleep(LOOK_EVERY)


def wait_until_settled(system: System, *, within: float = 60.0) -> None:
    """Wait as `settled` does, in a program without an event loop."""
    asyncio.run(settled(system, within=within))


def _give_up_on(left: list[WorkerHealth], *, late: bool) -> None:
    for each in left:
        if each.state == "halted":
            raise Unavailable(f"{each.worker} of {each.authority} halted at event {each.halted_at}: {each.reason}")
    if late:
        named = ", ".join(f"{each.worker} of {each.authority} ({each.state}, {each.behind})" for each in left)
        raise Unavailable(f"the workers are not done in time: {named}")


async def look(system: System, client: Client, *, imports: bool = True) -> list[WorkerHealth]:
    """Look over a connection of the caller's; the timekeeper first, then the escalator, then the views."""
    js = client.jetstream()
    halted = await asyncio.to_thread(halts, system.engine)
    living = await asyncio.to_thread(holders, system.engine)
    found = []
    for authority in system.authorities:
        try:
            held = await _open_imports(js, authority) if imports else ()
            found.append(await _of_consumer(js, authority, "timekeeper", stream_name(authority), held))
            found.append(await _of_consumer(js, authority, "escalator", timer_stream(authority), ()))
            found.extend([await _of_view(system, js, authority, view, halted, living) for view in VIEW_NAMES])
        except nats.errors.Error as error:
            raise StoreUnavailable(f"NATS did not answer ({type(error).__name__})") from error
    return found


async def _of_consumer(
    js: JetStreamContext, authority: str, worker: str, stream: str, held: tuple[str, ...]
) -> WorkerHealth:
    info = await consumer_info(js, stream, worker)
    end = await _end(js, stream)
    waiting, unacknowledged, position = _counts(info)
    behind = waiting + unacknowledged
    state: State = "missing" if info is None else "behind" if behind else "up to date"
    return WorkerHealth(
        worker,
        authority,
        state,
        behind,
        waiting,
        unacknowledged,
        position,
        end,
        open_imports=held,
        asked_for=_asked(info),
    )


async def _of_view(
    system: System,
    js: JetStreamContext,
    authority: str,
    view: str,
    halted: Mapping[tuple[str, str], Halt],
    living: Collection[str],
) -> WorkerHealth:
    end = await _end(js, stream_name(authority))
    info = await consumer_info(js, stream_name(authority), f"view-{view}")
    reached = (await asyncio.to_thread(positions, system.engine, view)).get(authority, 0)
    waiting, unacknowledged, _ = _counts(info)
    halt = halted.get((view, authority))
    behind = max(end - reached, 0)
    state: State = "missing" if info is None else "behind" if behind else "up to date"
    return WorkerHealth(
        view,
        authority,
        "halted" if halt else state,
        behind,
        waiting,
        unacknowledged,
        reached,
        end,
        halted_at=halt.position if halt else None,
        reason=halt.reason if halt else "",
        asked_for=view in living,
    )


def _asked(info: ConsumerInfo | None) -> bool:
    """Whether somebody waits for messages now, or has some in hand."""
    return info is not None and bool(info.num_waiting or info.num_ack_pending)


def _counts(info: ConsumerInfo | None) -> tuple[int, int, int]:
    if info is None:
        return 0, 0, 0
    return info.num_pending or 0, info.num_ack_pending or 0, info.delivered.stream_seq if info.delivered else 0


async def _end(js: JetStreamContext, stream: str) -> int:
    return int((await js.stream_info(stream)).state.last_seq)


async def _open_imports(js: JetStreamContext, authority: str) -> tuple[str, ...]:
    """The imports whose last event does not close them."""
    subjects = (
        await js.stream_info(stream_name(authority), aggregate_subject(authority, "import/*"))
    ).state.subjects or {}
    found = []
    for subject in sorted(subjects):
        last = await js.get_last_msg(stream_name(authority), subject)
        if (last.headers or {}).get(TYPE) != ImportClosed.stored_name:
            found.append(aggregate_of(subject).removeprefix(import_aggregate("")))
    return tuple(found)


@asynccontextmanager
async def _connected(system: System) -> AsyncIterator[Client]:
    client = await system.connect()
    try:
        yield client
    finally:
        await client.close()
