"""Finds what a lost timer missed, and begins what no act begins."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from nats.aio.client import Client
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from events.subjects import stream_name
from services.clock import local_date
from services.log import Log
from services.store.source import Source
from workers.due import released
from workers.due.arming import Arming
from workers.due.attending import Attending, in_parts
from workers.due.beginning import Beginning
from workers.due.swept import Reading, places_of
from workers.due.timers import Timers
from workers.due.under_way import UnderWay
from workers.intake.ends import End
from workers.kept import outlooks, sweeps
from workers.kept.outlooks import Looked, Outlook, Wanted
from workers.parts.standing import State, WorkerHealth
from workers.parts.worker import Worker
from workers.processes.shared import Shared
from workers.processes.together import beside, unless
from workers.system import System

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

log = Log(__name__)

NAME = "sweeper"
AHEAD = 2
"""How many sweeps ahead a step's timer is looked at once more."""

BEAT = 5.0
"""Seconds between two signs of life during a long sweep."""

SWEEPS_MISSED = 3
"""So many sweeps in a row without a sign of life, and the sweeper is called stopped."""

SWEEP_SLACK = timedelta(seconds=30)


@asynccontextmanager
async def sweeping(system: System) -> AsyncIterator[None]:
    """Sweep every authority at once and then every `sweep_seconds` while the block runs."""
    client = await system.connect()
    try:
        books = Books(system)
        sweepers = [Sweeper(system, authority, client, books) for authority in system.authorities]
        for each in sweepers:
            await each.tell()
        async with beside(*(each.sweep_for_ever for each in sweepers)):
            yield
    finally:
        await client.close()


