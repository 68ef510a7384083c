"""Records that could not be worked out: kept beside the halts, so that none is lost and health names each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from projections.dates import Instant
from projections.store import answering, legible, lock, make_tables, writing

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=5)
"""How long a record waits for its second attempt, and for each later one at most: the wait doubles."""

LONGEST_NAME = 130
"""Characters of a record's name; a message on no record's subject may have more."""

BOOKS = MetaData()
PARKED = Table(
    "parked_records",
    BOOKS,
    Column("worker", String(32), primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("record", String(LONGEST_NAME), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Instant(), nullable=False),
    Column("again", Instant(), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that a worker could not work out, why, since when, how often it was tried, and when it is tried again.

    The instants are those of the machine, also where a rehearsal moved the clock.
    """

    worker: str
    authority: str
    record: str
    reason: str
    attempts: int
    since: datetime
    again: datetime


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "parked")


def park(engine: Engine, worker: str, authority: str, record: str, reason: str) -> Parked:
    """Keep the record for another attempt, later each time."""
    prepare(engine)
    now, reason = datetime.now(UTC), legible(reason)
    place = {"worker": worker, "authority": authority, "record": record}
    with writing(engine) as db:
        lock(db, "parked", worker, authority)
        before = db.execute(select(PARKED).where(_at(worker, authority, record))).one_or_none()
        attempts = before.attempts + 1 if before else 1
        wait = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
        parked = Parked(
            **place, reason=reason, attempts=attempts, since=before.since if before else now, again=now + wait
        )
        values = {"reason": reason, "attempts": attempts, "since": parked.since, "again": parked.again}
        if before:
            db.execute(update(PARKED).where(_at(worker, authority, record)).values(values))
        else:
            db.execute(insert(PARKED).values(place | values))
    return parked


def release(engine: Engine, worker: str, authority: str, record: str) -> None:
    """The record was worked out. A repeat changes nothing."""
    with writing(engine) as db:
        db.execute(delete(PARKED).where(_at(worker, authority, record)))


def claim(engine: Engine, one: Parked) -> bool:
    """Whether this process is the one that tries the record now: others wait, in case it ends in the middle."""
    later = datetime.now(UTC) + LONGEST_DELAY
    with writing(engine) as db:
        mine = _at(one.worker, one.authority, one.record) & (PARKED.c.again == one.again)
        return bool(db.execute(update(PARKED).where(mine).values(again=later)).rowcount)


def put_off(engine: Engine, one: Parked, seconds: float) -> None:
    """Have the record tried again after that time. Nothing happens to one that was released meanwhile."""
    again = datetime.now(UTC) + timedelta(seconds=seconds)
    with writing(engine) as db:
        db.execute(update(PARKED).where(_at(one.worker, one.authority, one.record)).values(again=again))


def parked(engine: Engine, worker: str | None = None) -> Mapping[tuple[str, str], tuple[Parked, ...]]:
    """What is parked, by worker and authority."""
    prepare(engine)
    asked = select(PARKED).order_by(PARKED.c.since, PARKED.c.record)
    if worker is not None:
        asked = asked.where(PARKED.c.worker == worker)
    found: dict[tuple[str, str], tuple[Parked, ...]] = {}
    with answering(engine), engine.connect() as db:
        for row in db.execute(asked):
            one = _from(row)
            found[one.worker, one.authority] = (*found.get((one.worker, one.authority), ()), one)
    return found


def _from(row: Row[tuple[object, ...]]) -> Parked:
    return Parked(**row._asdict())


def _at(worker: str, authority: str, record: str) -> ColumnElement[bool]:
    return (PARKED.c.worker == worker) & (PARKED.c.authority == authority) & (PARKED.c.record == record)
