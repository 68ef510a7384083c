"""Rebuilding every view at once: history is read once for all of them, and a kill costs one batch.

Each view fills a generation of its own beside its live one, as in a rebuild of one view, and checkpoints as it goes;
begun again, it goes on from there. The stream is read into the timeline alone, and every other view takes whole records
from there (see `shares`). What comes after that, and what a view of a later edition has to take beside others that were
filled before, is folded batch by batch. Before each view switches it is compared with the live one, row by row.

A long history can be filled by several processes beside each other, a share of the stream and of the records each (see
`shares`); then what came meanwhile is taken, and the views are compared and switched, by one, as always.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import Connection, Engine, Table, delete, insert, select
from sqlalchemy.schema import CreateIndex

from events.errors import Refused
from events.recorded import Recorded
from projections.differences import Compared, compared, told_again, written_down
from projections.generations import checkpoint, generation_row, indexes_of, positions, stamp
from projections.keeper import advance, prepared
from projections.past import WorkOutFrom
from projections.rebuild import PASSES, Progress, Reader, catch_up, claimed, must_be_ours, sweep, switch
from projections.share_places import Generations, clear, join
from projections.shares import ALL, BLOCK, Part, ReadUnread
from projections.store import CHECKPOINTS, REBUILT, lock, upsert, writing
from projections.timeline import SHAPE as TIMELINE
from projections.view import View
from projections.whole_records import WholeRecords


@dataclass(frozen=True, slots=True)
class Sharing:
    """Processes that fill the generations of an authority beside each other, each a share.

    `fill` has every one of `of` shares filled through the present end, or through the end at which records were begun,
    and gives that position; 0 where it left it: a short history is not worth it. Raises what filling one raised, and
    Unavailable where a process was ended. The first reads `ahead` blocks of the stream before any other has one.
    """

    of: int
    fill: Callable[[str, Generations, Progress | None], int]
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class All:
    """What is rebuilt: the views, the timeline among them, from these readers, one for each authority.

    `unread` gives the same events with no body read: so the timeline is filled, from which the other views are.
    `work_out` works out, from a whole history, a record of the views that have no fold. Authorities that the live views
    hold besides are taken over as they are. Without `sharing` this process does everything.
    """

    views: Sequence[View]
    engine: Engine
    readers: Mapping[str, Reader]
    unread: Mapping[str, ReadUnread]
    work_out: WorkOutFrom
    sharing: Sharing | None = None


def rebuild_all(work: All, progress: Progress | None = None) -> list[Compared]:
    """Fill a new generation of every view from the first event, and switch each; what differs from before, by view.

    The live views are kept and read meanwhile; each switches in one transaction. Killed, it leaves each view as it was
    or as it is to be, and a repeat goes on from the last batch or from the last view that switched, unless a view
    changed its edition meanwhile. What differs of a view is written down as it switches, so that whichever run comes to
    the end tells all of it. Raises as `rebuild` does.
    """
    found = _switched(work)
    left = replace(work, views=[view for view in work.views if view.name not in found])
    generations = {view.name: claimed(view, work.engine, _purpose(work, view)) for view in left.views}
    filling = _Filling(left, generations)
    if left.views:
        for _ in range(PASSES):
            for authority in work.readers:
                filling.fill(authority, progress)
    for view in left.views:
        filling.index(view)
        found[view.name] = compared(work.engine, view, generations, work.readers)
        filling.switch(view, found[view.name])
    with writing(work.engine) as db:
        db.execute(delete(REBUILT).where(REBUILT.c.view.in_(found)))
    return [found[view.name] for view in work.views]


def _switched(work: All) -> dict[str, Compared]:
    """The views that a run before this one has switched when it was killed, with what was found of each."""
    with work.engine.connect() as db:
        kept = {row.view: row for row in db.execute(select(REBUILT))}
    asked = {view.name: _purpose(work, view) for view in work.views if view.name in kept}
    return {name: told_again(kept[name].found) for name, purpose in asked.items() if kept[name].purpose == purpose}


def _purpose(work: All, view: View) -> str:
    """For what a generation is filled: another edition, other authorities or other shares begin anew."""
    shares, ahead = (work.sharing.of, work.sharing.ahead) if work.sharing else (1, 0)
    whose = sha256(",".join(sorted(work.readers)).encode()).hexdigest()  # a hundred names are longer than the column
    return f"all {' '.join(stamp(view).values())} in {shares} by {BLOCK} ahead {ahead} {whose}"


@dataclass(frozen=True, slots=True)
class _Filling:
    work: All
    generations: Mapping[str, int]

    @property
    def folded(self) -> list[View]:
        return [view for view in self.work.views if view.work_out is None]

    @property
    def worked_out(self) -> list[View]:
        return [view for view in self.work.views if view.work_out is not None]

    @property
    def timeline(self) -> int:
        """Which generation of the timeline is filled; the live one, where that has switched before a kill."""
        if TIMELINE.name in self.generations:
            return self.generations[TIMELINE.name]
        with self.work.engine.connect() as db:
            row = generation_row(db, TIMELINE.name)
        return 0 if row is None else int(row["live"])

    def reached(self, db: Connection, view: View, authority: str) -> int:
        return checkpoint(db, view.name, self.generations[view.name], authority)

    def begun(self, authority: str) -> dict[str, int]:
        with self.work.engine.connect() as db:
            return {view.name: self.reached(db, view, authority) for view in self.work.views}

    def fill(self, authority: str, progress: Progress | None) -> None:
        """Take every event that there is by now. One decoding serves all views."""
        begun = self.begun(authority)
        if TIMELINE.name in self.generations and not any(begun.values()):
            clear(self.work.engine, self.work.views, self.generations, authority)
            shared = self.work.sharing.fill(authority, self.generations, progress) if self.work.sharing else 0
            end = shared or self.fill_alone(authority, progress)
            if end:
                join(self.work.engine, self.work.views, self.generations, authority, end)
                begun = self.begun(authority)
        late = [view for view in self.worked_out if begun[view.name]]  # worked out once: the rest is little
        taking = [*self.folded, *late]
        first = min((begun[view.name] for view in taking), default=0)
        for batch in filter(None, self.work.readers[authority](first)) if taking else ():
            for view in taking:
                if (batch[-1].position or 0) > begun[view.name]:
                    self.take(view, authority, batch)
            if progress is not None:
                progress(authority, batch[-1].position or 0)
        for view in self.worked_out:
            if not begun[view.name]:
                self.work_all_out(view, authority)

    def fill_alone(self, authority: str, progress: Progress | None) -> int:
        """Fill all of it in this process, and give the position that it has come to."""
        work = self.work
        part = Part(work.views, work.engine, self.generations, authority, ALL, work.work_out)
        return part.fill(work.unread[authority], None, lambda at: None if progress is None else progress(authority, at))

    def take(self, view: View, authority: str, batch: Sequence[Recorded]) -> None:
        worked_out = prepared(view, authority, batch)
        with writing(self.work.engine) as db:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, self.generations[view.name])
            advance(db, view, self.generations[view.name], authority, batch, worked_out)

    def work_all_out(self, view: View, authority: str) -> None:
        """Work out each record once, from the timeline as it was filled; the checkpoint is the timeline's."""
        generation = self.generations[view.name]
        whole = WholeRecords(self.work.engine, authority, self.timeline, self.work.work_out)
        for rows in whole.each():
            made = whole.make(view, whole.read(rows))
            with writing(self.work.engine) as db:
                lock(db, view.name, shared=True)
                must_be_ours(db, view, generation)
                made.replace(db, generation, authority)
        with writing(self.work.engine) as db:
            must_be_ours(db, view, generation)
            placed = CHECKPOINTS.c
            here = (placed.view == TIMELINE.name) & (placed.generation == self.timeline)
            row = db.execute(select(CHECKPOINTS).where(here, placed.authority == authority)).one_or_none()
            if row is not None:
                own = {**row._asdict(), "view": view.name, "generation": generation}
                db.execute(upsert(CHECKPOINTS, db.dialect.name), own)

    def index(self, view: View) -> None:
        """Make the indexes of the new generation, now that its rows are there: so each is sorted once.

        Each in a transaction of its own: others write in between.
        """
        generation = self.generations[view.name]
        for index in indexes_of(view.shape, generation):
            with writing(self.work.engine) as db:
                lock(db, view.name, shared=True)
                must_be_ours(db, view, generation)
                db.execute(CreateIndex(index, if_not_exists=True))

    def switch(self, view: View, found: Compared) -> None:
        """Make the new generation live, with what the live one took meanwhile and what it holds of others.

        What was `found` to differ is written down with it.
        """
        generation, engine = self.generations[view.name], self.work.engine
        with writing(engine) as db:
            lock(db, view.name)
            must_be_ours(db, view, generation)
            others = set(positions(db, view.name)) - set(self.work.readers)
            if others:
                _take_over(db, view, generation, others)
            catch_up(db, view, generation, {**self.work.readers, **dict.fromkeys(others, _nothing)}, ())
            switch(db, view, generation)
            rebuilt = {"view": view.name, "purpose": _purpose(self.work, view), "found": written_down(found)}
            db.execute(upsert(REBUILT, db.dialect.name), rebuilt)
        sweep(view, engine)


def _nothing(_after: int) -> Iterator[Sequence[Recorded]]:
    return iter(())


def _take_over(db: Connection, view: View, generation: int, authorities: set[str]) -> None:
    """Copy what the live view holds of these authorities. Refused where its rows are of another edition."""
    row = generation_row(db, view.name)
    if row is None or any(row[name] != wanted for name, wanted in stamp(view).items()):
        raise Refused("all", f"view {view.name} was made by another edition: rebuild everything")
    live, new = view.shape.tables(row["live"]), view.shape.tables(generation)
    for name, table in new.items():
        _copy(db, live[name], table, authorities)
    placed = CHECKPOINTS.c
    here = (placed.view == view.name) & (placed.generation == row["live"]) & placed.authority.in_(authorities)
    for each in db.execute(select(CHECKPOINTS).where(here)).all():
        db.execute(upsert(CHECKPOINTS, db.dialect.name), {**each._asdict(), "generation": generation})


def _copy(db: Connection, live: Table, new: Table, authorities: set[str]) -> None:
    db.execute(new.delete().where(new.c.authority.in_(authorities)))
    rows = select(live).where(live.c.authority.in_(authorities))
    db.execute(insert(new).from_select([each.name for each in new.columns], rows))
