"""A report is owed from the policy's report itself: due so long after its period, met once it was issued."""

from datetime import UTC, date, datetime
from typing import Any

from events.escalations import EscalationRaised, NoticeSent
from services.clock import local_date
from services.directory.state import DIRECTORY, Directory, fold_directory
from services.obligation_status import owed_by
from services.policy.ladders import LadderStep
from services.policy.versions import Policies
from services.programme.activities import Activities, Issue, gather
from services.programme.asking import falling_due, overdue
from services.programme.owed import Asked, TaskRow, tasks
from services.programme.reports import begun_in, to_begin, with_its_end
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life
from tests.services.reports.scenes import FINDINGS, OF_SERVICES, desk_with_reports, issue, with_reports

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
    found = falling_due(desk.policies, directory, lambda *_: gather(events), today, last=date(2026, 7, 31), **asked)
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
    late = overdue(desk.policies, fold_directory(desk.store.load(DIRECTORY)), gather(events), date(2026, 7, 11))
    assert {row.task for row in late} >= {"findings", "of_services"}


REMINDED = {"name": "soon", "on": "due - 2 days", "kind": "reminder", "to": ["qa_team"], "title": "Findings due"}
CHASED = {"name": "late", "on": "due + 1 day", "kind": "escalation", "to": ["director"], "title": "Findings late"}
LADDER = tuple(LadderStep.model_validate(each) for each in (REMINDED, CHASED))


def chased() -> TestDesk:
    """The same desk, whose framework reminds of the findings two days before and escalates on the day after."""
    desk = begun()
    with_ladder = FINDINGS.model_copy(update={"ladder": LADDER})
    desk.policies = with_reports(with_ladder, OF_SERVICES)
    return desk


def ended(desk: TestDesk, today: date) -> list[str]:
    """What the sweeper does on that day: the records of the reports whose clocks it begins."""
    found = to_begin(desk.policies, fold_directory(desk.store.load(DIRECTORY)), date(2026, 4, 8), today)
    new = [each for each in found if not begun_in(desk.store.load(each.record))]
    desk.store.append(*(each.begun("torbay", len(desk.store.load(each.record)) + 1, desk.now) for each in new))
    return [each.record for each in new]


def steps(desk: TestDesk, until: datetime) -> list[tuple[str, str, str]]:
    """What the escalator records about the findings' steps by then: when it came due, as what, and to whom."""
    settlement = desk.settled("report/findings-2026-Q1", until)
    told = [each.fact for each in settlement.facts if isinstance(each.fact, NoticeSent | EscalationRaised)]
    return [(f"{each.due:%Y-%m-%d}", each.title, each.recipients[0].role) for each in told]


def test_its_ladder_begins_with_the_end_of_the_period() -> None:
    """On the last day of the quarter nothing is owed; from the next one on the steps stand at their dates."""
    desk = chased()
    assert ended(desk, date(2026, 6, 30)) == []
    assert ended(desk, date(2026, 7, 1)) == ["report/findings-2026-Q1"]
    assert ended(desk, date(2026, 7, 1)) == []
    assert steps(desk, datetime(2026, 7, 8, 6, tzinfo=UTC)) == []
    reminded = ("2026-07-08", "Findings due", "qa_team")
    assert steps(desk, datetime(2026, 7, 8, 8, tzinfo=UTC)) == [reminded]
    assert steps(desk, datetime(2026, 7, 11, 8, tzinfo=UTC)) == [reminded, ("2026-07-11", "Findings late", "director")]


def test_nobody_is_chased_for_what_was_issued() -> None:
    """Issued in time nobody is told of it, and what it owed is met; an issue in the middle of the quarter is none."""
    desk = chased()
    desk.now = datetime(2026, 6, 15, 12, tzinfo=UTC)
    desk.do(issue())
    ended(desk, date(2026, 7, 1))
    late = datetime(2026, 7, 12, 8, tzinfo=UTC)
    assert len(steps(desk, late)) == 2
    assert [row.state for row in owed(desk) if row.task == "findings"] == ["open"]
    desk.now = datetime(2026, 7, 6, 12, tzinfo=UTC)
    desk.do(issue())
    assert steps(desk, late) == []
    assert [row.state for row in owed(desk) if row.task == "findings"] == ["met"]


