"""Keeping views side by side: one feed for each authority; for each view a lease, a line and threads of its own."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from projections import generations
from services.log import Log
from workers.kept import halts, leases
from workers.parts.shards import lease_of, shard_of
from workers.processes.threads import Threads
from workers.processes.together import beside, either, unless
from workers.system import System
from workers.views.feed import Feed
from workers.views.made import made
from workers.views.projector import Projector

log = Log(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at how far the views are: another copy, a rebuild or a restore may have moved one."""

AT_ONCE = 3
"""Authorities of which one view is written at the same time."""


@asynccontextmanager
async def projecting(system: System, names: Collection[str], shards: Collection[int] = ()) -> AsyncIterator[None]:
    """Keep these views while the block runs, of the authorities in these shards or of all. NotFound for another view.

    Each has its lease: of several copies that keep it one works, and the others stand by. Each is halted, slow or
    rebuilt for itself, and holds up no other.
    """
    many = system.settings.projector_shards
    shards = shards or range(1, many + 1)
    views = {name: made(system, name) for name in names}
    halts.prepare(system.engine)
    leases.prepare(system.engine)
    for view in views.values():
        await asyncio.to_thread(generations.index_as_declared, system.engine, view.shape)
    async with AsyncExitStack() as stack:
        broker = system.broker()
        client = await broker.connect()
        stack.push_async_callback(broker.stop)
        claims = leases.Leases(
            system.engine,
            [lease_of(name, shard, many) for name in views for shard in shards],
            connected=lambda: client.is_connected,
        )
        pools = {name: Threads(name, AT_ONCE) for name in views}
        for pool in pools.values():
            stack.push_async_callback(pool.close)
        furthest = partial(_furthest, system, tuple(views))
        feeds: list[Feed] = []
        projectors: list[Projector] = []
        for authority in system.authorities:
            shard = shard_of(authority, many)
            if shard not in shards:
                continue
            feeds.append(Feed(client, authority, claims.any_held, furthest, system.ends))
            for name, view in views.items():
                held = claims.held[lease_of(name, shard, many)]
                projectors.append(Projector(system, view, feeds[-1], held, pools[name]))
        works = [claims.keep, *(each.run for each in feeds), *(each.follow for each in projectors)]
        async with beside(*works, partial(_watch, system, claims, projectors)):
            await claims.asked.wait()
            if claims.any_held.is_set():
                for each in projectors:
                    if claims.held[lease_of(each.view.name, shard_of(each.authority, many), many)].is_set():
                        await each.looked.wait()
            yield


async def _furthest(system: System, views: Collection[str], authority: str) -> int:
    return await asyncio.to_thread(generations.furthest, system.engine, authority, views)


async def _watch(system: System, claims: leases.Leases, projectors: Sequence[Projector], stop: asyncio.Event) -> None:
    """Look at how far all views are, in one question for all."""
    while not stop.is_set():
        if not claims.any_held.is_set():
            for each in projectors:
                each.compare(0, 0)
            await either(claims.any_held, stop)
        before = [each.position for each in projectors]
        try:
            kept = await asyncio.to_thread(generations.reached, system.engine)
        except (SightlineError, SQLAlchemyError) as error:  # the next look tells more
            log.warning("views not looked at", error=type(error).__name__)
        else:
            for each, position in zip(projectors, before, strict=True):
                each.compare(position, kept.get(each.place, 0))
        await unless(stop, LOOK_EVERY)
