"""Keeps one view up to date: every event of every authority, in order, rows and checkpoint in one transaction.

What a projector keeps follows from its checkpoint and the stream alone. A feed brings what is new; what is missing
between the two, because the view was away or slow or the feed was lost, is read from the stream itself.
"""

import asyncio
from collections.abc import Sequence

import nats.errors
from sqlalchemy.exc import SQLAlchemyError

from events.errors import BrokenHistory, SightlineError, Unavailable
from events.recorded import Recorded
from events.subjects import stream_name
from projections.generations import Outdated, last_event, positions, require_own
from projections.keeper import keep
from projections.store import answering
from projections.view import Halted, View
from services.log import Log
from services.store.reading import raw_pages
from services.store.source import Source
from workers.intake.delivered import Standstill
from workers.kept import halts
from workers.kept.witnesses import departure
from workers.processes.threads import Threads
from workers.processes.together import either, unless
from workers.system import System
from workers.views import lines
from workers.views.feed import Feed
from workers.views.lines import Batch, Line

log = Log(__name__)

LOOK_EVERY = 1.0
"""Seconds between two attempts where server or database did not answer."""

RETRY_HALTED = 5.0
"""Seconds between two attempts at an event that the view cannot take."""

SURE_AFTER = 1.0
"""Seconds between two looks at a stream that ends before the view: a leader just elected may not know its end yet."""

REMEDY = "put back from a backup, or cut off? Run `sightline verify`; then the newer backup or `sightline accept-loss`"


