"""Posts what is published to every webhook that stands: a line for each, kept as the records have it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from services.log import Log
from services.webhooks.targets import Reach
from workers.kept import leases
from workers.kept.beats import Beats
from workers.parts.standing import State, WorkerHealth
from workers.parts.worker import Worker
from workers.processes.shared import Shared
from workers.processes.together import beside
from workers.recording.desks import keyrings_beside
from workers.system import System
from workers.webhooks import books
from workers.webhooks.posting import Poster
from workers.webhooks.switchboard import Desk, Switchboard

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

log = Log(__name__)

NAME = "webhooks"

BEAT = 20.0
"""Seconds between two signs of life."""

ASKED_EVERY = 0.9
"""Seconds between two questions for all authorities whether anything is to come again: no longer than between two looks
of one that has news."""

SILENT_AFTER = timedelta(seconds=60)
"""Without a sign of life for so long it counts as stopped."""


@asynccontextmanager
async def posting(system: System) -> AsyncIterator[None]:
    """Post in every authority while the block runs. Of several copies one works, and the others stand by.

    Two that both believe to be the one share each line, and a message goes to one of them.
    """
    books.prepare(system.engine)
    leases.prepare(system.engine)
    async with AsyncExitStack() as stack:
        client = await system.connect()
        stack.push_async_callback(client.close)
        rings = await stack.enter_async_context(keyrings_beside(system))
        poster = await stack.enter_async_context(
            Poster.opened(system.settings, Reach.of(system.settings), system.clock)
        )
        lease = leases.Leases(system.engine, [NAME], connected=lambda: client.is_connected)
        asked: Shared[str, bool] = Shared(partial(_asked_of, system), good_for=ASKED_EVERY)
        beats = Beats[books.Sign](lambda signs: books.note(system.engine, signs, system.clock()), BEAT)
        desk = Desk(client, rings, poster, asked, beats)
        boards = [Switchboard(system, each, desk, lease.held[NAME]) for each in system.authorities]
        async with beside(lease.keep, beats.keep, *(each.keep for each in boards)):
            yield


async def _asked_of(system: System, _: frozenset[str]) -> Mapping[str, bool]:
    return await asyncio.to_thread(books.asked_of, system.engine, system.authorities)


async def look(at: "Looking") -> WorkerHealth | None:
    """How it stands in one authority, by the sign of life that it leaves; asked for in a whole look alone."""
    if not at.whole:
        return None
    engine = at.system.engine
    found = (await asyncio.to_thread(books.signs, engine)).get(at.authority)
    if found is None:
        return WorkerHealth(NAME, at.authority, "missing", asked_for=False)
    parked: Mapping[str, int] = await asyncio.to_thread(books.counted, engine, at.authority)
    if datetime.now(UTC) - found.beat > SILENT_AFTER:
        reason = f"last seen at {found.beat.astimezone():%Y-%m-%d %H:%M}"
        return WorkerHealth(NAME, at.authority, "stopped", found.waiting, reason=reason, asked_for=False)
    told = [
        *([f"not taken by {found.failing}"] if found.failing else []),
        *([f"parked: {', '.join(f'{many} of {name}' for name, many in parked.items())}"] if parked else []),
        *filter(None, [found.reason]),
    ]
    state: State = "failing" if told else "behind" if found.waiting else "up to date"
    return WorkerHealth(NAME, at.authority, state, found.waiting, found.waiting, reason="; ".join(told))


WORKER = Worker(posting, look)
