"""Which of several copies of a view's projector does the work: the others stand by and cost next to nothing.

A lease is thrift, never a promise: two copies that both believe they hold it keep a view as one does, since each
transaction goes on from the checkpoint that it finds. So it needs no clock that is right and no fencing of its own.
"""

import asyncio
import os
import platform
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import Column, Connection, Double, Engine, MetaData, String, Table, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from projections.store import lock, make_tables, never_idle, upsert, writing
from services.log import Log
from workers.processes.together import unless

log = Log(__name__)

BEAT = 1.0
"""Seconds between two signs of life of the copy that works, and between two looks of one that stands by."""

SILENCE = 3.0
"""Seconds without a sign of life after which another copy takes over."""

NEVER = 0.0
"""The sign of life in a lease that was given back: long before any clock of a machine that works."""

BOOKS = MetaData()
LEASES = Table(
    "view_leases",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("beat", Double, nullable=False),
)


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "leases")


def holders(engine: Engine) -> Mapping[str, str]:
    """The copy that works on each view, as `<machine>/<token>/<process>`; none where no copy has shown life of late."""
    prepare(engine)
    with engine.connect() as db:
        found = db.execute(select(LEASES)).all()
        now = _seconds(db)
    return {row.view: row.holder for row in found if _is_fresh(row.beat, now)}


def ever_held(engine: Engine) -> frozenset[str]:
    """The leases that any copy ever held in this database: what is not among them was never started."""
    prepare(engine)
    with engine.connect() as db:
        return frozenset(db.execute(select(LEASES.c.view)).scalars())


def _living(db: Connection, names: Collection[str]) -> Mapping[str, str]:
    """Who holds each of these leases, where anybody shows life."""
    now = _seconds(db)
    found = db.execute(select(LEASES).where(LEASES.c.view.in_(names)))
    return {row.view: row.holder for row in found if _is_fresh(row.beat, now)}


def _is_fresh(beat: float, now: float) -> bool:
    return abs(now - beat) <= SILENCE  # a clock that was set back keeps nobody waiting for it


def _seconds(db: Connection) -> float:
    """The clock of the database, which all copies share. SQLite has that of the one machine."""
    if db.dialect.name != "postgresql":
        return time.time()
    return float(db.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


class Leases:
    """One copy's claims, one for each name. `held` of a name is set while it is to do that work.

    `asked` is set once all were first decided, and `any_held` while it has anything to do. `connected` says whether the
    copy could work at all: one that has lost the server gives no sign of life.
    """

    def __init__(self, engine: Engine, names: Iterable[str], *, connected: Callable[[], bool] = lambda: True) -> None:
        self.held = {name: asyncio.Event() for name in sorted(names)}
        self.asked = asyncio.Event()
        self.any_held = asyncio.Event()
        self._engine = engine
        self._connected = connected
        self._me = f"{platform.node()}/{secrets.token_hex(4)}/{os.getpid()}"

    async def keep(self, stop: asyncio.Event) -> None:
        """Take what is free, and keep it; at the end all is given back, so that another copy follows at once."""
        try:
            while not stop.is_set():
                await self._beat()
                self.asked.set()
                await unless(stop, BEAT)
        finally:
            if mine := self._mine():
                self._note(frozenset())
                await asyncio.to_thread(self._give_back, mine)

    def _mine(self) -> frozenset[str]:
        return frozenset(name for name, held in self.held.items() if held.is_set())

    async def _beat(self) -> None:
        try:
            taken = await asyncio.to_thread(self._take) if self._connected() else frozenset()
        except (SightlineError, SQLAlchemyError) as error:  # without the database nobody can work or take over
            log.warning("leases not seen", error=type(error).__name__)
            return
        self._note(taken)

    def _note(self, taken: Collection[str]) -> None:
        before = self._mine()
        for name in sorted(before ^ frozenset(taken)):
            if name in taken:
                log.info("does the work", view=name)
                self.held[name].set()
            else:
                log.info("stands by: it ends, another copy does the work, or the server is gone", view=name)
                self.held[name].clear()
        (self.any_held.set if taken else self.any_held.clear)()

    def _take(self) -> frozenset[str]:
        wanted = frozenset(self.held)
        if wanted != self._mine():  # whoever stands by writes nothing
            with self._engine.connect() as db:
                wanted = self._free(db, wanted)
        if not wanted:
            return wanted
        with writing(self._engine) as db:
            never_idle(db)
            for name in sorted(wanted):
                lock(db, "lease", name)
            mine = self._free(db, wanted)
            now = _seconds(db)
            if mine:
                rows = [{"view": name, "holder": self._me, "beat": now} for name in sorted(mine)]
                db.execute(upsert(LEASES, db.dialect.name), rows)
        return mine

    def _free(self, db: Connection, names: Collection[str]) -> frozenset[str]:
        living = _living(db, names)
        return frozenset(name for name in names if living.get(name, self._me) == self._me)

    def _give_back(self, mine: Collection[str]) -> None:
        given = LEASES.c.view.in_(mine) & (LEASES.c.holder == self._me)
        try:
            with writing(self._engine) as db:
                db.execute(update(LEASES).where(given).values(beat=NEVER))
        except SightlineError as error:  # they lapse by themselves
            log.warning("leases not given back", error=type(error).__name__)
