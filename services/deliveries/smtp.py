"""A mail server: one connection for each batch, opened with the first letter, and a time limit for each letter.

A mail server cannot be asked whether it took a letter. Who is killed between its answer and the record of it hands the
letter over once more: at least once, always with the same Message-ID, by which mail programs show it as one.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from events.deliveries import Transport
from services.clock import Clock
from services.deliveries.letters import Letter
from services.deliveries.mime import as_email
from services.deliveries.transports import Fate, NotTaken

FOR_GOOD = 500
"""From this answer on a server will never take the letter; below, it may later."""

CLOSING_SECONDS = 2.0
SLACK = 5.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail server is and how it is spoken to. `seconds` is the limit of one letter."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    authorities: Path | None = None
    seconds: float = 20.0


class Smtp:
    """Hands letters to a mail server."""

    name: Transport = "smtp"

    def __init__(self, server: Server, sender: str, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self.patience = server.seconds + CLOSING_SECONDS + SLACK

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Connection"]:
        """A connection for a batch; there is none until a letter needs it."""
        connection = Connection(self._server, self._sender, self._clock)
        try:
            yield connection
        finally:
            await connection.close()

    async def taken_before(self, _identity: str) -> bool:
        """A mail server does not say: the letter goes again, under the same Message-ID."""
        return False

    async def fate(self, _identity: str) -> Fate:
        """What comes back comes as a letter, to whoever reads the mailbox (`delivery report-bounce`)."""
        return "arrived"


class Connection:
    """One connection, made anew after it failed."""

    def __init__(self, server: Server, sender: str, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._client: SMTP | None = None

    async def put(self, letter: Letter) -> NotTaken | None:
        """Hand the letter over within the time limit."""
        try:
            async with asyncio.timeout(self._server.seconds):
                client = self._client or await self._connect()
                await client.send_message(as_email(letter, self._sender, self._clock()))
        except (SMTPException, OSError) as error:  # the time limit is an OSError
            await self.close()
            return why(error)
        return None

    async def close(self) -> None:
        """End the connection, politely if the server answers."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await client.quit()
        except (SMTPException, OSError):  # it is gone, or does not answer: then it is dropped
            client.close()

    async def _connect(self) -> SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=str(server.authorities) if server.authorities else None)
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "none" else context,
            timeout=server.seconds,
        )
        self._client = client
        await client.connect()
        return client


def why(error: Exception) -> NotTaken:
    """The class of a failure: no word of what the server answered, for that may hold the address."""
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, TimeoutError):
        return NotTaken("timed_out", closed=True)
    if isinstance(error, SMTPServerDisconnected):
        return NotTaken("dropped")
    if isinstance(error, OSError):
        return NotTaken("unreachable", closed=True)
    answered = error if isinstance(error, SMTPResponseException) else None
    if answered is None or isinstance(answered, SMTPAuthenticationError):
        return NotTaken("not_allowed", closed=True)  # such as a server without the encryption that is asked for
    if answered.code < FOR_GOOD:
        return NotTaken("deferred")
    ours = isinstance(answered, SMTPSenderRefused | SMTPHeloError)
    return NotTaken("not_allowed", closed=True) if ours else NotTaken("refused", for_good=True)
