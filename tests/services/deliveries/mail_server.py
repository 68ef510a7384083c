"""A real mail server on loopback that answers as a test says."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from socket import create_server, socket
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller

from tests.stores import PATIENCE


class Mailbox:
    """A server that answers as the test says: at RCPT or at DATA with this line, or never."""

    def __init__(self) -> None:
        self.at_recipient = ""
        self.at_data = ""
        self.refused: set[str] = set()
        self.hangs = False
        self.takes_and_hangs = False
        self.drops = False
        self.taken: list[bytes] = []
        self.connections = 0
        self.released = asyncio.Event()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: smtp.SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: smtp.SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "550 nobody here" if address in self.refused else self.at_recipient or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.hangs:
            await self.released.wait()
        if self.drops and server.transport is not None:
            server.transport.abort()
        said = self.at_data  # the test may change it meanwhile, from its own thread
        if not said:
            self.taken.append(envelope.content)
        if self.takes_and_hangs:
            await self.released.wait()
        return said or "250 taken"


class Listening(Controller):
    """Listens on a socket that it was given: nobody else can take the port in between."""

    held: socket

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.held)


@contextmanager
def listening(mailbox: Mailbox) -> Iterator[int]:
    """Run it while the block runs; its port."""
    with create_server(("127.0.0.1", 0)) as held:
        port = int(held.getsockname()[1])
        controller = Listening(mailbox, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE)
        controller.held = held
        controller.start()
        try:
            yield port
        finally:
            controller.loop.call_soon_threadsafe(mailbox.released.set)
            controller.stop()