def test_late_issuing_is_seen() -> None:
    """First issued after its last day it is met late, in the programme's rows as in what its record owes."""
    desk = chased()
    ended(desk, date(2026, 7, 1))
    desk.now = datetime(2026, 7, 11, 9, tzinfo=UTC)
    desk.do(issue())
    assert [row.state for row in owed(desk, date(2026, 7, 12)) if row.task == "findings"] == ["met late"]
    record = desk.catalogue.record_of(desk.history("report/findings-2026-Q1"))
    (owes,) = owed_by(record, desk.policies, fold_directory(desk.store.load(DIRECTORY)), desk.now)
    assert (owes.title, owes.due, owes.state) == ("Findings of the quarter", date(2026, 7, 10), "met late")


def test_what_a_report_without_a_ladder_owes_is_shown_as_well() -> None:
    """Nothing was recorded of the end of its period, and its record says all the same what it owed and when."""
    desk = begun()
    desk.now = datetime(2026, 7, 11, 9, tzinfo=UTC)
    desk.do(issue())
    assert ended(desk, date(2026, 7, 11)) == []
    history = with_its_end(desk.history("report/findings-2026-Q1"), desk.policies, desk.now)
    record = desk.catalogue.record_of(history)
    (owes,) = owed_by(record, desk.policies, fold_directory(desk.store.load(DIRECTORY)), desk.now)
    assert (owes.due, owes.state) == (date(2026, 7, 10), "met late")


def test_nobody_is_told_of_a_report_whose_ladder_has_passed() -> None:
    """Where nothing ran while the ladder stood, nothing is begun afterwards: it stays overdue, and nobody is told."""
    desk = chased()
    assert ended(desk, date(2026, 7, 12)) == []
    assert [row.state for row in owed(desk, date(2026, 7, 12)) if row.task == "findings"] == ["overdue"]


def test_of_a_unit_its_own_post_is_told() -> None:
    """With one of each service the head of that service is reminded, as whoever owes it."""
    own = {**REMINDED, "to": ["head_of_service of about"]}
    desk = begun()
    step = LadderStep.model_validate(own)
    desk.policies = with_reports(OF_SERVICES.model_copy(update={"ladder": (step,)}))
    assert ended(desk, date(2026, 7, 1)) == ["report/of_services-2026-Q1--S-1"]
    settlement = desk.settled("report/of_services-2026-Q1--S-1", datetime(2026, 7, 8, 8, tzinfo=UTC))
    (sent,) = [each.fact for each in settlement.facts]
    assert isinstance(sent, NoticeSent)
    assert [(each.holder, each.unit) for each in sent.recipients] == [("P-HOS", "S-1")]


def test_a_report_that_was_renamed_is_owed_once() -> None:
    """From the middle of the quarter on it is called otherwise: that quarter's is owed by the new name alone."""
    desk = begun()
    (before,) = desk.policies.versions
    renamed = FINDINGS.model_copy(update={"name": "learning"})
    after = before.model_copy(update={"version": "2", "effective_from": date(2026, 5, 15), "reports": (renamed,)})
    desk.policies = Policies("torbay", (before, after))
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    events = [each for history in streams.values() for each in history]
    directory = fold_directory(desk.store.load(DIRECTORY))
    found = falling_due(desk.policies, directory, lambda *_: gather(events), JULY, last=date(2026, 7, 31))
    assert [row.task for row in found if row.task in {"findings", "of_services", "learning"}] == ["learning"]


def test_an_issue_meets_the_task_that_asks_for_the_report() -> None:
    """East Sussex's annual review is made on request: issued, it is the summary that the year's task asks for.

    The meeting of service leads, which the same task asks for, is not met by it.
    """
    policies = SHIPPED["east-sussex"]
    review = next(each for each in policies.newest.reports if each.name == "annual_review")
    at = datetime(2026, 6, 8, 12, tzinfo=UTC)
    issues = [Issue("annual_review", "2025", None, date(2026, 3, 31), "P-HSG", date(2026, 6, 8))]

    def states(activities: Activities) -> dict[str, str]:
        asked = Asked(date(2027, 3, 1), date(2027, 3, 31), local_date(at))
        return {row.title: row.state for row in tasks(policies, Directory(), activities, asked) if row.task == "t5_1"}

    assert review.every is None
    assert states(Activities(began=date(2025, 4, 1))) == {
        "Summary of all quality assurance findings": "open",
        "Meeting that settles issues and targets": "open",
    }
    assert states(Activities(began=date(2025, 4, 1), issues=issues)) == {
        "Summary of all quality assurance findings": "met",
        "Meeting that settles issues and targets": "open",
    }
