"""What the sweeper knows, kept: how far it has read, and of each record that is open when it is to be looked at again.

A record of which nothing is to come, nothing waits and nothing changed has no row, so that what is kept does not grow
with history. Rows and the position of what was read are written together, and several sweepers share them: each row
carries a stamp that every change renews, and what was worked out of a record is written over the stamp from before
alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Insert, bindparam, delete, or_, select, update

from projections.store import answering, inserting, make_tables, upsert
from workers.kept.sweep_books import BEGUN, BOOKS, OPEN, PLACES, RELEASED, turn


@dataclass(frozen=True, slots=True)
class Outlook:
    """How an audit stood when it was worked out.

    `due` says that something was to be recorded then, `next_due` when it is to be worked out next, `held` that it
    waits for an open import. `timers` is how many timers stand armed of it.
    """

    version: int
    due: bool
    next_due: datetime | None
    held: bool
    timers: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """How far an authority was read: the position, and the fingerprint of the event there.

    `anew` is where its history ended when it was begun anew; acts of before that which change what history says are
    taken into account. `began` is the first day of its programme, `lacking` what could not be read on the way, and
    `edition` by what was judged (see `workers.due.edition`).
    """

    authority: str
    position: int
    fingerprint: str
    anew: int
    began: date | None
    lacking: str
    edition: Mapping[str, Any]


@dataclass(slots=True)
class Changes:
    """What a page of events asks for: records to be looked at, and those that waited for an import when one closed.

    Those that began with an import that is open wait for its end without a look, which would find nothing else.
    """

    records: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    released: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that is to be looked at, as its row stood then; `held` says that it waited for an import."""

    record: str
    stamp: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """A record as its row stood before it was looked at, and what was found."""

    wanted: Wanted
    outlook: Outlook


def prepare(engine: Engine) -> None:
    """Make the tables if they are missing."""
    make_tables(engine, BOOKS, "outlooks")


def places(engine: Engine) -> Mapping[str, Place]:
    """How far each authority was read; none for one of which nothing is kept."""
    prepare(engine)
    with answering(engine), engine.connect() as db:
        return {row.authority: Place(**row._asdict()) for row in db.execute(select(PLACES))}


def place_of(engine: Engine, authority: str) -> Place | None:
    """How far the authority was read; None where nothing of it is kept."""
    return places_of(engine, [authority])[authority]


def places_of(engine: Engine, authorities: Collection[str]) -> Mapping[str, Place | None]:
    """How far each of these authorities was read, in one question; None where nothing of it is kept."""
    prepare(engine)
    asked = select(PLACES).where(PLACES.c.authority.in_(authorities))
    with answering(engine), engine.connect() as db:
        return dict.fromkeys(authorities) | {row.authority: Place(**row._asdict()) for row in db.execute(asked)}


def forget(engine: Engine, authority: str) -> None:
    """Keep nothing of the authority: the next sweep begins with its first event. A repeat changes nothing."""
    prepare(engine)
    with turn(engine, authority) as db:
        for table in (OPEN, PLACES, RELEASED, BEGUN):
            db.execute(delete(table).where(table.c.authority == authority))


def begin_anew(engine: Engine, authority: str, edition: Mapping[str, Any], end: int) -> Place:
    """Keep of the authority only that it is to be read from the first event on, its history ending at `end` now."""
    place = Place(authority, 0, "", end, None, "", edition)
    with turn(engine, authority) as db:
        for table in (OPEN, RELEASED):
            db.execute(delete(table).where(table.c.authority == authority))
        db.execute(upsert(PLACES, db.dialect.name), _row(place))
        db.execute(upsert(BEGUN, db.dialect.name), {"authority": authority, "mark": uuid4().hex})
    return place


def go_on(engine: Engine, before: Place, after: Place, changes: Changes) -> bool:
    """Write down what the events between two places ask for, and that they were read: both or neither.

    False, with nothing written, where the authority was read further, or begun anew, by somebody else meanwhile.
    """
    stamp = uuid4().hex
    own = OPEN.c.authority == before.authority
    with turn(engine, before.authority) as db:
        stands = (PLACES.c.authority == before.authority) & (PLACES.c.position == before.position)
        moved = update(PLACES).where(stands, PLACES.c.anew == before.anew).values(_row(after))
        if not db.execute(moved).rowcount:
            return False
        _mark(db, before.authority, changes.held, {"held": True, "stamp": stamp})
        if changes.released:  # one that is being looked at may be found to wait for what has just been closed
            waits = or_(OPEN.c.held, OPEN.c.wanted)
            db.execute(update(OPEN).where(own, waits).values(wanted=True, stamp=stamp))
        _want(db, before.authority, changes.records, stamp)
    return True


