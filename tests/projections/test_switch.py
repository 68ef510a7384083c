"""What is under way when a rebuild wants to switch ends first: on PostgreSQL by a lock, on SQLite by its nature."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from events.audits import AuditClosed
from projections.generations import reading
from projections.keeper import keep
from projections.rebuild import rebuild
from projections.register import register_view
from projections.view import View
from tests.histories import TORBAY
from tests.projections.views import EVENTS, in_database, in_memory

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Callable[[], None]]:
    """Rebuild in a thread of its own; gives what returns once that thread has ended or waits for a lock."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            rebuild(register_view(), engine, {TORBAY: lambda after: [EVENTS[after:]]})
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    thread = Thread(target=work)

    def settled() -> None:
        thread.start()
        with engine.connect() as db:
            while thread.is_alive() and not (engine.dialect.name == "postgresql" and db.scalar(WAITING)):
                thread.join(0.01)

    yield settled
    thread.join()
    assert failed == []


def test_reader_keeps_its_tables(engine: Engine) -> None:
    """A query that began before the switch still finds the tables that it began with."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS)
    with rebuilding(engine) as settled, reading(view.shape, engine) as (db, tables):
        settled()
        rows = db.execute(select(tables["audit_register"])).all()
    assert len(rows) == len(in_memory(view, EVENTS)["audit_register"])
    assert in_database(engine, view) == in_memory(view, EVENTS)


@pytest.mark.parametrize("new_url", ["postgresql"], indirect=True)
def test_batch_under_way_is_not_lost(engine: Engine) -> None:
    """A batch that was being folded when a rebuild came ends first, and its events are in the new generation.

    On SQLite the writer's own lock does this, and nobody can see from outside who waits for it.
    """
    view = register_view()
    closed = view.steps[AuditClosed]
    with rebuilding(engine) as settled:
        asked: list[int] = []

        def slow(fact: Any, event: Any, held: Any) -> Any:
            if not asked:
                asked.append(event.position)
                settled()
            return closed(fact, event, held)

        keep(view, engine, TORBAY, EVENTS[:10])
        assert keep(View(view.shape, {**view.steps, AuditClosed: slow}), engine, TORBAY, EVENTS[10:]) == len(EVENTS)
    assert asked
    assert in_database(engine, view) == in_memory(view, EVENTS)
