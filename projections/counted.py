"""What reports count: audits with their actions and escalations, and entries, as they stood at the end of a day.

All of it is folded from the rows of the timeline alone. So what a report says is of one position, every mark knows the
position of the event that says it, and how something stood then, or was known then, is a condition on two columns.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, or_, select, union

from events.registry import BY_NAME
from events.upcasts import UPCASTS
from projections.counted_records import GRADED, CountedAudit, CountedEntry, Told
from projections.counted_shelf import BEGUN, ENDS, ENTRY, LEFT, Record, Shelf, Span

AUDIT = "audit/"
"""How the names of audits begin."""

UNSAID = ("notice.sent", "notice.lapsed")
"""What happens often on a record and is counted nowhere."""

APART = (*UNSAID, GRADED)
"""What is not read with a record: it is many, and of the sections' grades few reports say anything."""


READ = (
    "about",
    "version",
    "position",
    "occurred",
    "day",
    "actor",
    "role",
    "policy_version",
    "stored_name",
    "body",
)
"""The columns that an event is counted by, as `Told` takes them."""

AT_ONCE = 500
"""Records that are asked for in one query."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is to count of a time: the records that something happened to in it, or that were not at their end."""

    audits: tuple[CountedAudit, ...]
    entries: tuple[CountedEntry, ...]


def counted(db: Connection, table: Table, authority: str, span: Span, shelf: Shelf) -> Counted:
    """Everything that can count for these days. The same rows give the same answer.

    What had come to its end before them is not read, so that the cost follows the span and not the history. The `shelf`
    is one question's own: it holds what was known at its moment, and spans within its days ask the database nothing.
    """
    if not shelf.within(span):
        _widen(db, table, authority, span, shelf)
    stood = [record.stood(span) for _, record in sorted(shelf.records.items()) if record.alive(span)]
    return Counted(
        tuple(each for each in stood if isinstance(each, CountedAudit)),
        tuple(each for each in stood if isinstance(each, CountedEntry)),
    )


def _widen(db: Connection, table: Table, authority: str, span: Span, shelf: Shelf) -> None:
    """Put on the shelf what the days between it and the span, and those of both, ask for."""
    shelf.first, shelf.last = min(shelf.first, shelf.asked_from, span.first), max(shelf.last, span.last)
    wide = replace(span, first=shelf.first, last=shelf.last)
    found = db.execute(alive_in(table, authority, wide)).scalars()
    _read(db, table, authority, span, sorted(each for each in found if each not in shelf.records), shelf)
    noticed = select(table.c.about, table.c.day).where(
        table.c.authority == authority,
        table.c.stored_name.in_(stored_names(*APART)),
        table.c.day >= wide.first,
        table.c.day <= wide.last,
    )
    if span.known is not None:
        noticed = noticed.where(table.c.recorded < span.known)
    for row in db.execute(noticed):
        if row.about in shelf.records:
            shelf.records[row.about].notice(row.day)


def _read(db: Connection, table: Table, authority: str, span: Span, abouts: Sequence[str], shelf: Shelf) -> None:
    """Put these records on the shelf."""
    asked = _events_of(db, table, authority, span, abouts, table.c.stored_name.not_in(stored_names(*APART)))
    for about, told in asked:
        shelf.records[about] = Record.of(told)


def _events_of(
    db: Connection, table: Table, authority: str, span: Span, abouts: Sequence[str], wanted: ColumnElement[bool]
) -> Iterator[tuple[str, list[Told]]]:
    """The events of each of these records that are wanted and known; nothing of one that has none."""
    for start in range(0, len(abouts), AT_ONCE):
        page = table.c.about.in_(abouts[start : start + AT_ONCE])
        asked = select(*(table.c[each] for each in READ)).where(table.c.authority == authority, page, wanted)
        if span.known is not None:
            asked = asked.where(table.c.recorded < span.known)
        rows = db.execute(asked.order_by(table.c.about, table.c.version)).all()
        for about, told in groupby((Told(*row) for row in rows), key=lambda each: each.about):
            yield about, list(told)


def graded(
    db: Connection, table: Table, authority: str, span: Span, shelf: Shelf, audit: CountedAudit
) -> Sequence[Told]:
    """The events that graded the sections of an audit which was counted for these days, as far as they count for them.

    The first that asks reads them for all audits of the shelf to which something happened in these days, as to those
    of which reports ask; of another audit, for all of them.
    """
    own = shelf.records[audit.about]
    if own.graded is None:
        alike = own.touched(span)
        unread = {about: each for about, each in shelf.records.items() if each.graded is None}
        asked = sorted(about for about, each in unread.items() if not alike or each.touched(span))
        for about in asked:
            shelf.records[about].graded = []
        for about, told in _events_of(db, table, authority, span, asked, table.c.stored_name.in_(stored_names(GRADED))):
            shelf.records[about].graded = told
    return [each for each in own.graded or () if span.holds(each)]


def stored_names(*events: str) -> list[str]:
    """The stored names of these events, of every version that was ever written."""
    return [name for name in (*BY_NAME, *UPCASTS) if name.rpartition(".v")[0] in events]


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
    asked = select(*(table.c[each] for each in READ)).where(
        table.c.authority == authority,
        table.c.about.in_(records),
        table.c.stored_name.in_(stored_names("indicator.recorded", "indicator.compared")),
    )
    if span.known is not None:
        asked = asked.where(table.c.recorded < span.known)
    return [Told(*row) for row in db.execute(asked.order_by(table.c.position))]
