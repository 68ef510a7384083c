"""How the sender is: its last sign of life in each authority, and how many messages wait. Kept beside the halts."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, select

from projections.dates import Instant
from projections.store import answering, legible, lock, make_tables, upsert, writing
from workers.kept.beats import not_outdone

BOOKS = MetaData()
SENDINGS = Table(
    "sendings",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("beat", Instant(), nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("failing", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sending:
    """The last sign of life, by the machine's clock; how many messages are due and not handed over, and why.

    `failing` are those that were tried and are tried again; `reason` is what broke off the last look at all of them.
    """

    authority: str
    beat: datetime
    waiting: int = 0
    failing: int = 0
    reason: str = ""


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "sendings")


def note(engine: Engine, signs: Collection[Sending], now: datetime) -> None:
    """Write how the sender is in these authorities, in the place of what stood there (see `beats.not_outdone`)."""
    prepare(engine)
    with writing(engine) as db:
        for each in sorted(each.authority for each in signs):
            lock(db, "sending", each)
        rows = [asdict(each) | {"reason": legible(each.reason)} for each in not_outdone(db, SENDINGS, signs, now)]
        if rows:
            db.execute(upsert(SENDINGS, db.dialect.name), rows)


def sendings(engine: Engine) -> Mapping[str, Sending]:
    """How the sender is, by authority."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return {row.authority: Sending(**row._asdict()) for row in db.execute(select(SENDINGS))}
