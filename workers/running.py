"""Running one worker as a process: by its name, until it is told to stop or the process that started it is gone."""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Thread

import structlog

from events.errors import NotFound
from services.settings import Settings
from workers.logs import configure_logs
from workers.presence import present
from workers.readiness import say_ready
from workers.system import System

VIEW_NAMES = ("register", "actions", "grade-changes", "escalations", "notices", "indicators", "timeline", "owed")
"""One projector each (see `projections.registry`)."""

WORKERS = (*VIEW_NAMES, "timekeeper", "escalator", "sweeper", "publisher")
"""Every worker, by the name that it is started with."""

DOORS = ("api",)
"""What runs beside the workers for others to come in by: `sightline up` starts it, and nothing waits for it."""

SUPERVISED = "SIGHTLINE_SUPERVISED"
"""Set for a process whose standard input is a pipe from its supervisor: when that closes, it is to end."""

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
        gc.freeze()  # what was loaded stays; and events come in thousands, not in cycles
        gc.set_threshold(50_000, 50, 50)
        async with working(system, name):
            log.info("consuming")
            say_ready(name)
            await stop.wait()
            log.info("stopping")


@asynccontextmanager
async def working(system: System, name: str) -> AsyncIterator[None]:
    """Check the streams, then run the worker of that name while the block runs.

    Raises as `run_worker` does.
    """
    start = worker(name, system)
    client = await system.connect()
    try:
        await system.check(client)
    finally:
        await client.close()
    async with start(system):
        yield


def worker(name: str, system: System) -> Callable[[System], AbstractAsyncContextManager[None]]:
    """What runs the worker of that name. Each process loads only what its own worker needs.

    Raises NotFound for a name that there is not.
    """
    if name in {*VIEW_NAMES, *system.own_views}:
        from workers.projector import projecting  # noqa: PLC0415 - eight processes start at once on a small machine

        return lambda system: projecting(system, name)
    return _others(name)


def _others(name: str) -> Callable[[System], AbstractAsyncContextManager[None]]:
    match name:
        case "timekeeper":
            from workers.timekeeper import timekeeping  # noqa: PLC0415 - as above

            return timekeeping
        case "escalator":
            from workers.escalator import escalating  # noqa: PLC0415 - as above

            return escalating
        case "sweeper":
            from workers.sweeper import sweeping  # noqa: PLC0415 - as above

            return sweeping
        case "api":
            from workers.api.serving import serving  # noqa: PLC0415 - as above

            return serving
        case "publisher":
            from workers.publisher import publishing  # noqa: PLC0415 - as above

            return publishing
        case _:
            raise NotFound("worker", name)


def _watch_supervisor(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when the pipe from the supervisor closes, which it does however the supervisor ended."""
    while os.read(sys.stdin.fileno(), 64):
        pass
    loop.call_soon_threadsafe(stop.set)
    Thread(target=_end, daemon=True).start()


def _end() -> None:
    time.sleep(LAST_SECONDS)
    os._exit(1)  # whatever still holds the process up would hold up a clean exit as well
