"""What is kept of webhooks beside the halts: signs of life, messages that are parked, and what is to come again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
    union,
    update,
)
from sqlalchemy import delete as deleting

from projections.dates import Instant
from projections.store import answering, legible, make_tables, upsert, writing
from workers.kept.beats import not_outdone

BOOKS = MetaData()
SIGNS = Table(
    "webhook_signs",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("beat", Instant(), nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("failing", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
PARKED = Table(
    "webhook_parked",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("webhook", String(64), primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("message", String(64), nullable=False),
    Column("type", String(200), nullable=False),
    Column("fault", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Instant(), nullable=False),
    Column("again", Boolean, nullable=False),
)
REPLAYS = Table(
    "webhook_replays",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("webhook", String(64), primary_key=True),
    Column("since", Instant(), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life in one authority: how many messages wait, and which webhooks take none.

    `reason` is what broke off the last look.
    """

    authority: str
    beat: datetime
    waiting: int = 0
    failing: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that a receiver did not take in all its attempts: its place in the published stream, and why.

    `again` says that somebody asked for one more attempt.
    """

    authority: str
    webhook: str
    sequence: int
    message: str
    type: str
    fault: str
    attempts: int
    since: datetime
    again: bool = False


def prepare(engine: Engine) -> None:
    """Make the tables if they are missing."""
    make_tables(engine, BOOKS, "webhooks")


def note(engine: Engine, signs: Collection[Sign], now: datetime) -> None:
    """Write the signs of life in the place of those before, in one order: two copies wait for each other in none.

    No sign takes the place of a newer one (see `beats.not_outdone`).
    """
    with writing(engine) as db:
        rows = [asdict(each) | {"reason": legible(each.reason)} for each in not_outdone(db, SIGNS, signs, now)]
        if rows:
            db.execute(upsert(SIGNS, db.dialect.name), rows)


def signs(engine: Engine) -> Mapping[str, Sign]:
    """The signs of life, by authority."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return {row.authority: Sign(**row._asdict()) for row in db.execute(select(SIGNS))}


def park(engine: Engine, parked: Parked) -> None:
    """Keep a message that was not taken. A repeat replaces what stood there."""
    with writing(engine) as db:
        db.execute(upsert(PARKED, db.dialect.name), asdict(parked))


def parked(engine: Engine, authority: str, *, again: bool = False) -> Sequence[Parked]:
    """The messages that are parked, in the order of the stream; with `again` those that are to be posted once more."""
    prepare(engine)
    where = (PARKED.c.authority == authority) & (PARKED.c.again if again else PARKED.c.authority.is_not(None))
    with answering(engine), engine.connect() as db:
        rows = db.execute(select(PARKED).where(where).order_by(PARKED.c.webhook, PARKED.c.sequence))
        return [Parked(**row._asdict()) for row in rows]


def counted(engine: Engine, authority: str) -> Mapping[str, int]:
    """How many are parked, by webhook."""
    prepare(engine)
    many = func.count().label("many")
    question = select(PARKED.c.webhook, many).where(PARKED.c.authority == authority).group_by(PARKED.c.webhook)
    with answering(engine), engine.connect() as db:
        return {row.webhook: row.many for row in db.execute(question)}


def _of(table: Table, authority: str, webhook: str) -> ColumnElement[bool]:
    return (table.c.authority == authority) & (table.c.webhook == webhook)


def unpark(engine: Engine, authority: str, webhook: str, *, first: int = 0, last: int | None = None) -> None:
    """Forget what is parked of a webhook from one place in the stream to another. A repeat changes nothing."""
    where = _of(PARKED, authority, webhook) & (PARKED.c.sequence >= first)
    with writing(engine) as db:
        db.execute(deleting(PARKED).where(where if last is None else where & (PARKED.c.sequence <= last)))


def ask_again(engine: Engine, authority: str, webhook: str) -> int:
    """Have what is parked of a webhook posted once more; how many that are."""
    prepare(engine)
    with writing(engine) as db:
        return db.execute(update(PARKED).where(_of(PARKED, authority, webhook)).values(again=True)).rowcount


def ask_since(engine: Engine, authority: str, webhook: str, since: datetime) -> None:
    """Have everything posted again that was published since then. A repeat before it is done replaces the first."""
    prepare(engine)
    with writing(engine) as db:
        row = {"authority": authority, "webhook": webhook, "since": since}
        db.execute(upsert(REPLAYS, db.dialect.name), row)


def asked_of(engine: Engine, authorities: Collection[str]) -> Mapping[str, bool]:
    """Of which of these authorities anything is to be posted again, in one question for all. Prepare first."""
    question = union(
        select(REPLAYS.c.authority).where(REPLAYS.c.authority.in_(authorities)),
        select(PARKED.c.authority).where(PARKED.c.authority.in_(authorities) & PARKED.c.again),
    )
    with answering(engine), engine.connect() as db:
        found = frozenset(db.execute(question).scalars())
    return {each: each in found for each in authorities}


def asked_since(engine: Engine, authority: str) -> Mapping[str, datetime]:
    """Since when is to be posted again, by webhook."""
    question = select(REPLAYS.c.webhook, REPLAYS.c.since).where(REPLAYS.c.authority == authority)
    with answering(engine), engine.connect() as db:
        return {row.webhook: row.since for row in db.execute(question)}


def answered(engine: Engine, authority: str, webhook: str) -> None:
    """It goes on from there: the question is answered."""
    with writing(engine) as db:
        db.execute(deleting(REPLAYS).where(_of(REPLAYS, authority, webhook)))
