"""The bridge from the library's threads to the asynchronous client: one loop, one connection, shared."""

import asyncio
import atexit
import re
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock, Thread, get_ident
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import nats.errors
from nats.aio.client import Client

from services.log import Log
from services.store.errors import StoreUnavailable
from services.store.quick import QuickClient

T = TypeVar("T")
log = Log(__name__)


_PLAIN_USER = re.compile(r"[A-Za-z0-9_-]+")


def inbox_of(url: str) -> str:
    """Where the answers of a connection to this address arrive: a place of the user's own, which no other may hear.

    `deploy/nats/accounts.conf` gives each user its own. Where the address names none (a token, a credentials file),
    it is the client's usual place.
    """
    first = urlsplit(url.split(",", maxsplit=1)[0])
    named = first.password is not None and _PLAIN_USER.fullmatch(first.username or "")
    return f"_INBOX.{first.username}" if named else "_INBOX"


async def connect(
    url: str, *, credentials: Path | None = None, archives: Path | None = None, within: float = 5.0
) -> Client:
    """A connection that comes back by itself after a break. StoreUnavailable when none can be made in time.

    Whoever reads a stream over it reads the stream's archives in the folder `archives` beside it.
    """
    options: dict[str, Any] = {"user_credentials": str(credentials)} if credentials else {}
    client = QuickClient()
    client.archives = archives
    async with in_time(url, within):
        await client.connect(
            url.split(","),
            error_cb=_report,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=max(1, int(within)),
            inbox_prefix=inbox_of(url),
            **options,
        )
    return client


@asynccontextmanager
async def in_time(url: str, within: float = 5.0) -> AsyncIterator[None]:
    """Connect to the address in the block. StoreUnavailable where it ends with an error, or not in time."""
    try:
        async with asyncio.timeout(within):
            yield
    except (OSError, TimeoutError, nats.errors.Error) as error:
        raise StoreUnavailable(f"NATS at {_shown(url)}: no connection ({type(error).__name__})") from error


async def _report(error: Exception) -> None:
    log.warning("nats connection", error=type(error).__name__)


def _shown(url: str) -> str:
    """The addresses without a user, a password or a token."""
    return ",".join(urlsplit(each).netloc.rpartition("@")[2] or each for each in url.split(","))


class _Waiting(Generic[T]):
    """A thread that waits for work on the loop: less than a future of either kind costs, since it is asked once."""

    _task: asyncio.Task[T]

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.work = work
        self._done = Lock()
        self._done.acquire()

    def begin(self) -> None:
        """Begin on the loop."""
        self._task = asyncio.get_running_loop().create_task(self.work)
        self._task.add_done_callback(self._end)

    def _end(self, _: asyncio.Task[T]) -> None:
        self._done.release()

    def result(self) -> T:
        """Wait until the work is done; its result or its error."""
        with self._done:
            return self._task.result()


class Link:
    """One background event loop with one connection. Get it with `open_link`, give it back with `close`.

    Every thread may call `run`; the loop's own thread may not, since it would wait for itself.
    """

    def __init__(self, url: str, credentials: Path | None, timeout: float, archives: Path | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="sightline-store", daemon=True)
        self._thread.start()
        self._submitting = Lock()
        self._closing = False
        self.users = 0
        try:
            self.client = self.run(connect(url, credentials=credentials, archives=archives, within=timeout))
        except BaseException:
            self._end()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether the connection was given up for good."""
        return self._closing or self.client.is_closed

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in this thread until the work is done on the loop; its result or its error.

        StoreUnavailable when the link is closed meanwhile: nobody waits for ever.
        """
        waiting = _Waiting(self._until_closed(work))
        with self._submitting:  # as in `submit`
            if refused := self._refused(work):
                waiting.work.close()
                raise refused
            self._loop.call_soon_threadsafe(waiting.begin)
        return waiting.result()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start the work on the loop. From another event loop, await it with `asyncio.wrap_future`."""
        with self._submitting:  # what came after the loop's last look would be waited for in vain
            if refused := self._refused(work):
                raise refused
            return asyncio.run_coroutine_threadsafe(self._until_closed(work), self._loop)

    def _refused(self, work: Coroutine[Any, Any, T]) -> StoreUnavailable | None:
        if get_ident() != self._thread.ident and not self._closing:
            return None
        work.close()
        return StoreUnavailable("the store's connection is closed, or was called from its own event loop")

    async def _until_closed(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await work
        except (asyncio.CancelledError, nats.errors.ConnectionClosedError):
            if self._closing:
                raise StoreUnavailable("the store's connection was closed before the answer came") from None
            raise

    def shut(self) -> None:
        """Close connection and loop; calls that wait end as unavailable. A second call changes nothing."""
        with self._submitting:
            if self._closing:
                return
            self._closing = True
        try:
            asyncio.run_coroutine_threadsafe(self._release(), self._loop).result()
        finally:
            self._end()

    async def _release(self) -> None:
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        try:
            await self.client.close()
        finally:
            left = [each for each in waiting if not each.done()]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _end(self) -> None:
        self._closing = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


_links: dict[tuple[str, Path | None, Path | None], Link] = {}
_lock = Lock()


def open_link(url: str, *, credentials: Path | None = None, archives: Path | None = None, timeout: float = 5.0) -> Link:
    """The process's link to this server, made at the first call. StoreUnavailable when it cannot be made.

    What is read over it is read beside the archives in that folder (see `connect`).
    """
    key = (url, credentials, archives)
    with _lock:
        link = _links.get(key)
        if link is None or link.is_closed:
            link = _links[key] = Link(url, credentials, timeout, archives)
        link.users += 1
        return link


def close_link(link: Link) -> None:
    """Give a link back; the last user's call closes the connection."""
    with _lock:
        link.users -= 1
        if link.users > 0:
            return
        for key in [key for key, value in _links.items() if value is link]:
            del _links[key]
    link.shut()


@atexit.register
def _close_all() -> None:
    """Close what nobody gave back: the loops' threads end now, and a later close would wait for ever."""
    with _lock:
        left = list(_links.values())
        _links.clear()
    for link in left:
        link.shut()
