"""What the release of an import worked out of its records, for the next sweep: it need not work them out once more.

A row is believed on the conditions on which the sweeper believes its own: it is of the reading that goes on (nothing
is kept over a beginning anew), it was judged by what that reading knows, and the record's newest event is the one that
it was worked out of, which whoever believes it asks of the stream. It is kept until the record is looked at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Engine, bindparam, delete, func, or_, select

from events.envelope import ID
from events.subjects import aggregate_subject
from projections.store import answering, upsert
from services.store.source import Source
from workers.due.edition import stands
from workers.kept.outlooks import Outlook, prepare
from workers.kept.parked import LONGEST_NAME
from workers.kept.sweep_books import BEGUN, OPEN, PLACES, RELEASED, turn


@dataclass(frozen=True, slots=True)
class Release:
    """A record as it stood when everything due in it was recorded and everything to come was armed.

    `position` and `event` are its newest event then, `next_due` when it is to be worked out next, `timers` how many
    timers stood armed.
    """

    position: int
    event: str
    next_due: datetime | None
    timers: int


def begun(engine: Engine, authority: str) -> str:
    """The reading that goes on of the authority, for `hand_over`; empty where there is none."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return db.execute(select(BEGUN.c.mark).where(BEGUN.c.authority == authority)).scalar() or ""


def hand_over(
    engine: Engine, authority: str, reading: str, edition: Mapping[str, Any], worked_out: Mapping[str, Release]
) -> None:
    """Leave to the next sweep what was worked out of records, all after `begun` named the reading.

    Nothing is written where another reading goes on by now, or one that does not know all of the edition by which this
    was worked out; nor of a record that no sweep will look at. A repeat changes nothing.
    """
    short = {each: found for each, found in worked_out.items() if len(each) <= LONGEST_NAME}
    here = PLACES.c.authority == authority
    place = select(PLACES.c.position, PLACES.c.edition).join(BEGUN, BEGUN.c.authority == PLACES.c.authority)
    waits = OPEN.c.record.in_(short) & or_(OPEN.c.held, OPEN.c.wanted)
    with turn(engine, authority) as db:
        goes_on = db.execute(place.where(here, BEGUN.c.mark == reading)).one_or_none()
        if goes_on is None or not stands(edition, goes_on.edition):
            return
        waiting = frozenset(db.execute(select(OPEN.c.record).where(OPEN.c.authority == authority, waits)).scalars())
        rows = [
            {
                "authority": authority,
                "record": record,
                "position": found.position,
                "event": found.event,
                "next_due": found.next_due,
                "timers": found.timers,
            }
            for record, found in short.items()
            if record in waiting or found.position > goes_on.position
        ]
        if rows:
            db.execute(upsert(RELEASED, db.dialect.name), rows)


def released(engine: Engine, authority: str, records: Collection[str], horizon: datetime) -> dict[str, Release]:
    """What was handed over of those of these records of which nothing comes due by then: a part of them at a time."""
    later = or_(RELEASED.c.next_due.is_(None), RELEASED.c.next_due > horizon)
    columns = (RELEASED.c.record, RELEASED.c.position, RELEASED.c.event, RELEASED.c.next_due, RELEASED.c.timers)
    theirs = (RELEASED.c.authority == authority) & RELEASED.c.record.in_(records)
    with answering(engine), engine.connect() as db:
        return {record: Release(*rest) for record, *rest in db.execute(select(*columns).where(theirs, later))}


def handed_over(engine: Engine, authority: str) -> int:
    """How many records wait to be believed: more with each part that a release hands over."""
    asked = select(func.count()).select_from(RELEASED).where(RELEASED.c.authority == authority)
    with answering(engine), engine.connect() as db:
        return db.execute(asked).scalar_one()


def timers(engine: Engine, authority: str, horizon: datetime) -> dict[str, int]:
    """How many timers stood armed of each record that was handed over whose next step comes due after that."""
    asked = select(RELEASED.c.record, RELEASED.c.timers)
    with answering(engine), engine.connect() as db:
        later = db.execute(asked.where(RELEASED.c.authority == authority, RELEASED.c.next_due > horizon))
        return {each.record: each.timers for each in later}


async def standing(source: Source, authority: str, left: Mapping[str, Release]) -> dict[str, Outlook]:
    """Those of these records in which nothing was recorded since, and how they stand: asked of the stream itself.

    StoreUnavailable without an answer.
    """
    subjects = {each: aggregate_subject(authority, each) for each in left}
    newest = await source.newest_of([*subjects.values()]) or {}
    found = {}
    for record, release in left.items():
        last = newest.get(subjects[record])
        if last is not None and (last.sequence, unquote(last.headers.get(ID, ""))) == (release.position, release.event):
            found[record] = Outlook(
                version=last.version, due=False, next_due=release.next_due, held=False, timers=release.timers
            )
    return found


def take_back(engine: Engine, authority: str, records: Collection[str]) -> None:
    """Have these looked at after all. A repeat changes nothing."""
    if records:
        theirs = delete(RELEASED).where(RELEASED.c.authority == authority, RELEASED.c.record == bindparam("of"))
        with turn(engine, authority) as db:
            db.execute(theirs, [{"of": each} for each in records])
