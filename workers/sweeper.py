"""Finds what a lost timer missed, and begins what no act begins."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import structlog
from nats.aio.client import Client
from sqlalchemy.exc import SQLAlchemyError

from events.envelope import OCCURRED, TYPE
from events.errors import BrokenHistory, SightlineError
from events.imports import ImportClosed
from events.programme import RECORDS
from events.subjects import aggregate_of, stream_name
from services.clock import local_date
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from workers import sweeps
from workers.arming import Arming
from workers.attending import Attending
from workers.beginning import Beginning
from workers.standing import State, WorkerHealth
from workers.system import System
from workers.timers import Timers
from workers.together import beside, unless
from workers.worker import Worker

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.looking import Looking

log = structlog.get_logger(__name__)

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
        sweepers = [Sweeper(system, authority, client) for authority in system.authorities]
        for each in sweepers:
            await each.tell()
        async with beside(*(each.sweep_for_ever for each in sweepers)):
            yield
    finally:
        await client.close()


@dataclass(slots=True)
class Known:
    """What the sweeper keeps of one audit: when its next step comes due, and whether it waits for an import."""

    next_due: datetime | None
    held: bool


@dataclass(slots=True)
class Index:
    """The audits of one authority as the last sweep left them; histories are read when they are needed."""

    position: int = 0
    audits: dict[str, Known] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)


class Sweeper:
    """Sweeps one authority: pokes for what is due and unrecorded, and arms what has no timer.

    It looks at the audits that changed since the last sweep (at the first: at all), at those whose next step is past
    or near, and at those whose import was closed. What it cannot work out is parked, where health names it, and looked
    at again by each sweep.
    """

    def __init__(self, system: System, authority: str, client: Client) -> None:
        self._system = system
        self._authority = authority
        self._source = Source(client, stream_name(authority))
        self._timers = Timers(client, authority, system.settings.clock_offset)
        self._arming = Arming(system, authority, self._timers)
        self._attending = Attending(system, NAME, authority, self._look_at)
        self._index = Index()
        self._beginning = Beginning(system, authority)
        self._began: date | None = None
        self._found = 0
        self._told = 0.0
        self._log = log.bind(authority=authority)

    async def sweep_for_ever(self, stop: asyncio.Event) -> None:
        """Sweep, and again after each pause, until it is time to stop. Nothing but that ends it."""
        while not stop.is_set():
            await self.sweep_or_say(stop.is_set)
            await unless(stop, self._system.settings.sweep_seconds)

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
        at = datetime.now(UTC)
        try:
            await asyncio.to_thread(sweeps.note, self._system.engine, self._authority, at, whole=whole, reason=reason)
        except (SightlineError, SQLAlchemyError) as error:
            self._log.warning("sweep not written down", error=type(error).__name__)

    async def sweep(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Sweep once; how many audits had something due. A repeat pokes again for what is not yet recorded.

        `stopped` is asked between two records: a sweep that is broken off goes on with the next one.
        """
        wanted = self._index.wanted
        lacking = await self._add_changed()
        wanted |= self._near()
        begun = await asyncio.to_thread(self._beginning.begin, self._began)
        wanted.update(begun)
        self._found = 0
        for audit in list(wanted):
            if stopped():
                return self._found
            try:
                await self._attending.one(audit)
            except (SightlineError, SQLAlchemyError) as error:  # it could not be parked either, and stays wanted
                self._log.error("record not parked", record=audit, error=str(error))
            if monotonic() - self._told > BEAT:
                await self.tell()
        await self.tell(lacking, whole=True)
        return self._found

    async def _look_at(self, audit: str) -> None:
        await self._timers.recall(audit)
        outlook = await self._arming.work_out(audit)
        self._index.audits[audit] = Known(outlook.next_due, outlook.held)
        if outlook.due:
            self._found += 1  # and it stays wanted, until a sweep finds it recorded
        else:
            self._index.wanted.discard(audit)

    async def _add_changed(self) -> str:
        """Take in which audits changed; what of the stream cannot be read. That hides nothing that can."""
        index, lacking = self._index, ""
        try:
            async for page in raw_pages(self._source, after=index.position):
                for message in page:
                    if message.sequence != index.position + 1:
                        lacking = f"event {index.position + 1} is missing: run `sightline verify`"
                    self._add(message)
                    index.position = message.sequence
        except BrokenHistory as broken:
            self._log.error("sweep sees no further", error=str(broken))
            lacking = str(broken)
        return lacking

    def _add(self, message: RawMessage) -> None:
        try:
            about = aggregate_of(message.subject)
        except ValueError:  # no record's business: the views halt there, and health says so
            return
        if about.startswith(RECORDS) and (on := _day_of(message)) is not None:
            self._began = on if self._began is None else min(self._began, on)
        if about.startswith(self._system.catalogue.worked_out):
            self._index.wanted.add(about)
        elif message.headers.get(TYPE) == ImportClosed.stored_name:
            self._index.wanted.update(self._held())

    def _held(self) -> Iterator[str]:
        return (audit for audit, known in self._index.audits.items() if known.held)

    def _near(self) -> set[str]:
        horizon = self._system.clock() + timedelta(seconds=AHEAD * self._system.settings.sweep_seconds)
        return {
            audit
            for audit, known in self._index.audits.items()
            if known.next_due is not None and known.next_due <= horizon
        }


def _day_of(message: RawMessage) -> date | None:
    """The day on which an event happened; None for headers that were damaged, at which the views halt."""
    try:
        return local_date(datetime.fromisoformat(message.headers.get(OCCURRED, "")))
    except ValueError:
        return None


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
