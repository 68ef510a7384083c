"""Keeps one view up to date: every event of every authority, in order, rows and checkpoint in one transaction.

What a projector keeps follows from its checkpoint and the stream alone. A consumer brings what is new; what is missing
between the two, because another copy was given it or the consumer was lost, is read from the stream itself.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from events.errors import BrokenHistory, SightlineError, Unavailable
from events.recorded import Recorded
from events.subjects import stream_name
from projections.generations import last_event, positions
from projections.keeper import keep
from projections.view import Halted, View
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from workers import halts, leases
from workers.delivered import Standstill, decoded, raw
from workers.made import made
from workers.pulling import Pull, made_to_follow
from workers.system import System
from workers.together import beside, either, unless
from workers.witnesses import departure

log = structlog.get_logger(__name__)

BATCH = 2_000
"""Measured on two busy cores: 8,600 events a second with 500, 10,000 to 16,000 with 2,000; a live tail has batches of a
few events."""

LOOK_EVERY = 1.0
"""Seconds between two looks at the stream's end and at the consumer."""

RETRY_HALTED = 5.0
"""Seconds between two attempts at an event that the view cannot take."""

SURE_AFTER = 1.0
"""Seconds between two looks at a stream that ends before the view: a leader just elected may not know its end yet."""

REMEDY = "put back from a backup, or cut off? Run `sightline verify`; then the newer backup or `sightline accept-loss`"


@asynccontextmanager
async def projecting(system: System, name: str) -> AsyncIterator[None]:
    """Keep the view of that name while the block runs. NotFound for a view that there is not.

    Of several copies one works, and the others stand by.
    """
    view = made(system, name)
    halts.prepare(system.engine)
    leases.prepare(system.engine)
    broker = system.broker()
    client = await broker.connect()
    try:
        lease = leases.Lease(system.engine, name, connected=lambda: client.is_connected)
        projectors = [Projector(system, view, authority, client, lease.held) for authority in system.authorities]
        async with beside(lease.keep, *(each.follow for each in projectors)):
            await lease.asked.wait()
            if lease.held.is_set():
                for each in projectors:
                    await each.looked.wait()
            yield
    finally:
        await broker.stop()


