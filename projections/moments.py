"""Moments in the past, and the events that belong to one: picked out of the timeline, whose rows carry both times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table, and_, select

from events.dates import begins
from events.envelope import Envelope
from events.recorded import Recorded
from events.registry import decode
from projections.dates import read_instant
from projections.generations import reading
from projections.store import Source
from projections.timeline import ENTRIES
from projections.timeline import SHAPE as TIMELINE

BATCH = 4_000
"""Events that are read at once."""


class Dated(Protocol):
    """What has both times: an envelope, or an entry of the timeline."""

    @property
    def occurred(self) -> datetime:
        """When it happened."""

    @property
    def recorded(self) -> datetime:
        """When it was recorded."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in the past, in either sense or in both: days in England, of which each counts to its end.

    As it was: what had happened by the end of `happened_by`, by all that is known today. As it was known: what had been
    recorded by the end of `known_by`. With both: what was known then of what had happened by then.
    """

    happened_by: date | None = None
    known_by: date | None = None

    def holds(self, event: Dated) -> bool:
        """Whether the event belongs to it."""
        happened, known = _end(self.happened_by), _end(self.known_by)
        return (happened is None or event.occurred < happened) and (known is None or event.recorded < known)

    @property
    def day(self) -> date | None:
        """The day at whose end lateness is judged: when it was, or else when it was known."""
        return self.happened_by or self.known_by

    @property
    def now(self) -> datetime | None:
        """The last instant of that day."""
        end = _end(self.day)
        return None if end is None else end - datetime.resolution

    @property
    def name(self) -> str:
        """What tells it from any other, such as `at-2026-03-31-known-2026-04-30`."""
        parts = [("at", self.happened_by), ("known", self.known_by)]
        return "-".join(f"{sense}-{day.isoformat()}" for sense, day in parts if day is not None)

    def __str__(self) -> str:
        """In words, as `by 2026-03-31, as known by 2026-04-30`."""
        was = "" if self.happened_by is None else f"by {self.happened_by.isoformat()}"
        known = "" if self.known_by is None else f"as known by {self.known_by.isoformat()}"
        return ", ".join(filter(None, (was, known)))


@cache
def _end(day: date | None) -> datetime | None:
    return None if day is None else begins(day + timedelta(days=1))


def held_by(entries: Table, authority: str, moment: Moment) -> ColumnElement[bool]:
    """Which rows of the timeline belong to the moment."""
    asked: list[ColumnElement[bool]] = [entries.c.authority == authority]
    if moment.happened_by is not None:
        asked.append(entries.c.occurred < _end(moment.happened_by))
    if moment.known_by is not None:
        asked.append(entries.c.recorded < _end(moment.known_by))
    return and_(*asked)


def is_empty(live: Source, authority: str, moment: Moment) -> bool:
    """Whether nothing of the authority belongs to the moment: it lies before the first event."""
    with reading(TIMELINE, live) as (db, tables):
        entries = tables[ENTRIES]
        return db.execute(select(1).where(held_by(entries, authority, moment)).limit(1)).first() is None


def past_events(live: Source, authority: str, moment: Moment) -> Iterator[Recorded]:
    """The events of an authority that belong to the moment, in the order of the stream.

    They lack what no fold asks for: the digest of their command, and their fingerprint. What only keeps a command's id
    from others is left out.
    """
    with reading(TIMELINE, live) as (db, tables):
        entries = tables[ENTRIES]
        asked = select(entries).where(held_by(entries, authority, moment)).order_by(entries.c.position)
        for row in db.execute(asked.execution_options(yield_per=BATCH)):
            yield recorded_in(row)


def recorded_in(row: Any) -> Recorded:
    """The event that a row of the timeline, with all of its columns in their order, was made from.

    Its instants may be as the database keeps them.
    """
    (
        authority,
        about,
        version,
        position,
        occurred,
        recorded,
        _day,
        actor,
        role,
        stored_name,
        policy_version,
        event_id,
        correlation,
        causation,
        imported,
        unverified,
        body,
    ) = row
    told = Envelope(
        event_id,
        authority,
        actor,
        role,
        read_instant(occurred),
        read_instant(recorded),
        correlation,
        causation,
        policy_version,
        imported,
        unverified=unverified,
    )
    return Recorded(about, version, decode(stored_name, body), told, position)
