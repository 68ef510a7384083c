"""What reports count: audits with their actions and escalations, and entries, as they stood at the end of a day.

All of it is folded from the rows of the timeline alone. So what a report says is of one position, every mark knows the
position of the event that says it, and how something stood then, or was known then, is a condition on two columns.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, or_, select, union

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


LEFT = (("action.set", "action.completed", "action.confirmed"), ("escalation.raised", "escalation.resolved"))
"""What may be left open on a record that has come to its end, with what ends it."""

AT_ONCE = 500
"""Records that are asked for in one query."""


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

    def holds(self, told: Told) -> bool:
        """Whether an event counts for these days, as far as it is known."""
        return told.occurred < self.until or (told.about.startswith(ENTRY) and told.day <= self.last_day)

    @property
    def last_day(self) -> date:
        """The last day of which something counts."""
        return local_date(self.until - datetime.resolution)


Shelf = dict[str, list[Told]]
"""The events of records that were read before, each record's in their order: what several periods ask is read once."""


def counted(db: Connection, table: Table, authority: str, span: Span, shelf: Shelf) -> Counted:
    """Everything that can count for these days. The same rows give the same answer.

    What had come to its end before them is not read, so that the cost follows the span and not the history. The `shelf`
    is one question's own: it holds what was known at its moment.
    """
    audits: dict[str, CountedAudit] = {}
    entries: dict[str, CountedEntry] = {}
    wanted = sorted(db.execute(_alive(table, authority, span)).scalars())
    _read(db, table, authority, span, [each for each in wanted if each not in shelf], shelf)
    for told in (each for about in wanted for each in shelf[about] if span.holds(each)):
        if isinstance(told.fact, AuditAllocated):
            audits[told.about] = begun(told, told.fact)
        elif isinstance(told.fact, EntryRecorded):
            entries[told.about] = CountedEntry(told.about, told.fact, mark_of(told))
        if told.about in audits:
            take_of_audit(audits[told.about], told)
        elif told.about in entries:
            take_of_entry(entries[told.about], told)
    return Counted(tuple(audits.values()), tuple(entries.values()))


def _read(db: Connection, table: Table, authority: str, span: Span, abouts: Sequence[str], shelf: Shelf) -> None:
    """Put the events of these records on the shelf, but notices, which are many."""
    left_out = stored_names(*UNSAID)
    for start in range(0, len(abouts), AT_ONCE):
        page = abouts[start : start + AT_ONCE]
        asked = select(table).where(
            table.c.authority == authority, table.c.about.in_(page), table.c.stored_name.not_in(left_out)
        )
        if span.known is not None:
            asked = asked.where(table.c.recorded < span.known)
        shelf.update({about: [] for about in page})
        for row in db.execute(asked.order_by(table.c.about, table.c.version)):
            shelf[row.about].append(_told(row))


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
    if span.known is not None:  # what was not known yet ended nothing
        own &= table.c.recorded < span.known
    touched = select(table.c.about).where(own, table.c.day >= span.first, table.c.day <= span.last)
    ends = table.c.stored_name.in_(stored_names("audit.closed", "audit.voided", "audit.exempted"))
    ended = select(table.c.about).where(own, ends, table.c.day < span.first)
    begun = table.c.stored_name.in_(stored_names("audit.allocated"))
    unended = select(table.c.about).where(own, begun, table.c.day <= span.last, table.c.about.not_in(ended))
    left = [_left(table, own, span, *each) for each in LEFT]
    return union(touched, unended, *left).subquery().select()


def _left(table: Table, own: ColumnElement[bool], span: Span, begins: str, *ends: str) -> Select[Any]:
    """The records on which more of these began than came to one of the ends: each comes to an end of a kind once."""
    names = {name: stored_names(name) for name in (begins, *ends)}
    every = [each for held in names.values() for each in held]

    def so_many(event: str) -> ColumnElement[int]:
        return func.sum(case((table.c.stored_name.in_(names[event]), 1), else_=0))

    counted_so = own & table.c.stored_name.in_(every) & (table.c.day <= span.last)
    grouped = select(table.c.about).where(counted_so).group_by(table.c.about)
    return grouped.having(and_(*(so_many(begins) > so_many(each) for each in ends)))


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
