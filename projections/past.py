"""Any view as it stood at the end of a day: as it was by then, or as it was known by then, or both.

The timeline's rows carry both times of every event, when it happened and when it was recorded, so the past needs no
replay of the stream: the events that a question's moment holds are picked out of the timeline by the database, decoded
once for all the views that are asked for, each view's own kinds alone, and folded by the views' own folds into a store
beside the live one. They come record by record, so that nothing is loaded, each row is written once, and memory does
not grow with history.

A view that is worked out by rules takes what the live one says of each record to which nothing happened since the
moment (see `standing_rows`): what is left to be worked out are the records that were under way.

The store can be kept: the events of the past never change, but for those that were recorded late about an earlier time.
So it remembers how far the timeline was when it was made; when the timeline has grown since, only the records are
folded again of which something was recorded that belongs to the moment, and a repeat costs one look.

Within a record, events are folded in the order in which they were recorded, whatever the order in which they happened:
so is the live view, to which the past of today is equal. Where something that had happened builds on something that
had not yet, such as the return of an audit whose allocation was dated later, the view leaves it out: it halts for no
event that it could take if nothing were left out, and for every other one as the live view does.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby, islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    delete,
    select,
    true,
)

from events.recorded import Recorded
from projections.generations import create_tables, drop_all_but, generation_row, reading, stamp
from projections.moments import BATCH, Moment, held_by, recorded_in
from projections.rows import AT_ONCE, write_rows
from projections.standing_rows import StandingRows, live_generation
from projections.store import CHECKPOINTS, GENERATIONS, make_tables, upsert, writing
from projections.timeline import ENTRIES, rows_again
from projections.timeline import SHAPE as TIMELINE
from projections.view import Row, View, WorkedOut, fold

PLACE = ("position", "about", "version", "event_id")
"""What tells an event of the timeline, and that it still is the one."""

WorkOutFrom = Callable[[str, str, Sequence[Recorded]], "WorkedOut | None"]
"""Works a record of an authority out from the events of it that the moment holds, as `projections.view.WorkOut`."""

_TABLES = MetaData()
PAST = Table(
    "past_views",
    _TABLES,
    Column("view", String(64), primary_key=True),
    Column("authority", String(32), primary_key=True),
    Column("rules", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("about", String(130)),
    Column("version", Integer),
    Column("event_id", Text),
)
"""How far the timeline was when each view was made of it, and the last event that it held then: a history that was cut
and has grown again is told by it."""


@dataclass(frozen=True, slots=True)
class Making:
    """What a past is made of: the `live` database with its timeline, the authority, the moment.

    `work_out` works out the views that have no fold; `rules` names what it follows, so that rows of other rules are
    made anew.
    """

    live: Engine
    authority: str
    moment: Moment
    work_out: WorkOutFrom
    rules: str = ""


def fold_past(making: Making, past: Engine, views: Sequence[View]) -> int:
    """Bring these views of the past up to what the timeline holds now; gives the position that it has come to.

    All of it is written in one transaction or nothing is, so a kill leaves what was there; several processes may ask at
    once, and one waits for the other. A repeat changes nothing. Raises Unavailable and Outdated as `reading` does,
    Halted for an event that a fold cannot take.
    """
    make_tables(past, _TABLES, "past")
    with reading(TIMELINE, making.live) as (db, tables):
        making = replace(making, rules=_rules(db, making, views))
        source = _Source(db, tables[ENTRIES], making)
        head = _newest(db, source.entries, making.authority)
        with writing(past) as store:
            behind = [view for view in views if not _stands(store, making, view, head)]
            if behind:
                since = min(_since(source, store, view) for view in behind)
                _fold_all(source, store, behind, since)
                for view in behind:
                    _note(store, making, view, head)
    return int(head["position"])


def _rules(db: Connection, making: Making, views: Sequence[View]) -> str:
    """What the rows of worked out views follow: the rules, and which live rows stand for what did not change."""
    live = (f"{view.name}/{live_generation(db, view)}" for view in views if view.work_out is not None)
    return sha256("/".join((making.rules, *live)).encode()).hexdigest()


def _newest(db: Connection, entries: Table, authority: str) -> dict[str, Any]:
    """Where the newest event of the timeline stands, and which it is."""
    named = [entries.c[name] for name in PLACE]
    newest = select(*named).where(entries.c.authority == authority).order_by(entries.c.position.desc()).limit(1)
    found = db.execute(newest).first()
    return dict.fromkeys(PLACE) | {"position": 0} if found is None else found._asdict()


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the events come from."""

    db: Connection
    entries: Table
    making: Making
    gaps: dict[str, bool] = field(default_factory=dict)

    @property
    def held(self) -> ColumnElement[bool]:
        return held_by(self.entries, self.making.authority, self.making.moment)

    def still_has(self, place: Mapping[str, Any]) -> bool:
        """Whether that event stands where it stood."""
        entries = self.entries.c
        same = select(entries.event_id).where(
            entries.authority == self.making.authority, *(entries[name] == place[name] for name in PLACE)
        )
        return self.db.execute(same).first() is not None

    def lacks(self, _authority: str, about: str) -> bool:
        """Whether the moment leaves out an event of the record before one that it holds."""
        if about not in self.gaps:
            asked = select(self.entries.c.version).where(self.held, self.entries.c.about == about)
            versions = sorted(self.db.execute(asked).scalars())
            self.gaps[about] = versions != list(range(1, len(versions) + 1))
        return self.gaps[about]


def _place(making: Making, view: View) -> ColumnElement[bool]:
    placed = PAST.c
    return and_(
        placed.view == view.name,
        placed.authority == making.authority,
        placed.rules == making.rules if view.work_out else true(),
    )


