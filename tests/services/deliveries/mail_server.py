"""A real mail server on loopback that answers as a test says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller


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
        if not self.at_data:
            self.taken.append(envelope.content)
        if self.takes_and_hangs:
            await self.released.wait()
        return self.at_data or "250 taken"


@contextmanager
def listening(mailbox: Mailbox) -> Iterator[int]:
    """Run it while the block runs; its port."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.loop.call_soon_threadsafe(mailbox.released.set)
        controller.stop()
