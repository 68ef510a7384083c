"""Who read which texts, and when: read from the timeline, where every reading stands as an event of its own."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from events.reads import Door, TextsOpened
from events.registry import decode
from projections.cut import WHOLE, Cut, Part, cut_rows
from projections.generations import reading
from projections.queries import ViewRow, saying
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE
from projections.view import Row


class Read(ViewRow):
    """The texts of one record that somebody read at once: the names of their fields. `actor` in `role`, by `door`."""

    occurred: datetime
    actor: str
    role: str
    door: Door
    record: str
    fields: tuple[str, ...]


def reads(  # noqa: PLR0913 - what a reading is asked for by
    source: Source,
    authority: str,
    *,
    record: str | None = None,
    person: str | None = None,
    first: date | None = None,
    last: date | None = None,
    cut: Cut = WHOLE,
) -> Part[Read]:
    """List the readings in the order in which they happened; those from `first` to `last` (days in England)."""
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        query = select(entries).where(
            entries.c.authority == authority, entries.c.stored_name == TextsOpened.stored_name
        )
        if person is not None:
            query = query.where(entries.c.actor == person)
        if record is not None:
            query = query.where(saying(entries.c.body, "record", record))
        if first is not None:
            query = query.where(entries.c.day >= first)
        if last is not None:
            query = query.where(entries.c.day <= last)

        def told(rows: Sequence[Row]) -> list[list[Read]]:
            return [[each for each in _reads(row) if record in (None, each.record)] for row in rows]

        # The day is the instant's own, so that it sorts alike: there is an index by it.
        order = (entries.c.day, entries.c.occurred, entries.c.position)
        return cut_rows(db, query, order, cut, told)


def _reads(row: Row) -> list[Read]:
    fact = decode(row["stored_name"], row["body"].encode())
    if not isinstance(fact, TextsOpened):
        return []
    return [Read.of(row, door=fact.door, record=each.record, fields=each.fields) for each in fact.opened]