def _made_so_far(store: Connection, making: Making, view: View) -> Mapping[str, Any] | None:
    """What the view's past was made of, if its tables are of the view's present edition."""
    row = generation_row(store, view.name)
    if row is None or any(row[name] != wanted for name, wanted in stamp(view).items()):
        return None
    found = store.execute(select(PAST).where(_place(making, view))).one_or_none()
    return None if found is None else found._asdict()


def _stands(store: Connection, making: Making, view: View, head: Mapping[str, Any]) -> bool:
    found = _made_so_far(store, making, view)
    return found is not None and all(found[name] == head[name] for name in PLACE)


def _since(source: _Source, store: Connection, view: View) -> int:
    """Up to which position the view's past is made, or 0 with empty tables: of none, or of a history that is gone."""
    found = _made_so_far(store, source.making, view)
    if found is not None and (found["position"] == 0 or source.still_has(found)):
        return int(found["position"])
    store.execute(delete(PAST).where(PAST.c.view == view.name))
    drop_all_but(store, view.name, [])
    create_tables(store, view.shape, 1)
    first = {"view": view.name, "live": 1, "building": None, **stamp(view)}
    store.execute(upsert(GENERATIONS, store.dialect.name), first)
    return 0


def _fold_all(source: _Source, store: Connection, views: Sequence[View], since: int) -> None:
    folded = [replace(view, incomplete=source.lacks) for view in views if view.work_out is None]
    if since == 0 and folded:
        _fold_records(source, store, folded, source.held)
    elif folded:
        _fold_again(source, store, folded, _named(source, since))
    for view in views:
        if view.work_out is not None:
            standing = _standing(source, store, view) if since == 0 else set()
            _fold_again(source, store, [view], (each for each in _named(source, since) if each not in standing))


def _named(source: _Source, since: int) -> Sequence[str]:
    """The records of which the moment holds an event that came after the position."""
    entries = source.entries
    named = select(entries.c.about).where(source.held, entries.c.position > since).distinct().order_by(entries.c.about)
    return source.db.execute(named).scalars().all()


def _standing(source: _Source, store: Connection, view: View) -> Collection[str]:
    """Write what the live view says of the records that stand as they stood, and name them."""
    making = source.making
    standing = StandingRows(source.db, source.entries, making.authority, making.moment, view)
    for name, rows in standing.rows():
        if rows:
            write_rows(store, view.shape.tables(1)[name], rows)
    return standing.versions.keys()


def _fold_again(source: _Source, store: Connection, views: Sequence[View], named: Iterable[str]) -> None:
    """Put what the moment holds of these records in the place of what was there."""
    abouts = iter(named)
    while some := list(islice(abouts, AT_ONCE)):
        for view in views:
            for table in view.shape.tables(1).values():
                own = table.c.authority == source.making.authority
                store.execute(delete(table).where(own, table.c.about.in_(some)))
        _fold_records(source, store, views, and_(source.held, source.entries.c.about.in_(some)))


def _fold_records(source: _Source, store: Connection, views: Sequence[View], asked: ColumnElement[bool]) -> None:
    entries = source.entries
    query = select(entries).where(asked).order_by(entries.c.about, entries.c.version)
    if all(view.work_out is None and view.shape is not TIMELINE for view in views):
        query = query.where(entries.c.stored_name.in_(_kinds(views)))
    gathered: list[Any] = []
    rows = source.db.execute(query.execution_options(yield_per=BATCH))
    for _, record in groupby(rows, key=lambda row: row.about):
        gathered += record
        if len(gathered) >= BATCH:
            _write(source, store, views, gathered)
            gathered = []
    _write(source, store, views, gathered)


def _kinds(views: Sequence[View]) -> set[str]:
    return {each.stored_name for view in views if view.shape is not TIMELINE for each in view.steps}


def _write(source: _Source, store: Connection, views: Sequence[View], rows: Sequence[Any]) -> None:
    """Fold whole records, of which the views hold nothing yet."""
    kinds = None if any(view.work_out for view in views) else _kinds(views)
    events = [recorded_in(row) for row in rows if kinds is None or row.stored_name in kinds]
    for view in views:
        if view.shape is TIMELINE:
            names = rows[0]._fields if rows else ()
            changed = rows_again([dict(zip(names, row, strict=True)) for row in rows])
        elif view.work_out is None:
            changed = fold(view, {}, [each for each in events if type(each.fact) in view.steps])
        else:
            changed = _worked_out(source, view, events)
        for name, found in changed.items():
            write_rows(store, view.shape.tables(1)[name], found)


def _worked_out(source: _Source, view: View, events: Sequence[Recorded]) -> dict[str, list[Row]]:
    changed: dict[str, list[Row]] = {}
    authority = source.making.authority
    for about, record in groupby(events, key=lambda event: event.originator_id):
        found = source.making.work_out(authority, about, list(record))
        for name, rows in (found.rows if found else {}).items():
            spec = view.shape.by_name[name]
            identity = {"authority": authority, "about": about}
            changed.setdefault(name, []).extend({**spec.blank, **identity, **spec.storable(row)} for row in rows)
    return {name: rows for name, rows in changed.items() if rows}


def _note(store: Connection, making: Making, view: View, head: Mapping[str, Any]) -> None:
    place = {"view": view.name, "authority": making.authority, "rules": making.rules}
    store.execute(upsert(PAST, store.dialect.name), {**place, **head})
    reached = {"view": view.name, "generation": 1, "authority": making.authority, "position": head["position"]}
    store.execute(
        upsert(CHECKPOINTS, store.dialect.name), {**reached, "event_id": head["event_id"], "fingerprint": None}
    )
