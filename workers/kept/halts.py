"""Which projections stand still, and why: kept beside the checkpoints, so that health sees it in any process."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Engine, MetaData, String, Table, Text, delete, exists, select

from projections.dates import Instant
from projections.storable import storable
from projections.store import legible, make_tables, upsert, writing

BOOKS = MetaData()
HALTS = Table(
    "view_halts",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Instant(), nullable=False),
)
AHEAD = Table(
    "views_ahead",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""Which of them stand still because the view is ahead of its stream, and the first position that the stream lacked."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A projection that met an event which it cannot take. It tries again; nothing is skipped."""

    view: str
    authority: str
    position: int
    reason: str
    since: datetime


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "halts")


def note(engine: Engine, halt: Halt) -> None:
    """Write down that the projection stands still; a later halt of it replaces this one."""
    row = storable({name: getattr(halt, name) for name in ("view", "authority", "position", "since")})
    row["reason"] = legible(storable(halt.reason))  # a NUL shows, as views write it; what is half a character goes
    with writing(engine) as db:
        db.execute(upsert(HALTS, db.dialect.name), row)


def note_ahead(engine: Engine, halt: Halt) -> None:
    """Write down that the projection stands still because its view is ahead; only `lift` ends that."""
    with writing(engine) as db:
        row = {"view": halt.view, "authority": halt.authority, "position": halt.position}
        db.execute(upsert(AHEAD, db.dialect.name), row)
    note(engine, halt)


def lift(engine: Engine, view: str, authority: str) -> None:
    """The projection goes on. A repeat changes nothing."""
    with writing(engine) as db:
        for table in (HALTS, AHEAD):
            db.execute(delete(table).where((table.c.view == view) & (table.c.authority == authority)))


def lift_at_the_end(engine: Engine, view: str, authorities: Collection[str]) -> None:
    """The view was kept to the end of these streams, as by a rebuild: it stands still before no event of them.

    What is ahead of its stream is not lifted. A repeat changes nothing. Prepare first.
    """
    is_ahead = exists().where((AHEAD.c.view == HALTS.c.view) & (AHEAD.c.authority == HALTS.c.authority))
    those = (HALTS.c.view == view) & HALTS.c.authority.in_(authorities) & ~is_ahead
    with engine.connect() as db:  # hardly any stands still: the others wait for no turn to write
        if db.execute(select(HALTS.c.view).where(those).limit(1)).first() is None:
            return
    with writing(engine) as db:
        db.execute(delete(HALTS).where(those))


def ahead(engine: Engine, view: str) -> frozenset[str]:
    """The authorities whose projection stands still because the view is ahead of the stream. Prepare first."""
    with engine.connect() as db:
        return frozenset(db.execute(select(AHEAD.c.authority).where(AHEAD.c.view == view)).scalars())


def halts(engine: Engine) -> Mapping[tuple[str, str], Halt]:
    """Every projection that stands still, by view and authority."""
    prepare(engine)
    with engine.connect() as db:
        found = [Halt(**row._mapping) for row in db.execute(select(HALTS))]  # noqa: SLF001 - SQLAlchemy's public name
    return {(halt.view, halt.authority): halt for halt in found}
