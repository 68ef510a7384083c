"""Filling new generations of every view from the first event, by one process or by several beside each other.

Every row of every view belongs to one record, and what a record owes follows from its own events. So the stream is read
into the timeline alone, as it comes and with no body read; then each record is read back from there as a whole, its
bodies are read, it is folded by every other view and worked out, and each row is written once.

Of several processes each has a share of both: of the stream every so many positions, so that each event is read by one
of them, and of the records those whose names fall to it. None waits for another but to write and, once, until all have
read their part of the stream in. A share keeps its own place: of the last event that it has read in, then of the last
record that the other views have. Begun again after a kill, it goes on from there. Once every share has come to the end,
their places become the one checkpoint of the generation, and they are shares no more.

That no position is missing is seen as the stream is read; that no version is, once a record is there as a whole. So
nothing is remembered of any record meanwhile, however many there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Engine, Table, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from events.commands import CommandNamed
from events.errors import BrokenHistory
from events.recorded import Recorded, Unread
from projections.keeper import place_of
from projections.past import WorkOutFrom
from projections.rebuild import must_be_ours
from projections.rows import Ready, columns_to_add, rows_to_write
from projections.share_places import ALONE, Generations, Place, furthest, read_through, shares_of
from projections.storable import storable
from projections.store import SHARES, lock, upsert, writing
from projections.timeline import AUDITS, ENTRIES, audits_of, is_said, said_by, unread_columns
from projections.timeline import SHAPE as TIMELINE
from projections.view import View
from projections.whole_records import Made, WholeRecords

ReadUnread = Callable[[int, int | None], Iterable[Sequence[Unread]]]
"""Gives the events of one authority after a position, in order, in batches, through another or to the present end."""

BLOCK = 10_000
"""Positions of the stream that one share reads before the next one's begin."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of the parts that an authority's records, and the positions of its stream, are in; each is in one of them.

    It is the same whenever it is asked, and however long the history has grown since.
    """

    number: int
    of: int
    block: int = BLOCK
    ahead: int = 0
    """Blocks that the first share has before any other: its process works while the others are still starting."""

    def holds(self, about: str) -> bool:
        """Whether the record is in it."""
        return self.of == 1 or crc32(about.encode()) % self.of == self.number

    def blocks(self, reached: int, until: int | None) -> Iterator[tuple[int, int | None]]:
        """Its positions after the one that it has reached, through `until`: after which they begin, through which."""
        if self.of == 1:
            yield reached, until
            return
        for block in count(reached // self.block):
            first, last = block * self.block, (block + 1) * self.block
            if until is not None and first >= until:
                return
            if max(0, block - self.ahead) % self.of == self.number:
                yield max(first, reached), last if until is None else min(last, until)


ALL = Share(ALONE, 1)
"""Everything. Its place is none of any share's among others."""


