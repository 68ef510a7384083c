"""Filling new generations in shares: each of several processes takes a part of an authority's records, all views of it.

Every row of every view belongs to one record, and what a record owes follows from its own events. So a record is read,
folded and worked out by one process from its first event to its last, and none waits for another but to write. Each
share has its own place, of the last event that was its own; begun again after a kill, it goes on from there. Once every
share has come to the same end, their places become the one checkpoint of the generation, and they are shares no more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Engine, delete, select

from events.errors import Unavailable
from events.recorded import Recorded
from projections.keeper import fold_in, place_of
from projections.past import WorkOutFrom
from projections.rebuild import Reader, must_be_ours
from projections.store import CHECKPOINTS, SHARES, lock, upsert, writing
from projections.timeline import SHAPE as TIMELINE
from projections.view import View
from projections.whole_records import WholeRecords

Generations = Mapping[str, int]
"""The generation of each view that is being filled."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of the parts that an authority's records are in; each record is in one of them, whenever it is asked."""

    number: int
    of: int

    def holds(self, about: str) -> bool:
        """Whether the record is in it."""
        return crc32(about.encode()) % self.of == self.number


@dataclass(frozen=True)
class Part:
    """What one process fills: of these generations of the views, the timeline's among them, a share of the records."""

    views: Sequence[View]
    engine: Engine
    generations: Generations
    authority: str
    share: Share
    work_out: WorkOutFrom

    def fill(self, read: Reader, progress: Callable[[int], None]) -> None:
        """Take every event that `read` gives of the share's records, then work out those records.

        A repeat goes on from the last batch. Raises as `rebuild` does; what was written stays.
        """
        folded = [view for view in self.views if view.work_out is None]
        begun = {view.name: self._reached(view.name) for view in folded}
        for batch in filter(None, read(min(begun.values()))):
            for view in folded:
                self._take(view, [event for event in batch if (event.position or 0) > begun[view.name]])
            progress(batch[-1].position or 0)
        for view in self.views:
            if view.work_out is not None and self._reached(view.name) < self._reached(TIMELINE.name):
                self._whole.write(view, self.generations[view.name])
                self._note(view, self._place(TIMELINE.name))

    @cached_property
    def _whole(self) -> WholeRecords:
        timeline = self.generations[TIMELINE.name]
        return WholeRecords(self.engine, self.authority, timeline, self.work_out, self.share.holds)

    def _take(self, view: View, fresh: Sequence[Recorded]) -> None:
        if not fresh:
            return
        generation = self.generations[view.name]
        with writing(self.engine) as db:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, generation)
            fold_in(db, view, view.shape.tables(generation), self.authority, fresh)
            self._write(db, view, place_of(fresh[-1]))

    def _note(self, view: View, place: Mapping[str, Any]) -> None:
        with writing(self.engine) as db:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, self.generations[view.name])
            self._write(db, view, place)

    def _write(self, db: Connection, view: View, place: Mapping[str, Any]) -> None:
        own = {"view": view.name, "generation": self.generations[view.name], "authority": self.authority}
        db.execute(upsert(SHARES, db.dialect.name), {**place, **own, "share": self.share.number})

    def _reached(self, view: str) -> int:
        return int(self._place(view).get("position", 0))

    def _place(self, view: str) -> Mapping[str, Any]:
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
