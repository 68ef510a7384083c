"""An exempted audit excuses its auditor: it stays its team's file of the month, and is nobody's work."""

from datetime import date

import pytest

from services.directory.state import DIRECTORY, fold_directory
from services.programme.activities import gather
from services.programme.owed import Asked, tasks
from services.rounds.files_given import Files, given_since
from services.rounds.state import Round
from services.sampling.state import Month
from tests.given import Scene, given
from tests.lives import Life, people

FIRST, LAST, AFTER = date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def desk() -> Scene:
    """Southwark's March: the file of the first practice group was given out in the month's round, and exempted."""
    desk = given(*people("southwark"), authority="southwark")
    head = {"authority": "southwark", "actor": "P-QA", "role": "qa_lead", "at": "2026-02-16"}
    desk.do({"command": "round.schedule", **head, "round": "2026-03", "month": "2026-03", "kind": "monthly audits"})
    desk.do(*Life("southwark", "A-1").allocated("2026-03-02", round="2026-03"))
    assert files(desk).loads == {"P-AUD": 1}
    ground = {"ground": "sick leave", "requested_by": "P-HOS", "requested_as": "head_of_service"}
    desk.do(*Life("southwark", "A-1").act("audit.exempt", "2026-03-18", "P-QA", "qa_lead", **ground))
    return desk


def files(desk: Scene) -> Files:
    return Files.of(desk.store.load("files/2026-03"))


@pytest.mark.covers("A-SOU-03", "SOU-51")
def test_it_is_nobodys_load_and_the_child_may_be_drawn(desk: Scene) -> None:
    """Nobody has it to do, and nobody has read the child's file."""
    assert (files(desk).loads, files(desk).children) == ({}, {})
    assert given_since(FIRST, LAST, desk.store.load) == set()


@pytest.mark.covers("A-SOU-03", "SOU-23")
def test_it_stays_the_file_of_its_group(desk: Scene) -> None:
    """The group has had its file of the month: no second one is taken, none is owed, and no sample has it."""
    second = Life("southwark", "A-2", child="C-2").allocated("2026-03-20")
    desk.when(*second).refused("team", "T-1 has its file of 2026-03-S-1 already: audit A-1")
    streams = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    activities = gather(each for history in streams.values() for each in history)
    directory = fold_directory(desk.store.load(DIRECTORY))
    rows = tasks(desk.policies, directory, activities, Asked(FIRST, LAST, AFTER))
    states = {each.about: each.state for each in rows if each.task == "file_of_each_group"}
    assert (states["T-1"], states["T-2"]) == ("met", "overdue")
    assert activities.auditors == {}
    month = Month.of(desk.store.load("month/2026-03-S-1"))
    assert (set(month.selected), month.returned) == ({"A-1"}, {})
    desk.do(*Life("southwark", "A-3", child="C-3").allocated("2026-04-01"))


@pytest.mark.covers("A-SOU-03")
def test_the_round_gave_it_out_and_does_not_count_it(desk: Scene) -> None:
    """It stays among what was given out, so that its file is not given out again, and counts towards no target."""
    state = Round.of(desk.store.load("round/2026-03"))
    assert (set(state.given), state.counted) == ({"A-1"}, set())