@dataclass(frozen=True)
class Part:
    """What one process fills: of these generations of the views, the timeline's among them, a share."""

    views: Sequence[View]
    engine: Engine
    generations: Generations
    authority: str
    share: Share
    work_out: WorkOutFrom

    def fill(
        self,
        read: ReadUnread,
        until: int | None,
        progress: Callable[[int], None],
        together: Callable[[], object] = lambda: None,
        going_on: Callable[[], object] = lambda: None,
    ) -> int:
        """Take the share's events through `until`, then its records; gives the position that all of it has come to.

        `together` waits until every share has read its events in; `going_on` is called after each batch of records. A
        repeat goes on from the last batch of events or of records; once records were begun, no more is read in, and
        what came since is left to whoever joins the shares.
        Raises as `rebuild` does; what was written stays.
        """
        if not read_through(self.engine, self.generations, self.authority):
            self._read_in(read, until, progress)
        together()
        end = furthest(self.engine, self.generations, self.authority)
        if end is not None:
            self._by_records(end, going_on)
        return 0 if end is None else int(end["position"])

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

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return TIMELINE.tables(self.generations[TIMELINE.name])

    def _read_in(self, read: ReadUnread, until: int | None, progress: Callable[[int], None]) -> None:
        """Put every event of the share into the timeline."""
        reached = int(self._place(TIMELINE.name).get("position", 0))
        for after, through in self.share.blocks(reached, until):
            for batch in filter(None, read(after, through)):
                last = batch[-1].position or 0
                if last != after + len(batch):
                    where = f"rebuild of {self.authority}"
                    raise BrokenHistory(where, f"of the positions {after + 1} to {last} {len(batch)} came")
                self._put_in(batch)
                progress(last)
                after = last  # noqa: PLW2901 - the next batch follows on this one

    def _put_in(self, batch: Sequence[Unread]) -> None:
        """Write a batch of events. What stands in for a lost one is an event of a later position, and comes with it."""
        columns = unread_columns([each for each in batch if not each.stands_in])
        ready = columns_to_add(self.engine.dialect, self._tables[ENTRIES], columns)
        with writing(self.engine) as db:
            self._hold(db, self._timeline)
            try:
                ready.put(db)
            except IntegrityError as error:
                raise self._doubled(batch) from error
            self._note(db, self._timeline, place_of(batch[-1]))

    def _doubled(self, batch: Sequence[Unread]) -> BrokenHistory:
        """The error for a version of a record that stands in the stream twice: in these events, or before them."""
        entries = self._tables[ENTRIES].c
        seen: set[tuple[str, int]] = set()
        with self.engine.connect() as db:
            for each in batch:
                own = (entries.authority == self.authority) & (entries.about == each.originator_id)
                there = db.execute(select(entries.position).where(own, entries.version == each.originator_version))
                if (each.originator_id, each.originator_version) in seen or there.first() is not None:
                    return _broken(each, f"version {each.originator_version} stands there twice")
                seen.add((each.originator_id, each.originator_version))
        return BrokenHistory(f"rebuild of {self.authority}", "a version of a record stands there twice")

    def _by_records(self, end: Place, going_on: Callable[[], object]) -> None:
        """Fill the other views from the timeline, some whole records at a time, and put right what it says of them."""
        places = {view.name: self._place(view.name) for view in self._others}
        left = [view for view in self._others if places[view.name].get("position") != end["position"]]
        if self._others and not left:
            return
        written = {view.name: places[view.name].get("about") or "" for view in left}
        for rows in self._whole.each(min(written.values(), default="")):
            events = self._whole.read(rows)
            self._must_be_whole(events)
            told = [each for each in events if type(each.fact) is not CommandNamed]
            made = [self._whole.make(view, _after(written[view.name], told)) for view in left]
            ready = [each for one in made for each in self._ready(one)]
            right = self._put_right(rows, events)
            with writing(self.engine) as db:
                self._hold(db, self.views)
                right(db)
                for each in ready:
                    each.put(db)
                for view in left:
                    about = max(events[-1].originator_id, written[view.name])
                    self._note(db, [view], {"position": 0, "about": about})
            going_on()
        with writing(self.engine) as db:
            self._hold(db, left)
            self._note(db, left, {**end, "about": None})

    def _must_be_whole(self, events: Sequence[Recorded]) -> None:
        """BrokenHistory where a version of a record is missing that was not accepted as lost, or stands too early."""
        about, version, position = "", 0, 0
        for event in events:
            if event.originator_id != about:
                about, version, position = event.originator_id, 0, 0
            if event.originator_version != version + 1 and not self._lacks(about):
                reason = f"version {event.originator_version} follows {version}"
                raise _broken(event, reason if version else f"begins with version {event.originator_version}")
            if (event.position or 0) < position:
                raise _broken(event, f"version {version + 1} stands before version {version}")
            version, position = event.originator_version, event.position or 0

    def _lacks(self, about: str) -> bool:
        return any(view.incomplete(self.authority, about) for view in self.views[:1])

    def _ready(self, made: Made) -> Iterator[Ready]:
        return made.ready(self.engine.dialect, self.generations[made.view.name], self.authority)

    def _put_right(self, rows: Sequence[Any], events: Sequence[Recorded]) -> Callable[[Connection], None]:
        """What brings the entries to the newest form of their facts, and leaves out what only keeps a command's id."""
        entries = self._tables[ENTRIES]
        other = []
        for row, event in zip(rows, events, strict=True):
            if not is_said(event.fact, row):
                said = said_by(event.fact, event.envelope.occurred)
                other.append({**_key(event), **{name: storable(each) for name, each in said.items()}})
        named = [_key(each) for each in events if type(each.fact) is CommandNamed]
        audits = rows_to_write(self.engine.dialect, self._tables[AUDITS], audits_of(events))
        own = (entries.c.authority == self.authority) & (entries.c.about == bindparam("key_about"))
        this = own & (entries.c.version == bindparam("key_version"))

        def put(db: Connection) -> None:
            if other:
                db.execute(update(entries).where(this), other)
            if named:
                db.execute(delete(entries).where(this), named)
            audits.put(db)

        return put

    def _hold(self, db: Connection, views: Sequence[View]) -> None:
        for view in views:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, self.generations[view.name])

    def _note(self, db: Connection, views: Sequence[View], place: Place) -> None:
        blank = dict.fromkeys(each.name for each in SHARES.columns)
        for view in views:
            own = {"view": view.name, "generation": self.generations[view.name], "authority": self.authority}
            db.execute(upsert(SHARES, db.dialect.name), {**blank, **place, **own, "share": self.share.number})

    def _place(self, view: str) -> Place:
        here = shares_of(view, self.generations[view], self.authority) & (SHARES.c.share == self.share.number)
        with self.engine.connect() as db:
            found = db.execute(select(SHARES).where(here)).one_or_none()
        return {} if found is None else found._asdict()


def _key(event: Recorded) -> Mapping[str, Any]:
    return {"key_about": event.originator_id, "key_version": event.originator_version}


def _broken(event: Recorded | Unread, reason: str) -> BrokenHistory:
    return BrokenHistory(f"{event.originator_id} at sequence {event.position}", reason)


def _after(written: str, events: Sequence[Recorded]) -> Sequence[Recorded]:
    """Those of the events, of whole records in order, whose records come after the last one that is written."""
    if not events or events[0].originator_id > written:
        return events
    return [each for each in events if each.originator_id > written]
