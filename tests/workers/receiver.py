"""A receiver of webhooks on this machine: real sockets, which answer as a test says and remember what they got."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HANG, CLOSE = b"hang", b"close"


def answer(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", ""]).encode()


@dataclass(frozen=True, slots=True)
class Posted:
    """One post, as it came."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """What it says, by the library of the scheme as oracle; it raises for a wrong signature or time."""
        return Webhook(secret).verify(self.body, dict(self.headers))


@dataclass
class Receiver:
    """`say` gives the answer to the n-th post, counted from 1; what hangs is closed without one once `over` is set."""

    say: Callable[[int, Posted], bytes] = lambda _number, _posted: OK
    posts: list[Posted] = field(default_factory=list)
    port: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=secret-of-the-receiver"

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.posts]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in head[1:]) if name}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        posted = Posted(head[0], headers, body)
        self.posts.append(posted)
        said = self.say(len(self.posts), posted)
        try:
            if said is HANG:
                await either(reader.read(), self.over.wait())  # until the other side gives up
            elif said is not CLOSE:
                writer.write(said)
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()


async def either(*waited: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of these has come."""
    tasks = [asyncio.ensure_future(each) for each in waited]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for each in tasks:
        each.cancel()


@asynccontextmanager
async def receiving(say: Callable[[int, Posted], bytes] | None = None, port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver for the time of the block."""
    receiver = Receiver(say) if say else Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
