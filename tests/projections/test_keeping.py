"""The promises of the mechanism, for every view and on both databases."""

from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import Engine, inspect

from events.audits import AuditSubmitted, AuditVoided
from events.errors import BrokenHistory, Unavailable
from events.recorded import Recorded
from projections import store
from projections.generations import Outdated, last_events, positions
from projections.keeper import keep
from projections.register import register, register_view
from projections.registry import VIEWS
from projections.store import open_store, writing
from projections.view import Change, Halted, Rows, View, apply
from tests.histories import TORBAY, allocated, batches, history, recorded, sealed
from tests.projections.views import EVENTS, in_database, in_memory, kept, made, reached
from tests.stores import PATIENCE


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_batches_do_not_show(engine: Engine, name: str, size: int) -> None:
    """A view kept in batches of any size holds the rows that its bare fold gives, one event after another."""
    kept(engine, name, EVENTS, size=size)
    assert in_database(engine, made(name)) == in_memory(made(name), EVENTS)
    assert reached(engine, made(name)) == len(EVENTS)


@pytest.mark.parametrize("name", VIEWS)
def test_fed_twice(engine: Engine, name: str) -> None:
    """The same events again, in part or in whole, change nothing."""
    kept(engine, name, EVENTS)
    before = in_database(engine, made(name))
    assert keep(made(name), engine, TORBAY, EVENTS[5:20]) == len(EVENTS)
    kept(engine, name, EVENTS, size=3)
    assert in_database(engine, made(name)) == before


def test_overlapping_batch(engine: Engine) -> None:
    """Of a batch that overlaps what was kept, only the new part is folded."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:10])
    keep(view, engine, TORBAY, EVENTS[4:30])
    keep(view, engine, TORBAY, [])
    assert in_database(engine, view) == in_memory(view, EVENTS[:30])


@pytest.mark.parametrize("batch", [EVENTS[11:15], [*EVENTS[10:12], *EVENTS[13:15]]])
def test_hole(engine: Engine, batch: list[Recorded]) -> None:
    """A missing position, before the batch or inside it, stops the view and writes nothing."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:10])
    before = in_database(engine, view)
    with pytest.raises(BrokenHistory, match="was to come next"):
        keep(view, engine, TORBAY, batch)
    assert (reached(engine, view), in_database(engine, view)) == (10, before)


def test_first_position_is_one(engine: Engine) -> None:
    """A stream begins at 1: a view that never saw its beginning does not begin in the middle."""
    with pytest.raises(BrokenHistory, match="position 1 was to come next, but 2 came"):
        keep(register_view(), engine, TORBAY, EVENTS[1:])


def test_event_never_stored(engine: Engine) -> None:
    """An event without a position is no history, and is refused."""
    with pytest.raises(BrokenHistory, match="but None came"):
        keep(register_view(), engine, TORBAY, [recorded(allocated(), position=None)])


def test_other_authority(engine: Engine) -> None:
    """An event of another council among the batch stops the view and writes nothing."""
    view = register_view()
    strange = recorded(allocated(), position=2, audit="A-2", authority="halton")
    with pytest.raises(BrokenHistory, match="halton"):
        keep(view, engine, TORBAY, [recorded(allocated()), strange])
    assert positions(engine, view.name) == {}


def test_authorities_stand_side_by_side(engine: Engine) -> None:
    """Two councils with the same references have rows and positions of their own."""
    view = register_view()
    keep(view, engine, TORBAY, history([allocated(team="T-1")]))
    keep(view, engine, "halton", history([allocated(team="T-7"), AuditSubmitted(grade="Good")], authority="halton"))
    assert [row.team for row in register(engine, TORBAY)] == ["T-1"]
    assert [row.team for row in register(engine, "halton")] == ["T-7"]
    assert positions(engine, view.name) == {TORBAY: 1, "halton": 2}


def test_poisoned_event_halts(engine: Engine) -> None:
    """An event that the fold cannot take halts the view before its batch, and says which view and where."""
    view = register_view()
    events = history([allocated(), ("audit/A-9", AuditSubmitted(grade="Good")), AuditVoided(reason=sealed())])
    with pytest.raises(Halted) as halted:
        keep(view, engine, TORBAY, events)
    assert (halted.value.view, halted.value.authority, halted.value.position) == ("register", TORBAY, 2)
    assert "audit.submitted.v1" in str(halted.value)
    assert reached(engine, view) == 0
    keep(view, engine, TORBAY, events[:1])
    with pytest.raises(Halted):
        keep(view, engine, TORBAY, events[1:])
    assert (reached(engine, view), len(register(engine, TORBAY))) == (1, 1)


def test_second_birth_halts(engine: Engine) -> None:
    """A row that must be new but is there already halts the view rather than being overwritten."""
    with pytest.raises(Halted, match="is there already"):
        keep(register_view(), engine, TORBAY, history([allocated(), allocated(team="T-2")]))


def test_defect_in_a_fold_halts(engine: Engine) -> None:
    """An error of the fold's own code halts the view as well, with the error as its cause."""
    shape = register_view().shape
    view = View(shape, {type(EVENTS[0].fact): _defect})
    with pytest.raises(Halted, match="position 1 of torbay") as halted:
        keep(view, engine, TORBAY, EVENTS[:1])
    assert isinstance(halted.value.__cause__, ZeroDivisionError)


