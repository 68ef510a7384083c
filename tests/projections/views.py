"""What the tests of views share: every view, its rows in a database, and its rows as the bare fold gives them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select

from events.recorded import Recorded
from projections.generations import positions, reading
from projections.grade_changes import Scale
from projections.keeper import keep
from projections.registry import VIEWS
from projections.view import View, fold
from tests.histories import TORBAY, batches, history, months_of_auditing

OVERALL = ("Exceeds Good", "Meets Good", "Does Not Meet Good", "Escalate immediately")
SECTIONS = ("Exceeds good", "Meets good", "Does not meet good")
SCALES = {"1": Scale(OVERALL, SECTIONS)}
EVENTS = history(months_of_auditing(8))

Tables = dict[str, list[dict[str, Any]]]


def made(name: str) -> View:
    return VIEWS[name]()


def kept(engine: Engine, name: str, events: Sequence[Recorded], *, size: int = 1000) -> Engine:
    """Keep the view of that name from the events, authority by authority in batches; the engine, to ask it."""
    for batch in batches(events, size):
        keep(made(name), engine, batch[0].envelope.authority, batch)
    return engine


def in_database(engine: Engine, view: View) -> Tables:
    with reading(view.shape, engine) as (db, tables):
        return {name: _sorted([r._asdict() for r in db.execute(select(t))]) for name, t in tables.items()}


def in_memory(view: View, events: Sequence[Recorded]) -> Tables:
    """The rows that the fold gives without any database, one event after another."""
    rows: dict[tuple[str, str, str, object], dict[str, Any]] = {}
    state: dict[str, Any] = {}
    for event in events:
        for table, changed in fold(view, state, [event]).items():
            for row in changed:
                key = view.shape.by_name[table].key_of(row)
                rows[table, row["authority"], row["about"], key] = row
    return {name: _sorted([row for place, row in rows.items() if place[0] == name]) for name in view.shape.by_name}


def reached(engine: Engine, view: View, authority: str = TORBAY) -> int:
    return positions(engine, view.name).get(authority, 0)


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)
