"""What stands as it stood: of a record to which nothing happened since a moment, the live view's rows are the moment's.

Of a view whose rows are worked out by rules that is most of the past, and working it out is most of the cost. The rows
of a record are taken where the live view has worked it out up to its last event, which belongs to the moment as all
before it do; what had a fault is worked out again. So of what did not change the past says what the live view says.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Table, and_, case, func, select

from projections.generations import generation_row, reading, stamp
from projections.moments import BATCH, Moment, held_by
from projections.view import Row, View

FAULT = "fault"
"""The column in which a view says why it could not work a record out."""


def live_generation(db: Connection, view: View) -> int:
    """Which rows of the view are live: a rebuild may make others by other rules. 0 where none are of its edition."""
    row = generation_row(db, view.name)
    same = row is not None and all(row[name] == wanted for name, wanted in stamp(view).items())
    return int(row["live"]) if row is not None and same else 0


class StandingRows:
    """The rows of a live view that stand as they stood at a moment. None where nobody keeps the view."""

    def __init__(self, db: Connection, entries: Table, authority: str, moment: Moment, view: View) -> None:
        self._db, self._authority, self._view = db, authority, view
        self.versions: Mapping[str, int] = {}
        if live_generation(db, view):
            whole = self._whole(entries, moment)
            self.versions = {about: version for about, version in self._heads() if whole.get(about) == version}

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        """The rows of these records by table, some at a time."""
        if not self.versions:
            return
        with reading(self._view.shape, self._db) as (db, tables):
            head = tables[self._view.shape.specs[0].name].alias()
            for name, own in tables.items():
                same = and_(head.c.authority == own.c.authority, head.c.about == own.c.about)
                asked = select(own, head.c.version.label("as_of")).join_from(own, head, same)
                found = db.execute(asked.where(own.c.authority == self._authority).execution_options(yield_per=BATCH))
                for some in found.partitions():
                    # The live view goes on while it is read: rows of a later version are not those that are meant.
                    rows = [row._asdict() for row in some]
                    yield name, [row for row in rows if row.pop("as_of") == self.versions.get(row["about"])]

    def _whole(self, entries: Table, moment: Moment) -> dict[str, int]:
        """The version of each record of which the moment leaves nothing out."""
        held = func.count(case((held_by(entries, self._authority, moment), 1)))
        asked = select(entries.c.about, func.max(entries.c.version)).where(entries.c.authority == self._authority)
        found = self._db.execute(asked.group_by(entries.c.about).having(func.count() == held))
        return dict(found.all())

    def _heads(self) -> Iterator[tuple[str, int]]:
        """Up to which version each record is worked out, where it could be."""
        with reading(self._view.shape, self._db) as (db, tables):
            heads = tables[self._view.shape.specs[0].name]
            asked = select(heads.c.about, heads.c.version).where(heads.c.authority == self._authority)
            if FAULT in heads.c:
                asked = asked.where(heads.c[FAULT].is_(None))
            yield from ((about, version) for about, version in db.execute(asked))
