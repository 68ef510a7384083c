"""What the routes work with: desks, keys, histories and the database of one process, each used as its threads allow."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, LifoQueue
from threading import Lock
from typing import ParamSpec, TypeVar

from events.errors import Forbidden, NotFound
from services.clock import local_date
from services.core.desk import Desk
from services.core.kept import KeptDirectory
from services.directory.may import Council
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.keyring import Keyring, MasterKey
from services.texts.opening import Texts
from workers.asking.texts import texts_of
from workers.doors.watched import Watched
from workers.processes.shared import Shared
from workers.recording.desks import desk_of, keep_grown, keyrings
from workers.system import System

P = ParamSpec("P")
T = TypeVar("T")

DESK_THREADS, QUERY_THREADS = 16, 8
"""Each command waits a few times for the server's answer; a query waits for the database, which reads beside others."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk with the history behind it. One request has it at a time."""

    desk: Desk
    watched: Watched


@dataclass(slots=True)
class _Authority:
    """What is kept of one authority between two requests."""

    in_post: Shared[str, bool]
    seats: "LifoQueue[Seat]" = field(default_factory=LifoQueue)
    turn: Lock = field(default_factory=Lock)


class Office:
    """Open while the block of `open_office` runs.

    A desk keeps the directory between two commands and is no thing for two threads, so each authority has several: the
    one that was used last is the first to be used again, and knows most of the directory.
    """

    def __init__(
        self, system: System, new_desk: Callable[[str], Desk], master: MasterKey, rings: Mapping[str, Keyring]
    ) -> None:
        self.system = system
        self.master = master
        self._rings = rings
        self._new_desk = new_desk
        self._authorities: Mapping[str, _Authority] = {
            each: _Authority(self._posts_of(each)) for each in system.authorities
        }
        self._desks = ThreadPoolExecutor(DESK_THREADS, "desk")
        self._queries = ThreadPoolExecutor(QUERY_THREADS, "query")
        self._keeping = ThreadPoolExecutor(1, "keeping")

    async def act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what may change history, on a thread for it; its result or its error."""
        return await asyncio.get_running_loop().run_in_executor(self._desks, partial(work, *args, **kwargs))

    async def ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what only reads, on a thread for it; its result or its error."""
        return await asyncio.get_running_loop().run_in_executor(self._queries, partial(work, *args, **kwargs))

    @contextmanager
    def seat(self, authority: str) -> Iterator[Seat]:
        """A desk of the authority for the time of the block. NotFound for an authority that there is not."""
        held = self._of(authority)
        with held.turn:  # whoever tries again is let through first: many acts of one month change one record
            seats = held.seats
        try:
            seat = seats.get_nowait()
        except Empty:
            seat = self._new_seat(authority)
        try:
            yield seat
        finally:
            grown = seat.desk.grown()
            seats.put(seat)
            if grown:  # beside the answer, which does not wait for it
                history = self.system.history(authority)
                self._keeping.submit(keep_grown, history, self.system.catalogue, grown)

    async def require_in_post(self, authority: str, person: str) -> None:
        """Forbidden unless the person holds a post of the authority today, by the directory as it stands now."""
        if not await self._of(authority).in_post.answer(person):
            raise Forbidden("actor", f"{person} holds no post in {authority} today")

    def _posts_of(self, authority: str) -> Shared[str, bool]:
        kept = KeptDirectory()

        async def read(persons: frozenset[str]) -> dict[str, bool]:
            return await self.ask(self._in_post, authority, kept, persons)

        return Shared(read)

    def _in_post(self, authority: str, kept: KeptDirectory, persons: Iterable[str]) -> dict[str, bool]:
        """Who of them holds a post today, by one reading of what the directory has got since the last."""
        today = local_date(self.system.clock())
        state = kept.brought_up_to_date(self.system.history(authority), self.system.catalogue).state
        directory = state if isinstance(state, Directory) else Directory()
        council = Council(directory, self.system.policies[authority].in_force(today))
        return {each: bool(council.posts(each, today)) for each in persons}

    def directory(self, authority: str) -> Directory:
        """The people and units of the authority as they stand now, for a reader of its own."""
        return directory_of(self.system.history(authority))

    def texts(self, authority: str) -> Texts:
        """What opens texts, for one reading. NotFound for an authority that there is not."""
        self._of(authority)
        return texts_of(self.system, authority, self._rings[authority])

    def close(self) -> None:
        """Wait for what is under way, the snapshots of records that have grown among it."""
        self._desks.shutdown()
        self._queries.shutdown()
        self._keeping.shutdown()

    def _of(self, authority: str) -> _Authority:
        if authority not in self._authorities:
            raise NotFound("authority", authority)
        return self._authorities[authority]

    def _new_seat(self, authority: str) -> Seat:
        desk = self._new_desk(authority)
        watched = Watched(desk.store)
        desk.store, desk.turn = watched, lambda: self._of(authority).turn
        return Seat(desk, watched)


@contextmanager
def open_office(system: System) -> Iterator[Office]:
    """An office for the time of the block, after the start-up checks (see `System.check`)."""
    with keyrings(system) as (rings, master):
        for authority in system.authorities:
            system.history(authority)  # connected here, and not by several threads at once
        office = Office(system, lambda authority: desk_of(system, authority, rings[authority], master), master, rings)
        try:
            yield office
        finally:
            office.close()
