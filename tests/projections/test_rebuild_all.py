"""Rebuilding every view at once: one reading, the same rows, nothing lost, and differences told."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, Integer, inspect

from events.audits import AuditSubmitted
from events.errors import BrokenHistory, Refused
from projections import whole_records
from projections.generations import positions
from projections.keeper import keep
from projections.rebuild_all import _purpose, rebuild_all
from projections.view import Shape, Spec, View
from tests.histories import TORBAY, allocated, history
from tests.projections.rebuilt import (
    OTHER,
    SIZE,
    Stream,
    everything,
    harsher,
    killed_among_records,
    live,
    of_nothing,
    rows,
    work,
)
from tests.projections.views import EVENTS, in_database, in_memory, kept, made


def indexed(engine: Engine) -> set[tuple[str, ...]]:
    """The columns that are indexed, by the table's name without its generation."""
    found = inspect(engine)
    named = {table: table.rpartition("_g") for table in found.get_table_names()}
    return {
        (named[table][0], *filter(None, index["column_names"]))
        for table in named
        if named[table][2].isdecimal()
        for index in found.get_indexes(table)
    }


def test_every_view_from_one_reading(engine: Engine) -> None:
    """Each event is read once for all views; their rows are what they were, and the report is empty."""
    live(engine, EVENTS)
    before, tables, indexes = rows(engine), inspect(engine).get_table_names(), indexed(engine)
    stream = Stream(EVENTS)
    found = rebuild_all(work(engine, {TORBAY: stream}))
    assert rows(engine) == before
    assert stream.read == [each.position for each in EVENTS]
    assert of_nothing(found)
    assert {each.view: each.positions for each in found} == {name: {TORBAY: len(EVENTS)} for name in before}
    assert sum(each.rows for each in found) == sum(len(each) for held in before.values() for each in held.values())
    assert len(inspect(engine).get_table_names()) == len(tables)
    assert indexed(engine) == indexes


def test_a_purpose_names_every_authority_and_the_edition(engine: Engine) -> None:
    """However many authorities there are: another edition, or another list, is another purpose, and begins anew."""
    many = {f"a-council-with-a-long-name-{number}": Stream([]) for number in range(60)}
    view = made("register")
    purpose = _purpose(work(engine, many), view)
    assert len(purpose) <= 300
    assert _purpose(work(engine, many), view) == purpose
    assert _purpose(work(engine, {**many, "another": Stream([])}), view) != purpose
    assert _purpose(work(engine, many), View(view.shape, view.steps, edition="another")) != purpose


def test_never_kept_before(engine: Engine) -> None:
    """Views that nobody has kept yet are made whole, and kept on from there."""
    half = len(EVENTS) // 2
    found = rebuild_all(work(engine, {TORBAY: Stream(EVENTS[:half])}))
    assert of_nothing(found)
    live(engine, EVENTS)
    for view in everything(EVENTS)[:-1]:
        assert in_database(engine, view) == in_memory(view, EVENTS), view.name


def test_a_fold_that_was_changed(engine: Engine) -> None:
    """Each row that is not as it was is told, before and after, with the event that gave it what it holds now."""
    events = history([allocated(), AuditSubmitted(grade="Good"), ("audit/A-2", allocated())])
    kept(engine, "register", events)
    register = made("register")
    changed = View(register.shape, {**register.steps, AuditSubmitted: harsher}, edition="harsher")
    [found, timeline] = rebuild_all(work(engine, {TORBAY: Stream(events)}, [changed, made("timeline")]))
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


def test_a_later_edition_begins_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was filled for one edition is no beginning for the next: the view has its rows by the later one alone."""
    register = made("register")
    other = View(register.shape, {**register.steps, AuditSubmitted: harsher}, edition="harsher")
    monkeypatch.setattr(whole_records, "AT_ONCE", 2)
    with monkeypatch.context() as held:
        killed_among_records(held)
        with pytest.raises(KeyboardInterrupt):
            rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, [other, made("timeline")]))
    rebuild_all(work(engine, {TORBAY: Stream(EVENTS)}, [register, made("timeline")]))
    assert in_database(engine, register) == in_memory(register, EVENTS)


def test_an_event_that_is_missing(engine: Engine) -> None:
    """A history with a hole in it gives no views; the live ones stay as they were."""
    with pytest.raises(BrokenHistory, match="of the positions 1 to 16 15 came"):
        rebuild_all(work(engine, {TORBAY: lambda _: iter([EVENTS[1:SIZE]])}))
    assert positions(engine, "register") == {}
