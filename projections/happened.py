"""What happened, as events with their whole envelopes: read from the timeline, to be folded or told again."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, func, select

from events.archives import HistoryArchived
from events.reads import TextsOpened
from events.recorded import Recorded
from projections.generations import reading
from projections.moments import recorded_in
from projections.store import Source
from projections.timeline import AUDITS, ENTRIES, SHAPE

AT_ONCE = 500
"""Records that are asked for in one query."""

CHANGES_NOTHING = (TextsOpened.stored_name, HistoryArchived.stored_name)
"""What is on record of a history and says nothing new of any record: who read in it, and where its older part is."""


def events_about(source: Source, authority: str, abouts: Collection[str]) -> list[Recorded]:
    """Every event of these records, record by record, each in its own order. Nothing of one that there is not."""
    return _events(source, authority, "about", abouts)


def events_beside(source: Source, authority: str, correlations: Collection[str]) -> list[Recorded]:
    """Every event that an act on one of these records wrote, by what its events have in common: on others as well."""
    return _events(source, authority, "correlation", correlations)


def _events(source: Source, authority: str, column: str, wanted: Collection[str]) -> list[Recorded]:
    asked, found = sorted(set(wanted)), []
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        for first in range(0, len(asked), AT_ONCE):
            held: ColumnElement[bool] = entries.c[column].in_(asked[first : first + AT_ONCE])
            query = select(entries).where(entries.c.authority == authority, held)
            found += [recorded_in(row) for row in db.execute(query.order_by(entries.c.about, entries.c.version))]
    return found


def events_called(source: Source, authority: str, *names: str) -> list[Recorded]:
    """Every event of these kinds, by the names they are stored under, in the order of the stream."""
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        held = entries.c.stored_name.in_(names)
        query = select(entries).where(entries.c.authority == authority, held).order_by(entries.c.position)
        return [recorded_in(row) for row in db.execute(query)]


def named_of_kind(source: Source, authority: str, kind: str) -> list[str]:
    """Every record of a kind of which anything is on record, in the order of their names."""
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        query = select(entries.c.about).where(
            entries.c.authority == authority, entries.c.version == 1, entries.c.about.startswith(f"{kind}/")
        )
        return sorted(db.execute(query).scalars())


def every_event(source: Source, authority: str) -> Iterator[Recorded]:
    """Every event in the order of the stream, one at a time, so that memory does not grow with history."""
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        query = select(entries).where(entries.c.authority == authority).order_by(entries.c.position)
        for row in db.execute(query.execution_options(yield_per=AT_ONCE)):
            yield recorded_in(row)


def audits_of(source: Source, authority: str, child: str) -> list[str]:
    """The audits of one child's file, as records (`audit/A-1`), in their order."""
    with reading(SHAPE, source) as (db, tables):
        audits = tables[AUDITS]
        query = select(audits.c.about).where(audits.c.authority == authority, audits.c.child == child)
        return sorted(db.execute(query).scalars())


def last_position(source: Source, authority: str) -> int:
    """The position of the newest event but those that change no answer; 0 before the first.

    An answer that names this position is the same after it was opened, and after what it is made of was archived.
    """
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        newest = select(func.max(entries.c.position)).where(
            entries.c.authority == authority, entries.c.stored_name.not_in(CHANGES_NOTHING)
        )
        return db.execute(newest).scalar_one_or_none() or 0
