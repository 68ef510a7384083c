"""The database of the read models: SQLite or PostgreSQL, its transactions and its locks."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Engine,
    Insert,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError

from events.errors import Unavailable
from projections.compiling import compile_together, create_missing

BUSY_SECONDS = 30
"""How long a writer waits for another one on the same SQLite file; a batch takes some hundredths of one."""

IDLE_SECONDS = 5.0
"""How long a keeper may do nothing within its transaction before PostgreSQL ends it: a process that was stopped there
would hold up every other one. SQLite has no such limit; it is for one machine."""

IN_MEMORY = (None, "", ":memory:")
"""How SQLite is told to keep a database in memory alone: of that there is one connection, and no pool of them."""

MOST_CONNECTIONS = 40
"""Connections of one process at most, beyond the five that it keeps: a view that waits for a lock keeps no other one
waiting."""

LOOKED_AT_EVERY = 60.0
"""Seconds for which tables that were there are believed to be there."""

_MADE: WeakKeyDictionary[Engine, dict[str, float]] = WeakKeyDictionary()

BOOKS = MetaData()
"""The bookkeeping, made wherever a store is opened (see `generations`)."""

GENERATIONS = Table(
    "view_generations",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("live", Integer, nullable=False),
    Column("building", Integer),
    Column("fingerprint", String(64), nullable=False),
    Column("edition", String(200), nullable=False),
    Column("building_for", String(300)),
)
"""Which generation is live, and which is being filled: for which edition, where it may be gone on with after a kill."""

GENERATION_TABLES = Table(
    "view_tables",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("name", String(64), primary_key=True),
)
REBUILT = Table(
    "view_rebuilt",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("purpose", String(300), nullable=False),
    Column("found", JSON, nullable=False),
)
"""Views that a rebuild of all has switched and others have yet to follow, with what was found to differ: killed between
two views, it goes on with the rest, and tells all of it."""

CHECKPOINTS = Table(
    "view_checkpoints",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("event_id", String(200)),
    Column("fingerprint", String(64)),
)
"""How far each generation is folded, with the event at that position: a history that was cut and has grown again is
told by it. The event is unknown (None) in rows of before it was kept."""

SHARES = Table(
    "view_shares",
    BOOKS,
    Column("view", String(64), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("share", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("event_id", String(200)),
    Column("fingerprint", String(64)),
    Column("about", String(130)),
)
"""How far each share of a generation that is being filled is: by the last event of its own records or, until it has
come to that, by the last record (`about`) of those that are written in their order. They become its checkpoint once all
have come to the end."""

Source = Engine | Connection
"""What a query reads from: an engine, or a connection whose transaction is the caller's."""


def open_store(url: str) -> Engine:
    """Give the engine for `sqlite:///path` or `postgresql://…`, with the bookkeeping tables in place.

    Safe to repeat and to run in several processes at once. Raises Unavailable when the database cannot be
    reached or is of another kind.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Unavailable("database: not a valid URL such as postgresql://host/name") from error
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise Unavailable(f"database {kind}: read models are kept in sqlite or postgresql")
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
    if kind == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        options = {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}  # what a lock was waited for is seen
    if kind == "postgresql" or parsed.database not in IN_MEMORY:
        options |= {"max_overflow": MOST_CONNECTIONS}
    options |= {"json_serializer": to_json, "json_deserializer": orjson.loads}
    engine = create_engine(parsed, **options)
    if kind == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    with answering(engine):
        compile_together(engine)
    with writing(engine) as db:
        lock(db, "books")
        create_missing(db, BOOKS)
        _add_columns(db, CHECKPOINTS)
        _add_columns(db, GENERATIONS)
        _add_columns(db, SHARES)
    return engine


def make_tables(engine: Engine, tables: MetaData, name: str) -> None:
    """Make those of the tables that are missing, one process at a time: `name` is their lock. A repeat does nothing.

    Whoever asks each second has them looked at once a minute.
    """
    looked = _MADE.setdefault(engine, {})
    if monotonic() - looked.get(name, -LOOKED_AT_EVERY) < LOOKED_AT_EVERY:
        return
    with writing(engine) as db:
        lock(db, name)
        create_missing(db, tables)
    looked[name] = monotonic()


def _add_columns(db: Connection, table: Table) -> None:
    """Add the columns that a table of an earlier version lacks. They hold nothing in the rows that are there."""
    no_row: Select[Any] = select(literal_column("*")).select_from(table).limit(0)  # to ask the catalogue takes longer
    there = set(db.execute(no_row).keys())
    for column in table.columns:
        if column.name not in there:
            kind = column.type.compile(db.dialect)
            db.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")


def to_json(value: Any) -> str:
    """JSON as the columns hold it."""
    return orjson.dumps(value).decode()


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and late
    connection.execute("PRAGMA journal_mode=WAL")
    # After a power cut the last commits may be gone, never half of one. Rows and checkpoint go together, so
    # the projector folds those events again: views are disposable and need no flush for each commit.
    connection.execute("PRAGMA synchronous=NORMAL")


def _sqlite_begins(db: Connection) -> None:
    # A writer takes the write lock at once: a reader turned writer would fail instead of waiting its turn.
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """Raise Unavailable where the database fails: gone, full, broken, or locked for longer than we wait.

    A statement that it refuses is a defect of ours and stays as it is.
    """
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise Unavailable(f"database {engine.url.render_as_string()}: {reason}") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is committed, or none if the block raises."""
    with answering(engine), engine.connect().execution_options(writes=True) as db, db.begin():
        yield db


def one_state(engine: Engine) -> Connection:
    """A connection whose whole transaction sees the database in one state."""
    db = engine.connect()
    if engine.dialect.name == "postgresql":  # where SQLite has no other way
        db = db.execution_options(isolation_level="REPEATABLE READ")
    return db


def never_idle(db: Connection) -> None:
    """Give this transaction up, and its locks with it, if its process stops in the middle of it."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {int(IDLE_SECONDS * 1000)}")


def lock(db: Connection, *names: str, shared: bool = False) -> None:
    """Hold a named lock until the transaction ends; shared holders only keep the exclusive one out.

    SQLite has one writer at a time and its readers see a snapshot, so there is nothing more to hold there.
    """
    if db.dialect.name != "postgresql":
        return
    digest = hashlib.blake2b("/".join(("sightline", *names)).encode(), digest_size=8).digest()
    key = int.from_bytes(digest, signed=True)
    take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    db.execute(select(take(key)))


def legible(text: str) -> str:
    """The text without what a database refuses: the empty character, and halves of characters, as names of files have.

    What is written beside it in one transaction would be refused with it.
    """
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def inserting(table: Table, dialect: str) -> Any:
    """An insert that can say what happens to a row that is there, in the words of that database. No other is loaded."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@lru_cache(maxsize=256)
def upsert(table: Table, dialect: str) -> Insert:
    """Write whole rows: insert them, or replace those with the same key. A repeat changes nothing."""
    insert = inserting(table, dialect)
    rest = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    keys = list(table.primary_key.columns)
    updating: Insert = insert.on_conflict_do_update(index_elements=keys, set_=rest)
    return updating
