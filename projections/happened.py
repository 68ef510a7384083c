"""What happened, as events with their whole envelopes: read from the timeline, to be folded or told again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select

from events.envelope import Envelope
from events.reads import TextsOpened
from events.recorded import Recorded
from events.registry import decode
from projections.generations import reading
from projections.store import Source
from projections.timeline import AUDITS, ENTRIES, SHAPE

AT_ONCE = 500
"""Records that are asked for in one query."""


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
            found += [recorded_of(row) for row in db.execute(query.order_by(entries.c.about, entries.c.version))]
    return found


def audits_of(source: Source, authority: str, child: str) -> list[str]:
    """The audits of one child's file, as records (`audit/A-1`), in their order."""
    with reading(SHAPE, source) as (db, tables):
        audits = tables[AUDITS]
        query = select(audits.c.about).where(audits.c.authority == authority, audits.c.child == child)
        return sorted(db.execute(query).scalars())


def last_position(source: Source, authority: str) -> int:
    """The position of the newest event that is no reading of texts; 0 before the first.

    To read changes nothing of what is read: an answer that names this position is the same after it was opened.
    """
    with reading(SHAPE, source) as (db, tables):
        entries = tables[ENTRIES]
        newest = select(func.max(entries.c.position)).where(
            entries.c.authority == authority, entries.c.stored_name != TextsOpened.stored_name
        )
        return db.execute(newest).scalar_one_or_none() or 0


def recorded_of(row: Any) -> Recorded:
    """The event that a row of the timeline was made from. It lacks the digest of its command, and its fingerprint."""
    told = Envelope(
        event_id=row.event_id,
        authority=row.authority,
        actor=row.actor,
        role=row.role,
        occurred=row.occurred,
        recorded=row.recorded,
        correlation=row.correlation,
        causation=row.causation,
        policy_version=row.policy_version,
        imported=row.imported,
        unverified=row.unverified,
    )
    return Recorded(row.about, row.version, decode(row.stored_name, row.body.encode()), told, row.position)
