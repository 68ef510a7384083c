"""What a rebuild changes: the rows of the new generation beside the live one's, and the events that explain each.

Both are compared by the database, in one state of it, so that memory stays flat; rows of records of which the new one
has taken newer events than the live one are left out: that is news, and no difference.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    inspect,
    or_,
    select,
    union,
)

from events.recorded import Recorded
from projections.generations import checkpoint, generation_row, positions
from projections.moments import recorded_in
from projections.rebuild import Reader
from projections.store import answering, one_state
from projections.timeline import ENTRIES
from projections.timeline import SHAPE as TIMELINE
from projections.view import Row, Spec, View, fold

LISTED = 50
"""Differences of a view that are listed one by one; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Cause:
    """An event that explains a row."""

    position: int
    version: int
    stored_name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as it was: the columns that differ, `before` None where it is new, `after` None where gone.

    `because` are the events that gave those columns what they hold now; of a row that is gone, every event of its
    record that the view takes.
    """

    view: str
    table: str
    authority: str
    about: str
    key: Mapping[str, Any]
    before: Row | None
    after: Row | None
    because: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A view beside what it was: how many rows it holds, how many differ, and the first of them one by one.

    `changed` names the tables that have other columns than before, of which the common ones were compared, and those
    that were not there or have another key, of which none were.
    """

    view: str
    positions: Mapping[str, int]
    rows: int
    differing: int
    listed: tuple[Difference, ...]
    changed: tuple[str, ...] = ()


def written_down(found: Compared) -> Any:
    """What was compared, in values that JSON knows: days and instants are words in it. See `told_again`."""
    return orjson.loads(orjson.dumps(asdict(found), default=str, option=orjson.OPT_NON_STR_KEYS))


def told_again(held: Mapping[str, Any]) -> Compared:
    """What was compared before, as it was `written_down`."""
    listed = (
        Difference(**{**each, "because": tuple(Cause(**cause) for cause in each["because"])}) for each in held["listed"]
    )
    return Compared(**{**held, "listed": tuple(listed), "changed": tuple(held["changed"])})


def compared(engine: Engine, view: View, generations: Mapping[str, int], readers: Mapping[str, Reader]) -> Compared:
    """Compare the view's new generation with its live one, for these authorities, as far as both have come.

    `generations` are those that are filled, by view. The timeline's tells the events; what the live view has taken
    beyond the new one is told by the readers.
    """
    with answering(engine), one_state(engine) as db:
        live = generation_row(db, view.name)
        told = generation_row(db, TIMELINE.name) or {"live": 0}
        # Once the timeline has switched, the one that was filled is the live one, under the same number.
        entries = TIMELINE.tables(generations.get(TIMELINE.name, told["live"]))[ENTRIES]
        generation = generations[view.name]
        side = _Sides(db, view, _live_tables(db, view, int(live["live"]) if live else 0), generation, entries)
        kept = {name: at for name, at in positions(db, view.name).items() if name in readers}
        ends = {name: checkpoint(db, view.name, generation, name) for name in readers}
        listed: list[Difference] = []
        rows, differing = 0, 0
        changed = [name for name in view.shape.by_name if kept and side.columns_changed(name)]
        for spec in view.shape.specs:
            table = side.new(spec)
            rows += db.execute(select(func.count()).where(table.c.authority.in_(readers))).scalar_one()
            for authority, at in kept.items():
                beyond = _beyond(readers[authority], ends[authority], at)
                for before, after in side.differing(spec, authority, at, beyond):
                    differing += 1
                    if len(listed) < LISTED:
                        listed.append(side.told(spec, before, after))
    return Compared(view.name, ends, rows, differing, tuple(listed), tuple(changed))


def _beyond(read: Reader, end: int, at: int) -> set[str]:
    """The records of the events that the live view has taken and the new one has not."""
    found: set[str] = set()
    if at > end:
        for batch in read(end):
            found |= {each.originator_id for each in batch if (each.position or 0) <= at}
            if (batch[-1].position or 0) >= at:
                break
    return found


@dataclass(frozen=True, slots=True)
class _Live:
    """A live table as it is: its columns, and the columns of its key."""

    table: Table
    columns: frozenset[str]
    keys: frozenset[str]


def _live_tables(db: Connection, view: View, live: int) -> dict[str, _Live]:
    """The live tables of the view that are there, by what the view calls them, each with the columns that it declares.

    The database is asked once for all of them.
    """
    declared = {table.name: (name, table) for name, table in view.shape.tables(live).items()}
    there = inspect(db)
    columns = there.get_multi_columns(filter_names=list(declared))
    keys = there.get_multi_pk_constraint(filter_names=list(declared))
    found = {}
    for (schema, name), held in columns.items():
        spec, table = declared[name]
        had = frozenset(each["name"] for each in held)
        common = (
            Column(each.name, each.type, primary_key=each.primary_key) for each in table.columns if each.name in had
        )
        constraint = keys[schema, name]
        key = frozenset(constraint["constrained_columns"] if constraint else ())
        found[spec] = _Live(Table(name, MetaData(), *common), had, key)
    return found


