"""Keeping a view: a batch of events goes in, its rows and its checkpoint come out in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Engine, Table, delete

from events.errors import BrokenHistory
from events.recorded import Recorded, Unread
from projections.generations import checkpoint, generation_row, own_live, require_own
from projections.rows import AT_ONCE, rows_about, write_rows
from projections.store import CHECKPOINTS, answering, lock, never_idle, upsert, writing
from projections.view import Row, Rows, View, WorkedOut, fold


def keep(view: View, engine: Engine, authority: str, batch: Sequence[Recorded]) -> int:
    """Fold the batch into the live tables; give the position that the view has reached.

    Rows and checkpoint are written in one transaction, or neither is. Events at or below the checkpoint are
    skipped, so a repeat changes nothing. Several processes may keep the same view: one waits for the other, but not for
    one that was stopped in the middle, whose transaction PostgreSQL ends (Unavailable there, with nothing written).
    Raises BrokenHistory where a position is missing, Halted for an event that the fold cannot take, and
    Outdated where other code made the tables.
    """
    worked_out = told_alone(view, engine, authority, batch)
    touched = [each for each in batch if each.originator_id not in worked_out]
    worked_out = {**worked_out, **prepared(view, authority, touched)}
    with writing(engine) as db:
        never_idle(db)
        lock(db, view.name, shared=True)  # a rebuild switches only between batches
        lock(db, view.name, authority)
        generation = own_live(db, view)
        return advance(db, view, generation, authority, batch, worked_out)


Prepared = Mapping[str, WorkedOut]
"""What was worked out before the transaction, by record: it asks the stream, and nobody is to wait for that."""


def prepared(view: View, authority: str, batch: Sequence[Recorded]) -> Prepared:
    """Work out each record that the batch touches; nothing for a view that is folded."""
    if view.work_out is None:
        return {}
    abouts = dict.fromkeys(each.originator_id for each in batch)
    found = dict(view.work_out_many(authority, batch)) if view.work_out_many else {}
    alone = {about: view.work_out(authority, about) for about in abouts if about not in found}
    return found | {about: each for about, each in alone.items() if each is not None}


@dataclass(frozen=True, slots=True)
class Moved(WorkedOut):
    """The rows of the first table alone: those of the others stay as they were worked out up to `since`, or later."""

    since: int


def told_alone(view: View, engine: Engine, authority: str, batch: Sequence[Recorded]) -> Prepared:
    """Those records of which this batch changes nothing but the version, by what was worked out: nobody reads them."""
    coming: dict[str, list[Recorded]] = {}
    for each in batch if view.work_out else ():
        coming.setdefault(each.originator_id, []).append(each)
    asked = {about: events for about, events in coming.items() if all(map(view.is_told_alone, events))}
    if not asked:
        return {}
    heads = view.shape.specs[0].name
    with answering(engine), engine.connect() as db:
        row = generation_row(db, view.name)
        if row is None:
            return {}
        require_own(db, view)
        rows = rows_about(db, view.shape.tables(row["live"])[heads], authority, asked)
        held = {each["about"]: each["version"] for each in rows if each.get("fault") is None}
    return {
        about: Moved(last, {heads: [{"version": last}]}, since=held[about])
        for about, events in asked.items()
        if about in held and (last := _last_after(held[about], events))
    }


def _last_after(held: int, events: Sequence[Recorded]) -> int:
    """The last version of events of which each follows on the one before, the first on what is held; else 0."""
    versions = [each.originator_version for each in events]
    first, last = versions[0], versions[-1]
    return last if first <= held + 1 <= last + 1 and versions == list(range(first, last + 1)) else 0


def advance(
    db: Connection,
    view: View,
    generation: int,
    authority: str,
    batch: Sequence[Recorded],
    worked_out: Prepared,
) -> int:
    """Fold the batch into one generation within the caller's transaction; give the position reached."""
    reached = checkpoint(db, view.name, generation, authority)
    fresh = _unseen(view, authority, reached, batch)
    if not fresh:
        return reached
    tables = view.shape.tables(generation)
    fold_in(db, view, tables, authority, fresh)
    replace_rows(db, view, tables, authority, worked_out)
    place = {"view": view.name, "generation": generation, "authority": authority}
    db.execute(upsert(CHECKPOINTS, db.dialect.name), place | place_of(fresh[-1]))
    return reached + len(fresh)


