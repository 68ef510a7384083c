"""The table of what is owed now holds what the pure function says of every record, and nothing of what is done."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from events.errors import Refused, SightlineError
from events.recorded import Recorded
from projections.generations import positions, reading
from projections.keeper import keep
from projections.owed import OPEN, RECORDS, SHAPE, faulty, owed_now, owed_view
from projections.rebuild import rebuild
from projections.view import View, WorkedOut
from services.clock import at_local
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.open_obligations import open_obligations, people_from
from tests.desks import TestDesk
from tests.histories import batches
from tests.lives import Life, people
from tests.random_lives import random_lines

AUTHORITIES = ("torbay", "halton", "swindon")


@cache
def lived(authority: str, seed: int, audits: int = 12) -> TestDesk:
    """A desk after random lives; what is refused is part of them. It is one for all: nobody acts on it."""
    desk = TestDesk(authority)
    for line in random_lines(seed, authority, audits):
        try:
            desk.do(line)
        except (Refused, SightlineError):
            continue
    return desk


def events_of(desk: TestDesk) -> list[Recorded]:
    streams: Iterable[list[Recorded]] = desk.store.streams.values()  # type: ignore[attr-defined]  # a store in memory
    return sorted((each for stream in streams for each in stream), key=lambda each: each.position or 0)


def working_out(load: Callable[[str], tuple[Recorded, ...]], desk: TestDesk) -> View:
    def work_out(authority: str, about: str) -> WorkedOut | None:
        assert authority == desk.authority
        if not about.startswith(CATALOGUE.worked_out):
            return None
        history = load(about)
        version = history[-1].originator_version
        return WorkedOut(
            version,
            {RECORDS: [{"version": version}], OPEN: open_obligations(CATALOGUE.record_of(history), desk.policies)},
        )

    return owed_view(work_out)


def shown(engine: Engine, desk: TestDesk) -> set[tuple[Any, ...]]:
    return {(row.about, row.obligation, row.item, row.due) for row in owed_now(engine, desk.authority)}


def owed(desk: TestDesk, now: datetime) -> dict[tuple[Any, ...], tuple[str, Any]]:
    """By the function that answers for one record: everything that stands open and has a last day."""
    directory = fold_directory(desk.store.load(DIRECTORY))
    return {
        (row.about, row.obligation, row.key, row.due): (row.state, row.owners)
        for about in desk.store.streams  # type: ignore[attr-defined]  # a store in memory
        if about.startswith(CATALOGUE.worked_out)
        for row in owed_by(CATALOGUE.record_of(desk.store.load(about)), desk.policies, directory, now)
        if row.due is not None and row.state in {"open", "overdue"}
    }


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1, 37, 10_000])
def test_it_is_the_pure_function_over_all(sqlite: Engine, authority: str, seed: int, size: int) -> None:
    """Fed event by event or at once, the table holds exactly what every record owes, to the day."""
    desk = lived(authority, seed)
    view, events = working_out(desk.store.load, desk), events_of(desk)
    for batch in batches(events, size):
        keep(view, sqlite, authority, batch)
    expected = owed(desk, desk.now)
    assert shown(sqlite, desk) == set(expected)
    assert expected
    assert positions(sqlite, SHAPE.name) == {authority: len(events)}


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_overdue_on_any_day(sqlite: Engine, authority: str) -> None:
    """Asked of a day, the rows due before it are those that the pure function calls overdue at its noon."""
    desk = lived(authority, 7)
    keep(working_out(desk.store.load, desk), sqlite, authority, events_of(desk))
    for days in range(0, 300, 23):
        on = date(2026, 1, 10) + timedelta(days=days)
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        rows = {
            (row.about, row.obligation, row.item, row.due)
            for row in owed_now(sqlite, authority, overdue_at=at_local(on, time()))
        }
        assert rows == {place for place, (state, _) in owed(desk, noon).items() if state == "overdue"}


def test_rows_follow_what_is_open(engine: Engine) -> None:
    """What is met leaves the table: it holds no more for a hundred events of a closed audit than for none."""
    desk = TestDesk("torbay")
    desk.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"))
    view = working_out(desk.store.load, desk)
    keep(view, engine, "torbay", events_of(desk))
    [row] = owed_now(engine, "torbay", overdue_at=at_local(date(2026, 4, 1), time()))
    assert (row.audit, row.obligation, row.due) == ("A-1", "audit_return", date(2026, 3, 30))
    assert people_from(dict(row.people)).auditor == "P-AUD"
    assert [step["due"] for step in row.steps] == sorted(step["due"] for step in row.steps)
    assert (row.steps[0]["kind"], row.steps[0]["due"][:10]) == ("reminder", "2026-03-23")
    life = Life("torbay", "A-1").allocated("2026-03-02").submitted("2026-03-10", "Meets Good")
    life.to_moderator("2026-03-11").moderated("2026-03-12").confirmed("2026-03-13")
    for line in life.lines[1:]:
        try:
            desk.do(line)
        except Refused:
            continue
    keep(view, engine, "torbay", events_of(desk))
    assert not {row.obligation for row in owed_now(engine, "torbay")} & {"audit_return", "moderation"}
    with reading(SHAPE, engine) as (db, tables):
        assert db.execute(select(func.count()).select_from(tables[OPEN])).scalar_one() == len(owed(desk, desk.now))


def test_a_slow_copy_overwrites_nothing(engine: Engine) -> None:
    """Rows worked out from an older history than those that stand there are left out; the checkpoint goes on."""
    desk = TestDesk("torbay")
    desk.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"))
    old = {about: desk.store.load(about) for about in desk.store.streams}  # type: ignore[attr-defined]  # in memory
    desk.do(*Life("torbay", "A-1").allocated().submitted("2026-03-10", "Meets Good").lines[1:])
    events = events_of(desk)
    keep(working_out(desk.store.load, desk), engine, "torbay", events[: sum(map(len, old.values()))])
    before = shown(engine, desk)
    assert "audit_return" not in {obligation for _, obligation, *_ in before}
    keep(working_out(lambda about: old.get(about, desk.store.load(about)), desk), engine, "torbay", events)
    assert shown(engine, desk) == before
    assert positions(engine, SHAPE.name) == {"torbay": len(events)}


def test_rebuilt_it_is_the_same(engine: Engine) -> None:
    """A rebuild from the first event gives the rows that were kept live."""
    desk = lived("torbay", 2)
    view, events = working_out(desk.store.load, desk), events_of(desk)
    for batch in batches(events, 50):
        keep(view, engine, "torbay", batch)
    before = owed_now(engine, "torbay")
    rebuild(view, engine, {"torbay": lambda after: batches(events[after:], 200)})
    assert owed_now(engine, "torbay") == before


def test_a_record_that_cannot_be_worked_out_is_named(engine: Engine) -> None:
    """It holds up no other record, and is told apart from one that owes nothing, until it can be worked out."""
    desk = TestDesk("torbay")
    desk.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"))
    desk.do(*Life("torbay", "A-2", child="C-2").allocated("2026-03-02"))
    whole = working_out(desk.store.load, desk)
    assert whole.work_out is not None
    by_rules = whole.work_out

    def failing(authority: str, about: str) -> WorkedOut | None:
        broken = WorkedOut(0, {RECORDS: [{"version": 0, "fault": "its policy is gone"}]})
        return broken if about == "audit/A-2" else by_rules(authority, about)

    keep(owed_view(failing), engine, "torbay", events_of(desk))
    assert [row.about for row in owed_now(engine, "torbay")] == ["audit/A-1"]
    assert [(row.about, row.fault) for row in faulty(engine, "torbay")] == [("audit/A-2", "its policy is gone")]
    rebuild(whole, engine, {"torbay": lambda after: [events_of(desk)[after:]]})
    assert faulty(engine, "torbay") == []
    assert {row.audit for row in owed_now(engine, "torbay")} == {"A-1", "A-2"}
