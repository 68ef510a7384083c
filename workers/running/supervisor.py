"""Everything on one machine: the embedded server and the processes of the workers, kept running until told to stop."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic

import structlog

from events.errors import Refused, SightlineError
from services.log import Log
from services.nats_server import NatsServer, embedded_server, running_server
from services.settings import Settings
from workers.parts.groups import PROCESSES, sharded
from workers.processes.logs import configure_logs
from workers.processes.together import beside, unless
from workers.running.forking import Begun, Processes, beginning
from workers.running.readiness import NOTIFY_SOCKET, SUPERVISED, hearing, say_ready

log = Log(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.25, 5.0
STEADY = 10.0
"""A process that ran this long was well: the delay before its next start begins anew."""

PATIENCE = 25.0
"""Seconds for a worker to finish what it began. It gives itself a little less (see `workers.running.process`)."""

LOOK_EVERY = 0.25

NOT_KNOWN = "not known: what it was a fork of has ended"
"""What is said of an exit code that nobody could tell."""

FEW_ARENAS = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(128 * 1024)}
"""For glibc, which keeps memory for each thread, and what was given back: the threads of a worker wait most of the
time. Elsewhere it means nothing, and what the environment says itself counts."""

READY_WITHIN = 60.0
"""Seconds after which a worker that does not consume yet is named in the log, and again after as many."""

GUARD = 'read -r _; sleep 1; kill "$0"'
"""Ends the server when the pipe from the supervisor closes, however the supervisor ended. The second is for the
workers, which see the same and acknowledge what they have finished."""


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give another process the same settings."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {f"SIGHTLINE_{name.upper()}": _as_variable(value) for name, value in values.items()}


Preparing = Callable[[Settings, Processes], Awaitable[None]]


async def _prepared_here(settings: Settings, _processes: Processes) -> None:
    from workers.running.preparing import prepared  # noqa: PLC0415 - it takes thirty megabytes, for a second of a long life

    await prepared(settings)


def _as_variable(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


async def up(
    settings: Settings,
    *,
    workers: Sequence[str] = PROCESSES,
    ready: Callable[[], None] | None = None,
    stop: asyncio.Event | None = None,
    preparing: Preparing | None = None,
) -> None:
    """Run everything until SIGINT, SIGTERM or `stop`; then the workers end first and the server after them.

    `ready` is called once, when every worker consumes. What dies is started again, after a delay that grows.
    Nothing stays behind, not even when this process is killed. `preparing` does in another way what comes before any
    worker (see `workers.running.preparing`). Raises Unavailable, Drifted, BrokenHistory or PolicyError, with nothing
    left running, when it cannot start.
    """
    if not structlog.is_configured():
        configure_logs(settings)
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(RuntimeError):  # only the main thread may; elsewhere `stop` is the way
            loop.add_signal_handler(number, stop.set)
    named = sharded(workers, settings.projector_shards)
    coming = _Coming(named, ready, stop)
    async with hearing(coming.heard) as address:
        variables = {**FEW_ARENAS, **os.environ, **environment(settings), NOTIFY_SOCKET: address, SUPERVISED: "1"}
        # One alone shares nothing with anybody.
        async with beginning(variables, alone=len(named) == 1) as processes, _server(settings):
            await (preparing or _prepared_here)(settings, processes)
            async with beside(coming.remind), asyncio.TaskGroup() as group:
                for name in named:
                    group.create_task(_keep_running(name, processes, stop))


async def serve(settings: Settings, *, ready: Callable[[], None], stop: asyncio.Event | None = None) -> None:
    """Run the embedded server alone until SIGINT, SIGTERM or `stop`: to look at a history on which nobody may work.

    Refused where the settings name another server.
    """
    if settings.nats is not None:
        raise Refused("nats", "names a server of its own; this runs the one of the data folder")
    stop = stop or asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(RuntimeError):  # only the main thread may
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _server(settings):
        ready()
        await stop.wait()


@contextmanager
def server_for(settings: Settings) -> Iterator[None]:
    """A server for the block: the one that runs, or the data folder's own, alone, if that holds streams."""
    if settings.nats is not None or running_server(settings.data) or not (settings.data / "jetstream").exists():
        yield
        return
    server = Guarded(settings)
    try:
        asyncio.run(server.start())  # interrupted, it ends once the thread that starts the server has done so
        yield
    finally:
        server.stop()


