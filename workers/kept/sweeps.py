"""How the sweeper is: when it last swept each authority, and what stood in its way. Kept beside the halts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Row, String, Table, Text, select

from projections.dates import Instant
from projections.store import answering, legible, lock, make_tables, upsert, writing
from workers.kept.beats import not_outdone

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


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life, or that a sweep came to its end (`whole`); `reason` is what it could not look at."""

    authority: str
    beat: datetime
    whole: bool = False
    reason: str = ""


def note(engine: Engine, signs: Collection[Sign], now: datetime) -> None:
    """Write the signs of life of these authorities. What is said of their last whole sweeps stands without another.

    No sign takes the place of a newer one (see `beats.not_outdone`).
    """
    prepare(engine)
    with writing(engine) as db:
        for each in sorted(each.authority for each in signs):
            lock(db, "sweep", each)
        kept = db.execute(select(SWEEPS).where(SWEEPS.c.authority.in_([each.authority for each in signs])))
        before = {row.authority: row for row in kept}
        rows = [_row(each, before.get(each.authority)) for each in not_outdone(db, SWEEPS, signs, now)]
        if rows:
            db.execute(upsert(SWEEPS, db.dialect.name), rows)


def _row(sign: Sign, before: Row[Any] | None) -> Mapping[str, Any]:
    says = sign.whole or sign.reason or before is None
    return {
        "authority": sign.authority,
        "whole": sign.beat if sign.whole else before and before.whole,
        "beat": sign.beat,
        "reason": legible(sign.reason) if says or before is None else before.reason,
    }


def sweeps(engine: Engine) -> Mapping[str, Sweep]:
    """What is known of the sweeps, by authority."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return {row.authority: Sweep(**row._asdict()) for row in db.execute(select(SWEEPS))}
