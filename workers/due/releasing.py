"""What a closed import held back is worked out: its audits are read once, and what is due is recorded from that."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError, Unavailable
from events.recorded import Recorded
from events.subjects import stream_name
from services.log import Log
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from workers.due import released
from workers.due.arming import Arming, next_due
from workers.due.attending import NOT_DONE, TOGETHER, Attending
from workers.due.brought import Brought
from workers.due.edition import edition_of
from workers.due.released import Release
from workers.due.settling import Judged, Settling
from workers.intake.delivered import decoded
from workers.processes.together import all_of
from workers.system import System

log = Log(__name__)

IMPORT = "import/"

AT_ONCE = 2
"""Parts of an import that are worked out at the same time: while one waits for the server and the database, another one
is judged."""

Histories = Mapping[str, Sequence[RawMessage]]
"""The messages of records, each from its first one on."""


class Releasing:
    """Works out what imports of one authority brought in, once they are closed.

    The records that began with an import are worked out from its stretch of the stream, many at once: what is due in
    them is recorded here, for which whoever is poked would read them once more, and what is to come is armed. Every
    other record is left to `attending`, which asks for its newest history, pokes and arms: one that began before the
    import, one of which more stands in the stream, and what could not be recorded so, since another process was first.
    So a release that is killed at any moment is made good by the next, and of two at once each step is recorded once.
    What was armed is handed over to the next sweep, which then does not work it out again (see `released`).
    Imports that were closed together are read one after the other, so that what is held stays within its bound.
    `see` is told which version of a record was worked out.
    """

    def __init__(
        self,
        system: System,
        authority: str,
        client: Client,
        arming: Arming,
        attending: Attending,
        see: Callable[[str, int], None],
    ) -> None:
        self._system = system
        self._authority = authority
        self._history = system.history(authority)
        self._worked_out = system.catalogue.worked_out
        self._client = client
        self._stream = stream_name(authority)
        self._arming = arming
        self._attending = attending
        self._settling = Settling(system, authority)
        self._turn = asyncio.Lock()
        self._reading = ""
        self._edition: Mapping[str, Any] = {}
        self._see = see
        self._log = log.bind(authority=authority)

    async def release(self, record: str, stop: asyncio.Event) -> float | None:
        """Work out every audit that a closed import touched; when to try again, where it was time to stop meanwhile.

        What fails is parked by itself, not the whole import. Raises StoreUnavailable and BrokenHistory where the
        stream cannot be read.
        """
        history = await asyncio.to_thread(self._history.load, record)
        first, last = history[0].position or 1, history[-1].position
        name = record.removeprefix(IMPORT)
        brought = Brought(name, self._worked_out)
        async with self._turn:
            await self._begin()
            settled = await self._read(brought, first, last, stop)
        if stop.is_set():
            return NOT_DONE
        self._log.info("import closed", released=name, settled=settled, left=len(brought.left))
        return None if await self._attending.each(brought.left, stop) else NOT_DONE

    async def _begin(self) -> None:
        """Take in what the sweeper goes by, before anything is worked out that is handed over to it."""
        self._edition = edition_of(self._system, self._system.policies[self._authority])
        try:
            self._reading = await asyncio.to_thread(lambda: released.begun(self._system.engine, self._authority))
        except (SightlineError, SQLAlchemyError) as error:  # then it works out again what this release does
            self._log.warning("sweep not looked for", error=type(error).__name__)
            self._reading = ""

    async def _read(self, brought: Brought, first: int, last: int | None, stop: asyncio.Event) -> int:
        """Read the stretch, and settle what is held of it, until it is time to stop; how many were settled."""
        source = Source(self._client, self._stream)
        try:
            async with aclosing(self._parts(source, brought, first, last, stop)) as parts:
                turn = asyncio.Lock()

                async def settle() -> int:
                    settled = 0
                    while not stop.is_set():
                        async with turn:
                            part = await anext(parts, None)
                        if part is None:
                            break
                        settled += await self._settle(source, brought, part, stop)
                    return settled

                return sum(await all_of(*(settle() for _ in range(AT_ONCE))))
        finally:
            await source.close()

    @staticmethod
    async def _parts(
        source: Source, brought: Brought, first: int, last: int | None, stop: asyncio.Event
    ) -> AsyncGenerator[Histories]:
        """What is held of the stretch, as it is handed out; no more of it is read once it is time to stop."""
        async with aclosing(raw_pages(source, after=first - 1, until=last, by_runs=True)) as pages:
            async for page in pages:
                if stop.is_set():
                    return
                brought.take(page)
                while brought.is_full:
                    yield brought.hand_out(TOGETHER)
        while not brought.is_empty:
            yield brought.hand_out(TOGETHER)

    async def _settle(self, source: Source, brought: Brought, part: Histories, stop: asyncio.Event) -> int:
        """Settle what was handed out, and leave those of which that cannot be done so; how many were settled."""
        newest = await source.newest_of([messages[-1].subject for messages in part.values()]) or {}
        ends = {
            record: last.sequence
            for record, messages in part.items()
            if (last := newest.get(messages[-1].subject)) is not None
            and last.sequence == messages[-1].sequence
            and not self._attending.is_parked(record)
        }
        found = await asyncio.to_thread(self._record, {each: part[each] for each in ends}, ends, stop.is_set)
        settled = {record: judged for record, (judged, _) in found.items()}
        armed = await self._arming.arm(settled)
        await self._hand_over(
            {
                record: replace(release, timers=timers)
                for record, timers in armed.items()
                if (release := found[record][1]) is not None
            }
        )
        for record in part:
            if record in armed:
                self._see(record, settled[record].version)
            else:
                brought.leave(record)
        return len(armed)

    async def _hand_over(self, worked_out: Mapping[str, Release]) -> None:
        """Leave to the next sweep what was recorded and armed; it looks for itself where that cannot be done."""
        if not self._reading:
            return
        engine, where = self._system.engine, (self._authority, self._reading, self._edition)
        try:
            await asyncio.to_thread(released.hand_over, engine, *where, worked_out)
        except (SightlineError, SQLAlchemyError) as error:
            self._log.warning("import not handed over", records=len(worked_out), error=type(error).__name__)

    def _record(
        self, whole: Histories, ends: Mapping[str, int], stopped: Callable[[], bool]
    ) -> dict[str, tuple[Judged, Release | None]]:
        """Record what is due in these; what each was judged to be, and how it stands then unless it waits.

        What was not settled so is settled by itself, or says then what is wrong.
        """
        histories: dict[str, Sequence[Recorded]] = {}
        for record, messages in whole.items():
            events, fault = decoded(messages)
            if fault is None:
                histories[record] = events
        now = self._system.clock()
        try:
            directory = self._settling.directory()
            settled = self._settling.settle_histories(histories, directory, stopped, expected=ends)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - each of them says by itself what is wrong with it
            self._log.warning("import not settled together", records=len(whole), error=repr(error))
            return {}
        return {each: (judged, _release(histories[each], judged, now)) for each, judged in settled.items()}


def _release(history: Sequence[Recorded], judged: Judged, now: datetime) -> Release | None:
    """How a record stands once what was judged to be due in it is recorded; None while it waits for an import.

    What is owed is the same before and after each step that is recorded, so that only what is told of changes.
    """
    if judged.held or judged.settlement is None:
        return None
    told = (*history, *judged.facts)
    position = judged.position if judged.facts else history[-1].position
    if position is None:
        return None
    return Release(position, told[-1].envelope.event_id, next_due(told, judged.settlement, now), timers=0)