class _Coming:
    """The workers that are still to come up."""

    def __init__(self, workers: Iterable[str], ready: Callable[[], None] | None, stop: asyncio.Event) -> None:
        self._waiting = set(workers)
        self._ready = ready
        self._stop = stop

    def heard(self, name: str) -> None:
        """One does its work now. With the last of them everything is ready; a repeat changes nothing."""
        if name not in self._waiting:
            return
        self._waiting.discard(name)
        if not self._waiting:
            log.info("every worker consumes")
            say_ready("supervisor")
            if self._ready is not None:
                self._ready()

    async def remind(self, _stop: asyncio.Event) -> None:
        """Say of the workers that have not come up which they are, for as long as they have not."""
        while self._waiting and not await unless(self._stop, READY_WITHIN):
            if self._waiting:
                log.error("workers have not come up", workers=sorted(self._waiting))


async def _keep_running(name: str, processes: Processes, stop: asyncio.Event) -> None:
    delay = FIRST_DELAY
    while not stop.is_set():
        began = monotonic()
        # A session of its own: Ctrl-C at the terminal reaches the supervisor, which ends things in their order.
        process = await processes.begin("workers", name)
        if await _ended(process, stop):
            delay = FIRST_DELAY if monotonic() - began > STEADY else delay
            code = NOT_KNOWN if process.returncode is None else process.returncode
            log.error("worker ended by itself", worker=name, code=code, again_in=delay)
            await unless(stop, delay)
            delay = min(delay * 2, LONGEST_DELAY)


async def _ended(process: Begun, stop: asyncio.Event) -> bool:
    """Wait until the process ends by itself, or end it when it is time to stop; whether it was by itself."""
    ending, stopping = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([ending, stopping], return_when=asyncio.FIRST_COMPLETED)
        return ending.done()
    finally:
        stopping.cancel()
        await _end(process, ending)


async def _end(process: Begun, ending: "asyncio.Task[int | None]") -> None:
    if not ending.done():
        process.terminate()
        done, _ = await asyncio.wait([ending], timeout=PATIENCE)
        if not done:
            log.error("worker does not end: killed", pid=process.pid)
            process.kill()
            await ending


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[None]:
    """The embedded server while the block runs, unless the settings name another one."""
    if settings.nats is not None:
        yield
        return
    server = Guarded(settings)
    await server.start()
    try:
        async with beside(server.watch):
            yield
    finally:
        await asyncio.to_thread(server.stop)


class Guarded:
    """The embedded server with a guard that ends it when this process is gone."""

    def __init__(self, settings: Settings) -> None:
        self._data = settings.data
        self._server: NatsServer = embedded_server(self._data)
        self._guard: subprocess.Popen[bytes] | None = None
        self._port = 0

    async def start(self) -> None:
        """Start it, at the port where it was before: the workers' connections come back by themselves."""
        self._server = embedded_server(self._data, port=self._port)
        try:
            url = await asyncio.to_thread(self._server.start, held=self._watched)
        except Exception:  # given up, it goes on in its thread, and what it starts has its guard
            self._dismiss()
            raise
        self._port = int(url.rpartition(":")[2])

    def _watched(self, pid: int) -> None:
        """Begin the guard of what becomes the server with the return from here, and not before."""
        self._guard = subprocess.Popen(  # noqa: S603 - our own words
            ["/bin/sh", "-c", GUARD, str(pid)], stdin=subprocess.PIPE, start_new_session=True
        )

    async def watch(self, stop: asyncio.Event) -> None:
        """Start it again whenever it has died."""
        delay, began = FIRST_DELAY, monotonic()
        while not stop.is_set():
            await unless(stop, LOOK_EVERY)
            if self._server.pid is not None or stop.is_set():
                continue
            delay = FIRST_DELAY if monotonic() - began > STEADY else delay
            log.error("nats-server ended by itself", again_in=delay)
            self._dismiss()
            await unless(stop, delay)
            try:
                await self.start()
            except (SightlineError, OSError):  # the next attempt may do better
                log.exception("nats-server does not start")
            began = monotonic()
            delay = min(delay * 2, LONGEST_DELAY)

    def stop(self) -> None:
        """End guard and server. Stopping twice changes nothing."""
        self._dismiss()
        self._server.stop()

    def _dismiss(self) -> None:
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None
