"""A folder of `.eml` files: each message a file named by its identity, written whole or not at all.

The embedded default. Nothing leaves the machine, and a repeat finds the file: exactly one for each message.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex

from events.deliveries import Transport
from services.clock import Clock
from services.deliveries.letters import Letter
from services.deliveries.mime import as_email
from services.deliveries.transports import Fate, NotTaken
from services.private import make_private

PATIENCE = 10.0


class Folder:
    """The folder of one authority's messages. Whoever else is on the machine can read none of it."""

    name: Transport = "folder"
    patience = PATIENCE

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Folder"]:
        """The folder itself: there is nothing to open."""
        yield self

    async def put(self, letter: Letter) -> NotTaken | None:
        """Write the file, unless it is there."""
        try:
            await asyncio.to_thread(self._write, letter)
        except OSError:
            return NotTaken("no_room", closed=True)
        return None

    async def taken_before(self, identity: str) -> bool:
        """Whether the file stands."""
        return await asyncio.to_thread(self._path(identity).exists)

    async def fate(self, _identity: str) -> Fate:
        """A file comes back to nobody."""
        return "arrived"

    def _path(self, identity: str) -> Path:
        return self._folder / f"{identity}.eml"

    def _write(self, letter: Letter) -> None:
        make_private(self._folder)
        path = self._path(letter.identity)
        if path.exists():
            return
        half = self._folder / f".{letter.identity}.{token_hex(4)}"
        opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(as_email(letter, self._sender, self._clock()).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
