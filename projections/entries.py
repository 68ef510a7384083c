"""The registers' entries, read from the timeline: what each is about, what it says, and what has happened since."""

from datetime import date, datetime

from sqlalchemy import FromClause, Select, select, true

from events.answers import Answer
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from events.registry import decode
from projections.generations import reading
from projections.queries import ViewRow, reference, saying
from projections.store import Source
from projections.timeline import ENTRIES, SHAPE

KINDS = (EntryRecorded, EntryStepped, EntryWithdrawn)


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
) -> list[EntryRow]:
    """List the entries by their day: of one register, or one entry, or those for a day from `first` to `last`.

    Those of one `child` are about that child, or look at the child among others. What is asked for alone is decoded.
    """
    names = tuple(each.stored_name for each in KINDS)
    with reading(SHAPE, source) as (db, tables):
        told = tables[ENTRIES]
        asked = _recorded(tables[ENTRIES].alias(), authority, kind, child, first, last)
        query = select(told).where(told.c.authority == authority, told.c.stored_name.in_(names))
        query = query.where(told.c.about == f"entry/{entry}" if entry is not None else true(), told.c.about.in_(asked))
        facts = [row._asdict() for row in db.execute(query.order_by(told.c.about, told.c.version))]
    found: dict[str, EntryRow] = {}
    for row in facts:
        _take(found, row["about"], row["occurred"], decode(row["stored_name"], row["body"].encode()))
    shown = (
        each
        for each in found.values()
        if kind in {None, each.kind} and child in {None, each.child, *(item.child for item in each.items)}
    )
    return sorted(shown, key=lambda each: (each.on, each.entry))


def _recorded(
    told: FromClause, authority: str, kind: str | None, child: str | None, first: date | None, last: date | None
) -> Select[tuple[str]]:
    """Which entries may be those that are asked for, by the event that began each: its day is the entry's own."""
    found = select(told.c.about).where(told.c.authority == authority, told.c.stored_name == EntryRecorded.stored_name)
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
