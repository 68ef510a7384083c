"""Publishes what other services may rely on: each authority's history in its order, one message for each fact told.

How far it is stands in the messages themselves: each names the place in history of its fact, and is written on
condition that it follows the one before. So a publisher that dies anywhere, or two at once, leave one message of each.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from events.dates import local_date
from events.errors import BrokenHistory, SightlineError
from events.published.message import FACT, POSITION, Message, fact_id
from events.recorded import Recorded
from events.subjects import PUBLISHED_AGE, stream_name
from projections.published.language import LANGUAGE
from projections.published.telling import Language
from services.log import Log
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from workers.intake.delivered import Standstill, decoded, raw
from workers.intake.ends import End as HistoryEnd
from workers.intake.pulling import Pull, made_to_follow
from workers.kept import halts, leases, published
from workers.kept.published import PUBLISHER, Checkpoint
from workers.parts.standing import WorkerHealth
from workers.parts.worker import Worker
from workers.processes.together import beside, either, unless
from workers.system import System
from workers.telling.known import Known
from workers.telling.outbox import MAX_BATCH, End, Outbox, Overtaken
from workers.telling.places import Places

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

log = Log(__name__)

READ_AT_ONCE = 2_000
SENT_AT_ONCE = MAX_BATCH
"""Messages in one atomic batch, all those of a fact in one."""

LOOK_EVERY, LOOK_AT_REST = 1.0, 5.0
"""Seconds between two looks at the ends of both streams and at the consumer: while it goes on, and while it rests."""

KEEP_EVERY = 0.25
"""Seconds between two checkpoints."""

RETRY_HALTED = 5.0

AHEAD = (
    "more was published than the history holds: put back from a backup, or cut off? Run `sightline verify`; then the"
)


@asynccontextmanager
async def publishing(system: System, language: Language = LANGUAGE) -> AsyncIterator[None]:
    """Publish of every authority while the block runs. Of several copies one works, and the others stand by."""
    halts.prepare(system.engine)
    leases.prepare(system.engine)
    published.prepare(system.engine)
    broker = system.broker()
    client = await broker.connect()
    try:
        lease = leases.Leases(system.engine, [PUBLISHER], connected=lambda: client.is_connected)
        publishers = [Publisher(system, each, client, lease.held[PUBLISHER], language) for each in system.authorities]
        async with beside(lease.keep, *(each.follow for each in publishers)):
            await lease.asked.wait()
            if lease.held[PUBLISHER].is_set():
                for each in publishers:
                    await each.looked.wait()
            yield
    finally:
        await broker.stop()


class Publisher:
    """Tells of the history of one authority, while `held` is set.

    What it cannot read halts it, as it halts a view: nothing is passed over, and it is tried again and again. History
    that is not what was published of it halts it as well, until the loss was accepted; then it goes on after what both
    still have in common.
    """

    def __init__(
        self, system: System, authority: str, client: Client, held: asyncio.Event, language: Language = LANGUAGE
    ) -> None:
        self._system = system
        self._authority = authority
        self._client = client
        self._js = client.jetstream()
        self._source = Source(client, stream_name(authority))
        self._outbox = Outbox(client, authority)
        self._places = Places(system.engine, authority, self._source, self._outbox)
        self._held = held
        self._language = language
        self._known = Known(system.history(authority), language)
        self._log = log.bind(worker=PUBLISHER, authority=authority)
        self.looked = asyncio.Event()
        self._end = End(0, 0, "", datetime.now(UTC))
        self._read = Checkpoint(0, "")
        self._kept = 0
        self._next_keep = self._next_look = 0.0
        self._rests_at: HistoryEnd | None = None
        self._before = 0
        self._in_doubt = True
        self._afresh = True
        self._halted = True  # until something was read: an earlier process may have left word of a halt

    async def follow(self, stop: asyncio.Event) -> None:
        """Publish until it is time to stop. Whatever stands in the way is tried again after a while."""
        pull = await Pull.opened(self._client, self._source.stream, PUBLISHER, acknowledged=False)
        try:
            while not stop.is_set():
                if not self._held.is_set():
                    self._afresh = self._in_doubt = True
                    await either(self._held, stop)
                    continue
                try:
                    await self._step(pull, stop)
                except Standstill as halt:
                    await self._halt(halt)
                    await self._rest(stop, RETRY_HALTED)
                except Overtaken as other:
                    self._log.info("looks again", reason=str(other))
                    self._in_doubt = True
                except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                    self._log.warning("not published", error=type(error).__name__, reason=str(error))
                    await self._rest(stop, LOOK_EVERY)
            with suppress(SightlineError, SQLAlchemyError):  # it saves reading, and nothing hangs on it
                await self._keep(now=True)
        finally:
            await pull.close()
            await self._source.close()
            await self._outbox.source.close()

    async def _step(self, pull: Pull, stop: asyncio.Event) -> None:
        try:
            await self._look(stop)
            self.looked.set()
            await self._take(await pull.batch(READ_AT_ONCE, stop), stop)
            if pull.early:
                self._rests_at = None
                self._next_look = min(self._next_look, monotonic() + LOOK_EVERY)
        except BrokenHistory as gap:
            raise Standstill(self._read.position + 1, str(gap)) from gap

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        self._in_doubt = True
        self.looked.set()
        await unless(stop, seconds)

    async def _look(self, stop: asyncio.Event) -> None:
        """Look at both streams and at the consumer, when it is time to or something is in doubt.

        Not while the history is known to stand where all of it was told: a consumer that is gone says so itself.
        """
        stands = self._system.ends.of(self._authority)
        still = stands is not None and stands == self._rests_at
        if not self._in_doubt and (still or monotonic() < self._next_look):
            return
        if self._in_doubt:
            await self._find_place()
        end = await self._source.last_sequence()
        made = await self._ensure()
        if end > self._read.position and not made and (self._in_doubt or self._before == self._read.position):
            await self._read_on(end, stop)  # there is something, and nothing came
        pause = LOOK_AT_REST if self._before == self._read.position else LOOK_EVERY
        self._before = self._read.position
        self._rests_at = stands if end <= self._read.position else None
        self._in_doubt = False
        await self._keep(now=True)
        self._next_look = monotonic() + pause

    async def _find_place(self) -> None:
        self._known.clear()
        self._end, self._read = await self._places.found()

    async def _ensure(self) -> bool:
        """Make the consumer so that it goes on from here, if it is missing or may stand anywhere; whether made."""
        made = await made_to_follow(
            self._js, self._authority, PUBLISHER, after=self._read.position, afresh=self._afresh
        )
        self._afresh = self._afresh and not made
        return made

    async def _take(self, messages: Sequence[Msg], stop: asyncio.Event) -> None:
        """Tell of what the consumer brought; where that does not go on from here, read it from the stream."""
        came = sorted(map(raw, messages), key=lambda each: each.sequence)
        first = self._read.position + 1
        fresh = [each for each in came if each.sequence >= first]
        if [each.sequence for each in fresh] != list(range(first, first + len(fresh))):
            await self._read_on(fresh[-1].sequence, stop)
        elif fresh:
            await self._tell(fresh)
        elif came:  # all was told before: it came twice, or it is new in a stream that was put back
            self._in_doubt = True

    async def _read_on(self, end: int, stop: asyncio.Event) -> None:
        async for page in raw_pages(self._source, after=self._read.position, until=end, by_runs=True):
            await self._tell(page)
            await self._keep()
            if stop.is_set():
                return

    async def _tell(self, page: Sequence[RawMessage]) -> None:
        """Publish what the events say to others. Standstill before one that cannot be read."""
        events, fault = decoded(page)
        await self._known.prepare(events)
        oldest = datetime.now(UTC) - PUBLISHED_AGE
        waiting: list[Message] = []
        last: Recorded | None = None
        for event, message in zip(events, page, strict=False):
            stored = datetime.fromisoformat(message.time)
            before = self._known.before(event)
            found: list[Message] = []
            if stored > oldest and type(event.fact) in self._language.facts:
                old = stored < self._end.created
                found = list(self._language.messages(event, before, stored=local_date(stored), old=old))
            if len(waiting) + len(found) > SENT_AT_ONCE:
                await self._send(waiting)
                waiting = []
            waiting += found
            self._known.after(event)
            last = event
        if waiting:
            await self._send(waiting)
        if last is not None:
            self._read = Checkpoint(last.position or 0, fact_id(self._authority, last.envelope.event_id))
            await self._lift()
        if fault is not None:
            raise Standstill(page[len(events)].sequence, str(fault)) from fault

    async def _send(self, messages: Sequence[Message]) -> None:
        sequence = await self._outbox.publish(messages, self._end.sequence)
        last = messages[-1].headers
        self._end = End(sequence, int(last[POSITION]), last[FACT], self._end.created)
        self._read = Checkpoint(self._end.position, self._end.fact)

    async def _keep(self, *, now: bool = False) -> None:
        if self._read.position == self._kept or (not now and monotonic() < self._next_keep):
            return
        await asyncio.to_thread(published.keep, self._system.engine, self._authority, self._read)
        self._kept = self._read.position
        self._next_keep = monotonic() + KEEP_EVERY

    async def _lift(self) -> None:
        if self._halted:
            await asyncio.to_thread(halts.lift, self._system.engine, PUBLISHER, self._authority)
            self._halted = False

    async def _halt(self, halt: Standstill) -> None:
        """Write down where it stands still."""
        position = halt.position if halt.position is not None else self._read.position + 1
        self._log.error("publisher halted", position=position, reason=halt.reason)
        told = halts.Halt(PUBLISHER, self._authority, position, halt.reason, self._system.clock())
        self._halted = True
        try:
            await asyncio.to_thread(halts.note, self._system.engine, told)
        except (SightlineError, SQLAlchemyError) as error:  # the next attempt says it again
            self._log.warning("halt not written down", error=type(error).__name__)


async def look(at: "Looking") -> WorkerHealth:
    """How far what is published is behind the history, by what it says itself and by the checkpoint."""
    outbox = Outbox(at.client, at.authority)
    try:
        end = await outbox.end()
    finally:
        await outbox.source.close()
    checkpoint = await asyncio.to_thread(published.kept, at.system.engine, at.authority)
    return await at.following(PUBLISHER, PUBLISHER, max(checkpoint.position, end.position))


WORKER = Worker(publishing, look)
