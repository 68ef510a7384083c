"""Rebuilding a view from the first event beside the live one, and switching without losing an event."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, update

from events.errors import Conflict, Refused, Unavailable
from events.recorded import Recorded
from projections.generations import (
    checkpoint,
    create_tables,
    drop_all_but,
    first_or_live,
    generation_row,
    positions,
    stamp,
)
from projections.keeper import advance, prepared
from projections.store import GENERATIONS, REBUILT, lock, writing
from projections.view import View

Reader = Callable[[int], Iterable[Sequence[Recorded]]]
"""Gives the events of one authority after a position, in order, in batches, up to the present end.

It is asked once more while the projectors wait for the switch, so it must not query the view itself.
"""

Progress = Callable[[str, int], None]
"""Is told the authority and the position that the new generation has reached."""

PASSES = 2
"""The first pass takes the time it takes; the second takes what came meanwhile, so that little is left to be
read while the projectors wait for the switch."""


def rebuild(
    view: View,
    engine: Engine,
    readers: Mapping[str, Reader],
    progress: Progress | None = None,
    *,
    shortened: Collection[str] = (),
) -> dict[str, int]:
    """Fill a new generation from the first event, switch to it, drop the old one; give the positions reached.

    The live view is kept and read meanwhile, and every event that it took is in the new generation before the
    switch. A rebuild that fails or is killed leaves the live one untouched, and the next rebuild sweeps its
    remains. The view is rebuilt for all its authorities: Refused if the live one holds an authority without a
    reader. Conflict if another rebuild of the view began meanwhile; Unavailable if a reader ends before the
    live view's position, unless its authority is among those whose history is known to have been `shortened`;
    Halted and BrokenHistory as for `keep`.
    """
    generation = claimed(view, engine)
    for _ in range(PASSES):
        for authority, read in readers.items():
            _fill(view, engine, generation, (authority, read), progress)
    with writing(engine) as db:
        lock(db, view.name)
        must_be_ours(db, view, generation)
        catch_up(db, view, generation, readers, shortened)
        switch(db, view, generation)
        reached = positions(db, view.name)
    sweep(view, engine)
    return reached


def switch(db: Connection, view: View, generation: int) -> None:
    """Make the generation the live one, within the caller's transaction."""
    switched = {"live": generation, "building": None, "building_for": None, **stamp(view)}
    db.execute(update(GENERATIONS).where(GENERATIONS.c.view == view.name).values(switched))


def claimed(view: View, engine: Engine, purpose: str | None = None) -> int:
    """Give the number of a new, empty generation. The latest rebuild wins; one before it finds that out.

    With a `purpose`, one that was begun for the same and never ended is gone on with; its indexes are still to be made.
    """
    with writing(engine) as db:
        lock(db, view.name)
        row = first_or_live(db, view)
        if purpose is not None and row["building"] is not None and row["building_for"] == purpose:
            return int(row["building"])
        drop_all_but(db, view.name, [row["live"]])
        db.execute(delete(REBUILT).where(REBUILT.c.view == view.name))
        generation = int(max(row["live"], row["building"] or 0)) + 1
        create_tables(db, view.shape, generation, indexed=purpose is None)
        building = {"building": generation, "building_for": purpose}
        db.execute(update(GENERATIONS).where(GENERATIONS.c.view == view.name).values(building))
    return generation


def _fill(view: View, engine: Engine, generation: int, source: tuple[str, Reader], progress: Progress | None) -> None:
    authority, read = source
    with engine.connect() as db:
        reached = checkpoint(db, view.name, generation, authority)
    for batch in read(reached):
        worked_out = prepared(view, authority, batch)
        with writing(engine) as db:
            lock(db, view.name, shared=True)
            must_be_ours(db, view, generation)
            reached = advance(db, view, generation, authority, batch, worked_out)
        if progress is not None:
            progress(authority, reached)


def must_be_ours(db: Connection, view: View, generation: int) -> None:
    """Conflict where another rebuild of the view began since this generation was claimed."""
    row = generation_row(db, view.name)
    if row is None or row["building"] != generation:
        raise Conflict(f"view {view.name}: another rebuild of it began; this one changed nothing")


def catch_up(
    db: Connection, view: View, generation: int, readers: Mapping[str, Reader], shortened: Collection[str]
) -> None:
    """Take what the live view took meanwhile. The lock is held, so it takes no more until the switch.

    Refused where the live view holds an authority without a reader, Unavailable where a reader ends too early.
    """
    for authority, live in positions(db, view.name).items():
        read = readers.get(authority)
        if read is None:
            raise Refused("readers", f"view {view.name} holds events of {authority}; rebuild it for all or none")
        reached = checkpoint(db, view.name, generation, authority)
        if reached >= live:
            continue
        for batch in read(reached):
            reached = advance(db, view, generation, authority, batch, prepared(view, authority, batch))
            if reached >= live:
                break
        else:
            if authority in shortened:
                continue
            raise Unavailable(f"history of {authority} ended at {reached}, but view {view.name} is at {live}")


def sweep(view: View, engine: Engine) -> None:
    """Drop every generation of the view that is neither live nor being built."""
    with writing(engine) as db:
        lock(db, view.name)
        row = first_or_live(db, view)
        drop_all_but(db, view.name, [each for each in (row["live"], row["building"]) if each is not None])