def _defect(*_: object) -> list[Change]:
    raise ZeroDivisionError


@pytest.mark.parametrize("name", VIEWS)
def test_fold_is_pure(name: str) -> None:
    """To apply an event leaves the rows that it was given as they were."""
    view = made(name)
    held: Rows = {}
    for event in EVENTS:
        rows = held.setdefault(event.originator_id, {table: {} for table in view.shape.by_name})
        before = repr(rows)
        changed = apply(view, rows, event)
        assert repr(rows) == before
        assert repr(apply(view, rows, event)) == repr(changed)
        for table, key, row in changed:
            rows[table][key] = row


def test_two_keepers_of_one_view(engine: Engine) -> None:
    """Two projectors that are fed the same events at the same time keep each event once."""
    view = register_view()
    start = Barrier(2)
    failed: list[BaseException] = []

    def work(size: int) -> None:
        start.wait()
        try:
            kept(engine, view.name, EVENTS, size=size)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failed.append(error)

    threads = [Thread(target=work, args=(size,)) for size in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert in_database(engine, view) == in_memory(view, EVENTS)


def test_a_stopped_keeper_holds_up_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keeper that stands still in the middle of its transaction loses it: another one goes on."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite cannot end another process's transaction")
    view = register_view()
    within, woken = Event(), Event()

    def stopped(*known: object) -> list[Change]:
        within.set()
        assert woken.wait(PATIENCE)
        return view.steps[type(EVENTS[0].fact)](*known)  # type: ignore[arg-type,return-value]  # handed on

    slow = View(view.shape, {**view.steps, type(EVENTS[0].fact): stopped}, view.edition)
    failed: list[Unavailable] = []

    def work() -> None:
        try:
            keep(slow, engine, TORBAY, EVENTS)
        except Unavailable as error:
            failed.append(error)

    thread = Thread(target=work)
    with monkeypatch.context() as impatient:
        impatient.setattr(store, "IDLE_SECONDS", 2.0)
        thread.start()
        assert within.wait(PATIENCE)
    keep(view, engine, TORBAY, EVENTS)
    woken.set()
    thread.join()
    assert len(failed) == 1
    assert in_database(engine, view) == in_memory(view, EVENTS)


def test_first_batches_of_two_authorities_at_once(engine: Engine) -> None:
    """The first projectors of a view may start together: its tables are made once."""
    view = made("timeline")
    start = Barrier(2)
    threads = [
        Thread(
            target=lambda name=name: (start.wait(), keep(view, engine, name, history([allocated()], authority=name)))
        )
        for name in (TORBAY, "halton")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert positions(engine, view.name) == {TORBAY: 1, "halton": 1}


def test_other_edition_is_refused(engine: Engine) -> None:
    """Code whose events would give other rows does not go on with the tables of the former edition."""
    view = register_view()
    keep(view, engine, TORBAY, EVENTS[:3])
    newer = View(view.shape, view.steps, edition="2")
    with pytest.raises(Outdated, match="run `sightline rebuild register`"):
        keep(newer, engine, TORBAY, EVENTS[3:6])
    assert reached(engine, view) == 3


def test_never_kept(engine: Engine) -> None:
    """To ask a view that nothing has kept says so, instead of showing an empty register."""
    with pytest.raises(Unavailable, match="no projector has kept it"):
        register(engine, TORBAY)
    assert positions(engine, "register") == {}


def test_query_within_the_callers_transaction(engine: Engine) -> None:
    """Queries take a connection too, so that several of them can see the same state."""
    kept(engine, "register", EVENTS)
    with engine.connect() as db:
        assert register(db, TORBAY, team="T-1") == register(engine, TORBAY, team="T-1") != []


def test_opened_again(url: str) -> None:
    """A store that is opened again is the same store, with its rows and positions."""
    for batch in batches(EVENTS, 40):
        engine = open_store(url)
        keep(register_view(), engine, TORBAY, batch)
        engine.dispose()
    engine = open_store(url)
    assert in_database(engine, register_view()) == in_memory(register_view(), EVENTS)
    assert "audit_register_g1" in inspect(engine).get_table_names()
    engine.dispose()


def test_no_such_database() -> None:
    """A database that cannot be reached, or is of another kind, is refused when it is opened."""
    with pytest.raises(Unavailable):
        open_store("sqlite:////nowhere/at/all.db")
    with pytest.raises(Unavailable, match="sqlite or postgresql"):
        open_store("mysql://localhost/views")


def test_a_database_of_before_gets_its_new_columns(url: str) -> None:
    """Tables that an earlier version made are completed when they are opened; what they hold stays."""
    engine = open_store(url)
    keep(register_view(), engine, TORBAY, EVENTS[:3])
    with writing(engine) as db:
        for column in ("event_id", "fingerprint"):
            db.exec_driver_sql(f"ALTER TABLE view_checkpoints DROP COLUMN {column}")
    engine.dispose()
    engine = open_store(url)
    assert [(each.position, each.event_id, each.fingerprint) for each in last_events(engine)] == [(3, None, None)]
    assert keep(register_view(), engine, TORBAY, EVENTS[3:5]) == 5
    assert [each.event_id for each in last_events(engine)] == [EVENTS[4].envelope.event_id]
    engine.dispose()
