"""What the views keep for questions about the programme, its rounds and its case lists is what the events come to.

The histories are those that the demonstration shows of each council, on a store in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

import workers.demo
from events.audits import AuditExempted, AuditModerated, AuditReassigned, AuditSubmitted, AuditVoided
from events.base import Fact
from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.programme import TaskSkipped
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from events.reports import ReportIssued
from events.rounds import (
    DipsRecorded,
    EnquiriesAdded,
    QuestionsAgreed,
    RoundApproved,
    RoundAuditCounted,
    RoundAuditGiven,
    RoundAuditWithdrawn,
    RoundPlanned,
    RoundScheduled,
)
from projections.case_lists import case_lists
from projections.rounds import rounds
from projections.store import open_store
from services.clock import local_date
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.programme.activities import ANYBODY, Activities, gather
from services.programme.asking import begun, falling_due, overdue
from tests.desks import SHIPPED, TestDesk
from tests.histories import DUE, allocated, history, sealed
from tests.projections.views import kept
from workers.asking.activities import activities_between, activities_counted
from workers.cli.round_views import RoundRow

ISSUE: dict[str, Any] = {"report": "findings", "issue": 1, "position": 1, "policy": "1", "pages": ()}
DEMO = Path(workers.demo.__file__).parent


@dataclass(frozen=True)
class Told:
    """A council's history in the order in which it was recorded, and its directory."""

    authority: str
    events: Sequence[Recorded]
    directory: Directory

    @property
    def last(self) -> date:
        return max(local_date(each.envelope.occurred) for each in self.events)


@cache
def told(authority: str) -> Told:
    desk = TestDesk(authority, staffed=False)
    for line in (DEMO / f"{authority}.jsonl").read_bytes().splitlines():
        command = orjson.loads(line)
        if not command["command"].startswith("escalation."):  # nobody is at work who would have raised one
            desk.do(command)
    streams: Any = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    found = sorted((each for held in streams.values() for each in held), key=lambda each: each.position)
    return Told(authority, found, fold_directory(desk.store.load(DIRECTORY)))


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path / 'views.sqlite'}")
    yield engine
    engine.dispose()


def system(engine: Engine) -> Any:
    """As much of a system as is asked."""
    return SimpleNamespace(engine=engine, policies=SHIPPED)


def plain(found: Activities) -> dict[str, Any]:
    """What counts, whatever order records stand in among each other."""
    held = {each.name: getattr(found, each.name) for each in fields(found)}
    held["entries"] = {kind: sorted(map(repr, each)) for kind, each in found.entries.items()}
    held["recorded"] = {task: sorted(map(repr, each)) for task, each in found.recorded.items()}
    held["issues"] = sorted(map(repr, found.issues))
    return held


@pytest.mark.parametrize("authority", SHIPPED)
def test_the_view_counts_as_the_events_do(views: Engine, authority: str) -> None:
    """All that counts towards the tasks; and each answer about them, for whatever window, with half of it read."""
    council = told(authority)
    kept(views, "activities", council.events, size=7)
    assert plain(activities_between(system(views), authority, None, None)) == plain(gather(council.events))
    between = partial(activities_between, system(views), authority)
    books = (SHIPPED[authority], council.directory)
    said = 0
    for back in (0, 40, 200):
        today = council.last - timedelta(days=back)
        windows: tuple[dict[str, Any], ...] = (
            {},
            {"first": today.replace(day=1)},
            {"first": today - timedelta(days=100), "last": today},
        )
        for window in windows:
            asked = falling_due(*books, between, today, **window)
            assert asked == falling_due(*books, lambda *_: gather(council.events), today, **window)
            said += sum(row.done for row in asked)
        everything = gather(council.events)
        counted = partial(activities_counted, system(views), authority)
        assert overdue(*books, counted(today), today) == overdue(*books, everything, today)
        assert begun(*books, counted(None), today) == begun(*books, everything, today)
    assert said


