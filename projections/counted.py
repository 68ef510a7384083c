"""What reports count: audits with their actions and escalations, and entries, as they stood at the end of a day.

All of it is folded from the rows of the timeline alone. So what a report says is of one position, every mark knows the
position of the event that says it, and how something stood then, or was known then, is a condition on two columns.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
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

BEGUN = "audit.allocated"
ENDS = ("audit.closed", "audit.voided", "audit.exempted")
"""What an audit begins with, and what brings it to its end."""

READ = (
    "about",
    "version",
    "position",
    "occurred",
    "day",
    "actor",
    "role",
    "stored_name",
    "policy_version",
    "body",
)
"""The columns that an event is counted by."""

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


@dataclass(slots=True)
class _Record:
    """One record as it was read: its known events in their order, and the days of all that is known."""

    told: list[Told] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    noticed: set[date] = field(default_factory=set)
    by_event: dict[str, list[date]] = field(default_factory=dict)

    def alive(self, span: Span) -> bool:
        """Whether anything happened to it in the span, or it had not come to its end before."""
        return (
            any(span.first <= each <= span.last for each in self.days)
            or any(span.first <= each <= span.last for each in self.noticed)
            or (self._so_many(BEGUN, span.last) > 0 and not self._ended_before(span.first))
            or any(self._left(span.last, *each) for each in LEFT)
        )

    def _so_many(self, event: str, last: date) -> int:
        return sum(each <= last for each in self.by_event.get(event, ()))

    def _ended_before(self, first: date) -> bool:
        return any(each < first for event in ENDS for each in self.by_event.get(event, ()))

    def _left(self, last: date, begins: str, *ends: str) -> bool:
        began = self._so_many(begins, last) if begins in self.by_event else 0
        return began > 0 and all(began > self._so_many(each, last) for each in ends)


@dataclass(slots=True)
class Shelf:
    """What was read for one question, and from which day to which: what several periods of it ask is read once.

    A record that is alive in a part of these days is on the shelf: what a later day ends happened in them, and what
    nothing ends is left at their end.
    """

    first: date = date.max
    last: date = date.min
    records: dict[str, _Record] = field(default_factory=dict)

    def within(self, span: Span) -> bool:
        """Whether what the span asks for is here."""
        return self.first <= span.first and span.last <= self.last


def counted(db: Connection, table: Table, authority: str, span: Span, shelf: Shelf) -> Counted:
    """Everything that can count for these days. The same rows give the same answer.

    What had come to its end before them is not read, so that the cost follows the span and not the history. The `shelf`
    is one question's own: it holds what was known at its moment, and spans within its days ask the database nothing.
    """
    audits: dict[str, CountedAudit] = {}
    entries: dict[str, CountedEntry] = {}
    if not shelf.within(span):
        _widen(db, table, authority, span, shelf)
    alive = (record for _, record in sorted(shelf.records.items()) if record.alive(span))
    for told in (each for record in alive for each in record.told if span.holds(each)):
        if isinstance(told.fact, AuditAllocated):
            audits[told.about] = begun(told, told.fact)
        elif isinstance(told.fact, EntryRecorded):
            entries[told.about] = CountedEntry(told.about, told.fact, mark_of(told))
        if told.about in audits:
            take_of_audit(audits[told.about], told)
        elif told.about in entries:
            take_of_entry(entries[told.about], told)
    return Counted(tuple(audits.values()), tuple(entries.values()))


def _widen(db: Connection, table: Table, authority: str, span: Span, shelf: Shelf) -> None:
    """Put on the shelf what the days between it and the span, and those of both, ask for."""
    shelf.first, shelf.last = min(shelf.first, span.first), max(shelf.last, span.last)
    wide = replace(span, first=shelf.first, last=shelf.last)
    found = db.execute(alive_in(table, authority, wide)).scalars()
    _read(db, table, authority, span, sorted(each for each in found if each not in shelf.records), shelf)
    noticed = select(table.c.about, table.c.day).where(
        table.c.authority == authority,
        table.c.stored_name.in_(stored_names(*UNSAID)),
        table.c.day >= wide.first,
        table.c.day <= wide.last,
    )
    if span.known is not None:
        noticed = noticed.where(table.c.recorded < span.known)
    for row in db.execute(noticed):
        if row.about in shelf.records:
            shelf.records[row.about].noticed.add(row.day)


def _read(db: Connection, table: Table, authority: str, span: Span, abouts: Sequence[str], shelf: Shelf) -> None:
    """Put the events of these records on the shelf, but notices, which are many."""
    wanted = [table.c[each] for each in READ]
    left_out = stored_names(*UNSAID)
    for start in range(0, len(abouts), AT_ONCE):
        page = abouts[start : start + AT_ONCE]
        asked = select(*wanted).where(
            table.c.authority == authority, table.c.about.in_(page), table.c.stored_name.not_in(left_out)
        )
        if span.known is not None:
            asked = asked.where(table.c.recorded < span.known)
        shelf.records.update({about: _Record() for about in page})
        for row in db.execute(asked.order_by(table.c.about, table.c.version)):
            record = shelf.records[row.about]
            record.days.add(row.day)
            record.by_event.setdefault(row.stored_name.rpartition(".v")[0], []).append(row.day)
            record.told.append(_told(row))


def stored_names(*events: str) -> list[str]:
    """The stored names of these events, of every version that was ever written."""
    return [name for name in (*BY_NAME, *UPCASTS) if name.rpartition(".v")[0] in events]


def _told(row: Any) -> Told:
    fact = decode(row.stored_name, row.body.encode())
    return Told(
        row.about, row.version, row.position, row.occurred, row.day, row.actor, row.role, row.policy_version, fact
    )


def alive_in(table: Table, authority: str, span: Span) -> Select[Any]:
    """The records that something happened to in the span, or that had not come to their end before it."""
    own = (table.c.authority == authority) & or_(table.c.about.startswith(AUDIT), table.c.about.startswith(ENTRY))
    if span.known is not None:  # what was not known yet ended nothing
        own &= table.c.recorded < span.known
    touched = select(table.c.about).where(own, table.c.day >= span.first, table.c.day <= span.last)
    ends = table.c.stored_name.in_(stored_names(*ENDS))
    ended = select(table.c.about).where(own, ends, table.c.day < span.first)
    begun = table.c.stored_name.in_(stored_names(BEGUN))
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
