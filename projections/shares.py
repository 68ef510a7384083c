"""Filling new generations of every view from the first event, in one share of an authority's records or in several.

Every row of every view belongs to one record, and what a record owes follows from its own events. So the stream is read
into the timeline alone; then each record is read back from there as a whole, folded by every other view and worked out,
and each row is written once. With several shares each is filled by a process of its own, and none waits for another but
to write. A share keeps its own place: of the last event of its own that the timeline has, then of the last record that
the other views have. Begun again after a kill, it goes on from there. Once every share has come to the same end, their
places become the one checkpoint of the generation, and they are shares no more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Engine, delete, select

from events.errors import BrokenHistory, Unavailable
from events.recorded import Recorded
from projections.keeper import place_of
from projections.past import WorkOutFrom
from projections.rebuild import Reader, must_be_ours
from projections.rows import write_rows
from projections.store import CHECKPOINTS, SHARES, lock, upsert, writing
from projections.timeline import SHAPE as TIMELINE
from projections.timeline import rows_of
from projections.view import View
from projections.whole_records import WholeRecords

Generations = Mapping[str, int]
"""The generation of each view that is being filled."""

Place = Mapping[str, Any]
"""How far a share of a view is: the last event, or the last record where it is filled record by record."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of the parts that an authority's records are in; each record is in one of them, whenever it is asked."""

    number: int
    of: int

    def holds(self, about: str) -> bool:
        """Whether the record is in it."""
        return self.of == 1 or crc32(about.encode()) % self.of == self.number


ALL = Share(0, 1)
"""Every record."""


@dataclass(frozen=True)
class Part:
    """What one process fills: of these generations of the views, the timeline's among them, a share of the records."""

    views: Sequence[View]
    engine: Engine
    generations: Generations
    authority: str
    share: Share
    work_out: WorkOutFrom

    def fill(self, read: Reader, progress: Callable[[int], None]) -> int:
        """Take every event that `read` gives of the share's records; the position of the last, 0 where there is none.

        A repeat goes on from the last batch of events or of records. Raises as `rebuild` does; what was written stays.
        """
        begun = bool(self._place(TIMELINE.name)) and any(self._place(view.name) for view in self._others)
        if begun:
            self._by_records([self._place(view.name) for view in self._others])
            self._take_late(read, progress)
        else:
            self._read_in(read, progress)
            self._by_records([{}])
        return self._reached(TIMELINE.name)

    @cached_property
    def _others(self) -> list[View]:
        return [view for view in self.views if view.name != TIMELINE.name]

    @cached_property
    def _timeline(self) -> list[View]:
        return [view for view in self.views if view.name == TIMELINE.name]

    @cached_property
    def _whole(self) -> WholeRecords:
        timeline = self.generations[TIMELINE.name]
        return WholeRecords(self.engine, self.authority, timeline, self.work_out, self.share.holds)

    def _read_in(self, read: Reader, progress: Callable[[int], None]) -> None:
        """Put every event into the timeline."""
        for batch in self._fresh(read):
            with writing(self.engine) as db:
                self._hold(db, self._timeline)
                self._put_in(db, batch)
            progress(batch[-1].position or 0)

    def _by_records(self, places: Sequence[Place]) -> None:
        """Fill the other views, which have come to these places, from the timeline, some whole records at a time."""
        end = self._place(TIMELINE.name)
        if not end or all(place.get("position") == end["position"] for place in places):
            return
        for events in self._whole.each(min(place.get("about") or "" for place in places)):
            made = self._whole.make(self._others, events)
            with writing(self.engine) as db:
                self._hold(db, self._others)
                for each in made:
                    each.write(db, self.generations[each.view.name], self.authority)
                self._note(db, self._others, {"position": 0, "about": events[-1].originator_id})
        with writing(self.engine) as db:
            self._hold(db, self._others)
            self._note(db, self._others, {**end, "about": None})

    def _take_late(self, read: Reader, progress: Callable[[int], None]) -> None:
        """Take events that came after the records had been begun, with all that they touch."""
        for batch in self._fresh(read):
            with writing(self.engine) as db:
                self._hold(db, self.views)
                self._put_in(db, batch)
                touched = self._whole.of(db, sorted({each.originator_id for each in batch}))
                for each in self._whole.make(self._others, touched):
                    each.write(db, self.generations[each.view.name], self.authority)
                self._note(db, self._others, place_of(batch[-1]))
            progress(batch[-1].position or 0)

    def _fresh(self, read: Reader) -> Iterable[Sequence[Recorded]]:
        reached = self._reached(TIMELINE.name)
        for batch in filter(None, read(reached)):
            last = batch[-1].position or 0
            if self.share == ALL and last != reached + len(batch):
                where = f"rebuild of {self.authority}"
                raise BrokenHistory(where, f"of the positions {reached + 1} to {last} {len(batch)} came")
            yield batch
            reached = last

    def _put_in(self, db: Connection, batch: Sequence[Recorded]) -> None:
        for name, rows in rows_of(batch).items():
            write_rows(db, TIMELINE.tables(self.generations[TIMELINE.name])[name], rows)
        self._note(db, self._timeline, place_of(batch[-1]))

    def _hold(self, db: Connection, views: Sequence[View]) -> None:
        for view in views:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, self.generations[view.name])

    def _note(self, db: Connection, views: Sequence[View], place: Place) -> None:
        blank = dict.fromkeys(each.name for each in SHARES.columns)
        for view in views:
            own = {"view": view.name, "generation": self.generations[view.name], "authority": self.authority}
            db.execute(upsert(SHARES, db.dialect.name), {**blank, **place, **own, "share": self.share.number})

    def _reached(self, view: str) -> int:
        return int(self._place(view).get("position", 0))

    def _place(self, view: str) -> Place:
        here = _of(view, self.generations[view], self.authority) & (SHARES.c.share == self.share.number)
        with self.engine.connect() as db:
            found = db.execute(select(SHARES).where(here)).one_or_none()
        return {} if found is None else found._asdict()


def join(engine: Engine, views: Sequence[View], generations: Generations, authority: str, end: int) -> None:
    """Make one checkpoint of the shares of each view, which have all come to the end; all views at once.

    Unavailable where the last event that any has taken is another one.
    """
    with writing(engine) as db:
        for view in views:
            generation = generations[view.name]
            lock(db, view.name, shared=True)
            must_be_ours(db, view, generation)
            here = _of(view.name, generation, authority)
            last = db.execute(select(SHARES).where(here).order_by(SHARES.c.position.desc()).limit(1)).one_or_none()
            if last is None or last.position != end:
                at = 0 if last is None else last.position
                raise Unavailable(f"history of {authority} ended at {at}, but it was {end} events long")
            placed = {name: value for name, value in last._asdict().items() if name in CHECKPOINTS.c}
            db.execute(upsert(CHECKPOINTS, db.dialect.name), placed)
            db.execute(delete(SHARES).where(here))


def _of(view: str, generation: int, authority: str) -> ColumnElement[bool]:
    placed = SHARES.c
    return (placed.view == view) & (placed.generation == generation) & (placed.authority == authority)
