"""How the sweeper is: when it last swept each authority, and what stood in its way. Kept beside the halts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Engine, MetaData, String, Table, Text, select

from projections.dates import Instant
from projections.store import answering, lock, make_tables, upsert, writing

BOOKS = MetaData()
SWEEPS = Table(
    "sweeps",
    BOOKS,
    Column("authority", String(32), primary_key=True),
    Column("whole", Instant()),
    Column("beat", Instant(), nullable=False),
    Column("reason", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """When an authority was last swept to the end (None: never), the last sign of life, and what the last sweep met.

    The instants are those of the machine, also where a rehearsal moved the clock.
    """

    authority: str
    whole: datetime | None
    beat: datetime
    reason: str


def prepare(engine: Engine) -> None:
    """Make the table if it is missing."""
    make_tables(engine, BOOKS, "sweeps")


def note(engine: Engine, authority: str, at: datetime, *, whole: bool, reason: str = "") -> None:
    """Write a sign of life, or that a sweep came to its end; `reason` is what it could not look at."""
    prepare(engine)
    with writing(engine) as db:
        lock(db, "sweep", authority)
        before = db.execute(select(SWEEPS).where(SWEEPS.c.authority == authority)).one_or_none()
        row = {
            "authority": authority,
            "whole": at if whole else before and before.whole,
            "beat": at,
            "reason": reason.replace("\0", "") if whole or reason or before is None else before.reason,
        }
        db.execute(upsert(SWEEPS, db.dialect.name), row)


def sweeps(engine: Engine) -> Mapping[str, Sweep]:
    """What is known of the sweeps, by authority."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return {row.authority: Sweep(**row._asdict()) for row in db.execute(select(SWEEPS))}
