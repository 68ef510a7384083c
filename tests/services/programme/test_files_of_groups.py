"""Southwark: which practice group has had no file this month."""

from datetime import date

import pytest

from services.directory.state import DIRECTORY, fold_directory
from services.programme.activities import gather
from services.programme.owed import Asked, tasks
from tests.desks import TestDesk
from tests.lives import Life, people


def states(desk: TestDesk, first: str, last: str, today: str) -> dict[str | None, str]:
    streams = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    activities = gather(each for history in streams.values() for each in history)
    directory = fold_directory(desk.store.load(DIRECTORY))
    asked = Asked(*map(date.fromisoformat, (first, last, today)))
    rows = tasks(desk.policies, directory, activities, asked)
    return {each.about: each.state for each in rows if each.task == "file_of_each_group"}


@pytest.mark.covers("SOU-23")
def test_a_group_without_a_file_is_named() -> None:
    """A group counts as served once its file is chosen, though nothing was returned; a withdrawn file is none."""
    desk = TestDesk("southwark")
    desk.do(*people("southwark"))
    desk.do(*Life("southwark", "A-1").allocated("2026-03-02"))
    desk.do(*Life("southwark", "A-2", child="C-2", auditor="P-PGL").allocated("2026-03-02", team="T-2"))
    march = ("2026-03-01", "2026-03-31")
    groups = ("T-1", "T-2", "T-3", "T-4", "T-5", "T-6")
    expected = dict.fromkeys(groups, "open") | {"T-1": "met", "T-2": "met"}
    assert states(desk, *march, "2026-03-20") == expected
    desk.do(*Life("southwark", "A-2").act("audit.void", "2026-03-21", "P-QA", "qa_lead", reason="chosen in error"))
    late = dict.fromkeys(groups, "overdue") | {"T-1": "met"}
    assert states(desk, *march, "2026-04-01") == late