def want(engine: Engine, authority: str, records: Collection[str]) -> None:
    """Have records looked at. A repeat has them looked at once more."""
    if records:
        with turn(engine, authority) as db:
            _want(db, authority, records, uuid4().hex)


def wanted(engine: Engine, authority: str, horizon: datetime) -> list[Wanted]:
    """The records to be looked at: what is wanted, and what comes due by then. What was due first comes first."""
    asked = (
        select(OPEN.c.record, OPEN.c.stamp, OPEN.c.held)
        .where(OPEN.c.authority == authority, or_(OPEN.c.wanted, OPEN.c.next_due <= horizon))
        .order_by(OPEN.c.next_due.is_(None), OPEN.c.next_due, OPEN.c.record)
    )
    with answering(engine), engine.connect() as db:
        return [Wanted(*each) for each in db.execute(asked)]


def with_wanted(engine: Engine, authorities: Collection[str], horizon: datetime) -> Mapping[str, bool]:
    """Of which of these authorities there is any record to be looked at, in one question for all."""
    asked = select(OPEN.c.authority).where(
        OPEN.c.authority.in_(authorities), or_(OPEN.c.wanted, OPEN.c.next_due <= horizon)
    )
    with answering(engine), engine.connect() as db:
        found = frozenset(db.execute(asked.distinct()).scalars())
    return {each: each in found for each in authorities}


def timers(engine: Engine, authority: str, horizon: datetime) -> Mapping[str, int]:
    """How many timers were armed of each record whose next step comes due after that."""
    asked = select(OPEN.c.record, OPEN.c.timers).where(OPEN.c.authority == authority, OPEN.c.next_due > horizon)
    with answering(engine), engine.connect() as db:
        return {each.record: each.timers for each in db.execute(asked)}


def keep(engine: Engine, authority: str, looked: Iterable[Looked]) -> None:
    """Write down what was found of records; of one that is not open any more nothing is kept.

    What changed since the look began stays as it is: it is looked at again. One that had something due stays wanted,
    until a look finds it recorded. What a release had worked out of it has served.
    """
    stays, ends, seen, stamp = [], [], [], uuid4().hex
    for each in looked:
        seen.append(each.wanted.record)
        found, place = each.outlook, {"of": each.wanted.record, "before": each.wanted.stamp}
        if found.due or found.held or found.next_due is not None:
            named = {"next_due": found.next_due, "timers": found.timers, "held": found.held, "wanted": found.due}
            stays.append({**place, **named, "stamp": stamp})
        else:
            ends.append(place)
    if not seen:
        return
    mine = (OPEN.c.authority == authority) & (OPEN.c.record == bindparam("of")) & (OPEN.c.stamp == bindparam("before"))
    with turn(engine, authority) as db:
        if stays:
            db.execute(update(OPEN).where(mine), stays)
        if ends:
            db.execute(delete(OPEN).where(mine), ends)
        db.execute(delete(RELEASED).where(RELEASED.c.authority == authority, RELEASED.c.record.in_(seen)))


def _want(db: Connection, authority: str, records: Collection[str], stamp: str) -> None:
    _mark(db, authority, records, {"wanted": True, "stamp": stamp})


def _mark(db: Connection, authority: str, records: Collection[str], mark: Mapping[str, Any]) -> None:
    """Put a mark on the rows of records; one that has none gets one that says nothing else."""
    blank = {"authority": authority, "next_due": None, "timers": 0, "held": False, "wanted": False, **mark}
    if records:
        db.execute(_marking(db.dialect.name, list(mark)), [{**blank, "record": each} for each in sorted(records)])


def _marking(dialect: str, marks: Iterable[str]) -> Insert:
    insert = inserting(OPEN, dialect)
    again = {each: insert.excluded[each] for each in marks}
    marking: Insert = insert.on_conflict_do_update(index_elements=[OPEN.c.authority, OPEN.c.record], set_=again)
    return marking


def _row(place: Place) -> dict[str, Any]:
    return {each.name: getattr(place, each.name) for each in fields(place)}
