"""What the sweeper reads of a history: which records its events touch, from where it was read last."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from events.envelope import IMPORTED, OCCURRED, TYPE, VERSION
from events.errors import BrokenHistory, RolledBack, SightlineError
from events.imports import ImportClosed
from events.losses import DamageAccepted
from events.programme import RECORDS
from events.subjects import aggregate_of
from services.clock import local_date
from services.imports import Imports
from services.log import Log
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from workers.due.edition import edition_of, stands
from workers.intake.ends import End
from workers.kept import outlooks
from workers.kept.outlooks import Changes, Place
from workers.kept.parked import LONGEST_NAME
from workers.kept.witnesses import fingerprint, strayed
from workers.processes.shared import Shared
from workers.system import System

log = Log(__name__)

REMEMBERED = 50_000
"""Records that began with imports that are open, of which it is remembered; further ones are looked at meanwhile."""


class Reading:
    """Reads the events of one authority and writes down which records they touch, page by page.

    It goes on after the last event that was read by whoever swept before, and begins anew where that was judged by
    another edition, where damage was accepted since, and at a start after events that could not be read.

    `closed` is the position up to which imports may have ended that a release is still at work on: that of the last end
    of one, or where reading went on at a start.
    """

    def __init__(
        self, system: System, authority: str, source: Source, places: Shared[str, Place | None] | None = None
    ) -> None:
        self._system = system
        self._places = places or places_of(system)
        self._same: tuple[End, int] | None = None
        self._authority = authority
        self._source = source
        self._begun = False
        self._log = log.bind(authority=authority)
        self._imports = Imports(system.history(authority))
        self._ending: frozenset[str] = frozenset()
        self._brought: set[str] = set()
        self.began: date | None = None
        self.closed = 0
        self.end: End | None = None

    async def read(self) -> str:
        """Read to the end; what of the stream cannot be read. That hides nothing that can.

        Raises RolledBack where the history is not the one that was read before, and Unavailable.
        """
        lacking, self.end = "", await self._system.ends.now(self._authority)
        try:
            place: Place | None = await self._place()
            while place is not None:
                self.began = place.began
                place, found = await self._read_on(place)
                lacking = found
        except RolledBack:
            raise
        except BrokenHistory as broken:
            self._log.error("sweep sees no further", error=str(broken))
            lacking = str(broken)
        return lacking

    async def _place(self) -> Place:
        """Where reading goes on."""
        end = self.end
        place = await self._places.answer(self._authority)
        if place is None:
            return await self._anew("nothing is kept")
        if end is None or self._same != (end, place.position):
            if reason := await strayed(self._source, place):
                raise RolledBack(self._authority, reason)
            self._same = None if end is None else (end, place.position)
        if not stands(place.edition, self._edition()):  # another copy may have heard of an adoption first
            await asyncio.to_thread(self._system.rules.renew, self._authority)
        if not stands(place.edition, self._edition()):
            return await self._anew("another edition judged")
        if place.lacking and not self._begun:
            return await self._anew("events could not be read")
        if not self._begun:
            self.closed = place.position
        self._begun = True
        return place

    async def _anew(self, why: str) -> Place:
        end = await self._source.last_sequence()
        self._log.info("sweeping begins with the first event", because=why, events=end)
        self._begun = True
        self._brought.clear()
        return await asyncio.to_thread(outlooks.begin_anew, self._system.engine, self._authority, self._edition(), end)

    async def _read_on(self, place: Place) -> tuple[Place | None, str]:
        """Read to the end, or up to where to go on from another place; what is missing so far."""
        lacking, end = place.lacking, self.end
        if end is not None and self._same == (end, end.last) and end.last == place.position:
            return None, lacking
        async for page in raw_pages(self._source, after=place.position, by_runs=True):
            changes, read, began = Changes(), place.position, place.began
            imports = [_import_of(each) for each in page]
            self._ending = await asyncio.to_thread(self._end_after, page, imports)
            for message, of in zip(page, imports, strict=True):
                if message.sequence != read + 1:
                    lacking = f"event {read + 1} is missing: run `sightline verify`"
                read, about = message.sequence, _record_of(message)
                if about.startswith(RECORDS) and (on := _day_of(message)) is not None:
                    began = on if began is None else min(began, on)
                if about.startswith(self._system.catalogue.worked_out) and len(about) <= LONGEST_NAME:
                    (changes.held if self._waits(about, message, of) else changes.records).add(about)
                    continue
                name = message.headers.get(TYPE)
                if read > place.anew and name == DamageAccepted.stored_name:
                    return await self._anew("damage was accepted"), ""
                if name == ImportClosed.stored_name:
                    changes.released, self.closed = True, read
                    self._brought.clear()  # most are of this one; one of another that is forgotten is looked at
            known, told = self._edition(), fingerprint(page[-1])
            after = replace(place, position=read, began=began, fingerprint=told, lacking=lacking, edition=known)
            if not await asyncio.to_thread(outlooks.go_on, self._system.engine, place, after, changes):
                return await self._place(), lacking  # another sweeper was first
            place, self.began = after, after.began
        return None, lacking

    def _waits(self, about: str, message: RawMessage, of: str) -> bool:
        """Whether nothing can follow of the event until its import ends: the record began with that import as well.

        What an import brings to a record that was there before may answer what that owes, or make it due.
        """
        if of not in self._ending:
            return False
        if message.headers.get(VERSION) == "1" and len(self._brought) < REMEMBERED:
            self._brought.add(about)
        return about in self._brought

    def _end_after(self, page: Sequence[RawMessage], imports: Sequence[str]) -> frozenset[str]:
        """The imports behind the page whose end stands behind what they brought in there, and releases what waits.

        Of one that has ended meanwhile as well: what it brought in is the business of its release.
        """
        last = {name: each.sequence for each, name in zip(page, imports, strict=True) if name}
        try:
            return self._imports.of_many().end_after(last)
        except SightlineError as error:  # then each of the records is looked at by itself
            self._log.warning("imports not seen", error=str(error))
            return frozenset()

    def _edition(self) -> Mapping[str, Any]:
        return edition_of(self._system, self._system.policies[self._authority])


def places_of(system: System) -> Shared[str, Place | None]:
    """How far each authority was read: those that are asked for at the same time, in one question."""

    async def read(authorities: frozenset[str]) -> Mapping[str, Place | None]:
        return await asyncio.to_thread(lambda: outlooks.places_of(system.engine, authorities))

    return Shared(read)


def _record_of(message: RawMessage) -> str:
    """The record that an event is of; empty for what is no record's: the views halt there, and health says so."""
    try:
        return aggregate_of(message.subject)
    except ValueError:
        return ""


def _import_of(message: RawMessage) -> str:
    """The import that brought an event in; empty for what none did."""
    return unquote(message.headers.get(IMPORTED, ""))


def _day_of(message: RawMessage) -> date | None:
    """The day on which an event happened; None for headers that were damaged, at which the views halt."""
    try:
        return local_date(datetime.fromisoformat(message.headers.get(OCCURRED, "")))
    except ValueError:
        return None
