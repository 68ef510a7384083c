"""The tables of what the sweeper knows, and the turn of whoever writes there."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from projections.dates import Instant
from projections.store import lock, writing
from workers.kept.parked import LONGEST_NAME

BOOKS = MetaData()
PLACES = Table(
    "sweeper_places",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("anew", BigInteger, nullable=False),
    Column("began", Date),
    Column("lacking", Text, nullable=False),
    Column("edition", JSON, nullable=False),
)
OPEN = Table(
    "sweeper_records",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("record", String(LONGEST_NAME), primary_key=True),
    Column("next_due", Instant()),
    Column("timers", Integer, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("stamp", String(32), nullable=False),
)
BEGUN = Table(
    "sweeper_beginnings",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("mark", String(32), nullable=False),
)
RELEASED = Table(
    "sweeper_released",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("record", String(LONGEST_NAME), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("next_due", Instant()),
    Column("timers", Integer, nullable=False),
)


@contextmanager
def turn(engine: Engine, authority: str) -> Iterator[Connection]:
    """One write transaction, one process at a time for each authority."""
    with writing(engine) as db:
        lock(db, "outlooks", authority)
        yield db
