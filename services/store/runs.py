"""Long stretches of one stream, read by a consumer of their own, for which the server reads on.

Asked for a batch, a copy of the stream looks each message up and adds five headers to it; where it reads on, that costs
the server a fifth of it and the client three quarters. A run is a faster way and no other truth: what comes is taken
only as far as each message follows on the one before. At the first that does not, or where nothing comes, the run is
over, and its reader goes on by `Source.page`, which knows what to make of a hole, of a copy that lags behind, of an
archive and of a connection that is lost.

To make a consumer takes a permission that `deploy/nats/accounts.conf` gives to the workers alone. Whoever lacks it
would wait for an answer that never comes, so a run is for those readers that ask for one, and a connection over which
none could be made asks for no other.
"""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

import nats.errors
import orjson
from nats.aio.subscription import Subscription

from services.log import Log
from services.store.errors import StoreUnavailable
from services.store.headers import headers_of
from services.store.messages import PAGE_BYTES, RawMessage, from_consumer
from services.store.source import ApiRefused, Source, api

log = Log(__name__)

LONG = 10_000
"""Messages from which on a stretch is worth a consumer: to make one and to take it away are two questions."""

FORGOTTEN_AFTER = 30 * 1_000_000_000
"""Nanoseconds after which the server drops the consumer of a reader that is gone."""

STATUS = b"NATS/1.0 "
"""How what the server says of a request begins, where an event has no more than the first word."""

Came = tuple[bytes, bytes, bytes, bytes]


class Run:
    """A stretch of a stream through a position. Whoever begins one closes it; a short one is over before it begins."""

    def __init__(self, source: Source, after: int, through: int) -> None:
        self._source = source
        self._client: Any = source.client
        self._over = through - after < LONG or not getattr(source.client, "reads_on", False)
        self._next = 0
        self._consumer = ""
        self._is_made = False
        self._inbox = ""
        self._asked = 0
        self._listening: Subscription | None = None
        self._came: list[Came] = []
        self._wanted = 0
        self._whole: asyncio.Future[None] | None = None

    async def page(self, start: int, count: int) -> list[RawMessage]:
        """Messages from a position on, each following on the one before, at most `count`; none once the run is over.

        What an archive holds is not the run's: it begins behind that.
        """
        if self._over or not self._source.is_live(start):
            return []
        try:
            if not self._consumer:
                await self._begin(start)
            came = await self._next_page(start, count)
        except (ApiRefused, StoreUnavailable, TimeoutError, ValueError, nats.errors.Error) as error:
            self._client.reads_on = self._is_made  # else each stretch would wait as long for no answer
            log.info("a run of a stream is over", stream=self._source.stream, at=start, error=type(error).__name__)
            came = []
        # Messages do not say what they answer: after a page that did not come whole nothing more may be asked.
        follow = next((at for at, each in enumerate(came) if each.sequence != start + at), len(came))
        self._next = start + follow
        if follow < len(came) or not came:
            await self.close()
        return came[:follow]

    async def close(self) -> None:
        """Take the consumer away. A repeat changes nothing; over a connection that is gone the server drops it."""
        listening, self._listening, self._over, self._came = self._listening, None, True, []
        if listening is None:
            return
        await self._client.no_more(listening)
        if self._is_made:
            with suppress(nats.errors.Error):
                asked = f"$JS.API.CONSUMER.DELETE.{self._source.stream}.{self._consumer}"
                await self._client.publish(asked, b"")

    async def _begin(self, start: int) -> None:
        name, inbox = f"run-{uuid4().hex}", self._client.new_inbox()
        self._listening = await self._client.take_all(f"{inbox}.*", self._take)
        self._consumer, self._inbox, self._next = name, inbox, start
        asked = {
            "stream_name": self._source.stream,
            "config": {
                "name": name,
                "ack_policy": "none",
                "deliver_policy": "by_start_sequence",
                "opt_start_seq": start,
                "replay_policy": "instant",
                "mem_storage": True,
                "num_replicas": 1,
                "inactive_threshold": FORGOTTEN_AFTER,
            },
        }
        created = f"CONSUMER.CREATE.{self._source.stream}.{name}"
        await api(self._client, created, asked, within=self._source.timeout)
        self._is_made = True

    async def _next_page(self, start: int, count: int) -> list[RawMessage]:
        if start != self._next:
            return []
        self._asked += 1
        self._wanted, self._came = count, []
        self._whole = asyncio.get_running_loop().create_future()
        asked = f"$JS.API.CONSUMER.MSG.NEXT.{self._source.stream}.{self._consumer}"
        request = {"batch": count, "max_bytes": PAGE_BYTES, "no_wait": True}
        await self._client.publish(asked, orjson.dumps(request), reply=f"{self._inbox}.{self._asked}")
        await asyncio.wait_for(self._whole, self._source.timeout)
        return [
            from_consumer(subject.decode(), reply.decode(), headers_of(block), data)
            for subject, reply, block, data in self._came
        ]

    def _take(self, subject: bytes, reply: bytes, block: bytes, data: bytes) -> None:
        """Collect a message, until there are as many as were asked for or the server says that these are all."""
        if not block.startswith(STATUS):
            self._came.append((subject, reply, block, data))
            if len(self._came) < self._wanted:
                return
        elif subject.rpartition(b".")[2] != b"%d" % self._asked:  # the last word on what was asked before
            return
        if self._whole is not None and not self._whole.done():
            self._whole.set_result(None)
