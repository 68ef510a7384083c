"""Finds what a lost timer missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import nats.errors
import structlog
from nats.aio.client import Client

from events.errors import BrokenHistory, ContractError, SightlineError
from events.imports import ImportClosed
from services.store.reading import read_pages
from workers.arming import WORKED_OUT, Arming
from workers.system import System
from workers.timers import Timers

log = structlog.get_logger(__name__)

AHEAD = 2
"""How many sweeps ahead a step's timer is looked at once more."""


@asynccontextmanager
async def sweeping(system: System) -> AsyncIterator[None]:
    """Sweep every authority at once and then every `sweep_seconds` while the block runs."""
    client = await system.connect()
    sweepers = [Sweeper(system, authority, client) for authority in system.authorities]
    task = asyncio.create_task(_sweep_for_ever(sweepers, system.settings.sweep_seconds))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await client.close()


async def _sweep_for_ever(sweepers: list["Sweeper"], pause: float) -> None:
    while True:
        for sweeper in sweepers:
            await sweeper.sweep_or_say()
        await asyncio.sleep(pause)


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
    or near, and at those whose import was closed.
    """

    def __init__(self, system: System, authority: str, client: Client) -> None:
        self._system = system
        self._authority = authority
        self._client = client
        self._timers = Timers(client, authority, system.settings.clock_offset)
        self._arming = Arming(system, authority, self._timers)
        self._index = Index()
        self._log = log.bind(authority=authority)

    async def sweep_or_say(self) -> None:
        """Sweep once; what stands in the way is logged, and the next sweep tries again."""
        try:
            found = await self.sweep()
        except (SightlineError, nats.errors.Error) as error:
            self._log.error("sweep broken off", error=str(error))
        else:
            if found:
                self._log.info("sweep found steps that are due", audits=found)

    async def sweep(self) -> int:
        """Sweep once; how many audits had something due. A repeat pokes again for what is not yet recorded."""
        wanted = self._index.wanted
        await self._add_changed()
        wanted |= self._near()
        found = 0
        for audit in list(wanted):
            try:
                await self._timers.recall(audit)
                outlook = await self._arming.work_out(audit)
            except SightlineError as error:  # it stays wanted
                self._log.error("audit not worked out", aggregate=audit, error=str(error))
                continue
            self._index.audits[audit] = Known(outlook.next_due, outlook.held)
            if outlook.due:
                found += 1  # and it stays wanted, until a sweep finds it recorded
            else:
                wanted.discard(audit)
        return found

    async def _add_changed(self) -> None:
        index = self._index
        try:
            async for page in read_pages(self._client, self._authority, after=index.position):
                for each in page:
                    if each.originator_id.startswith(WORKED_OUT):
                        index.wanted.add(each.originator_id)
                    elif isinstance(each.fact, ImportClosed):
                        index.wanted.update(audit for audit, known in index.audits.items() if known.held)
                index.position = page[-1].position or index.position
        except (BrokenHistory, ContractError) as broken:  # what is known is swept all the same
            self._log.error("sweep sees no further", error=str(broken))

    def _near(self) -> set[str]:
        horizon = self._system.clock() + timedelta(seconds=AHEAD * self._system.settings.sweep_seconds)
        return {
            audit
            for audit, known in self._index.audits.items()
            if known.next_due is not None and known.next_due <= horizon
        }
