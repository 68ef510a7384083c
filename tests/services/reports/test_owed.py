"""A report is owed from the policy's report itself: due so long after its period, met once it was issued."""

from datetime import date
from typing import Any

from services.directory.state import DIRECTORY, fold_directory
from services.programme.asking import falling_due, overdue
from services.programme.owed import TaskRow
from tests.desks import TestDesk
from tests.lives import Life
from tests.services.reports.scenes import desk_with_reports, issue

JULY = date(2026, 7, 6)


def begun() -> TestDesk:
    """A desk whose programme began in April 2026."""
    desk = desk_with_reports()
    desk.unverified = True
    desk.do(*Life("torbay", "A-1").allocated("2026-04-08"))
    desk.unverified = False
    return desk


def owed(desk: TestDesk, today: date = JULY, **asked: Any) -> list[TaskRow]:
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    events = [each for history in streams.values() for each in history]
    directory = fold_directory(desk.store.load(DIRECTORY))
    found = falling_due(desk.policies, directory, events, today, last=date(2026, 7, 31), **asked)
    return [row for row in found if row.task in {"findings", "of_services"}]


def test_a_report_is_owed_by_whoever_makes_it() -> None:
    """Of the quarter to June, due ten days after its end: one of the authority, and one of each service."""
    findings, of_services = owed(begun())
    assert (findings.task, findings.first, findings.due) == ("findings", date(2026, 4, 1), date(2026, 7, 10))
    assert (findings.role, findings.state, findings.reports_to) == (
        "qa_team",
        "open",
        ("director", "Improvement Board"),
    )
    assert (of_services.about, of_services.holders, of_services.state) == ("S-1", ("P-HOS",), "open")


def test_it_is_met_once_it_was_issued() -> None:
    """Issued is done, of that period and that unit alone."""
    desk = begun()
    desk.do(issue())
    assert [(row.task, row.state) for row in owed(desk)] == [("findings", "met"), ("of_services", "open")]


def test_it_is_overdue_the_day_after() -> None:
    """On its last day it is open, on the next one overdue, and `show overdue` asks the same."""
    desk = begun()
    assert {row.state for row in owed(desk, date(2026, 7, 10))} == {"open"}
    assert {row.state for row in owed(desk, date(2026, 7, 11))} == {"overdue"}
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    events = [each for history in streams.values() for each in history]
    late = overdue(desk.policies, fold_directory(desk.store.load(DIRECTORY)), events, date(2026, 7, 11))
    assert {row.task for row in late} >= {"findings", "of_services"}
