"""How the workers are: what waits for each of them, which stands still or fails, and what surrounds them."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic

import nats.errors
from nats.aio.client import Client

from events.errors import Unavailable
from services.settings import Settings
from services.store.errors import StoreUnavailable
from workers.health.presence import Present, processes
from workers.health.surroundings import (
    accepted_damage,
    disk,
    histories,
    proposals,
    removals,
    room,
    servers,
    subscribers,
    unfiled,
    unseen,
    unsound,
)
from workers.parts.looking import Looking, read_books
from workers.parts.standing import State, WorkerHealth
from workers.parts.worker import worker_modules, worker_named
from workers.system import System
from workers.views.made import views_of

LOOK_EVERY = 0.1
LOOKS = 4
"""A worker that runs asks the server for messages nearly all the time; only who never does in several looks is
stopped."""


def health(settings: Settings) -> list[WorkerHealth]:
    """Look at every worker in every authority; of histories, disk and servers beneath them, only at what is wrong.

    Raises Unavailable when the server or the database cannot be reached.
    """
    with System(settings) as system:
        return asyncio.run(_health(system))


async def look(system: System, client: Client, *, whole: bool = True) -> list[WorkerHealth]:
    """Look at every worker over a connection of the caller's, in each authority at one after the other.

    What takes a question of its own (see `Looking.whole`) is asked for a `whole` look alone. StoreUnavailable or
    Unavailable when the server or the database does not answer.
    """
    books = await asyncio.to_thread(read_books, system)
    found: list[WorkerHealth | None] = []
    for authority in system.authorities:
        one = Looking(system, client, authority, books, whole=whole)
        try:
            looks = (worker_named(name).look for name in worker_modules())
            found.extend([await look(one) for look in looks if look is not None])
            found.extend(await one.views(views_of(system)))
        except nats.errors.Error as error:
            raise StoreUnavailable(f"NATS did not answer ({type(error).__name__})") from error
        finally:
            await one.close()
    return [each for each in found if each is not None]


async def _health(system: System) -> list[WorkerHealth]:
    found: list[WorkerHealth] = []
    async with _connected(system) as client:
        refused = await histories(system, client)
        reading = [] if refused else await subscribers(system, client)
        accepted = [] if refused else await accepted_damage(system, client)
        archives = [] if refused else await removals(system, client)
        full = [] if refused else await room(system, client)
        asked: set[tuple[str, str]] = set()
        for _ in range(LOOKS):
            try:
                found = await look(system, client)
            except Unavailable:
                if not refused:
                    raise
                break  # a stream that is gone has no workers to look at, and is named
            asked |= {(each.worker, each.authority) for each in found if each.asked_for}
            if len(asked) == len(found):
                break
            await asyncio.sleep(LOOK_EVERY)
    seen = (_seen(each, asked=(each.worker, each.authority) in asked) for each in found)
    workers = [_as_process(each, processes(system.settings.data, each.worker)) for each in seen]
    proposed = [] if refused else await asyncio.to_thread(proposals, system)
    return [
        *refused,
        *accepted,
        *archives,
        *full,
        *await asyncio.to_thread(unsound, system),
        *await asyncio.to_thread(unfiled, system),
        *await asyncio.to_thread(unseen, system),
        *proposed,
        *workers,
        *reading,
        *disk(system.settings.data),
        *await servers(system.settings),
    ]


def _seen(found: WorkerHealth, *, asked: bool) -> WorkerHealth:
    if asked or found.state in {"missing", "halted"}:
        return found
    return replace(found, state="stopped", asked_for=False)


def _as_process(found: WorkerHealth, there: list[Present]) -> WorkerHealth:
    """A worker that shows no life, as what it is: a process that was suspended or is silent, or none at all."""
    if found.state != "stopped" or not there:
        return found
    state: State = "suspended" if all(each.suspended for each in there) else "silent"
    how = "was stopped by a signal" if state == "suspended" else "is there and asks for nothing"
    named = [f"process {each.pid} of {each.machine} {how}" for each in there]
    return replace(found, state=state, reason="; ".join(filter(None, (*named, found.reason))))


async def settled(system: System, *, within: float = 60.0, of: Collection[str] = ()) -> None:
    """Wait until the workers have done all there is to do now: all views at the stream's end, no timer unworked.

    With names of workers, until those have, whatever the others have still to do. Timers that are not yet due do not
    count. Unavailable when it takes longer than `within` seconds, with what is left; at once when a projection stands
    still, since waiting does not help.
    """
    deadline = monotonic() + within
    async with _connected(system) as client:
        before: dict[tuple[str, str], int] | None = None
        while True:
            looked_at = await look(system, client, whole=False)
            found = [each for each in looked_at if not of or each.worker in of]
            ends = {(each.worker, each.authority): each.end for each in found}
            left = [each for each in found if not each.done]
            # What the timekeeper did last may reach the escalator, and what the escalator did, the views, after they
            # were looked at. So it is settled when a second look finds the same ends and again nothing to do.
            if not left and ends == before:
                return
            before = None if left else ends
            _give_up_on(left, late=monotonic() > deadline)
            await asyncio.sleep(LOOK_EVERY)


def wait_until_settled(system: System, *, within: float = 60.0, of: Collection[str] = ()) -> None:
    """Wait as `settled` does, in a program without an event loop."""
    asyncio.run(settled(system, within=within, of=of))


def _give_up_on(left: list[WorkerHealth], *, late: bool) -> None:
    for each in left:
        if each.state == "halted":
            raise Unavailable(f"{each.worker} of {each.authority} halted at event {each.halted_at}: {each.reason}")
    if late:
        named = ", ".join(
            f"{each.worker} of {each.authority} ({each.state}, {each.behind}{each.reason and f': {each.reason}'})"
            for each in left
        )
        raise Unavailable(f"the workers are not done in time: {named}")


@asynccontextmanager
async def _connected(system: System) -> AsyncIterator[Client]:
    client = await system.connect()
    try:
        yield client
    finally:
        await client.close()
