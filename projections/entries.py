"""The registers' entries, read from the timeline: what each is about, what it says, and what has happened since."""

from datetime import date, datetime

from sqlalchemy import select

from events.answers import Answer
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from events.registry import decode
from projections.generations import reading
from projections.queries import ViewRow, reference
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


def entries(
    source: Source,
    authority: str,
    *,
    kind: str | None = None,
    entry: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[EntryRow]:
    """List the entries by their day: of one register, or one entry, or those for a day from `first` to `last`."""
    names = tuple(each.stored_name for each in KINDS)
    with reading(SHAPE, source) as (db, tables):
        told = tables[ENTRIES]
        query = select(told).where(told.c.authority == authority, told.c.stored_name.in_(names))
        if entry is not None:
            query = query.where(told.c.about == f"entry/{entry}")
        facts = [row._asdict() for row in db.execute(query.order_by(told.c.about, told.c.version))]
    found: dict[str, EntryRow] = {}
    for row in facts:
        _take(found, row["about"], row["occurred"], decode(row["stored_name"], row["body"].encode()))
    shown = (
        each
        for each in found.values()
        if kind in (None, each.kind) and (first is None or each.on >= first) and (last is None or each.on <= last)
    )
    return sorted(shown, key=lambda each: (each.on, each.entry))


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
