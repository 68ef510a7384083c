"""Generations: which tables of a view are live, which are being built, and how far each is folded.

A view's tables carry a generation in their names. One row per view says which generation is live and which,
if any, a rebuild is filling; the tables of each are listed, so that any code can drop them.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Index,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.schema import DropIndex, DropTable

from events.errors import SightlineError, Unavailable
from projections.compiling import create
from projections.store import CHECKPOINTS, GENERATION_TABLES, GENERATIONS, SHARES, Source, answering, lock, writing
from projections.view import Shape, View


class Outdated(SightlineError):
    """The live tables of a view were made by other code or for other settings; a rebuild makes them anew."""

    def __init__(self, view: str) -> None:
        self.view = view
        remedy = f"run `sightline rebuild {view}`, or `sightline rebuild --all everything` for all that are"
        super().__init__(f"view {view}: its tables were made by another edition of it; {remedy}")


_GENERATION = select(GENERATIONS).where(GENERATIONS.c.view == bindparam("view"))
_CHECKPOINT = select(CHECKPOINTS.c.position).where(
    CHECKPOINTS.c.view == bindparam("view"),
    CHECKPOINTS.c.generation == bindparam("generation"),
    CHECKPOINTS.c.authority == bindparam("authority"),
)
# One statement sees one state, so health can be asked without waiting for a switch.
_POSITIONS = (
    select(CHECKPOINTS.c.authority, CHECKPOINTS.c.position)
    .join(GENERATIONS, (GENERATIONS.c.view == CHECKPOINTS.c.view) & (GENERATIONS.c.live == CHECKPOINTS.c.generation))
    .where(GENERATIONS.c.view == bindparam("view"))
)
_LAST_EVENTS = select(
    CHECKPOINTS.c.view,
    CHECKPOINTS.c.authority,
    CHECKPOINTS.c.position,
    CHECKPOINTS.c.event_id,
    CHECKPOINTS.c.fingerprint,
).join(GENERATIONS, (GENERATIONS.c.view == CHECKPOINTS.c.view) & (GENERATIONS.c.live == CHECKPOINTS.c.generation))

_AUTHORITIES = select(CHECKPOINTS.c.authority).where(CHECKPOINTS.c.position > 0).distinct()

_LAST_EVENT = _LAST_EVENTS.where(
    CHECKPOINTS.c.view == bindparam("view"), CHECKPOINTS.c.authority == bindparam("authority")
)


def generation_row(db: Connection, view: str) -> Mapping[str, Any] | None:
    """Tell which generation of the view is live and which is being built; None where it was never kept."""
    row = db.execute(_GENERATION, {"view": view}).one_or_none()
    return None if row is None else row._asdict()


def checkpoint(db: Connection, view: str, generation: int, authority: str) -> int:
    """Give the position up to which that generation is folded, 0 before the first event."""
    place = {"view": view, "generation": generation, "authority": authority}
    return db.execute(_CHECKPOINT, place).scalar_one_or_none() or 0


def first_or_live(db: Connection, view: View) -> Mapping[str, Any]:
    """Give the generations of the view, with an empty first one made where it was never kept."""
    row = generation_row(db, view.name)
    if row is not None:
        return row
    lock(db, view.name, "the first generation")  # keepers of two authorities may come here at once
    row = generation_row(db, view.name)
    if row is not None:
        return row
    create_tables(db, view.shape, 1)
    row = {"view": view.name, "live": 1, "building": None, **stamp(view)}
    db.execute(insert(GENERATIONS), row)
    return row


def require_own(db: Connection, view: View) -> None:
    """Outdated where other code made the live tables of the view; nothing where it was never kept."""
    row = generation_row(db, view.name)
    if row is not None and not _is_of(row, view):
        raise Outdated(view.name)


def own_live(db: Connection, view: View) -> int:
    """Give the live generation, with an empty first one made where the view was never kept. Outdated as above."""
    row = first_or_live(db, view)
    if not _is_of(row, view):
        raise Outdated(view.name)
    return int(row["live"])


def _is_of(row: Mapping[str, Any], view: View) -> bool:
    return all(row[name] == wanted for name, wanted in stamp(view).items())


def stamp(view: View) -> dict[str, str]:
    """Give what the tables of a view must have been made for."""
    return {"fingerprint": view.shape.fingerprint, "edition": view.edition}


def create_tables(db: Connection, shape: Shape, generation: int, *, indexed: bool = True) -> None:
    """Make the empty tables of a generation and list them; without their indexes where they are to be made later."""
    for table in shape.tables(generation).values():
        create(db, table)
        db.execute(insert(GENERATION_TABLES), {"view": shape.name, "generation": generation, "name": table.name})
    if indexed:
        create_indexes(db, shape, generation)


def create_indexes(db: Connection, shape: Shape, generation: int) -> None:
    """Make the indexes of a generation's tables. A repeat does nothing."""
    for index in indexes_of(shape, generation):
        create(db, index)


def index_as_declared(engine: Engine, shape: Shape) -> None:
    """Give the live tables of the view the indexes that it declares, and take those away that it declares no more.

    They change what a question costs, never what it is told, so nobody need rebuild for them. A repeat does nothing;
    nor is anything done to tables that are not there yet or are other code's.
    """
    with answering(engine), engine.connect() as db:  # every start asks; hardly any has to wait for its turn to write
        if not _misindexed(db, shape):
            return
    with writing(engine) as db:
        lock(db, shape.name)  # of two that come here at once the later finds it done
        for gone, missing in _misindexed(db, shape):
            for name in gone:
                db.execute(DropIndex(Index(name), if_exists=True))
            for index in missing:
                create(db, index)