class Books:
    """What the sweepers of a process ask of the database, and write there: those who do it at once, in one question.

    So they begin their sweeps together, every `sweep_seconds`.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._began = monotonic()
        self.places = places_of(system)
        self.wanted: Shared[str, bool] = Shared(self._wanted)
        self.signs: Shared[sweeps.Sign, None] = Shared(self._note)

    @property
    def pause(self) -> float:
        """Seconds until the next sweep begins."""
        period = self._system.settings.sweep_seconds
        return period - (monotonic() - self._began) % period

    @property
    def horizon(self) -> datetime:
        """Until when a step may come due whose timer is looked at once more."""
        return self._system.clock() + timedelta(seconds=AHEAD * self._system.settings.sweep_seconds)

    async def _wanted(self, authorities: frozenset[str]) -> Mapping[str, bool]:
        horizon = self.horizon
        return await asyncio.to_thread(lambda: outlooks.with_wanted(self._system.engine, authorities, horizon))

    async def _note(self, signs: frozenset[sweeps.Sign]) -> Mapping[sweeps.Sign, None]:
        await asyncio.to_thread(lambda: sweeps.note(self._system.engine, signs, self._system.clock()))
        return dict.fromkeys(signs)


class Sweeper:
    """Sweeps one authority: pokes for what is due and unrecorded, and arms what has no timer.

    It looks at the audits that changed since the last sweep, at those whose next step is past or near, and at those
    whose import was closed, but for what its release worked out (see `workers.due.released`); while that is under way
    it leaves them alone, or all would be worked out a second time here and a third time by the escalator. What it knows
    is kept (see `workers.kept.outlooks`), so that a start goes on from there, whoever swept before; without a database
    nothing is swept. Only what another edition worked out is worked out anew, and what is open after damage was
    accepted. What it cannot work out is parked, where health names it, and looked at again by each sweep.
    """

    def __init__(self, system: System, authority: str, client: Client, books: Books | None = None) -> None:
        self._books = books or Books(system)
        self._system = system
        self._authority = authority
        self._timers = Timers(client, authority, system.settings.clock_offset)
        self._arming = Arming(system, authority, self._timers)
        self._attending = Attending(system, NAME, authority, self._look_at, self._look_at_all)
        self._source = Source(client, stream_name(authority))
        self._reading = Reading(system, authority, self._source, self._books.places)
        self._under_way = UnderWay(client, authority)
        self._beginning = Beginning(system, authority)
        self._nothing_begins: tuple[End, date, date | None, object] | None = None
        self._wanted: dict[str, Wanted] = {}
        self._looked: list[Looked] = []
        self._counted = False
        self._found = 0
        self._told = 0.0
        self._log = log.bind(authority=authority)

    async def sweep_for_ever(self, stop: asyncio.Event) -> None:
        """Sweep, and again after each pause, until it is time to stop. Nothing but that ends it."""
        while not stop.is_set():
            await self.sweep_or_say(stop.is_set)
            await unless(stop, self._books.pause)

    async def sweep_or_say(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Sweep once; what stands in the way is logged and written down, and the next sweep tries again."""
        try:
            found = await self.sweep(stopped)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next sweep may do better, and health tells of it
            self._log.exception("sweep broken off")
            await self.tell(str(error) if isinstance(error, SightlineError) else repr(error))
        else:
            if found:
                self._log.info("sweep found steps that are due", audits=found)

    async def tell(self, reason: str = "", *, whole: bool = False) -> None:
        """Leave a sign of life for health; a database that cannot take it holds up no sweep."""
        self._told = monotonic()
        try:
            await self._books.signs.answer(sweeps.Sign(self._authority, datetime.now(UTC), whole, reason))
        except (SightlineError, SQLAlchemyError) as error:
            self._log.warning("sweep not written down", error=type(error).__name__)

    async def sweep(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Sweep once; how many audits had something due. A repeat pokes again for what is not yet recorded.

        `stopped` is asked between two records: a sweep that is broken off goes on with the next one. Unavailable
        without the database or the store, RolledBack on a history that is not the one that was read.
        """
        lacking = await self._reading.read()
        if await self._begins():
            lacking = await self._reading.read() or lacking
        await self._choose()
        self._found = 0
        for part in in_parts(self._wanted):
            believed = await self._believed(part)
            left = [each for each in part if each not in believed]
            done = await self._attending.together(left, stopped)
            for audit in left:
                if audit in done:
                    continue
                if stopped():
                    await self._keep()
                    return self._found
                await self._one(audit)
            await self._keep()
            if monotonic() - self._told > BEAT:
                await self.tell()
        await self.tell(lacking, whole=True)
        return self._found

    async def _begins(self) -> bool:
        """Begin what is to begin; whether anything did. Nothing does twice on a day on which nothing else changed."""
        end, today = self._reading.end, local_date(self._system.clock())
        versions = self._system.policies[self._authority].versions
        now = None if end is None else (end, today, self._reading.began, versions)
        if now is not None and now == self._nothing_begins:
            return False
        begun = await asyncio.to_thread(self._beginning.begin, self._reading.began)
        self._nothing_begins = now
        return bool(begun)

    async def _one(self, audit: str) -> None:
        try:
            await self._attending.one(audit, asyncio.Event())  # one record is worked out to its end
        except (SightlineError, SQLAlchemyError) as error:  # it could not be parked either, and stays wanted
            self._log.error("record not parked", record=audit, error=str(error))
        if monotonic() - self._told > BEAT:
            await self._keep()
            await self.tell()

    async def _choose(self) -> None:
        """What is to be looked at now."""
        engine, horizon = self._system.engine, self._books.horizon
        if not self._counted:
            await self._want_unarmed(engine, horizon)
        self._wanted = {}
        if not await self._books.wanted.answer(self._authority):
            return
        found = await asyncio.to_thread(outlooks.wanted, engine, self._authority, horizon)
        if any(each.held for each in found) and await self._is_being_released():
            found = [each for each in found if not each.held]
        self._wanted = {each.record: each for each in found}
        await self._attending.learn()

    async def _is_being_released(self) -> bool:
        """Whether what waited for an import is being worked out now, so that this sweep leaves it alone."""
        handed = await asyncio.to_thread(released.handed_over, self._system.engine, self._authority)
        return await self._under_way.goes_on(self._reading.closed, handed)

    async def _believed(self, audits: Sequence[str]) -> set[str]:
        """Those of these that stand as the release of their import has left them."""
        engine, horizon = self._system.engine, self._books.horizon
        left = await asyncio.to_thread(released.released, engine, self._authority, audits, horizon)
        found = await released.standing(self._source, self._authority, left) if left else {}
        believed = {each for each in found if not self._attending.is_parked(each)}
        for audit in believed:
            self._saw(audit, found[audit])
        return believed

    async def _want_unarmed(self, engine: Engine, horizon: datetime) -> None:
        """Have those looked at that lack a timer: their stream may have been purged, or made anew, before the start."""
        armed = dict(await asyncio.to_thread(outlooks.timers, engine, self._authority, horizon))
        for record, count in (await asyncio.to_thread(released.timers, engine, self._authority, horizon)).items():
            armed[record] = max(count, armed.get(record, 0))
        standing = await self._timers.standing() if armed else {}
        lack = [record for record, count in armed.items() if standing.get(record, 0) < count]
        await asyncio.to_thread(outlooks.want, engine, self._authority, lack)
        await asyncio.to_thread(released.take_back, engine, self._authority, lack)
        self._counted = True

    async def _look_at(self, audit: str, _stop: asyncio.Event) -> None:
        await self._timers.recall(audit)
        self._saw(audit, await self._arming.work_out(audit))

    async def _look_at_all(self, audits: Sequence[str], stopped: Callable[[], bool]) -> dict[str, float | None]:
        found = await self._arming.work_out_together(audits, stopped, recalled=True)
        for audit, outlook in found.items():
            self._saw(audit, outlook)
        return dict.fromkeys(found)

    def _saw(self, audit: str, outlook: Outlook) -> None:
        self._looked.append(Looked(self._wanted[audit], outlook))
        self._found += outlook.due

    async def _keep(self) -> None:
        """Write down what was found. Until then it stays wanted, so that a kill loses nothing."""
        looked, self._looked = self._looked, []
        await asyncio.to_thread(outlooks.keep, self._system.engine, self._authority, looked)


async def look(at: "Looking") -> WorkerHealth | None:
    """How it stands in one authority, by the sign of life that it leaves; asked for in a whole look alone."""
    if not at.whole:
        return None
    sweep = at.books.swept.get(at.authority)
    failing = at.books.parked.get((NAME, at.authority), ())
    if sweep is None:
        return WorkerHealth(NAME, at.authority, "missing", asked_for=False)
    pause = timedelta(seconds=at.system.settings.sweep_seconds)
    state: State = "up to date"
    if datetime.now(UTC) - sweep.beat > SWEEPS_MISSED * pause + SWEEP_SLACK:
        since = "never" if sweep.whole is None else f"last at {sweep.whole.astimezone():%Y-%m-%d %H:%M}"
        return WorkerHealth(NAME, at.authority, "stopped", reason=f"swept {since}", asked_for=False)
    if failing or sweep.reason:
        state = "failing"
    elif sweep.whole is None or sweep.beat - sweep.whole > SWEEPS_MISSED * pause + SWEEP_SLACK:
        state = "behind"  # in the middle of a long one, such as the first
    reason = "; ".join(each for each in (sweep.reason, at.told_of(failing)) if each)
    return WorkerHealth(
        NAME, at.authority, state, len(failing), reason=reason, parked=tuple(each.record for each in failing)
    )


WORKER = Worker(sweeping, look)
