"""Serving the API on its address while a block runs, as a worker does its work, or as the only thing of a process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from events.errors import Unavailable
from services.log import Log
from services.private import make_private, private_file
from services.settings import Settings
from workers.api.app import make_app
from workers.api.guard import Guard
from workers.api.place import PLACE
from workers.doors.bearer import Tokens, tokens_of
from workers.doors.office import open_office
from workers.parts.worker import Worker
from workers.processes.together import beside, unless
from workers.system import System

log = Log(__name__)

NAME = "api"
"""What the process is started by."""

TRY_AGAIN = 5.0
"""Seconds after which an address that was taken is tried again."""

BACKLOG, KEEP_ALIVE_SECONDS, LAST_SECONDS, LARGEST_HEADERS = 512, 15, 10, 32_768


@asynccontextmanager
async def serving(system: System) -> AsyncIterator[None]:
    """Serve while the block runs; what is under way at its end is finished first.

    Beside other workers: where the address is taken, or nobody could be known by the settings, the log says so and the
    others go on; the address is tried again until it is free.
    """
    tokens = tokens_of(system.settings, "api")
    if tokens is None:
        yield
        return
    with _opened(system, tokens) as app:
        looked = asyncio.Event()
        async with beside(lambda stop: keep_serving(system.settings, app, stop, looked)):
            await looked.wait()
            yield


@contextmanager
def _opened(system: System, tokens: Tokens) -> Iterator[Guard]:
    with open_office(system) as office:
        yield make_app(office, tokens)


def require_free(settings: Settings) -> None:
    """Unavailable, naming the address and the setting, where something else listens there."""
    listener(settings).close()


def listener(settings: Settings) -> socket.socket:
    """A socket bound to the address of the settings. Unavailable where that is taken, or none of this machine."""
    host, port = settings.api_host, settings.api_port
    try:
        [family, kind, protocol, _, address], *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise Unavailable(
            f"HTTP API: {host}:{port} cannot be listened on ({error.strerror}); set SIGHTLINE_API_PORT or "
            "SIGHTLINE_API_HOST"
        ) from error
    return bound


async def keep_serving(settings: Settings, app: Guard, stop: asyncio.Event, looked: asyncio.Event) -> None:
    """Serve until it is time to stop; wait for the address where it is taken."""
    while not stop.is_set():
        try:
            bound = listener(settings)
        except Unavailable as error:
            log.error("the HTTP API does not run yet", reason=str(error), again_in=TRY_AGAIN)  # noqa: TRY400 - as above
            looked.set()
            await unless(stop, TRY_AGAIN)
            continue
        with bound, _said(settings, bound):
            await _serve(app, bound, stop, looked, settings.api_proxies)


async def _serve(
    app: Guard, bound: socket.socket, stop: asyncio.Event, looked: asyncio.Event, proxies: Sequence[str]
) -> None:
    server = Server(config(app, proxies), looked)
    running = asyncio.create_task(server.serve(sockets=[bound]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
        app.streams.closing.set()
        server.should_exit = True
        await running
    finally:
        stopping.cancel()


class Server(uvicorn.Server):
    """A server that leaves the signals to the process that it is a part of, and says when it is up."""

    def __init__(self, config: uvicorn.Config, is_up: asyncio.Event) -> None:
        super().__init__(config)
        self._is_up = is_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._is_up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def config(app: Guard, proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How the server speaks HTTP: everything that a change of its defaults could change is said."""
    return uvicorn.Config(
        app,
        loop="none",
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        server_header=False,
        date_header=True,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_SECONDS,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
    )


@contextmanager
def _said(settings: Settings, bound: socket.socket) -> Iterator[None]:
    """Say in the log and in the data folder where the API listens, for as long as it does.

    Where the data folder takes no file the log alone says it: who asks by HTTP knows the address from elsewhere.
    """
    host, port = bound.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    log.info("the HTTP API listens", address=url)
    file = settings.data / PLACE
    try:
        make_private(settings.data)
        private_file(file).write_text(url, encoding="utf-8")
    except OSError as error:
        log.warning("the address is not written down", error=type(error).__name__, folder=str(settings.data))
        yield
        return
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


DOOR = Worker(serving)
