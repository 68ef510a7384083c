"""Rebuilding every view at once: one reading, the same rows, nothing lost by a kill, and differences told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, Integer, inspect, select

from events.actions import ActionCompleted, ActionSet
from events.audits import AuditSubmitted
from events.errors import Refused
from events.recorded import Recorded
from projections.differences import Compared
from projections.generations import positions, reading
from projections.keeper import keep
from projections.owed import OPEN, RECORDS, owed_view
from projections.rebuild import Progress, Reader
from projections.rebuild_all import All, rebuild_all
from projections.registry import VIEWS
from projections.view import Change, Shape, Spec, View, WorkedOut, change
from tests.histories import TORBAY, allocated, batches, history
from tests.projections.views import EVENTS, Tables, in_database, in_memory, kept, made

SIZE = 16
OTHER = history([allocated(), AuditSubmitted(grade="Good")], authority="halton")


def _work_out(authority: str, about: str, events: Sequence[Recorded]) -> WorkedOut | None:
    """What some rules would say: every action that is not completed."""
    del authority
    if not about.startswith("audit/"):
        return None
    done = {each.fact.action for each in events if isinstance(each.fact, ActionCompleted)}
    rows = [
        {"obligation": "complete", "item": each.fact.action, "trigger": each.envelope.event_id}
        for each in events
        if isinstance(each.fact, ActionSet) and each.fact.action not in done
    ]
    return WorkedOut(events[-1].originator_version, {RECORDS: [{"version": events[-1].originator_version}], OPEN: rows})


def by_rules(events: Sequence[Recorded]) -> View:
    """The view that has no fold, as it is kept: from the newest history of each record."""

    def newest(authority: str, about: str) -> WorkedOut | None:
        return _work_out(authority, about, [each for each in events if each.originator_id == about])

    return owed_view(newest)


class Stream:
    """A history that counts what is read of it, and may end early so far."""

    def __init__(self, events: Sequence[Recorded]) -> None:
        self.events = events
        self.read: list[int] = []

    def __call__(self, after: int) -> Iterator[Sequence[Recorded]]:
        for batch in batches(self.events[after:], SIZE):
            self.read += [each.position or 0 for each in batch]
            yield batch


def everything(events: Sequence[Recorded]) -> list[View]:
    return [*(made(name) for name in VIEWS), by_rules(events)]


def work(engine: Engine, readers: Mapping[str, Reader], views: Sequence[View] | None = None) -> All:
    return All(everything(EVENTS) if views is None else views, engine, readers, _work_out)


def live(engine: Engine, events: Sequence[Recorded], *, size: int = 100) -> None:
    for view in everything(EVENTS):
        for batch in batches(events, size):
            keep(view, engine, batch[0].envelope.authority, batch)


def rows(engine: Engine) -> dict[str, Tables]:
    return {view.name: in_database(engine, view) for view in everything(EVENTS)}


def of_nothing(found: Iterable[Compared]) -> bool:
    return not any(each.differing or each.listed or each.changed for each in found)


def test_every_view_from_one_reading(engine: Engine) -> None:
    """Each event is read once for all views; their rows are what they were, and the report is empty."""
    live(engine, EVENTS)
    before, tables = rows(engine), inspect(engine).get_table_names()
    stream = Stream(EVENTS)
    found = rebuild_all(work(engine, {TORBAY: stream}))
    assert rows(engine) == before
    assert stream.read == [each.position for each in EVENTS]
    assert of_nothing(found)
    assert {each.view: each.positions for each in found} == {name: {TORBAY: len(EVENTS)} for name in before}
    assert sum(each.rows for each in found) == sum(len(each) for held in before.values() for each in held.values())
    assert len(inspect(engine).get_table_names()) == len(tables)


def test_never_kept_before(engine: Engine) -> None:
    """Views that nobody has kept yet are made whole, and kept on from there."""
    half = len(EVENTS) // 2
    found = rebuild_all(work(engine, {TORBAY: Stream(EVENTS[:half])}))
    assert of_nothing(found)
    live(engine, EVENTS)
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS), view.name


@contextmanager
def polling(engine: Engine) -> Iterator[list[BaseException]]:
    """Ask every view again and again, and see that none is ever less than it was."""
    failed: list[BaseException] = []
    stop, counted = Event(), {view.name: 0 for view in everything(EVENTS)}

    def poll() -> None:
        try:
            while not stop.is_set():
                for view in everything(EVENTS):
                    with reading(view.shape, engine) as (db, tables):
                        held = sum(len(db.execute(select(table)).all()) for table in tables.values())
                    assert view.name == "owed" or held >= counted[view.name]
                    counted[view.name] = held
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    thread = Thread(target=poll)
    thread.start()
    try:
        yield failed
    finally:
        stop.set()
        thread.join()


def _killed_after(batches: int) -> Progress:
    left = iter(range(batches))

    def progress(_: str, __: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return progress


def test_killed_twice_under_load(engine: Engine) -> None:
    """Killed twice, it goes on where it was; the views are kept and read meanwhile, and none fails or loses a row."""
    half = len(EVENTS) // 2
    live(engine, EVENTS[:half])
    starts: list[int] = []
    following = iter(range(half, len(EVENTS)))

    def stream(after: int) -> Iterator[Sequence[Recorded]]:
        starts.append(after)
        now = positions(engine, "timeline")[TORBAY]
        yield from batches(EVENTS[after:now], SIZE)

    def beside(progress: Progress) -> Progress:
        def told(authority: str, position: int) -> None:
            here = next(following)
            live(engine, EVENTS[here : here + 1])
            progress(authority, position)

        return told

    with polling(engine) as failed:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                rebuild_all(work(engine, {TORBAY: stream}), beside(_killed_after(1)))
        found = rebuild_all(work(engine, {TORBAY: stream}), beside(lambda *_: None))
    assert failed == []
    assert starts[:3] == [0, 2 * SIZE, half + 2]  # where a kill left it, and the live views were two events on
    assert of_nothing(found)
    now = next(following)
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS[:now]), view.name
    live(engine, EVENTS)
    assert positions(engine, "owed") == {TORBAY: len(EVENTS)}


def _harsher(fact: AuditSubmitted, event: Recorded, _: Any) -> list[Change]:
    del fact
    return [change("audit_register", submitted_at=event.envelope.occurred, final_grade="Inadequate")]


def test_a_fold_that_was_changed(engine: Engine) -> None:
    """Each row that is not as it was is told, before and after, with the event that gave it what it holds now."""
    events = history([allocated(), AuditSubmitted(grade="Good"), ("audit/A-2", allocated())])
    kept(engine, "register", events)
    register = made("register")
    harsher = View(register.shape, {**register.steps, AuditSubmitted: _harsher}, edition="harsher")
    [found, timeline] = rebuild_all(work(engine, {TORBAY: Stream(events)}, [harsher, made("timeline")]))
    assert (found.differing, timeline.differing) == (1, 0)
    [told] = found.listed
    assert (told.authority, told.about, told.table, told.key) == (TORBAY, "audit/A-1", "audit_register", {})
    assert (told.before, told.after) == (
        {"grade_by_auditor": "Good", "final_grade": "Good", "stage": "returned"},
        {"grade_by_auditor": None, "final_grade": "Inadequate", "stage": "allocated"},
    )
    assert [(each.position, each.version, each.stored_name) for each in told.because] == [
        (1, 1, "audit.allocated.v1"),
        (2, 2, "audit.submitted.v1"),
    ]


def test_rows_that_are_new_and_gone(engine: Engine) -> None:
    """A row that was not there before, and one that is there no more, are told with the events of their record."""
    register = made("register")
    events = history([("audit/A-1", allocated()), ("audit/A-2", allocated())])
    for each in events:
        silent = {} if each.originator_id == "audit/A-2" else register.steps
        keep(View(register.shape, silent), engine, TORBAY, [each])
    [found, _] = rebuild_all(work(engine, {TORBAY: Stream(events)}, [register, made("timeline")]))
    [new] = found.listed
    assert (new.about, new.before, found.differing) == ("audit/A-2", None, 1)
    assert [each.position for each in new.because] == [2]
    [found, _] = rebuild_all(work(engine, {TORBAY: Stream(events)}, [View(register.shape, {}), made("timeline")]))
    assert [(each.about, each.after) for each in found.listed] == [("audit/A-1", None), ("audit/A-2", None)]


def test_news_is_no_difference(engine: Engine) -> None:
    """What the new rows hold of events that the live view has not taken yet is not told as a difference."""
    kept(engine, "register", EVENTS[:40])
    found = rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, [made("register"), made("timeline")]))
    assert of_nothing(found)
    assert positions(engine, "register") == {TORBAY: len(EVENTS)}


def test_of_one_council(engine: Engine) -> None:
    """Rebuilt for one council, the views keep what they hold of another one, and go on with both."""
    live(engine, EVENTS)
    live(engine, OTHER[:1])
    before = rows(engine)
    assert of_nothing(rebuild_all(work(engine, {TORBAY: Stream(EVENTS)})))
    assert rows(engine) == before
    assert positions(engine, "register") == {TORBAY: len(EVENTS), "halton": 1}
    keep(made("register"), engine, "halton", OTHER)
    other = replace(made("register"), edition="next")
    with pytest.raises(Refused, match="was made by another edition: rebuild everything"):
        rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, [other, made("timeline")]))


def test_tables_that_were_changed(engine: Engine) -> None:
    """Where a table has other columns than before, that is said, and the common ones are compared."""
    kept(engine, "register", EVENTS)
    [spec] = made("register").shape.specs
    wider = Shape("register", (Spec(spec.name, {**spec.columns, "more": Integer()}, indexes=spec.indexes),))
    view = View(wider, made("register").steps)
    [found, _] = rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, [view, made("timeline")]))
    assert (found.changed, found.differing) == (("audit_register",), 0)


def test_a_later_edition_begins_anew(engine: Engine) -> None:
    """What was filled for one edition is no beginning for the next."""
    register: Callable[[str], list[View]] = lambda edition: [  # noqa: E731 - a list with one thing in it that differs
        replace(made("register"), edition=edition),
        made("timeline"),
    ]
    with pytest.raises(KeyboardInterrupt):
        rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, register("1")), _killed_after(2))
    stream = Stream(EVENTS)
    rebuild_all(work(engine, {TORBAY: stream}, register("2")))
    assert stream.read[0] == 1
    assert in_database(engine, made("register")) == in_memory(made("register"), EVENTS)
