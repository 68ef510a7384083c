"""How far each share of new generations is, and what becomes of their places once all have come to the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, or_, select

from events.errors import Unavailable
from projections.rebuild import must_be_ours
from projections.store import CHECKPOINTS, SHARES, lock, upsert, writing
from projections.timeline import SHAPE as TIMELINE
from projections.view import View

ALONE = -1
"""The share that is everything: its place is none of any share's among others."""

Generations = Mapping[str, int]
"""The generation of each view that is being filled."""

Place = Mapping[str, Any]
"""How far a share of a view is: the last event, or the last record where it is filled record by record."""


def read_through(engine: Engine, generations: Generations, authority: str) -> int:
    """Through which position the timeline was read in by all shares, where records were begun since; 0 before."""
    others = [
        shares_of(view, generation, authority) for view, generation in generations.items() if view != TIMELINE.name
    ]
    with engine.connect() as db:
        begun = others and db.execute(select(SHARES).where(or_(*others)).limit(1)).first() is not None
    end = furthest(engine, generations, authority) if begun else None
    return 0 if end is None else int(end["position"])


def begun_alone(engine: Engine, generations: Generations, authority: str) -> bool:
    """Whether one process has begun to fill these generations: no share of several has a place in that."""
    here = shares_of(TIMELINE.name, generations[TIMELINE.name], authority) & (SHARES.c.share == ALONE)
    with engine.connect() as db:
        return db.execute(select(SHARES).where(here)).first() is not None


def furthest(engine: Engine, generations: Generations, authority: str) -> Place | None:
    """Where the last event stands that any share has read in; None where there is none."""
    here = shares_of(TIMELINE.name, generations[TIMELINE.name], authority)
    with engine.connect() as db:
        found = db.execute(select(SHARES).where(here).order_by(SHARES.c.position.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    return {"position": found.position, "event_id": found.event_id, "fingerprint": found.fingerprint}


def clear(engine: Engine, views: Sequence[View], generations: Generations, authority: str) -> None:
    """Empty the views where records were begun and the timeline, which they are taken from, has to be filled anew.

    A rebuild of the timeline alone, or another edition of it, came between. A repeat does nothing.
    """
    timeline = shares_of(TIMELINE.name, generations[TIMELINE.name], authority)
    with writing(engine) as db:
        if db.execute(select(SHARES).where(timeline).limit(1)).first() is not None:
            return
        for view in views:
            here = shares_of(view.name, generations[view.name], authority)
            if db.execute(delete(SHARES).where(here)).rowcount:
                for table in view.shape.tables(generations[view.name]).values():
                    db.execute(delete(table).where(table.c.authority == authority))


def join(engine: Engine, views: Sequence[View], generations: Generations, authority: str, end: int) -> None:
    """Make one checkpoint of the shares of each view, which have all come to the end; all views at once.

    Unavailable where the last event that the timeline has is another one, or a share of a view is not there yet.
    """
    with writing(engine) as db:
        for view in views:
            generation = generations[view.name]
            lock(db, view.name, shared=True)
            must_be_ours(db, view, generation)
            here = shares_of(view.name, generation, authority)
            places = db.execute(select(SHARES).where(here).order_by(SHARES.c.position)).all()
            last = places[-1] if places else None
            behind = places[0] if places and view.name != TIMELINE.name else last
            if last is None or behind is None or not behind.position == last.position == end:
                at = 0 if behind is None else behind.position
                raise Unavailable(f"history of {authority} ended at {at}, but it was {end} events long")
            placed = {name: value for name, value in last._asdict().items() if name in CHECKPOINTS.c}
            db.execute(upsert(CHECKPOINTS, db.dialect.name), placed)
            db.execute(delete(SHARES).where(here))


def shares_of(view: str, generation: int, authority: str) -> ColumnElement[bool]:
    """Which rows are those of the shares of a view's generation."""
    placed = SHARES.c
    return (placed.view == view) & (placed.generation == generation) & (placed.authority == authority)