class Projector:
    """Folds the events of one authority into one view, while `held` is set.

    An event that cannot be taken halts it: all before it is kept, the halt is written beside the checkpoints, and
    the event is tried again and again until it can be taken. Nothing is skipped. It asks that no position is missing,
    not that the versions of a record follow each other, of which it keeps none: loads, rebuilds and `verify` ask that.

    A view that is ahead of its stream halts as well, before any event: the stream was put back from a backup, and what
    comes next stands at positions that the view has kept other events for. It stays halted when the stream has grown
    past it, which shows by the event at the view's position, and until the loss was accepted.
    """

    def __init__(self, system: System, view: View, feed: Feed, held: asyncio.Event, threads: Threads) -> None:
        self.view = view
        self.authority = feed.authority
        self.place = (view.name, feed.authority)
        self.looked = asyncio.Event()
        self.position = 0
        self._system = system
        self._client = feed.client
        self._source = Source(feed.client, stream_name(feed.authority))
        self._held = held
        self._feed = feed
        self._threads = threads
        self._line = Line(feed.room, gathers=view.work_out is not None)
        feed.lines.append(self._line)
        self._log = log.bind(view=view.name, authority=feed.authority)
        self._end = 0
        self._waits = False
        self._in_doubt = True
        self._told_ahead = False
        self._halted = True  # until an event was taken: an earlier process may have left word of a halt

    def reached(self) -> int:
        """The position up to which the view is kept."""
        return positions(self._system.engine, self.view.name).get(self.authority, 0)

    async def follow(self, stop: asyncio.Event) -> None:
        """Keep the view until it is time to stop. Whatever stands in the way is tried again after a while.

        `looked` is set once it has looked at view and stream.
        """
        try:
            while not stop.is_set():
                if not (self._held.is_set() and self._feed.opened.is_set()):
                    self._line.close()
                    self._in_doubt = True
                    await either(self._feed.opened if self._held.is_set() else self._held, stop)
                    continue
                try:
                    await self._step(stop)
                except Standstill as halt:
                    await self._rest(stop, RETRY_HALTED, halt)
                except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                    self._log.warning("not followed", error=type(error).__name__, reason=str(error))
                    await self._rest(stop, LOOK_EVERY)
                except Exception as error:  # noqa: BLE001 - no other view is to notice
                    self._log.exception("projection failed")
                    at = self.position + 1 if self._end > self.position else None
                    await self._rest(stop, RETRY_HALTED, Standstill(at, f"it failed, see the log: {error!r}"))
        finally:
            await self._source.close()

    def compare(self, before: int, kept: int) -> None:
        """Look again where the database holds another position than this one, or something was given and not taken.

        `before` was the position when the database was asked.
        """
        if not self._held.is_set():
            if self._waits:
                self._line.rouse()
            return
        moved = kept != self.position or (self._feed.given or 0) > self.position
        if moved and self._waits and self._line.idle and before == self.position:
            self._line.rouse()

    async def _step(self, stop: asyncio.Event) -> None:
        try:
            if self._in_doubt:
                await self._look(stop)
            self.looked.set()
            self._waits = True
            try:
                batch = await self._line.next(stop)
            finally:
                self._waits = False
            if batch is None:
                self._in_doubt = True
            else:
                await self._take(batch, stop)
        except BrokenHistory as gap:
            await self._over(gap)

    async def _rest(self, stop: asyncio.Event, seconds: float, halt: Standstill | None = None) -> None:
        self._line.close()
        self._in_doubt = True
        self.looked.set()
        if halt is not None and halt.position is not None:
            try:
                await self._threads.run(self._note, halt.position, halt.reason)
            except (SightlineError, SQLAlchemyError) as error:  # the next attempt says it again
                self._log.warning("halt not written down", error=type(error).__name__)
        await unless(stop, seconds)

    async def _look(self, stop: asyncio.Event) -> None:
        """Look at view and stream, and read by itself what the feed has given out before.

        As long as that is much, it takes no part in the feed: what would come meanwhile has no room in its line.
        """
        self._line.open()
        given = self._feed.given
        self.position = await self._threads.run(self._begun_at)
        self._end = await self._inspected_end()
        begin, before = self._end if given is None else given, -1
        while before < self.position < begin - lines.NEAR and not stop.is_set():
            before = self.position
            self._line.close()
            await self._read_on(begin, stop)
            self._line.open()
            begin = max(begin, self._feed.given or 0)
        if begin > self.position:
            await self._read_on(begin, stop)
        if self._halted and 0 < self._end <= self.position:  # a rebuild has gone past what it stood still before
            await self._threads.run(halts.lift_at_the_end, self._system.engine, self.view.name, [self.authority])
            self._halted = False
        self._in_doubt = False

    def _begun_at(self) -> int:
        """The position up to which the view is kept.

        Standstill where its tables are other code's: whoever asks health hears of it before the next event comes.
        """
        engine, reached = self._system.engine, self.reached()
        try:
            with answering(engine), engine.connect() as db:
                require_own(db, self.view)
        except Outdated as other:
            raise Standstill(reached + 1, str(other)) from other
        return reached

    async def _inspected_end(self) -> int:
        """The last position of the stream. Standstill when the view has kept more than the stream holds."""
        known = await self._threads.run(halts.ahead, self._system.engine, self.view.name)
        if self.position and self.authority in known:  # a view that was dropped begins again from nothing
            raise self._ahead("the view is ahead of its stream")
        end = await self._source.last_sequence()
        if end < self.position:
            await asyncio.sleep(SURE_AFTER)
            end = await self._source.last_sequence()
        reason, lacking = f"the view is at event {self.position}, but the stream ends at {end}", end + 1
        if end >= self.position:
            departed = await self._departed()
            if departed is None:
                self._told_ahead = False
                return end
            reason, lacking = departed, self.position
        gap = self._ahead(reason)
        halt = halts.Halt(self.view.name, self.authority, lacking, gap.reason, self._system.clock())
        await self._threads.run(halts.note_ahead, self._system.engine, halt)
        raise gap

    async def _departed(self) -> str | None:
        """In what the stream, put back and grown past the view since, is not what the view has read of it."""
        last = await self._threads.run(last_event, self._system.engine, self.view.name, self.authority)
        return await departure(self._client, self.authority, [last] if last else [], self._system.engine)

    def _ahead(self, reason: str) -> Standstill:
        where = f"view {self.view.name}, {self.authority}"
        if not self._told_ahead:
            self._log.error("projection halted", reason=reason)
        self._told_ahead = self._halted = True
        return Standstill(None, f"{where}: {reason}; {REMEDY}")

    async def _take(self, batch: Batch, stop: asyncio.Event) -> None:
        """Keep what the feed brought; what is missing before it is read from the stream."""
        if batch.first > self.position + 1:
            await self._read_on(batch.first - 1, stop)
        if batch.first > self.position + 1:  # it is time to stop
            return
        fresh = batch.events[self.position + 1 - batch.first :]
        if fresh or (batch.fault and batch.end > self.position):
            await self._fold(Batch(batch.end - len(fresh), fresh, batch.fault))
        else:  # all was kept before: it came twice, or it is new in a stream that was put back
            self._in_doubt = True

    async def _read_on(self, end: int, stop: asyncio.Event) -> None:
        """Keep what follows the view in the stream, through `end` or until it is time to stop."""
        self.position = await self._threads.run(self.reached)
        first = self.position + 1
        for until in (first, end) if self._halted else (end,):  # where it stood still, one event tells if it goes on
            async for page in raw_pages(self._source, after=self.position, until=until, by_runs=True):
                await self._fold(await self._threads.run(Batch.of, page))
                if stop.is_set():
                    return

    async def _fold(self, batch: Batch) -> None:
        """Keep the events. BrokenHistory where they do not follow the view, Standstill where one cannot be taken."""
        try:
            await self._keep(batch.events)
        except Halted as halt:
            await self._keep([each for each in batch.events if (each.position or 0) < halt.position])
            raise Standstill(halt.position, halt.reason) from halt
        except (BrokenHistory, Unavailable):
            raise
        except SightlineError as error:  # such as tables that other code made
            raise Standstill(batch.first, str(error)) from error
        except SQLAlchemyError:
            await self._one_by_one(batch.events)
        if batch.fault is not None:
            raise Standstill(batch.end, str(batch.fault)) from batch.fault

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
            self.position = await self._threads.run(self._keep_now, events)

    def _keep_now(self, events: Sequence[Recorded]) -> int:
        reached = keep(self.view, self._system.engine, self.authority, events)
        if self._halted and reached == events[-1].position:
            halts.lift(self._system.engine, self.view.name, self.authority)
            self._halted = False
        return reached

    async def _over(self, gap: BrokenHistory) -> None:
        """Tell a view that another copy moved from a hole in the stream, which nothing will ever fill."""
        self._in_doubt = True
        self.position = await self._threads.run(self.reached)
        if await self._source.last_sequence() <= self.position:
            return
        following = await self._source.at(self.position + 1)  # by the leader: another copy of the stream may lag
        if following is None:
            raise Standstill(self.position + 1, str(gap)) from gap
        try:
            await self._fold(Batch.of([following]))
        except BrokenHistory as still:
            raise Standstill(following.sequence, str(still)) from still

    def _note(self, position: int, reason: str) -> None:
        """Write down where the view stands still, once."""
        there = halts.halts(self._system.engine).get((self.view.name, self.authority))
        if not self._halted or there is None or there.position != position:
            self._log.error("projection halted", position=position, reason=reason)
            halt = halts.Halt(self.view.name, self.authority, position, reason, self._system.clock())
            halts.note(self._system.engine, halt)
        self._halted = True
