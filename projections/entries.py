"""The registers' entries, read from the timeline: what each is about, what it says, and what has happened since."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Select, Table, select

from events.answers import Answer
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from events.registry import decode
from projections.cut import WHOLE, Cut, Part, cut_rows
from projections.generations import reading
from projections.queries import ViewRow, reference, saying
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE
from projections.view import Row

KINDS = (EntryRecorded, EntryStepped, EntryWithdrawn)
AT_ONCE = 500
"""Entries of which all that was recorded is asked for at once."""


class EntryRow(ViewRow):
    """One entry as it stands. `steps` gives the day of each later step, the last one where it repeats.

    Texts in `answers` are sealed. A withdrawn entry counts for nothing.
    """

    entry: str
    kind: str
    on: date
    until: date | None
    recorded: datetime
    holder: str
    child: str | None
    person: str | None
    team: str | None
    service: str | None
    subject: str | None
    answers: tuple[Answer, ...]
    items: tuple[EntryItem, ...]
    steps: dict[str, date]
    withdrawn: bool


def entries(  # noqa: PLR0913 - what an entry is asked for by
    source: Source,
    authority: str,
    *,
    kind: str | None = None,
    entry: str | None = None,
    child: str | None = None,
    first: date | None = None,
    last: date | None = None,
    cut: Cut = WHOLE,
) -> Part[EntryRow]:
    """List the entries by their day: of one register, or one entry, or those for a day from `first` to `last`.

    Those of one `child` are about that child, or look at the child among others. What is asked for alone is decoded.
    """
    with reading(SHAPE, source) as (db, tables):
        told = tables[ENTRIES]
        asked = _recorded(told, authority, kind, child, first, last)
        if entry is not None:
            asked = asked.where(told.c.about == f"entry/{entry}")

        def as_they_stand(rows: Sequence[Row]) -> list[list[EntryRow]]:
            stand = _stand(db, told, authority, [row["about"] for row in rows])
            return [[each for each in (stand[row["about"]],) if _is_asked_for(each, kind, child)] for row in rows]

        return cut_rows(db, asked, (told.c.day, told.c.about), cut, as_they_stand)


def _is_asked_for(row: EntryRow, kind: str | None, child: str | None) -> bool:
    return kind in {None, row.kind} and child in {None, row.child, *(item.child for item in row.items)}


def _stand(db: Connection, told: Table, authority: str, abouts: Sequence[str]) -> dict[str, EntryRow]:
    """These entries as they stand, each from all that was recorded of it."""
    found: dict[str, EntryRow] = {}
    names = tuple(each.stored_name for each in KINDS)
    for first in range(0, len(abouts), AT_ONCE):
        some = abouts[first : first + AT_ONCE]
        query = select(told).where(told.c.authority == authority, told.c.about.in_(some), told.c.stored_name.in_(names))
        for each in db.execute(query.order_by(told.c.about, told.c.version)):
            row = each._asdict()
            _take(found, row["about"], row["occurred"], decode(row["stored_name"], row["body"].encode()))
    return found


def _recorded(
    told: Table, authority: str, kind: str | None, child: str | None, first: date | None, last: date | None
) -> Select[tuple[date, str]]:
    """Which entries may be those that are asked for, by the event that began each: its day is the entry's own."""
    begun = EntryRecorded.stored_name
    found = select(told.c.day, told.c.about).where(told.c.authority == authority, told.c.stored_name == begun)
    for name, text in (("kind", kind), ("child", child)):
        if text is not None:
            found = found.where(saying(told.c.body, name, text))
    if first is not None:
        found = found.where(told.c.day >= first)
    if last is not None:
        found = found.where(told.c.day <= last)
    return found


def _take(found: dict[str, EntryRow], about: str, at: datetime, fact: object) -> None:
    match fact:
        case EntryRecorded():
            found[about] = EntryRow(**dict(fact), entry=reference(about), recorded=at, steps={}, withdrawn=False)
        case EntryStepped():
            row = found[about]
            more = {"steps": {**row.steps, fact.step: fact.on}, "answers": (*row.answers, *fact.answers)}
            found[about] = row.model_copy(update=more)
        case EntryWithdrawn():
            found[about] = found[about].model_copy(update={"withdrawn": True})