def fold_in(db: Connection, view: View, tables: Mapping[str, Table], authority: str, fresh: Sequence[Recorded]) -> None:
    """Fold these events, which follow on what the tables hold of their records, and write the rows."""
    taken = [event for event in fresh if type(event.fact) in view.steps]
    # Of a record that begins in this batch there is nothing yet.
    begun = {event.originator_id for event in taken if event.originator_version == 1}
    rows = _load(db, view, tables, authority, {event.originator_id: None for event in taken}.keys() - begun)
    for name, changed in fold(view, rows, taken).items():
        write_rows(db, tables[name], changed)


def place_of(event: Recorded | Unread) -> Row:
    """Where a checkpoint stands whose last event this is."""
    known = {"event_id": event.envelope.event_id, "fingerprint": event.fingerprint or None}
    return {"position": event.position, **known}


def replace_rows(db: Connection, view: View, tables: Mapping[str, Table], authority: str, worked_out: Prepared) -> None:
    """Put what was worked out in place of what each record had, unless another copy has worked out a later version."""
    if not worked_out:
        return
    heads, *others = (spec.name for spec in view.shape.specs)
    rows = _load(db, view, tables, authority, worked_out)
    held = {about: max((row["version"] for row in each[heads].values()), default=0) for about, each in rows.items()}
    faulty = {about for about, each in rows.items() if any(row.get("fault") for row in each[heads].values())}
    for about, each in worked_out.items():
        if isinstance(each, Moved) and (each.since > held[about] or about in faulty):
            raise BrokenHistory(about, f"view {view.name} does not hold version {each.since} of it any more")
    newer = {
        about: each
        for about, each in worked_out.items()
        if not each.version  # it could not even be read
        or each.version >= held[about]
    }
    asked = iter([about for about, each in newer.items() if not isinstance(each, Moved)])
    while some := list(islice(asked, AT_ONCE)):
        for name in others:
            table = tables[name]
            db.execute(delete(table).where((table.c.authority == authority) & table.c.about.in_(some)))
    for name, written in rows_by_table(view, authority, newer).items():
        write_rows(db, tables[name], written)


def rows_by_table(view: View, authority: str, worked_out: Prepared) -> dict[str, list[Row]]:
    """What was worked out of each record as whole rows."""
    if not worked_out:
        return {}
    return {
        spec.name: [
            {**spec.blank, "authority": authority, "about": about, **spec.storable(row)}
            for about, each in worked_out.items()
            for row in each.rows.get(spec.name, ())
        ]
        for spec in view.shape.specs
    }


def _unseen(view: View, authority: str, reached: int, batch: Sequence[Recorded]) -> list[Recorded]:
    fresh = []
    where = f"view {view.name}, {authority}"
    for event in batch:
        if event.envelope.authority != authority:
            raise BrokenHistory(where, f"an event of {event.envelope.authority} came at {event.position}")
        if event.position is None or event.position > reached + 1:
            raise BrokenHistory(where, f"position {reached + 1} was to come next, but {event.position} came")
        if event.position == reached + 1:
            fresh.append(event)
            reached += 1
    return fresh


def _load(db: Connection, view: View, tables: Mapping[str, Table], authority: str, abouts: Iterable[str]) -> Rows:
    rows: Rows = {about: view.shape.no_rows() for about in abouts}
    for spec in view.shape.specs:
        if spec.held:
            for row in rows_about(db, tables[spec.name], authority, rows):
                rows[row["about"]][spec.name][spec.key_of(row)] = row
    return rows
