"""One authority's history as it comes, read and decoded once for every view that this process keeps.

A feed has a consumer of its own: nobody else takes from it, nothing is acknowledged, and the server forgets it when it
is not asked for a while. Each view has a line: a view that is slow, halted or away misses what its line cannot hold
and reads it from the stream by itself, so that it holds up no other.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from events.recorded import Recorded
from events.subjects import all_subjects, stream_name
from services.log import Log
from services.store.messages import RawMessage
from services.store.source import Source
from workers.delivered import decoded, raw
from workers.ends import Ends
from workers.pulling import Pull, consumer_info
from workers.together import either, unless

log = Log(__name__)

BATCH = 2_000
"""Measured on two busy cores: 8,600 events a second with 500, 10,000 to 16,000 with 2,000; a live tail has batches of a
few events."""

ROOM = 4 * BATCH
"""Events that wait for one view at most. All lines hold the same events: many long ones cost little more than one."""

PATIENT = 1.0
"""Seconds that a feed waits for a line without room, once: until it has caught up it is left out."""

FORGOTTEN = 60.0
"""Seconds after which the server forgets a consumer whose process asks no more."""

AGAIN = 1.0
"""Seconds until a feed that failed is tried again."""

AT_ONCE = 50
"""So many events are decoded where they came; more of them in a thread, beside what else the process does."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of the stream without a gap, from `first` on: their events up to the first that is none, and why."""

    first: int
    events: Sequence[Recorded]
    fault: SightlineError | None = None

    @property
    def end(self) -> int:
        """The position after the last event."""
        return self.first + len(self.events)

    @classmethod
    def of(cls, messages: Sequence[RawMessage]) -> "Batch":
        """What stands in these messages, of which there is one at least."""
        return cls(messages[0].sequence, *decoded(messages))


class Line:
    """What waits for one view. It takes nothing in before it is opened, and after it was closed."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._events = 0
        self._is_open = False
        self._roused = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Whether the view has taken all that there was, and waits."""
        return self._is_open and not self._batches and not self._roused

    def open(self) -> None:
        """Take in what comes from now on."""
        self.close()
        self._is_open, self._roused = True, False

    def close(self) -> None:
        """Forget what waits, and take nothing in."""
        self._batches.clear()
        self._events = 0
        self._is_open = False
        self._room.set()

    def rouse(self) -> None:
        """Let the view look at the stream before it goes on; what waits is forgotten."""
        self.close()
        self._roused = True
        self._news.set()

    async def put(self, batch: Batch) -> None:
        """Let the batch wait for the view. One whose line has no room in a while misses it, and is told to look."""
        if self._is_full(batch):
            self._room.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._room.wait(), PATIENT)
            if self._is_full(batch):
                self.rouse()
        if self._is_open:
            self._batches.append(batch)
            self._events += len(batch.events)
            self._news.set()

    def _is_full(self, batch: Batch) -> bool:
        return self._is_open and self._events > 0 and self._events + len(batch.events) > ROOM

    async def next(self, stop: asyncio.Event) -> Batch | None:
        """What comes next, as much of it as goes together; None where the view is to look, or it is time to stop."""
        while not (self._batches or self._roused or stop.is_set()):
            self._news.clear()
            await either(self._news, stop)
        if self._roused or not self._batches:
            self._roused = False
            return None
        batch, events = self._batches.popleft(), self._events
        joined = list(batch.events)
        while self._batches and batch.fault is None and self._batches[0].first == batch.first + len(joined):
            if len(joined) + len(self._batches[0].events) > BATCH:
                break
            following = self._batches.popleft()
            joined += following.events
            batch = Batch(batch.first, joined, following.fault)
        self._events = events - len(batch.events)
        self._room.set()
        return batch


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
            await self._hand_out(sorted(map(raw, messages), key=lambda each: each.sequence))
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

    async def _hand_out(self, messages: Sequence[RawMessage]) -> None:
        run: list[RawMessage] = []
        for each in messages:
            if run and each.sequence > run[-1].sequence + 1:
                await self._give(run)
                run = []
            if each.sequence > (run[-1].sequence if run else self.given or 0):
                run.append(each)
        if run:
            await self._give(run)

    async def _give(self, run: Sequence[RawMessage]) -> None:
        batch = Batch.of(run) if len(run) <= AT_ONCE else await asyncio.to_thread(Batch.of, run)
        self.given = run[-1].sequence  # a line that is opened from now on begins after it
        for line in self.lines:
            await line.put(batch)

    async def _shut(self) -> None:
        """Give the consumer up. Whoever asks for it meanwhile reads by itself."""
        self.given, pull, self._pull = None, self._pull, None
        if pull is None:
            return
        with suppress(nats.errors.Error):  # the server forgets it by itself
            await pull.close()
            if self.client.is_connected:
                await self._js.delete_consumer(self._source.stream, self._consumer)