class Projector:
    """Folds the events of one authority into one view, while `held` is set.

    An event that cannot be taken halts it: all before it is kept, the halt is written beside the checkpoints, and
    the event is tried again and again until it can be taken. Nothing is skipped. It asks that no position is missing,
    not that the versions of a record follow each other, of which it keeps none: loads, rebuilds and `verify` ask that.

    A view that is ahead of its stream halts as well, before any event: the stream was put back from a backup, and what
    comes next stands at positions that the view has kept other events for. It stays halted when the stream has grown
    past it, which shows by the event at the view's position, and until the loss was accepted.
    """

    def __init__(self, system: System, view: View, authority: str, client: Client, held: asyncio.Event) -> None:
        self._system = system
        self._view = view
        self._authority = authority
        self._client = client
        self._js = client.jetstream()
        self._source = Source(client, stream_name(authority))
        self._held = held
        self._durable = f"view-{view.name}"
        self._log = log.bind(view=view.name, authority=authority)
        self.looked = asyncio.Event()
        self._reached = 0
        self._next_look = 0.0
        self._in_doubt = True
        self._afresh = True
        self._told_ahead = False
        self._halted = True  # until an event was taken: an earlier process may have left word of a halt

    def reached(self) -> int:
        """The position up to which the view is kept."""
        return positions(self._system.engine, self._view.name).get(self._authority, 0)

    async def follow(self, stop: asyncio.Event) -> None:
        """Keep the view until it is time to stop. Whatever stands in the way is tried again after a while.

        `looked` is set once it has looked at view, stream and consumer.
        """
        pull = await Pull.opened(self._js, self._source.stream, self._durable, acknowledged=False)
        try:
            while not stop.is_set():
                if not self._held.is_set():
                    self._afresh = self._in_doubt = True
                    await either(self._held, stop)
                    continue
                try:
                    await self._step(pull, stop)
                except Standstill as halt:
                    await self._rest(stop, RETRY_HALTED, halt)
                except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                    self._log.warning("not followed", error=type(error).__name__, reason=str(error))
                    await self._rest(stop, LOOK_EVERY)
        finally:
            await pull.close()
            await self._source.close()

    async def _step(self, pull: Pull, stop: asyncio.Event) -> None:
        try:
            await self._look(stop)
            self.looked.set()
            await self._take(await pull.batch(BATCH, stop), stop)
        except BrokenHistory as gap:
            await self._over(gap)

    async def _rest(self, stop: asyncio.Event, seconds: float, halt: Standstill | None = None) -> None:
        self._in_doubt = True
        self.looked.set()
        if halt is not None and halt.position is not None:
            try:
                await asyncio.to_thread(self._note, halt.position, halt.reason)
            except (SightlineError, SQLAlchemyError) as error:  # the next attempt says it again
                self._log.warning("halt not written down", error=type(error).__name__)
        await unless(stop, seconds)

    async def _look(self, stop: asyncio.Event) -> None:
        """Look at view, stream and consumer, when it is time to or something is in doubt."""
        if not self._in_doubt and monotonic() < self._next_look:
            return
        before, self._reached = self._reached, await asyncio.to_thread(self.reached)
        end = await self._inspected_end()
        made = await self._ensure()
        if end > self._reached and not made and (self._in_doubt or before == self._reached):
            await self._read_on(end, stop)  # there is something, and nothing came
        self._in_doubt = False
        self._next_look = monotonic() + LOOK_EVERY

    async def _inspected_end(self) -> int:
        """The last position of the stream. Standstill when the view has kept more than the stream holds."""
        known = await asyncio.to_thread(halts.ahead, self._system.engine, self._view.name)
        if self._reached and self._authority in known:  # a view that was dropped begins again from nothing
            raise self._ahead("the view is ahead of its stream")
        end = await self._source.last_sequence()
        if end < self._reached:
            await asyncio.sleep(SURE_AFTER)
            end = await self._source.last_sequence()
        reason, lacking = f"the view is at event {self._reached}, but the stream ends at {end}", end + 1
        if end >= self._reached:
            departed = await self._departed()
            if departed is None:
                self._told_ahead = False
                return end
            reason, lacking = departed, self._reached
        gap = self._ahead(reason)
        halt = halts.Halt(self._view.name, self._authority, lacking, gap.reason, self._system.clock())
        await asyncio.to_thread(halts.note_ahead, self._system.engine, halt)
        raise gap

    async def _departed(self) -> str | None:
        """In what the stream, put back and grown past the view since, is not what the view has read of it."""
        last = await asyncio.to_thread(last_event, self._system.engine, self._view.name, self._authority)
        return await departure(self._client, self._authority, [last] if last else [], self._system.engine)

    def _ahead(self, reason: str) -> Standstill:
        where = f"view {self._view.name}, {self._authority}"
        if not self._told_ahead:
            self._log.error("projection halted", reason=reason)
        self._told_ahead = self._halted = True
        return Standstill(None, f"{where}: {reason}; {REMEDY}")

    async def _ensure(self) -> bool:
        """Make the consumer so that it goes on from here, if it is missing or may stand anywhere; whether made."""
        made = await made_to_follow(self._js, self._authority, self._durable, after=self._reached, afresh=self._afresh)
        self._afresh = self._afresh and not made
        return made

    async def _take(self, messages: Sequence[Msg], stop: asyncio.Event) -> None:
        """Keep what the consumer brought; where that does not go on from the view, read it from the stream."""
        found = sorted(map(raw, messages), key=lambda each: each.sequence)
        fresh = [each for each in found if each.sequence > self._reached]
        if [each.sequence for each in fresh] != list(range(self._reached + 1, self._reached + 1 + len(fresh))):
            await self._read_on(fresh[-1].sequence, stop)
        elif fresh:
            await self._fold(fresh)
        elif found:  # all was kept before: it came twice, or it is new in a stream that was put back
            self._in_doubt = True

    async def _read_on(self, end: int, stop: asyncio.Event) -> None:
        """Keep what follows the view in the stream, through `end` or until it is time to stop."""
        self._reached = await asyncio.to_thread(self.reached)
        first = self._reached + 1
        for until in (first, end) if self._halted else (end,):  # where it stood still, one event tells if it goes on
            async for page in raw_pages(self._source, after=self._reached, until=until):
                await self._fold(page)
                if stop.is_set():
                    return

    async def _fold(self, messages: Sequence[RawMessage]) -> None:
        """Keep the messages. BrokenHistory where they do not follow the view, Standstill where one cannot be taken."""
        events, fault = decoded(messages)
        try:
            await self._keep(events)
        except Halted as halt:
            await self._keep([each for each in events if (each.position or 0) < halt.position])
            raise Standstill(halt.position, halt.reason) from halt
        except (BrokenHistory, Unavailable):
            raise
        except SightlineError as error:  # such as tables that other code made
            raise Standstill(messages[0].sequence, str(error)) from error
        except SQLAlchemyError:
            await self._one_by_one(events)
        if fault is not None:
            raise Standstill(messages[len(events)].sequence, str(fault)) from fault

    async def _one_by_one(self, events: Sequence[Recorded]) -> None:
        """Find the event whose rows the database refuses."""
        for event in events:
            try:
                await self._keep([event])
            except SQLAlchemyError as error:
                reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
                raise Standstill(event.position or 0, f"the database refuses its rows: {reason}") from error

    async def _keep(self, events: Sequence[Recorded]) -> None:
        if events:
            self._reached = await asyncio.to_thread(self._keep_now, events)

    def _keep_now(self, events: Sequence[Recorded]) -> int:
        reached = keep(self._view, self._system.engine, self._authority, events)
        if self._halted and reached == events[-1].position:
            halts.lift(self._system.engine, self._view.name, self._authority)
            self._halted = False
        return reached

    async def _over(self, gap: BrokenHistory) -> None:
        """Tell a view that another copy moved from a hole in the stream, which nothing will ever fill."""
        self._in_doubt = True
        self._reached = await asyncio.to_thread(self.reached)
        if await self._source.last_sequence() <= self._reached:
            return
        following = await self._source.at(self._reached + 1)  # by the leader: another copy of the stream may lag
        if following is None:
            raise Standstill(self._reached + 1, str(gap)) from gap
        try:
            await self._fold([following])
        except BrokenHistory as still:
            raise Standstill(following.sequence, str(still)) from still

    def _note(self, position: int, reason: str) -> None:
        """Write down where the view stands still, once."""
        there = halts.halts(self._system.engine).get((self._view.name, self._authority))
        if not self._halted or there is None or there.position != position:
            self._log.error("projection halted", position=position, reason=reason)
            halt = halts.Halt(self._view.name, self._authority, position, reason, self._system.clock())
            halts.note(self._system.engine, halt)
        self._halted = True