def _misindexed(db: Connection, shape: Shape) -> list[tuple[list[str], list[Index]]]:
    """Of each table that has other indexes than it declares, the names of those, and those that it lacks."""
    row = generation_row(db, shape.name)
    if row is None or row["fingerprint"] != shape.fingerprint:
        return []
    asked = inspect(db)
    found = []
    for table in shape.tables(row["live"]).values():
        there = {str(each["name"]) for each in asked.get_indexes(table.name)}
        declared = {str(each.name): each for each in table.indexes}
        gone = sorted(name for name in there - declared.keys() if name.startswith(f"{table.name}_by_"))
        missing = [declared[name] for name in sorted(declared.keys() - there)]
        if gone or missing:
            found.append((gone, missing))
    return found


def indexes_of(shape: Shape, generation: int) -> Iterator[Index]:
    """The indexes of a generation's tables, in an order that is always the same."""
    for table in shape.tables(generation).values():
        yield from sorted(table.indexes, key=lambda each: str(each.name))


def drop_all_but(db: Connection, view: str, generations: Collection[int]) -> None:
    """Drop the tables and checkpoints of every other generation of the view. A repeat drops nothing more."""
    listed = GENERATION_TABLES.c
    gone = (listed.view == view) & listed.generation.not_in(generations)
    for name in db.execute(select(listed.name).where(gone)).scalars().all():
        db.execute(DropTable(Table(name, MetaData()), if_exists=True))
    db.execute(delete(GENERATION_TABLES).where(gone))
    for table in (CHECKPOINTS, SHARES):
        db.execute(delete(table).where((table.c.view == view) & table.c.generation.not_in(generations)))


@contextmanager
def reading(shape: Shape, source: Source) -> Iterator[tuple[Connection, Mapping[str, Table]]]:
    """Give a connection and the live tables of a view, which stay in place until the block ends.

    On a connection of the caller's they stay until the caller's transaction ends. Raises Unavailable where
    the view was never kept, Outdated where other code made its tables.
    """
    if isinstance(source, Engine):
        with answering(source), source.connect() as db, reading(shape, db) as live:
            yield live
        return
    lock(source, shape.name, shared=True)
    row = generation_row(source, shape.name)
    if row is None:
        raise Unavailable(f"view {shape.name}: no projector has kept it in this database yet")
    if row["fingerprint"] != shape.fingerprint:
        raise Outdated(shape.name)
    yield source, shape.tables(row["live"])


@dataclass(frozen=True, slots=True)
class LastEvent:
    """The last event that a view has read of an authority; what it was is unknown where that was not kept yet."""

    view: str
    authority: str
    position: int
    event_id: str | None
    fingerprint: str | None


def last_events(engine: Engine) -> list[LastEvent]:
    """The last event that each view's live generation has read of each authority."""
    with answering(engine), engine.connect() as db:
        return [LastEvent(**each._mapping) for each in db.execute(_LAST_EVENTS)]  # noqa: SLF001 - SQLAlchemy's public name


def authorities_read(engine: Engine) -> frozenset[str]:
    """The authorities of whose histories a view has read anything."""
    with answering(engine), engine.connect() as db:
        return frozenset(db.execute(_AUTHORITIES).scalars())


def last_event(engine: Engine, view: str, authority: str) -> LastEvent | None:
    """The last event that the view's live generation has read of the authority; None where it has read none.

    A projector asks for its own every second: to read those of all would cost the square of the authorities.
    """
    with answering(engine), engine.connect() as db:
        found = db.execute(_LAST_EVENT, {"view": view, "authority": authority}).one_or_none()
    return None if found is None else LastEvent(**found._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def furthest(engine: Engine, authority: str, views: Collection[str]) -> int:
    """The position that the furthest of these views has read of the authority; 0 where none has read any."""
    asked = (
        select(func.max(CHECKPOINTS.c.position))
        .join(
            GENERATIONS, (GENERATIONS.c.view == CHECKPOINTS.c.view) & (GENERATIONS.c.live == CHECKPOINTS.c.generation)
        )
        .where(CHECKPOINTS.c.authority == authority, CHECKPOINTS.c.view.in_(views))
    )
    with answering(engine), engine.connect() as db:
        return db.execute(asked).scalar_one() or 0


def reached(engine: Engine) -> dict[tuple[str, str], int]:
    """Tell how far the live generation of every view is folded, by view and authority, in one question."""
    asked = select(CHECKPOINTS.c.view, CHECKPOINTS.c.authority, CHECKPOINTS.c.position).join(
        GENERATIONS, (GENERATIONS.c.view == CHECKPOINTS.c.view) & (GENERATIONS.c.live == CHECKPOINTS.c.generation)
    )
    with answering(engine), engine.connect() as db:
        return {(view, authority): position for view, authority, position in db.execute(asked)}


def remember(engine: Engine, last: LastEvent, event_id: str, fingerprint: str) -> None:
    """Fill in what event a checkpoint stands at, if nobody has, and it has not moved on."""
    placed = CHECKPOINTS.c
    live = select(GENERATIONS.c.live).where(GENERATIONS.c.view == last.view).scalar_subquery()
    here = (placed.view == last.view) & (placed.authority == last.authority) & (placed.generation == live)
    unknown = (placed.position == last.position) & placed.fingerprint.is_(None)
    with writing(engine) as db:
        found = {"event_id": event_id, "fingerprint": fingerprint}
        db.execute(update(CHECKPOINTS).where(here & unknown).values(found))


def positions(source: Source, view: str) -> dict[str, int]:
    """Tell how far the live generation of a view is folded, by authority. Empty where it was never kept."""
    if isinstance(source, Engine):
        with answering(source), source.connect() as db:
            return positions(db, view)
    return {each.authority: each.position for each in source.execute(_POSITIONS, {"view": view})}
