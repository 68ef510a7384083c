"""The stream of published messages as its one writer sees it: where it ends, and how it goes on.

Every write says after which message it comes, and the server refuses it where another one stands there. So of two
publishers one is refused, and an attempt whose answer was lost is never repeated blindly: the end is asked for first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import nats.errors
import orjson
from nats.aio.client import Client

from events.errors import BrokenHistory
from events.published.message import FACT, MSG_ID, POSITION, Message
from events.subjects import published_stream
from services.store.errors import StoreUnavailable
from services.store.source import Source, api

EXPECTED = "Nats-Expected-Last-Sequence"
MAX_BATCH = 1_000
"""The server's limit on the messages of one atomic batch."""

WRONG_LAST = 10071


class Overtaken(Exception):
    """Another message stands where this one was to follow: another publisher works, or an earlier attempt came in."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the stream: its last sequence, and the place in history and the fact that its last message tells of.

    `position` is 0 where it holds no message: none was ever published, or all have aged. `created` is when the stream
    was made, by the server's clock.
    """

    sequence: int
    position: int
    fact: str
    created: datetime


class Outbox:
    """The published stream of one authority, over a connection of the caller's."""

    def __init__(self, client: Client, authority: str, *, timeout: float = 5.0) -> None:
        self._client = client
        self._timeout = timeout
        self.source = Source(client, published_stream(authority), timeout=timeout)

    async def end(self) -> End:
        """Where the stream ends, by its leader. BrokenHistory when its last message cannot be read."""
        info = await api(self._client, f"STREAM.INFO.{self.source.stream}", within=self._timeout)
        created, state = datetime.fromisoformat(info["created"]), info["state"]
        last = await self.source.at(state["last_seq"]) if state["messages"] else None
        if last is None:
            again = (await api(self._client, f"STREAM.INFO.{self.source.stream}", within=self._timeout))["state"]
            if not again["messages"]:
                return End(again["last_seq"], 0, "", created)
            if again["last_seq"] != state["last_seq"]:  # it was empty, and something came in between
                return await self.end()
            raise BrokenHistory(f"stream {self.source.stream}", f"message {state['last_seq']} cannot be read")
        try:
            return End(last.sequence, int(last.headers[POSITION]), last.headers[FACT], created)
        except (KeyError, ValueError) as error:
            raise BrokenHistory(f"stream {self.source.stream}", f"message {last.sequence} names no fact") from error

    async def publish(self, messages: Sequence[Message], after: int) -> int:
        """Write the messages behind that sequence, all of them or none; the sequence of the last one.

        Overtaken where something else stands there. StoreUnavailable where no answer came: then they stand there, or
        they do not, and the end tells.
        """
        try:
            found = await (self._single if len(messages) == 1 else self._batch)(messages, after)
        except nats.errors.Error as error:
            raise StoreUnavailable(f"stream {self.source.stream}: no answer ({type(error).__name__})") from error
        if refusal := found.get("error"):
            reason = str(refusal.get("description", ""))
            if refusal.get("err_code") == WRONG_LAST:
                raise Overtaken(reason)
            raise StoreUnavailable(f"stream {self.source.stream}: not published: {reason}")
        sequence = int(found["seq"])
        if sequence != after + len(messages):
            raise Overtaken(f"it stands at {sequence} already")
        await self._see(messages[-1], sequence)
        return sequence

    async def _single(self, messages: Sequence[Message], after: int) -> dict[str, Any]:
        (message,) = messages
        headers = {**message.headers, EXPECTED: str(after)}
        answer = await self._client.request(message.subject, message.body, timeout=self._timeout, headers=headers)
        return dict(orjson.loads(answer.data))

    async def _batch(self, messages: Sequence[Message], after: int) -> dict[str, Any]:
        batch = uuid4().hex
        headers: dict[str, str] = {}
        for number, message in enumerate(messages, start=1):
            headers = {**message.headers, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            if number == 1:
                headers[EXPECTED] = str(after)
            if number < len(messages):
                await self._client.publish(message.subject, message.body, headers=headers)
        headers["Nats-Batch-Commit"] = "1"
        last = messages[-1]
        answer = await self._client.request(last.subject, last.body, timeout=self._timeout, headers=headers)
        return dict(orjson.loads(answer.data))

    async def _see(self, message: Message, sequence: int) -> None:
        """A server whose storage runs out within a batch acknowledges it all the same: see its end before believing."""
        found = await self.source.at(sequence)
        if found is None or found.headers.get(MSG_ID) != message.headers[MSG_ID]:
            raise StoreUnavailable(f"stream {self.source.stream}: message {sequence} was acknowledged and is not there")
