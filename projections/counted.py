"""What reports count: audits with their actions and escalations, and entries, as they stood at the end of a day.

All of it is folded from the rows of the timeline alone. So what a report says is of one position, every mark knows the
position of the event that says it, and how something stood then, or was known then, is a condition on two columns.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, or_, select, union

from events.audits import AuditAllocated
from events.registers import EntryRecorded
from events.registry import BY_NAME, decode
from events.upcasts import UPCASTS
from projections.counted_records import (
    CountedAudit,
    CountedEntry,
    Told,
    begun,
    mark_of,
    take_of_audit,
    take_of_entry,
)
from projections.dates import local_date

AUDIT, ENTRY = "audit/", "entry/"
"""The records that are counted, by how their names begin."""

UNSAID = ("notice.sent", "notice.lapsed")
"""What happens often on a record and is counted nowhere."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is to count of a time: the records that something happened to in it, or that were not at their end."""

    audits: tuple[CountedAudit, ...]
    entries: tuple[CountedEntry, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last` that are asked about, and what counts for them.

    Of an audit counts what happened before the instant `until`, of an entry what it says of a day up to `until`'s,
    whenever that was written down; of both, where `known` is given, only what was recorded before that instant.
    """

    first: date
    last: date
    until: datetime
    known: datetime | None = None

    def holds(self, table: Table) -> ColumnElement[bool]:
        """The condition on the rows of the timeline."""
        of_entry = table.c.about.startswith(ENTRY) & (table.c.day <= local_date(self.until - datetime.resolution))
        happened = or_(of_entry, table.c.occurred < self.until)
        return happened if self.known is None else happened & (table.c.recorded < self.known)


def counted(db: Connection, table: Table, authority: str, span: Span) -> Counted:
    """Everything that can count for these days. The same rows give the same answer.

    What had come to its end before them is not read, so that the cost follows the span and not the history.
    """
    audits: dict[str, CountedAudit] = {}
    entries: dict[str, CountedEntry] = {}
    for told in told_of(db, table, authority, _alive(table, authority, span), span):
        if isinstance(told.fact, AuditAllocated):
            audits[told.about] = begun(told, told.fact)
        elif isinstance(told.fact, EntryRecorded):
            entries[told.about] = CountedEntry(told.about, told.fact, mark_of(told))
        if told.about in audits:
            take_of_audit(audits[told.about], told)
        elif told.about in entries:
            take_of_entry(entries[told.about], told)
    return Counted(tuple(audits.values()), tuple(entries.values()))


def told_of(
    db: Connection, table: Table, authority: str, abouts: Select[Any] | Collection[str], span: Span
) -> Iterator[Told]:
    """The events of these records that count, each record's in their order; but notices, which are many."""
    asked = select(table).where(
        table.c.authority == authority,
        table.c.about.in_(abouts),
        table.c.stored_name.not_in(stored_names(*UNSAID)),
        span.holds(table),
    )
    for row in db.execute(asked.order_by(table.c.about, table.c.version)):
        yield _told(row)


def happened(db: Connection, table: Table, authority: str, events: Collection[str], span: Span) -> list[Told]:
    """The events of these names, such as `escalation.raised`, of the days of the span, in order."""
    asked = select(table).where(
        table.c.authority == authority,
        table.c.stored_name.in_(stored_names(*events)),
        table.c.day >= span.first,
        table.c.day <= span.last,
        span.holds(table),
    )
    return [_told(row) for row in db.execute(asked.order_by(table.c.day, table.c.position))]


def stored_names(*events: str) -> list[str]:
    """The stored names of these events, of every version that was ever written."""
    return [name for name in (*BY_NAME, *UPCASTS) if name.rpartition(".v")[0] in events]


def _told(row: Any) -> Told:
    fact = decode(row.stored_name, row.body.encode())
    return Told(
        row.about, row.version, row.position, row.occurred, row.day, row.actor, row.role, row.policy_version, fact
    )


def _alive(table: Table, authority: str, span: Span) -> Select[Any]:
    """The records that something happened to in the span, or that had not come to their end before it."""
    own = (table.c.authority == authority) & or_(table.c.about.startswith(AUDIT), table.c.about.startswith(ENTRY))
    touched = select(table.c.about).where(own, table.c.day >= span.first, table.c.day <= span.last)
    ends = table.c.stored_name.in_(stored_names("audit.closed", "audit.voided", "audit.exempted"))
    ended = select(table.c.about).where(own, ends, table.c.day < span.first)
    begun = table.c.stored_name.in_(stored_names("audit.allocated"))
    unended = select(table.c.about).where(own, begun, table.c.day <= span.last, table.c.about.not_in(ended))
    set_ = table.c.stored_name.in_(stored_names("action.set"))
    done = table.c.stored_name.in_(stored_names("action.completed"))
    # An action is completed once, so that as many were completed as were set where none is left.
    undone = (
        select(table.c.about)
        .where(own, or_(set_, done), table.c.day <= span.last)
        .group_by(table.c.about)
        .having(func.sum(case((set_, 1), else_=-1)) > 0)
    )
    return union(touched, unended, undone).subquery().select()


def figures_told(db: Connection, table: Table, authority: str, records: Collection[str], span: Span) -> list[Told]:
    """What was recorded of these indicators, in the order in which it was: of a month that is over, whenever it came.

    How far things had happened says nothing of a figure: only what was `known` counts.
    """
    asked = select(table).where(
        table.c.authority == authority,
        table.c.about.in_(records),
        table.c.stored_name.in_(stored_names("indicator.recorded", "indicator.compared")),
    )
    if span.known is not None:
        asked = asked.where(table.c.recorded < span.known)
    return [_told(row) for row in db.execute(asked.order_by(table.c.position))]
