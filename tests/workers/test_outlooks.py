"""What the sweeper keeps: rows of what is open alone, written so that no change is ever lost among several sweepers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from projections.store import open_store
from tests.postgres import running_postgres
from workers.kept import outlooks
from workers.kept.outlooks import Changes, Looked, Outlook, Place, Wanted
from workers.kept.sweep_books import OPEN

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
COUNCIL, OTHER = "torbay", "halton"
NOTHING = Outlook(version=3, due=False, next_due=None, held=False)
LATER = replace(NOTHING, next_due=NOW + timedelta(days=1), timers=2)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of either kind of which nothing is known."""
    at = f"sqlite:///{tmp_path}/views.db" if request.param == "sqlite" else request.getfixturevalue("postgres")
    engine = open_store(at)
    for authority in (COUNCIL, OTHER):
        outlooks.forget(engine, authority)
    yield engine
    engine.dispose()


def begun(engine: Engine, *records: str, authority: str = COUNCIL) -> Place:
    """A place after a first event, by which these records are wanted."""
    first = outlooks.begin_anew(engine, authority, {"program": "p"}, 1)
    after = replace(first, position=1, fingerprint="f" * 64, began=date(2026, 3, 1))
    assert outlooks.go_on(engine, first, after, Changes(set(records)))
    return after


def on(place: Place, engine: Engine, *records: str, released: bool = False) -> Place:
    """The place after the next event, by which these are wanted."""
    after = replace(place, position=place.position + 1)
    assert outlooks.go_on(engine, place, after, Changes(set(records), released=released))
    return after


def chosen(engine: Engine, at: datetime = NOW) -> dict[str, Wanted]:
    return {each.record: each for each in outlooks.wanted(engine, COUNCIL, at)}


def looked(engine: Engine, outlook: Outlook, *wanted: Wanted) -> None:
    outlooks.keep(engine, COUNCIL, [Looked(each, outlook) for each in wanted])


def rows(engine: Engine) -> dict[str, tuple[datetime | None, int, bool, bool]]:
    with engine.connect() as db:
        found = db.execute(select(OPEN).where(OPEN.c.authority == COUNCIL))
        return {each.record: (each.next_due, each.timers, each.held, each.wanted) for each in found}


def test_what_is_over_has_no_row(engine: Engine) -> None:
    """A record stays while something is to come, waits for an import or was due; nothing is kept of any other."""
    begun(engine, "audit/OTHER", authority=OTHER)
    place = begun(engine, "audit/1", "audit/2", "audit/3", "audit/4")
    assert outlooks.place_of(engine, COUNCIL) == place
    assert set(outlooks.places(engine)) == {COUNCIL, OTHER}
    wanted = chosen(engine)
    for record, outlook in {
        "audit/1": NOTHING,
        "audit/2": LATER,
        "audit/3": replace(NOTHING, held=True),
        "audit/4": replace(NOTHING, due=True),
    }.items():
        looked(engine, outlook, wanted[record])
    assert rows(engine) == {
        "audit/2": (LATER.next_due, 2, False, False),
        "audit/3": (None, 0, True, False),
        "audit/4": (None, 0, False, True),
    }
    assert set(chosen(engine)) == {"audit/4"}
    assert list(chosen(engine, NOW + timedelta(days=1))) == ["audit/2", "audit/4"]
    assert outlooks.timers(engine, COUNCIL, NOW) == {"audit/2": 2}


def test_a_change_while_a_record_is_looked_at_is_not_lost(engine: Engine) -> None:
    """What was worked out of an older history takes back neither a later event's mark nor what a later look found."""
    place = begun(engine, "audit/1")
    slow = chosen(engine)["audit/1"]
    place = on(place, engine, "audit/1")
    looked(engine, NOTHING, slow)
    assert rows(engine) == {"audit/1": (None, 0, False, True)}
    quick = chosen(engine)["audit/1"]
    looked(engine, LATER, quick)
    looked(engine, replace(NOTHING, due=True), slow)
    looked(engine, NOTHING, quick)
    assert rows(engine) == {"audit/1": (LATER.next_due, 2, False, False)}


def test_the_end_of_an_import_while_a_record_is_looked_at(engine: Engine) -> None:
    """One that was found to wait for an import which ended meanwhile is looked at again, and no other one."""
    place = begun(engine, "audit/1", "audit/2", "audit/3")
    wanted = chosen(engine)
    looked(engine, replace(NOTHING, held=True), wanted["audit/2"])
    looked(engine, LATER, wanted["audit/3"])
    on(place, engine, released=True)
    looked(engine, replace(NOTHING, held=True), wanted["audit/1"])
    assert set(chosen(engine)) == {"audit/1", "audit/2"}


def test_what_an_open_import_brings_while_a_record_is_looked_at(engine: Engine) -> None:
    """It waits for the end of the import without a look, whatever a look that began before has found."""
    place = begun(engine, "audit/1", "audit/2")
    wanted = chosen(engine)
    looked(engine, LATER, wanted["audit/2"])
    held = replace(place, position=place.position + 1)
    assert outlooks.go_on(engine, place, held, Changes(held={"audit/1", "audit/2", "audit/3"}))
    looked(engine, NOTHING, wanted["audit/1"])
    assert rows(engine) == {
        "audit/1": (None, 0, True, True),
        "audit/2": (LATER.next_due, 2, True, False),
        "audit/3": (None, 0, True, False),
    }
    on(held, engine, released=True)
    assert set(chosen(engine)) == {"audit/1", "audit/2", "audit/3"}


def test_of_two_sweepers_one_goes_on(engine: Engine) -> None:
    """Events are marked once: whoever comes second, or after the history was begun anew, writes nothing."""
    place = begun(engine)
    here = on(place, engine, "audit/1")
    assert not outlooks.go_on(engine, place, replace(place, position=5), Changes({"audit/2"}, released=True))
    assert (outlooks.place_of(engine, COUNCIL), set(rows(engine))) == (here, {"audit/1"})
    held = chosen(engine)["audit/1"]
    anew = outlooks.begin_anew(engine, COUNCIL, {"program": "q"}, 9)
    assert not outlooks.go_on(engine, here, replace(here, position=3), Changes({"audit/2"}))
    looked(engine, LATER, held)
    assert (outlooks.place_of(engine, COUNCIL), rows(engine)) == (anew, {})


def test_an_instant_is_kept_across_the_change_of_the_clocks(engine: Engine) -> None:
    """An hour that England's clocks show twice, or leave out, is one instant in either database."""
    london = ZoneInfo("Europe/London")
    for at in (
        datetime(2026, 10, 25, 1, 30, tzinfo=london),
        datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=london),
        datetime(2026, 3, 29, 2, 30, tzinfo=london),
    ):
        begun(engine, "audit/1")
        looked(engine, replace(NOTHING, next_due=at), chosen(engine)["audit/1"])
        instant = at.astimezone(UTC)
        assert rows(engine)["audit/1"][0] == instant
        assert not chosen(engine, instant - timedelta(microseconds=1))
        assert chosen(engine, instant)
