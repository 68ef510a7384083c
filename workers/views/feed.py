"""One authority's history as it comes, read and decoded once for every view that this process keeps.

A feed has a consumer of its own: nobody else takes from it, nothing is acknowledged, and the server forgets it when it
is not asked for a while. Each view has a line, and the feed goes no further while a line is full, as long as nobody
else waits for more: all are busy then, and to read ahead of them would only have each read the same by itself. A view
that is slower than the others, halted or away misses what its line cannot hold and reads it from the stream by itself,
so that it holds up no other.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from events.subjects import all_subjects, stream_name
from services.log import Log
from services.store.messages import RawMessage
from services.store.source import Source
from workers.intake.delivered import raw
from workers.intake.ends import Ends
from workers.intake.pulling import Pull, consumer_info
from workers.processes.together import either, unless
from workers.views.lines import BATCH, Batch, Line, share_out

log = Log(__name__)

FORGOTTEN = 60.0
"""Seconds after which the server forgets a consumer whose process asks no more."""

AGAIN = 1.0
"""Seconds until a feed that failed is tried again."""

AT_ONCE = 50
"""So many events are decoded where they came; more of them in a thread, beside what else the process does."""


class Feed:
    """Reads one authority's history while `wanted` is set, from the view on that is furthest (see `furthest`).

    `given` is the position up to which everything was handed out; None where the feed does not run, and each view
    reads by itself.
    """

    def __init__(
        self,
        client: Client,
        authority: str,
        wanted: asyncio.Event,
        furthest: Callable[[str], Awaitable[int]],
        ends: Ends,
    ) -> None:
        self._ends = ends
        self.given: int | None = None
        self.lines: list[Line] = []
        self.room = asyncio.Event()
        self.client = client
        self._js = client.jetstream()
        self.authority = authority
        self._wanted = wanted
        self._furthest = furthest
        self._source = Source(client, stream_name(authority))
        self._consumer = ""
        self._pull: Pull | None = None
        self.opened = asyncio.Event()
        self._log = log.bind(authority=authority)

    async def run(self, stop: asyncio.Event) -> None:
        """Hand out what comes until it is time to stop. Whatever stands in the way is tried again after a while."""
        try:
            while not stop.is_set():
                if not self._wanted.is_set():
                    await self._shut()
                    await either(self._wanted, stop)
                    continue
                try:
                    await self._step(stop)
                except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                    self._log.warning("not fed", error=type(error).__name__, reason=str(error))
                    await self._fail(stop)
                except Exception:  # noqa: BLE001 - the views read by themselves meanwhile, and those of other authorities do not notice
                    self._log.exception("feed failed")
                    await self._fail(stop)
        finally:
            await self._shut()
            await self._source.close()

    async def _fail(self, stop: asyncio.Event) -> None:
        await self._shut()
        self.opened.set()
        for line in self.lines:
            line.rouse()
        await unless(stop, AGAIN)

    async def _step(self, stop: asyncio.Event) -> None:
        if self.given is None or self._pull is None:
            await self._open()
            return
        messages = await self._pull.batch(BATCH, stop)
        if messages:
            await self._hand_out(sorted(map(raw, messages), key=lambda each: each.sequence), stop)
        elif not stop.is_set() and not self._rests() and not await self._stands():
            await self._shut()

    async def _open(self) -> None:
        """Make a consumer that goes on after the view that is furthest, and let all views look where they are."""
        after = min(await self._furthest(self.authority), await self._source.last_sequence())
        self._consumer = f"views-{secrets.token_hex(6)}"
        config = ConsumerConfig(
            name=self._consumer,
            filter_subject=all_subjects(self.authority),
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            inactive_threshold=FORGOTTEN,
            mem_storage=True,
            num_replicas=1,
        )
        await self._js.add_consumer(self._source.stream, config=config)
        self._pull = await Pull.opened(self.client, self._source.stream, self._consumer, acknowledged=False)
        self.given = after
        self._log.info("reads for all views", consumer=self._consumer, after=after)
        for line in self.lines:
            line.rouse()
        self.opened.set()

    def _rests(self) -> bool:
        """Whether the history is known to end where all was handed out. A consumer that is gone says so itself."""
        end = self._ends.of(self.authority)
        early = self._pull is None or self._pull.early
        return not early and end is not None and end.last <= (self.given or 0)

    async def _stands(self) -> bool:
        """Whether the consumer is there, and everything that it gave out has come."""
        info = await consumer_info(self._js, self._source.stream, self._consumer)
        delivered = info.delivered.stream_seq if info is not None and info.delivered else 0
        return info is not None and (bool(info.num_pending) or (delivered or 0) <= (self.given or 0))

    async def _hand_out(self, messages: Sequence[RawMessage], stop: asyncio.Event) -> None:
        run: list[RawMessage] = []
        for each in messages:
            if run and each.sequence > run[-1].sequence + 1:
                await self._give(run, stop)
                run = []
            if each.sequence > (run[-1].sequence if run else self.given or 0):
                run.append(each)
        if run:
            await self._give(run, stop)

    async def _give(self, run: Sequence[RawMessage], stop: asyncio.Event) -> None:
        batch = Batch.of(run) if len(run) <= AT_ONCE else await asyncio.to_thread(Batch.of, run)
        self.given = run[-1].sequence  # a line that is opened from now on begins after it
        await share_out(batch, self.lines, self.room, stop)

    async def _shut(self) -> None:
        """Give the consumer up. Whoever asks for it meanwhile reads by itself."""
        self.given, pull, self._pull = None, self._pull, None
        if pull is None:
            return
        with suppress(nats.errors.Error):  # the server forgets it by itself
            await pull.close()
            if self.client.is_connected:
                await self._js.delete_consumer(self._source.stream, self._consumer)
