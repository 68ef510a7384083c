"""The promises of the past: what a view shows as at a day follows from the events of that day alone, whoever asks."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from events.actions import ActionCompleted, ActionSet
from events.audits import AuditSubmitted
from events.recorded import Recorded
from projections.generations import positions, reading
from projections.keeper import keep
from projections.moments import Moment, is_empty, past_events
from projections.owed import OPEN, owed_view
from projections.past import Making, fold_past
from projections.registry import VIEWS
from projections.store import GENERATIONS, open_store, writing
from projections.view import View
from tests.histories import TORBAY, allocated, history, months_of_auditing, sealed
from tests.projections.rebuilt import work_out
from tests.projections.views import Tables, in_database, in_memory, kept, made

FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOMENTS = (
    Moment(happened_by=date(2026, 1, 20)),
    Moment(known_by=date(2026, 1, 20)),
    Moment(happened_by=date(2026, 1, 12), known_by=date(2026, 1, 24)),
    Moment(happened_by=date(2026, 3, 1)),
)


def _late(seed: int) -> list[Recorded]:
    """A month of auditing of which a third was recorded days after it had happened, in another order."""
    dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
    events = history(months_of_auditing(8), start=FIRST, step=timedelta(hours=4))
    return [
        replace(each, envelope=replace(each.envelope, occurred=each.envelope.occurred - timedelta(days=late)))
        for each in events
        for late in [dice.choice((0, 0, dice.randrange(12)))]
    ]


OWED = owed_view(lambda _, __: None)


@pytest.fixture
def past(tmp_path: Path) -> Callable[[], Engine]:
    """Stores for the past, each of them empty."""
    numbers = iter(range(1_000))
    return lambda: open_store(f"sqlite:///{tmp_path}/past{next(numbers)}.db")


def making(live: Engine, moment: Moment, rules: str = "") -> Making:
    return Making(live, TORBAY, moment, work_out, rules)


def shown(live: Engine, past: Engine, moment: Moment, views: Sequence[View]) -> dict[str, Tables]:
    fold_past(making(live, moment), past, views)
    return {each.name: in_database(past, each) for each in views}


def folded(view: View, events: Sequence[Recorded]) -> Tables:
    """The bare fold, which leaves out what builds on what is not there."""
    return in_memory(replace(view, incomplete=lambda _, __: True), events)


def everything() -> list[View]:
    return [made(name) for name in VIEWS]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_follows_from_the_events_of_the_moment(
    engine: Engine, past: Callable[[], Engine], moment: Moment, seed: int
) -> None:
    """Each view of the past is the bare fold of the events that the moment holds, in the order of the stream."""
    events = _late(seed)
    kept(engine, "timeline", events)
    held = [each for each in events if moment.holds(each.envelope)]
    assert 0 < len(held) <= len(events)
    found = shown(engine, past(), moment, everything())
    assert found == {each.name: folded(each, held) for each in everything()}
    assert [each.envelope.event_id for each in past_events(engine, TORBAY, moment)] == [
        each.envelope.event_id for each in held
    ]


def test_as_known_is_the_view_that_was_kept_then(engine: Engine, past: Callable[[], Engine]) -> None:
    """As known by a day, a view is what a system shows that was fed up to that day and no further."""
    events = _late(7)
    moment = Moment(known_by=date(2026, 1, 18))
    fed = past()
    for name in VIEWS:
        for each in events:
            if moment.holds(each.envelope):
                keep(made(name), fed, TORBAY, [each])
    kept(engine, "timeline", events)
    assert shown(engine, past(), moment, everything()) == {each.name: in_database(fed, each) for each in everything()}


def test_of_today_is_the_live_view(engine: Engine, past: Callable[[], Engine]) -> None:
    """By a day after the last event, in either sense, every view of the past is the live one."""
    events = _late(3)
    for name in VIEWS:
        kept(engine, name, events)
    live = {each.name: in_database(engine, each) for each in everything()}
    for moment in (Moment(happened_by=date(2027, 1, 1)), Moment(known_by=date(2027, 1, 1))):
        assert shown(engine, past(), moment, everything()) == live


def test_the_day_ends_at_midnight_in_england(engine: Engine, past: Callable[[], Engine]) -> None:
    """In summer the day ends at 23:00 UTC: what happens within its last hour counts, what happens after does not."""
    last = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    events = history([allocated(), AuditSubmitted(grade="Good")], start=last, step=timedelta(minutes=2))
    kept(engine, "timeline", events)
    (row,) = shown(engine, past(), Moment(happened_by=date(2026, 6, 30)), [made("register")])["register"][
        "audit_register"
    ]
    assert (row["allocated_at"], row["submitted_at"]) == (last, None)


def test_recorded_late_about_an_earlier_day(engine: Engine, past: Callable[[], Engine]) -> None:
    """What is recorded later changes how it was, and not how it was known; a kept past takes it in."""
    day = date(2026, 1, 10)
    events = history([allocated()], start=FIRST)
    kept(engine, "timeline", events)
    was, known = past(), past()
    register = [made("register")]
    before = shown(engine, was, Moment(happened_by=day), register)
    assert shown(engine, known, Moment(known_by=day), register) == before
    late = history([AuditSubmitted(grade="Good")], start=FIRST + timedelta(days=40), after=1)[0]
    late = replace(late, originator_version=2, envelope=replace(late.envelope, occurred=FIRST + timedelta(days=2)))
    keep(made("timeline"), engine, TORBAY, [late])
    assert shown(engine, known, Moment(known_by=day), register) == before
    assert shown(engine, was, Moment(happened_by=day), register) == {"register": folded(register[0], [*events, late])}


def test_kept_past_grows_with_the_timeline(engine: Engine, past: Callable[[], Engine]) -> None:
    """However often it is asked while history grows, the kept past is the one made anew; a repeat writes nothing."""
    events, store = _late(5), past()
    moment = Moment(happened_by=date(2026, 1, 15))
    views = [*everything(), OWED]
    for until in (30, 31, 60, len(events)):
        for each in events[positions(engine, "timeline").get(TORBAY, 0) : until]:
            keep(made("timeline"), engine, TORBAY, [each])
        assert shown(engine, store, moment, views) == shown(engine, past(), moment, views)
        assert positions(store, "register") == {TORBAY: until}
    file = Path(str(store.url.database))
    store.dispose()
    held = file.read_bytes()
    fold_past(making(engine, moment), store, views)
    store.dispose()
    assert file.read_bytes() == held


def test_worked_out_from_the_events_of_the_moment(engine: Engine, past: Callable[[], Engine]) -> None:
    """What was owed is worked out from the part of each record that belongs to the moment."""
    done = ActionCompleted(action="X-1", impact=sealed())
    facts = [allocated(), ActionSet(action="X-1", text=sealed(), owner="P-9", due=None), done]
    kept(engine, "timeline", history(facts, start=FIRST, step=timedelta(days=1)))
    store = past()
    for day, items in ((5, []), (6, ["X-1"]), (7, [])):
        rows = shown(engine, past(), Moment(happened_by=date(2026, 1, day)), [OWED])["owed"][OPEN]
        assert [row["item"] for row in rows] == items
    moment = Moment(happened_by=date(2026, 1, 6))
    fold_past(making(engine, moment, "old"), store, [OWED])
    nothing = Making(engine, TORBAY, moment, lambda *_: None, "new")
    fold_past(nothing, store, [OWED])
    assert in_database(store, OWED)[OPEN] == []


def test_before_the_first_event(engine: Engine, past: Callable[[], Engine]) -> None:
    """A day before everything has every view, and no row in it."""
    kept(engine, "timeline", _late(1))
    long_ago = Moment(happened_by=date(2020, 1, 1))
    assert is_empty(engine, TORBAY, long_ago)
    assert not is_empty(engine, TORBAY, Moment(happened_by=date(2026, 1, 20)))
    found = shown(engine, past(), long_ago, everything())
    assert not [row for tables in found.values() for rows in tables.values() for row in rows]


def test_history_that_was_cut_and_grew_again(engine: Engine, past: Callable[[], Engine]) -> None:
    """A kept past of a history that is not there any more is made anew, however long the new one is."""
    store, moment = past(), Moment(happened_by=date(2026, 3, 1))
    first = history([allocated(team="T-1"), AuditSubmitted(grade="Good")], start=FIRST)
    kept(engine, "timeline", first)
    shown(engine, store, moment, [made("register")])
    with writing(engine) as db:
        for table in made("timeline").shape.tables(1).values():
            db.execute(table.delete())
        db.execute(GENERATIONS.delete())
        table.metadata.drop_all(db)
    second = [
        replace(each, envelope=replace(each.envelope, event_id=f"other-{each.position}.0"))
        for each in history([allocated(team="T-2"), *[AuditSubmitted(grade="Bad")] * 3], start=FIRST)
    ]
    engine_again = open_store(engine.url.render_as_string(hide_password=False))
    with writing(engine_again) as db:
        db.exec_driver_sql("DELETE FROM view_checkpoints")
        db.exec_driver_sql("DELETE FROM view_tables")
    kept(engine_again, "timeline", second)
    found = shown(engine_again, store, moment, [made("register")])
    assert found == {"register": folded(made("register"), second)}
    engine_again.dispose()


def test_rows_of_another_edition_are_made_anew(engine: Engine, past: Callable[[], Engine]) -> None:
    """A kept past whose view has changed since is made anew, as the live view must be."""
    kept(engine, "timeline", _late(2))
    store, moment = past(), MOMENTS[0]
    register = made("register")
    fold_past(making(engine, moment), store, [register])
    fold_past(making(engine, moment), store, [replace(register, edition="next", steps={})])
    with reading(register.shape, store) as (db, tables):
        assert db.execute(select(tables["audit_register"])).all() == []
