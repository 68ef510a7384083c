"""Records that are worked out as wholes where every view is rebuilt: once each, from the timeline just filled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from sqlalchemy import Engine, select

from events.recorded import Recorded
from projections.keeper import replace_rows
from projections.moments import recorded_in
from projections.past import WorkOutFrom
from projections.rebuild import must_be_ours
from projections.store import lock, writing
from projections.timeline import ENTRIES
from projections.timeline import SHAPE as TIMELINE
from projections.view import View

AT_ONCE = 500
"""Records that are worked out in one transaction."""

Holds = Callable[[str], bool]
"""Says of a record whether it is to be worked out."""


@dataclass(frozen=True, slots=True)
class WholeRecords:
    """The records of an authority in a generation of the timeline, and the rules by which they are worked out."""

    engine: Engine
    authority: str
    timeline: int
    work_out: WorkOutFrom
    holds: Holds = lambda _: True

    def write(self, view: View, generation: int) -> None:
        """Work out each record and put its rows in that generation of the view. A repeat writes the same again.

        Conflict where another rebuild of the view began.
        """
        records = self._records()
        while some := list(islice(records, AT_ONCE)):
            found = {about: self.work_out(self.authority, about, events) for about, events in some}
            known = {about: each for about, each in found.items() if each is not None}
            with writing(self.engine) as db:
                lock(db, view.name, shared=True)
                must_be_ours(db, view, generation)
                replace_rows(db, view, view.shape.tables(generation), self.authority, known)

    def _records(self) -> Iterator[tuple[str, list[Recorded]]]:
        """Every record with its events, some records at a time, so that no long reading holds anybody up."""
        entries = TIMELINE.tables(self.timeline)[ENTRIES]
        after = ""
        while True:
            with self.engine.connect() as db:
                asked = select(entries.c.about).where(entries.c.authority == self.authority, entries.c.about > after)
                abouts = db.execute(asked.distinct().order_by(entries.c.about).limit(AT_ONCE)).scalars().all()
                if not abouts:
                    return
                held = [about for about in abouts if self.holds(about)]
                own = (entries.c.authority == self.authority) & entries.c.about.in_(held)
                rows = db.execute(select(entries).where(own).order_by(entries.c.about, entries.c.version))
                events = [recorded_in(row) for row in rows]
            for about, record in groupby(events, key=lambda event: event.originator_id):
                yield about, list(record)
            after = abouts[-1]
