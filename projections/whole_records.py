"""Records as wholes where every view is rebuilt: read back from the timeline just filled, folded and worked out once.

A record comes with all of its events, so that nothing of it is looked up, each of its rows is written once, and what it
owes is worked out from the very events that the folds have taken.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.engine import Dialect

from events.recorded import Recorded
from projections.keeper import replace_rows, rows_by_table
from projections.moments import recorded_in
from projections.past import WorkOutFrom
from projections.rows import Ready, plain_rows, rows_to_add, rows_to_write
from projections.timeline import ENTRIES
from projections.timeline import SHAPE as TIMELINE
from projections.view import Row, View, WorkedOut, fold

AT_ONCE = 500
"""Records that are written in one transaction."""

Holds = Callable[[str], bool]
"""Says of a record whether it is to be worked out."""


@dataclass(frozen=True, slots=True)
class Made:
    """What some whole records make of a view: rows by table or, where it is worked out, what was found of each."""

    view: View
    rows: Mapping[str, Sequence[Row]]
    worked_out: Mapping[str, WorkedOut]

    def ready(self, dialect: Dialect, generation: int, authority: str) -> Iterator[Ready]:
        """Its rows, to be put where there is nothing of these records yet."""
        tables = self.view.shape.tables(generation)
        for name, rows in self.rows.items():
            yield rows_to_add(dialect, tables[name], rows)
        for name, rows in rows_by_table(self.view, authority, self.worked_out).items():
            yield rows_to_write(dialect, tables[name], rows)

    def replace(self, db: Connection, generation: int, authority: str) -> None:
        """Put what was worked out in the place of what was there of these records. A repeat writes the same again."""
        replace_rows(db, self.view, self.view.shape.tables(generation), authority, self.worked_out)


@dataclass(frozen=True, slots=True)
class WholeRecords:
    """The records of an authority in a generation of the timeline, and the rules by which they are worked out."""

    engine: Engine
    authority: str
    timeline: int
    work_out: WorkOutFrom
    holds: Holds = lambda _: True

    def each(self, after: str = "") -> Iterator[list[Any]]:
        """The rows of every record that comes after the one of that name, in order, some whole records at a time."""
        entries = TIMELINE.tables(self.timeline)[ENTRIES]
        more = entries.c.about > after
        while True:
            with self.engine.connect() as db:  # for some records alone, so that no long reading holds anybody up
                asked = select(entries.c.about).where(entries.c.authority == self.authority, more)
                abouts = db.execute(asked.distinct().order_by(entries.c.about).limit(AT_ONCE)).scalars().all()
                if not abouts:
                    return
                found = self.of(db, [about for about in abouts if self.holds(about)])
            if found:
                yield found
            more = entries.c.about > abouts[-1]

    def of(self, db: Connection, abouts: Sequence[str]) -> list[Any]:
        """The rows of these records, record by record, as the database gives them."""
        return plain_rows(db, TIMELINE.tables(self.timeline)[ENTRIES], self.authority, abouts)

    def read(self, rows: Sequence[Any]) -> list[Recorded]:
        """The events of these rows. ContractError for a body that does not fit its contract."""
        return [recorded_in(row) for row in rows]

    def make(self, view: View, events: Sequence[Recorded]) -> Made:
        """What these events, of whole records, make of a view. Halted for one that its fold cannot take."""
        if view.work_out is None:
            return Made(view, fold(view, {}, events), {})
        records = groupby(events, key=_about)
        found = {about: self.work_out(self.authority, about, list(record)) for about, record in records}
        return Made(view, {}, {about: each for about, each in found.items() if each is not None})


def _about(event: Recorded) -> Any:
    return event.originator_id
