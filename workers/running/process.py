"""Running a process by its name, of one part or of several, until it is told to stop or whoever started it is gone."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from threading import Thread

import structlog

from events.errors import NotFound
from services.log import Log
from services.settings import Settings
from workers.health.presence import present
from workers.parts.groups import GROUPS, PROJECTOR, projectors
from workers.parts.worker import door_modules, worker_modules, worker_named
from workers.processes.collecting import collect_seldom
from workers.processes.logs import configure_logs
from workers.processes.together import beside
from workers.running import parts
from workers.running.readiness import SUPERVISED, say_ready
from workers.system import System

BEGINS = "escalator"
"""The worker that takes over the policies of the files for an authority which adopted none yet, where no supervisor has
done it: one is enough, and it records what follows from them."""

THREADS = 6
"""Threads for each part, made when they are needed: a part whose work waits in all of its own leaves some to others."""

LAST_SECONDS = 20.0
"""How long a worker may take to finish once its supervisor is gone."""

log = Log(__name__)


def run_worker(name: str, settings: Settings) -> None:
    """Run one worker, or one process of several, until SIGINT or SIGTERM; what it has begun is finished first.

    May run many times at once. Raises NotFound for a name that there is not; Unavailable, Drifted, BrokenHistory or
    PolicyError where it must not start.
    """
    configure_logs(settings)
    structlog.contextvars.bind_contextvars(worker=name)
    asyncio.run(_run(name, settings))


async def _run(name: str, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if os.environ.get(SUPERVISED):
        Thread(target=_watch_supervisor, args=(loop, stop), daemon=True).start()
    with System(settings) as system, ExitStack() as presences:
        named = _seen_as(name, system)
        for part in named:
            presences.enter_context(present(settings.data, part))
        collect_seldom()
        loop.set_default_executor(ThreadPoolExecutor(THREADS * len(named)))
        async with working(system, name, stop):
            if BEGINS in named:
                await asyncio.to_thread(_begin, system)
            if not stop.is_set():
                log.info("consuming")
                say_ready(name)
            await stop.wait()
            log.info("stopping")


@asynccontextmanager
async def working(system: System, name: str, stop: asyncio.Event | None = None) -> AsyncIterator[None]:
    """Check the streams, then run the worker, or the parts of the process, of that name while the block runs.

    Of several parts one that fails holds up no other (see `workers.running.parts`); `stop` ends the wait for one that
    does not begin. Raises as `run_worker` does.
    """
    named = _parts(name, system)
    commands = not door_modules().keys().isdisjoint(named)
    client = await system.connect()
    try:
        await system.check(client)
        for each in sorted(system.unseen):
            log.warning("a council is left out", authority=each, reason="the account may not ask for its history")
        looks = [partial(system.ends.keep, client, resting=not commands)] if system.lists_streams else []
        keep = partial(system.rules.keep, commands=commands)
        if tuple(named) == (name,):
            async with named[name](), beside(keep, *looks):
                yield
            return
        async with parts.side_by_side(named, stop or asyncio.Event()), beside(keep, *looks):
            yield
    finally:
        await client.close()


def _begin(system: System) -> None:
    from workers.histories.adopting import begin  # noqa: PLC0415 - each process loads only what its own worker needs

    begin(system)


def _parts(name: str, system: System) -> Mapping[str, parts.Part]:
    """What the process of that name runs. NotFound for one that there is not; it loads only what its own parts need."""
    if name in GROUPS or name in worker_modules() or name in door_modules():
        return {each: partial(worker_named(each).run, system) for each in GROUPS.get(name, (name,))}
    from workers.views.projecting import projecting  # noqa: PLC0415 - many processes start at once on a small machine

    shards = projectors(system.settings.projector_shards)
    if name in shards:
        return {name: partial(projecting, system, _views(system), (shards.index(name) + 1,) if shards[1:] else ())}
    if name in {PROJECTOR, *_views(system)}:
        return {name: partial(projecting, system, _views(system) if name == PROJECTOR else (name,))}
    raise NotFound("worker", name)


def _seen_as(name: str, system: System) -> tuple[str, ...]:
    """The workers as which health sees the process."""
    if name.startswith(PROJECTOR):
        return _views(system)
    return GROUPS.get(name, (name,))


def _views(system: System) -> tuple[str, ...]:
    from workers.views.made import views_of  # noqa: PLC0415 - as above

    return tuple(views_of(system))


def _watch_supervisor(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when the pipe from the supervisor closes, which it does however the supervisor ended."""
    while os.read(sys.stdin.fileno(), 64):
        pass
    loop.call_soon_threadsafe(stop.set)
    Thread(target=_end, daemon=True).start()


def _end() -> None:
    time.sleep(LAST_SECONDS)
    os._exit(1)  # whatever still holds the process up would hold up a clean exit as well
