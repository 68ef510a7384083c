"""Acts of today that say when they happened: told as live, or recorded as history, and never one for the other."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import orjson
import pytest

from events.escalations import EscalationRaised
from services.import_lines import HistoryFile
from services.import_summary import Summary
from services.importer import Importer
from services.imports import import_aggregate
from tests.desks import TestDesk
from tests.lives import QA, Life, Line, people


def concern(at: str | None, audit: str = "A-1") -> Line:
    return next(iter(Life("torbay", audit).act("audit.raise_safety_concern", at, **QA, concern="not safe")))


def run(desk: TestDesk, *files: Iterable[Line], since: date | None = None) -> Summary:
    desk.forget()
    named = [HistoryFile(f"file-{number}", map(orjson.dumps, lines)) for number, lines in enumerate(files, start=1)]
    importer = Importer({desk.authority: desk}, {desk.authority: desk.keys}, "I-1")  # type: ignore[dict-item]  # a test's keys also make keys
    return importer.run_files(named, live_since=since)


@pytest.fixture
def desk() -> TestDesk:
    found = TestDesk("torbay", now=datetime(2026, 6, 11, 23, 30, tzinfo=UTC))  # half past midnight on the 12th
    found.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-06-01"))
    return found


def raised(desk: TestDesk) -> list[EscalationRaised]:
    return [each.fact for each in desk.keep("A-1").facts if isinstance(each.fact, EscalationRaised)]


def test_an_act_of_an_hour_ago_is_told_as_live(desk: TestDesk) -> None:
    """What happened before midnight and is entered after it is told now, in truth and not in reconstruction."""
    summary = run(desk, [concern("2026-06-11T23:45")], since=date(2026, 6, 11))
    assert (summary.accepted, summary.history, summary.refused) == (1, 0, 0)
    event = desk.history("A-1")[-1]
    assert (event.envelope.imported, event.envelope.occurred) == ("", datetime(2026, 6, 11, 22, 45, tzinfo=UTC))
    assert [each.reconstructed for each in raised(desk)] == [False]
    assert desk.store.load(import_aggregate("I-1")) == ()


def test_as_history_nobody_is_told_and_it_is_said(desk: TestDesk) -> None:
    """Without being asked to tell, the same line is history: counted as such, and only reconstructed."""
    summary = run(desk, [concern("2026-06-11T23:45"), concern(None)])
    assert (summary.accepted, summary.history, summary.unnamed) == (2, 1, 1)
    assert [each.reconstructed for each in raised(desk)] == [True, False]


def test_what_is_too_old_is_refused_as_live(desk: TestDesk) -> None:
    """A line of the day before the limit is refused with the way to take it; days begin at midnight in England."""
    lines = [concern("2026-06-11T22:59:59Z"), concern("2026-06-11T23:00:00Z"), concern("2026-06-11")]
    summary = run(desk, lines, since=date(2026, 6, 12))
    reason = "at: 2026-06-11 is before 2026-06-12: as history it is taken without --as-live"
    assert [(each.line, each.reason, each.file) for each in summary.rejections] == [
        (1, reason, "file-1"),
        (3, reason, "file-1"),
    ]
    assert summary.accepted == 1


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-03-29T00:30Z", "2026-03-29T00:15"),  # before the clocks go forward
        ("2026-03-29T01:30Z", "2026-03-29T02:15"),  # after it
        ("2026-10-25T01:45Z", "2026-10-25T01:30+01:00"),  # an hour that clocks showed twice
        ("2026-10-25T01:45Z", "2026-10-25T01:30+00:00"),
        ("2026-10-25T23:30Z", "2026-10-25T23:15"),  # the longest day
    ],
)
def test_the_nights_on_which_the_clocks_change(now: str, at: str) -> None:
    """An act of today stays one of today, and none is taken for one to come."""
    desk = TestDesk("torbay", now=datetime.fromisoformat(now))
    desk.do(*people("torbay"), *Life("torbay", "A-1").allocated("2026-03-02"))
    summary = run(desk, [concern(at)], since=date.fromisoformat(now[:10]))
    assert (summary.accepted, [*summary.rejections]) == (1, [])


def test_what_was_history_is_not_told_by_another_import(desk: TestDesk) -> None:
    """A line that was taken as history is a repeat, also for an import that tells."""
    assert run(desk, [concern("2026-06-11T23:45")]).accepted == 1
    assert run(desk, [concern("2026-06-11T23:45")], since=date(2026, 6, 11)).repeated == 1


def test_several_files_are_one_history(desk: TestDesk) -> None:
    """A history in two files is open until the end of the last, and each line is named with its file."""
    old, bad = concern("2026-06-02"), {**concern("2026-06-03"), "role": "nobody"}
    summary = run(desk, [old, bad], [bad, old, {**old, "at": "2026-06-04"}])
    assert [(each.file, each.line) for each in summary.rejections] == [("file-1", 2), ("file-2", 1)]
    assert (summary.accepted, summary.repeated, summary.history) == (2, 1, 2)
    opened, closed = desk.store.load(import_aggregate("I-1"))
    told = [each for each in desk.history("A-1") if "concern" in each.fact.stored_name]
    assert {each.envelope.imported for each in told} == {"I-1"}
    assert closed.fact.accepted == 2  # type: ignore[attr-defined]  # it is the closing
    assert opened.originator_version == 1