def test_what_is_taken_back_counts_nothing(views: Engine) -> None:
    """A voided audit is none, an exempted one was given out alone; a withdrawn entry and an early issue are none."""
    audits = [(f"audit/A-{number}", allocated()) for number in range(4)]
    taken: list[tuple[str, Fact]] = [
        *audits,
        ("audit/A-5", allocated(reaudit_of="A-1")),
        ("audit/A-0", AuditSubmitted(grade="Good")),
        ("audit/A-5", AuditSubmitted(grade="Good")),
        ("audit/A-1", AuditVoided(reason=sealed())),
        ("audit/A-1", AuditSubmitted(grade="Good")),
        ("audit/A-2", AuditExempted(ground="left", requested_by="P-1", requested_as="worker")),
        ("audit/A-3", AuditReassigned(auditor="P-7", reason=sealed())),
        ("audit/A-3", AuditModerated(moderator="P-8", grade="Good", outcome="confirmed", rationale=sealed())),
        *((f"entry/E-{number}", EntryRecorded(kind="visit", on=DUE, holder="P-1")) for number in range(2)),
        ("entry/E-0", EntryStepped(kind="visit", step="told", on=DUE, holder="P-1")),
        ("entry/E-1", EntryWithdrawn(reason=sealed())),
        ("duty/visits-2025-12", TaskSkipped(duty="visits", on=date(2025, 12, 31), about="P-1", ground="on leave")),
        *(
            (f"report/R-{number}", ReportIssued(**ISSUE, period=f"2026-0{number}", first=DUE, last=last))
            for number, last in ((1, DUE), (2, date(2025, 12, 1)))
        ),
    ]
    events = history(taken)
    kept(views, "activities", events, size=3)
    found = activities_between(system(views), "torbay", None, None)
    assert plain(found) == plain(gather(events))
    assert found.began == date(2025, 12, 31)
    assert (len(found.issues), len(found.entries["visit"]), found.allocated["full", ANYBODY, 2026, 1]) == (1, 1, 3)
    assert found.returned["full", ANYBODY, 2026, 1] == 1
    assert activities_between(system(views), "torbay", date(2026, 1, 1), None).skipped == {}


def test_a_round_is_listed_as_it_stands(views: Engine) -> None:
    """After each event the view says of the round what the round itself does; nothing before it has its place."""
    place = RoundScheduled(kind="audit round", name="June", services=("CWD",), starts=DUE, ends=DUE)
    given = [RoundAuditGiven(audit=f"A-{n}", audit_type="full", child="C-1", auditor="P-1") for n in (1, 2)]
    approved = RoundApproved(approver="head_of_service", units=("S-2", "S-1"))
    facts: list[Fact] = [
        EnquiriesAdded(lines=("Why?",)),
        place,
        RoundPlanned(diagnostics=(), units=("S-1", "S-2")),
        RoundApproved(approver="head_of_service", units=("S-1",)),
        approved,
        place.model_copy(update={"theme": "Neglect", "areas": ("Plans",)}),
        QuestionsAgreed(service="CWD", manager="P-1", questions=("How?",)),
        RoundApproved(approver="director"),
        *given,
        RoundAuditCounted(audit="A-1"),
        RoundAuditCounted(audit="A-1"),
        RoundAuditCounted(audit="A-3"),
        RoundAuditWithdrawn(audit="A-1"),
        given[0],
        DipsRecorded(children=("C-1", "C-2", "C-1"), count=3),
        DipsRecorded(children=("C-2", "C-3"), count=2),
        RoundPlanned(diagnostics=(), units=()),
    ]
    events = history(("round/2026-06", fact) for fact in facts)
    policy = SHIPPED["torbay"].newest
    for number, event in enumerate(events, start=1):
        kept(views, "rounds", [event])
        listed = [RoundRow.listed(each, policy) for each in rounds(views, "torbay")]
        whole = RoundRow.of(events[:number], "2026-06", policy)
        assert listed == ([] if whole is None else [whole])
    assert (whole.given, whole.counted, whole.dips) == (2, 1, 3) if whole else False


def test_case_lists_are_counted_part_by_part(views: Engine) -> None:
    """In the order in which they were begun; a list is complete once it is closed, the most frequent come first."""
    cases = [
        ListedCase(child=f"C-{n}", number=sealed(), team=f"T-{n // 2}", lists=("plan", "need")[: n % 3])
        for n in range(4)
    ]
    opened = [CaseListOpened(file_hash="h", kind="annex_a", as_of=DUE), CasesListed(cases=tuple(cases[:1]))]
    more = [CasesListed(cases=tuple(cases[1:])), CaseListClosed(taken=4, left_out=2)]
    events = history([*(("cases/L-2", each) for each in opened), *(("cases/L-1", each) for each in [*opened, *more])])
    kept(views, "case-lists", events, size=2)
    first, second = case_lists(views, "torbay")
    assert (first.list, first.cases, first.complete) == ("L-2", 1, False)
    assert (second.list, second.cases, second.left_out, second.complete) == ("L-1", 4, 2, True)
    assert list(second.by_list.items()) == [("(none)", 2), ("plan", 2), ("need", 1)]
    assert (second.by_team, second.by_service) == ({"T-0": 2, "T-1": 2}, {"(none)": 4})
    assert [each.list for each in case_lists(views, "torbay", only="L-2")] == ["L-2"]
