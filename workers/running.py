"""Running one worker as a process: by its name, until it is told to stop or the process that started it is gone."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from threading import Thread

import structlog

from events.errors import NotFound
from services.settings import Settings
from workers.collecting import collect_seldom
from workers.logs import configure_logs
from workers.presence import present
from workers.readiness import say_ready
from workers.system import System
from workers.together import beside
from workers.worker import door_modules, worker_modules, worker_named

SUPERVISED = "SIGHTLINE_SUPERVISED"
"""Set for a process whose standard input is a pipe from its supervisor: when that closes, it is to end."""

BEGINS = "escalator"
"""The worker that takes over the policies of the files for an authority which adopted none yet, where no supervisor has
done it: one is enough, and it records what follows from them."""

LAST_SECONDS = 20.0
"""How long a worker may take to finish once its supervisor is gone."""

log = structlog.get_logger(__name__)


def run_worker(name: str, settings: Settings) -> None:
    """Run one worker until SIGINT or SIGTERM; what it has begun is finished first.

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
    with present(settings.data, name), System(settings) as system:
        collect_seldom()
        async with working(system, name):
            if name == BEGINS:
                await asyncio.to_thread(_begin, system)
            log.info("consuming")
            say_ready(name)
            await stop.wait()
            log.info("stopping")


@asynccontextmanager
async def working(system: System, name: str) -> AsyncIterator[None]:
    """Check the streams, then run the worker of that name while the block runs.

    Raises as `run_worker` does.
    """
    start = _start(name, system)
    client = await system.connect()
    try:
        await system.check(client)
    finally:
        await client.close()
    async with start(system), beside(system.rules.keep):
        yield


def _begin(system: System) -> None:
    from workers.adopting import begin  # noqa: PLC0415 - each process loads only what its own worker needs

    begin(system)


def _start(name: str, system: System) -> Callable[[System], AbstractAsyncContextManager[None]]:
    """What runs the worker of that name, if there is one. Each process loads only what its own worker needs."""
    if name in worker_modules() or name in door_modules():
        return worker_named(name).run
    from workers.made import views_of  # noqa: PLC0415 - many processes start at once on a small machine
    from workers.projector import projecting  # noqa: PLC0415 - as above

    if name not in views_of(system):
        raise NotFound("worker", name)
    return partial(projecting, name=name)


def _watch_supervisor(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when the pipe from the supervisor closes, which it does however the supervisor ended."""
    while os.read(sys.stdin.fileno(), 64):
        pass
    loop.call_soon_threadsafe(stop.set)
    Thread(target=_end, daemon=True).start()


def _end() -> None:
    time.sleep(LAST_SECONDS)
    os._exit(1)  # whatever still holds the process up would hold up a clean exit as well
