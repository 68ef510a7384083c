"""The client with faster headers, in both directions.

An event carries two dozen headers. Reading and writing them one by one, with checks of every character, was most of the
work of a read and of a batch. Tests hold both ways to the results of the client's own; a header that is anything but
plain takes the client's own way.
"""

import asyncio
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.protocol import command

_BLANK = re.compile(r"\s")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


class QuickClient(Client):
    """The client of every connection that the store opens.

    `archives` is the folder of what was archived of the streams it reads, None where none is named. `back` is set for a
    moment whenever a lost connection is there again: whoever waits for an answer that went with it need not.
    """

    archives: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.back = asyncio.Event()

    async def connect(self, *servers: Any, **options: Any) -> None:
        """Connect as the client does."""
        told = options.pop("reconnected_cb", None)

        async def back() -> None:
            self.back.set()
            self.back.clear()
            if told is not None:
                await told()

        await super().connect(*servers, **{**options, "reconnected_cb": back})

    async def _close(self, status: int, do_cbs: bool = True) -> None:  # noqa: FBT001, FBT002 - the client's own signature
        """Close as the client does, whatever becomes of the socket meanwhile.

        The client's own way falls over a lost connection twice: what could not be sent is an error before those who
        wait for an answer are released, and the end of the task that connects again cancels the end of the socket, of
        which whoever closes then hears as if he had been cancelled himself.
        """
        try:
            await super()._close(status, do_cbs)
        except OSError:
            self._status = Client.DISCONNECTED  # there is nothing left to send now: the rest of the way is free
            await super()._close(status, do_cbs)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise

    @staticmethod
    def _parse_header_lines(raw: bytes) -> dict[str, str]:
        found = {}
        for line in raw.decode("utf-8", "replace").split("\r\n"):
            name, colon, value = line.partition(":")
            if colon and (token := _token(name)) is not None:
                found[token] = value.strip()
        return found

    async def _send_publish(
        self, subject: str, reply: str, payload: bytes, payload_size: int, headers: dict[str, Any] | None
    ) -> None:
        block = _header_block(headers) if headers and subject else None
        if block is None:
            await super()._send_publish(subject, reply, payload, payload_size, headers)
            return
        self.stats["out_msgs"] += 1
        self.stats["out_bytes"] += payload_size
        await self._send_command(command.hpub_cmd(subject, reply, block, payload))
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()


def _header_block(headers: dict[str, Any]) -> bytes | None:
    """The headers as they travel, None when one of them needs the client's own care."""
    if not all(map(_is_plain, headers)):
        return None
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\r") != len(headers) or lines.count("\n") != len(headers) or "  " in lines or " \r" in lines:
        return None  # a value with a line end, or with blanks at its ends, which the client would change
    return f"NATS/1.0\r\n{lines}\r\n".encode()


@lru_cache(maxsize=1_024)
def _is_plain(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=1_024)
def _token(name: str) -> str | None:
    """The name of a header, None for what cannot be one. The same few names come with every event."""
    name = name.strip()
    return name if name.isascii() and not _BLANK.search(name) else None
