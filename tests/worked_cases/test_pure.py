"""The worked cases on the rules alone: once as imported history, once lived through day by day."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from pathlib import Path

import orjson
import pytest

from events.errors import Refused
from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from services.clock import LONDON, at_local, local_date
from services.directory.state import DIRECTORY, fold_directory
from services.escalations.settle import settle
from services.modules import CATALOGUE
from services.obligation_status import owed_by
from services.obligations.engine import obligations
from services.policy.versions import Policies
from services.policy_files import load_folder
from services.rehearsal import END_OF_TIME, Rehearsal
from tests.given import given
from tests.lives import Life
from tests.worked_cases.cases import CASES, OVERDUE_FROM, Case, Due, Notice, record_of, write_policies


def each_of(cases: Iterable[Case]) -> pytest.MarkDecorator:
    marked = [pytest.param(case, id=case.id, marks=pytest.mark.covers(case.id, *case.covers)) for case in cases]
    return pytest.mark.parametrize("case", marked)


EVERY_CASE = each_of(CASES)
SHOWN_CASES = each_of([case for case in CASES if case.shown])


@pytest.fixture
def policies(case: Case, tmp_path: Path) -> Policies:
    return load_folder(write_policies(case, tmp_path))[case.authority]


@pytest.fixture
def rehearsal(case: Case, policies: Policies) -> Rehearsal:
    """The case as history that was imported long after it had happened."""
    rehearsal = Rehearsal({case.authority: policies}, unverified=True)
    summary = rehearsal.run(map(orjson.dumps, case.lines))
    assert summary.refused == case.refused
    return rehearsal


def fired(audit: str, facts: Iterator[object]) -> set[Notice]:
    """What went out, as the rows of a case say it."""
    return {
        (
            audit,
            fact.due.astimezone(LONDON),
            fact.obligation,
            fact.step,
            frozenset((each.role, each.unit, each.holder) for each in fact.recipients),
        )
        for fact in facts
        if isinstance(fact, NoticeSent | EscalationRaised)
    }


def due_dates(audit: str, history: tuple[Recorded, ...], policies: Policies) -> set[Due]:
    return {
        (audit, each.name, each.key, each.due)
        for each in obligations(history, policies)
        if each.due is not None and each.fell_away is None
    }


def forbidden(case: Case, notices: set[Notice], owed: set[Due]) -> list[object]:
    """The rows that a case rules out by name."""
    found: list[object] = []
    for never in case.must_not:
        if never.what == "due":
            found += [
                row for row in owed if (row[0], row[3]) == (never.audit, never.day) and never.obligation in row[1]
            ]
        else:
            found += [
                row
                for row in notices
                if (row[0], local_date(row[1])) == (never.audit, never.day)
                and never.obligation in row[2]
                and (not never.role or never.role in {told[0] for told in row[4]})
            ]
    return found


@EVERY_CASE
def test_imported_history(case: Case, rehearsal: Rehearsal, policies: Policies) -> None:
    """History imported afterwards gives every notice of the case at its instant and to its people, and no other."""
    store = rehearsal.stores[case.authority]
    directory = fold_directory(store.load(DIRECTORY))
    notices: set[Notice] = set()
    owed: set[Due] = set()
    for audit in case.audits:
        history = store.load(record_of(audit))
        settlement = settle(CATALOGUE.record_of(history), policies, directory, END_OF_TIME)
        notices |= fired(audit, (settled.fact for settled in settlement.facts))
        owed |= due_dates(audit, history, policies)
    assert notices == case.notices
    assert owed == case.owed
    assert forbidden(case, notices, owed) == []


@EVERY_CASE
def test_plan(case: Case, rehearsal: Rehearsal) -> None:
    """The plan of the case names the same due dates and the same notices, in the order of time.

    What a month or a report owes beside the case's own records is planned as well, and is no part of it.
    """
    records = {record_of(each) for each in case.audits}
    beside = ("month/", "report/")
    plan = [line for line in rehearsal.plan() if line.about in records or not line.about.startswith(beside)]
    told = {
        (
            line.about.rpartition("/")[2],
            line.at.astimezone(LONDON),
            frozenset((each.role, each.unit, each.holder) for each in line.to),
        )
        for line in plan
        if isinstance(line.at, datetime)
    }
    assert told == {(audit.rpartition("/")[2], at, to) for audit, at, _, _, to in case.notices}
    standing = {
        (line.about.rpartition("/")[2], line.at) for line in plan if line.what == "due" and line.outcome != "fell away"
    }
    assert standing == {(audit.rpartition("/")[2], day) for audit, _, _, day in case.owed}
    days = [line.at.date() if isinstance(line.at, datetime) else line.at for line in plan]
    assert days == sorted(days)


@EVERY_CASE
def test_lived_through(case: Case, policies: Policies) -> None:
    """The same case lived through, each act on its day and each timer on time, tells the same people the same."""
    scene = given(authority=case.authority, policies=policies, staffed=False, live=True)
    records = [record_of(audit) for audit in case.audits]
    for line in case.lines:
        scene.let_time_pass(line["at"], records)
        try:
            scene.do(line)
        except Refused:
            assert case.refused
        scene.look(only=records)
    scene.let_time_pass("2027-12-31", records)
    notices = {row for audit in case.audits for row in fired(audit, (each.fact for each in scene.history(audit)))}
    assert notices == case.notices
    told = (each.fact for audit in case.audits for each in scene.history(audit))
    assert not any(fact.late for fact in told if isinstance(fact, NoticeSent | EscalationRaised))


@SHOWN_CASES
def test_shown(case: Case, policies: Policies) -> None:
    """On the days that a case names, the view of what is owed says open, overdue or met as the case does."""
    for shown in case.shown:
        noon = at_local(shown.day, time(12))
        rehearsal = Rehearsal({case.authority: policies}, unverified=True)
        known = [line for line in case.lines if (CATALOGUE.parse(orjson.dumps(line)).at or noon) <= noon]
        rehearsal.run(map(orjson.dumps, known))
        store = rehearsal.stores[case.authority]
        directory = fold_directory(store.load(DIRECTORY))
        rows = owed_by(CATALOGUE.record_of(store.load(record_of(shown.audit))), policies, directory, noon)
        states = [
            row.state
            for row in rows
            if (row.obligation, row.key) == (shown.obligation, shown.key) and row.state != "fell away"
        ]
        assert states == [shown.state], shown


@pytest.mark.covers("ALL-C3", "A-ALL-02")
@pytest.mark.parametrize(("deadline", "local", "utc"), OVERDUE_FROM)
def test_instant_at_which_overdue_begins(deadline: str, local: str, utc: str) -> None:
    """A deadline is overdue from midnight by England's clocks, on both sides of both clock changes."""
    desk = given(*Life("torbay", "A-1").allocated("2026-03-02", due=deadline))
    [owed] = desk.owed("audit_return")
    assert owed.overdue_from == datetime.fromisoformat(utc)
    assert owed.overdue_from.astimezone(LONDON).isoformat(timespec="minutes") == local
    before, after = (
        next(owed_by(CATALOGUE.record_of(desk.history("A-1")), desk.policies, fold_directory([]), instant)).state
        for instant in (owed.overdue_from.replace(microsecond=0) - datetime.resolution, owed.overdue_from)
    )
    assert (before, after) == ("open", "overdue")
