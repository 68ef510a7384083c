"""Which of several copies of a projector does the work: the others stand by and cost next to nothing.

A lease is thrift, never a promise: two copies that both believe they hold it keep a view as one does, since each
transaction goes on from the checkpoint that it finds. So it needs no clock that is right and no fencing of its own.
"""

import asyncio
import os
import platform
import secrets
import time
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy import Column, Connection, Double, Engine, MetaData, String, Table, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from projections.store import lock, make_tables, upsert, writing
from workers.together import unless

log = structlog.get_logger(__name__)

BEAT = 1.0
"""Seconds between two signs of life of the copy that works, and between two looks of one that stands by."""

SILENCE = 3.0
"""Seconds without a sign of life after which another copy takes over."""

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


def _living(db: Connection, view: str) -> str | None:
    row = db.execute(select(LEASES.c.holder, LEASES.c.beat).where(LEASES.c.view == view)).one_or_none()
    return str(row.holder) if row is not None and _is_fresh(row.beat, _seconds(db)) else None


def _is_fresh(beat: float, now: float) -> bool:
    return abs(now - beat) <= SILENCE  # a clock that was set back keeps nobody waiting for it


def _seconds(db: Connection) -> float:
    """The clock of the database, which all copies share. SQLite has that of the one machine."""
    if db.dialect.name != "postgresql":
        return time.time()
    return float(db.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


class Lease:
    """One copy's claim to one view. `held` is set while it is to do the work, `asked` once that was first decided.

    `connected` says whether the copy could work at all: one that has lost the server gives no sign of life.
    """

    def __init__(self, engine: Engine, view: str, *, connected: Callable[[], bool] = lambda: True) -> None:
        self.held = asyncio.Event()
        self.asked = asyncio.Event()
        self._engine = engine
        self._view = view
        self._connected = connected
        self._me = f"{platform.node()}/{secrets.token_hex(4)}/{os.getpid()}"
        self._log = log.bind(view=view)

    async def keep(self, stop: asyncio.Event) -> None:
        """Take the lease when it is free, and keep it; at the end it is given back, so that another follows at once."""
        try:
            while not stop.is_set():
                await self._beat()
                self.asked.set()
                await unless(stop, BEAT)
        finally:
            if self.held.is_set():
                self.held.clear()
                await asyncio.to_thread(self._give_back)

    async def _beat(self) -> None:
        try:
            mine = self._connected() and await asyncio.to_thread(self._take)
        except (SightlineError, SQLAlchemyError) as error:  # without the database nobody can work or take over
            self._log.warning("lease not seen", error=type(error).__name__)
            return
        if mine and not self.held.is_set():
            self._log.info("does the work")
            self.held.set()
        elif not mine and self.held.is_set():
            self._log.warning("stands by: another copy does the work, or the server is gone")
            self.held.clear()

    def _take(self) -> bool:
        if not self.held.is_set():  # whoever stands by writes nothing
            with self._engine.connect() as db:
                if _living(db, self._view) not in {None, self._me}:
                    return False
        with writing(self._engine) as db:
            lock(db, "lease", self._view)
            if _living(db, self._view) not in {None, self._me}:
                return False
            row = {"view": self._view, "holder": self._me, "beat": _seconds(db)}
            db.execute(upsert(LEASES, db.dialect.name), row)
        return True

    def _give_back(self) -> None:
        mine = (LEASES.c.view == self._view) & (LEASES.c.holder == self._me)
        try:
            with writing(self._engine) as db:
                db.execute(delete(LEASES).where(mine))
        except SightlineError as error:  # it lapses by itself
            self._log.warning("lease not given back", error=type(error).__name__)