@dataclass(frozen=True, slots=True)
class _Sides:
    db: Connection
    view: View
    live: Mapping[str, _Live]
    generation: int
    entries: Table

    def new(self, spec: Spec) -> Table:
        return self.view.shape.tables(self.generation)[spec.name]

    def old(self, spec: Spec) -> Table | None:
        """The live table, with the columns that it has in common with the new one; None if its keys are others."""
        live = self.live.get(spec.name)
        if live is None or live.keys != {each.name for each in self.new(spec).primary_key}:
            return None
        return live.table

    def columns_changed(self, name: str) -> bool:
        spec = self.view.shape.by_name[name]
        if self.old(spec) is None:
            return True
        return self.live[name].columns != {each.name for each in self.new(spec).columns}

    def differing(
        self, spec: Spec, authority: str, at: int, beyond: Collection[str]
    ) -> Iterator[tuple[Row | None, Row | None]]:
        """The rows that are not alike, before and after, but for the records of which one side has seen more."""
        old, new = self.old(spec), self.new(spec)
        if old is None:
            return
        names = [each.name for each in old.columns]
        keys = [each.name for each in new.primary_key]
        match = and_(*(old.c[name] == new.c[name] for name in keys))
        unlike = or_(*(_unlike(old.c[name], new.c[name]) for name in names if name not in keys))
        news = self.news(authority, at)
        both = [
            *(old.c[name].label(f"o_{name}") for name in names),
            *(new.c[name].label(f"n_{name}") for name in names),
        ]
        here = (new.c.authority == authority) & new.c.about.not_in(news) & new.c.about.not_in(beyond)
        was = (old.c.authority == authority) & old.c.about.not_in(news) & old.c.about.not_in(beyond)
        added = select(*both).select_from(new.outerjoin(old, match)).where(here, or_(old.c.about.is_(None), unlike))
        gone = select(*both).select_from(old.outerjoin(new, match)).where(was, new.c.about.is_(None))
        for asked in (added, gone):
            for row in self.db.execute(asked.execution_options(yield_per=500)):
                held = row._asdict()
                sides = [{name: held[f"{side}_{name}"] for name in names} for side in "on"]
                before, after = (each if each["about"] is not None else None for each in sides)
                yield before, after

    def news(self, authority: str, at: int) -> Select[Any] | CompoundSelect[Any]:
        """The records of which the new side has seen more than the live one, or the other way round."""
        later = select(self.entries.c.about).where(self.entries.c.authority == authority, self.entries.c.position > at)
        heads = self.view.shape.specs[0]
        old, new = self.old(heads), self.new(heads)
        if self.view.work_out is None or old is None:
            return later
        same = and_(*(old.c[each.name] == each for each in new.primary_key))
        other = select(new.c.about).join_from(new, old, same).where(new.c.authority == authority)
        return union(later, other.where(old.c.version != new.c.version))  # worked out from the newest history, as live

    def told(self, spec: Spec, before: Row | None, after: Row | None) -> Difference:
        row = after or before or {}
        keys = {"authority", "about", *spec.key}
        unlike = [name for name in row if name not in keys and (before or {}).get(name) != (after or {}).get(name)]
        return Difference(
            view=self.view.name,
            table=spec.name,
            authority=row["authority"],
            about=row["about"],
            key={name: row[name] for name in spec.key},
            before=None if before is None else {name: before[name] for name in unlike},
            after=None if after is None else {name: after[name] for name in unlike},
            because=tuple(self.causes(spec, row, unlike if after is not None else None)),
        )

    def causes(self, spec: Spec, row: Row, unlike: Sequence[str] | None) -> Iterator[Cause]:
        entries = self.entries
        own = (entries.c.authority == row["authority"]) & (entries.c.about == row["about"])
        events = [recorded_in(each) for each in self.db.execute(select(entries).where(own).order_by(entries.c.version))]
        if self.view.work_out is not None:
            yield from map(_cause, events[-1:])
            return
        rows: dict[str, Any] = {}
        before: Row = {}
        last: dict[str, Recorded] = {}
        for event in events:
            if type(event.fact) not in self.view.steps:
                continue
            if unlike is None:
                yield _cause(event)
                continue
            changed = fold(self.view, rows, [event]).get(spec.name, [])
            now = next((each for each in changed if spec.key_of(each) == spec.key_of(row)), None)
            if now is not None:
                last |= {name: event for name in unlike if name not in last or before.get(name) != now.get(name)}
                before = now
        found = {event.position: event for event in last.values()}
        yield from (_cause(found[position]) for position in sorted(found, key=lambda at: at or 0))


def _cause(event: Recorded) -> Cause:
    return Cause(event.position or 0, event.originator_version, event.fact.stored_name)


def _unlike(before: Column[Any], after: Column[Any]) -> ColumnElement[bool]:
    if isinstance(after.type, JSON):  # PostgreSQL compares no JSON, but its text
        return cast(before, Text).is_distinct_from(cast(after, Text))
    return before.is_distinct_from(after)
