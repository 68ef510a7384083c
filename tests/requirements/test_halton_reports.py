"""Halton's reports: what each says of a March that is known, by when it is due, and whom it reaches."""

from decimal import Decimal
from typing import Any

import pytest

from tests.desks import SHIPPED
from tests.lives import Line
from tests.reports.made import History, Made, due_on
from tests.requirements.halton_reports import HISTORY, action_of_an_entry, april
from tests.requirements.programme import QA_TEAM, Books
from tests.requirements.scenes import reports_owed

GOOD = "Outstanding or Good"
CYCLE = "Performance and Accountability cycle"
MANAGERS = {"Divisional Manager", "Service Manager", "Principal Manager", "Practice Lead"}
QUESTIONS = ["What did we do?", "How well did we do it?", "What difference did it make?"]


@pytest.fixture(scope="module")
def history() -> History:
    found = History("halton", *HISTORY)
    assert found.refused == []
    return found


@pytest.fixture(scope="module")
def later() -> History:
    """The same history with April."""
    found = History("halton", *HISTORY, *april())
    assert found.refused == []
    return found


def answers(report: Made, section: str, title: str, column: int = 0) -> dict[str, Any]:
    """The figures of one column of a table, by the words of its rows."""
    (found,) = [each for each in report.section(section).blocks if getattr(each, "title", "") == title]
    return {row.title: row.cells[column].value for row in found.rows}


def row_of(report: Made, section: str, title: str, row: str) -> list[Any]:
    """The figures of one row of a table, from the left."""
    (found,) = [each for each in report.section(section).blocks if getattr(each, "title", "") == title]
    return next([getattr(each, "value", None) for each in one.cells] for one in found.rows if one.title == row)


@pytest.mark.covers("HAL-37", "HAL-87")
def test_the_monthly_audit_report(history: History) -> None:
    """From the QA team, by three questions: audits by service, grades before and after moderation, actions."""
    report = history.report("audits", "2026-03")
    assert report.report.made_by == "QA Audit and Practice Improvement Team"
    assert [each.title for each in report.report.sections] == QUESTIONS
    counted = ("Allocated", "Returned", "Moderated")
    assert [report.value("what_we_did", "S-1", each) for each in counted] == [2, 2, 2]
    assert [report.value("what_we_did", "S-2", each) for each in counted] == [1, 1, 0]
    assert answers(report, "what_we_did", "Audits by the role of the auditor")["Practice Lead"] == 3
    assert row_of(report, "how_well", "Grades of the files", "By the auditor") == [0, 2, 1, 0, 3, Decimal("66.7")]
    assert row_of(report, "how_well", "Grades of the files", "After moderation") == [0, 1, 0, 1, 2, 50]
    assert row_of(report, "how_well", "Grades of the sections", "Planning") == [0, 3, 0, 0, 3, 100]
    assert row_of(report, "what_difference", "Actions", "All") == [3, 2, 1, 1, 1, Decimal("33.3")]
    assert answers(report, "what_difference", "Is the child safer?") == {"yes": 1, "no": 0}
    assert report.texts() == {"difference": report.report.made_by}


@pytest.mark.covers("HAL-37", "HAL-87")
def test_timeliness_and_trend_in_the_audit_report(history: History, later: History) -> None:
    """Return and moderation in time, late or open, with their days; what is overdue; good or better over six months."""
    march, april = history.report("audits", "2026-03"), later.report("audits", "2026-04")
    assert row_of(march, "what_we_did", "Return", "All") == [3, 0, 0, 0, 0, 0, 3, 5]
    assert row_of(march, "what_we_did", "Moderation", "All") == [2, 0, 0, 0, 0, 1, 3, 8]
    assert row_of(april, "what_we_did", "Return", "All") == [1, 0, 0, 0, 1, 0, 2, 7]
    assert [april.value("what_we_did", "S-2", each) for each in ("Not returned", "Overdue")] == [1, 1]
    months = [row.title for row in april.table("how_well", block=2).rows[:-1]]
    assert months == ["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]
    good = [april.value("how_well", each, "Outstanding or Good", block=2) for each in months]
    assert good == [None, None, None, None, Decimal("33.3"), 100]
    assert april.words("how_well")[-1][-1] == "better (up)"


@pytest.mark.covers("HAL-91", "HAL-86")
def test_what_re_audits_and_complaints_show(later: History) -> None:
    """A re-audit beside the finding that it follows, and what came of complaints, in the month's report."""
    report = later.report("quality_assurance", "2026-04")
    assert row_of(report, "what_difference", "Re-audits, beside the finding they followed", "All") == [1, 0, 0, 0, 1]
    assert row_of(report, "feedback", "Complaints of families", "All") == [1, 1]
    assert answers(report, "feedback", "Face to face?") == {"yes": 1, "no": 0}


@pytest.mark.covers("HAL-90", "HAL-96")
def test_reports_are_shared_through_the_cycle(history: History) -> None:
    """The managers of services and teams receive each report of the cycle; it is there before the next month's."""
    for name, period in (
        ("audits", "2026-03"),
        ("quality_assurance", "2026-03"),
        ("performance_accountability", "2026-02"),
    ):
        assert {CYCLE, *MANAGERS} <= set(history.report(name, period).report.audience)
        assert str(due_on("halton", name, period)) == "2026-04-30"
    reports = SHIPPED["halton"].newest.reports
    monthly = {each.name for each in reports if CYCLE in each.audience and each.every == "month"}
    assert monthly == {"audits", "quality_assurance", "team_overview", "service_overview"}


@pytest.mark.covers("HAL-91", "HAL-37")
def test_all_quality_assurance_in_one_report(history: History) -> None:
    """Audits, samples, themes, observations and reviews together, with the impact of actions and key learning."""
    report = history.report("quality_assurance", "2026-03")
    assert [each.title for each in report.report.sections][:3] == QUESTIONS
    seen = {"Thematic audits", "Dip samples", "Observations of practice", "Management reviews of open work"}
    unseen = {
        "Themed reviews",
        "Quality assurance by managers",
        "Reflective sessions of managers and practitioners",
        "Midway reviews",
        "Findings of panels",
    }
    counted = {each: answers(report, "what_we_did", each)["All"] for each in seen | unseen}
    assert counted == dict.fromkeys(seen, 1) | dict.fromkeys(unseen, 0)
    assert row_of(report, "what_we_did", "Audits", "All") == [3, 2, 0]
    assert answers(report, "what_we_did", "What is the answer for this child?")["no"] == 1
    areas = answers(report, "what_we_did", "The five areas")
    assert areas == {"audit": 2, "feedback": 2, "practice review": 1}
    assert row_of(report, "how_well", "Grades of the files", "After moderation") == [0, 1, 0, 1, 2, 50]
    assert row_of(report, "how_well", "Grades of the sections", "Planning") == [0, 3, 0, 0, 3, 100]
    beside = row_of(report, "how_well", "Grades of auditors, and of moderators", "Good")
    assert (beside[1], beside[3]) == (1, 1)
    agreed = row_of(report, "what_difference", "Agreed actions", "All")
    assert agreed == [3, 2, 1, 1, 1, Decimal("33.3")]
    assert row_of(report, "what_difference", "Impact of actions brought to supervision", "All") == [1]
    assert {"impact", "learning"} < set(report.texts())


@pytest.mark.covers("HAL-14")
def test_leaders_see_learning_across_the_system(history: History) -> None:
    """The Senior Leadership Team sees the themes of all teams beside the month before, and where learning came from."""
    report = history.report("quality_assurance", "2026-03")
    assert "Senior Leadership Team" in report.report.audience
    assert row_of(report, "learning", "Themes of practice", "visits")[:2] == [6, 1]
    assert answers(report, "learning", "Is it good practice, or an area for improvement?") == {
        "good practice": 1,
        "area for improvement": 0,
    }
    areas = answers(report, "learning", "Which of the five areas does it belong to or bear on?")
    assert {area for area, times in areas.items() if times} == {"audit", "feedback"}


@pytest.mark.covers("HAL-84", "HAL-86")
@pytest.mark.parametrize(
    ("name", "period"), [("quality_assurance", "2026-03"), ("performance_accountability", "2026-02")]
)
def test_feedback_is_part_of_the_analysis(history: History, name: str, period: str) -> None:
    """Each holds what managers asked families and reported, what families, staff and partners said, and a text."""
    report = history.report(name, period)
    assert answers(report, "feedback", "Was feedback of families sought?") == {"yes": 1, "no": 1}
    assert row_of(report, "feedback", "Monthly reviews of practice", "All") == [2, 1]
    sources = answers(report, "feedback", "Where does it come from?")
    assert [sources[each] for each in ("family", "staff", "partners", "inspection")] == [1, 1, 2, 0]
    assert "feedback" in {each.rpartition(".")[0] or each for each in report.texts()}


@pytest.mark.covers("HAL-88", "A-HAL-13")
def test_performance_and_accountability_every_two_months(history: History, later: History) -> None:
    """February and March together, team by team, with the account of the QA Manager."""
    report = history.report("performance_accountability", "2026-02")
    assert (str(report.report.first), str(report.report.last)) == ("2026-02-01", "2026-03-31")
    assert {each: report.value("teams", each, "Returned") for each in ("T-1", "T-2", "T-9")} == {
        "T-1": 1,
        "T-2": 1,
        "T-9": 1,
    }
    teams = {each: row_of(report, "teams", "Grades", each)[-2:] for each in ("T-1", "T-2", "T-9", "All")}
    assert teams == {"T-1": [1, 100], "T-2": [1, 0], "T-9": [1, 0], "All": [3, Decimal("33.3")]}
    assert later.report("performance_accountability", "2026-04").value("teams", "T-9", "Overdue") == 1
    assert row_of(report, "teams", "Actions", "T-2") == [1, 1, 0, 0, 0]
    assert row_of(report, "teams", "Actions", "T-9") == [1, 0, 1, 1, 0]
    assert "QA Manager" in report.texts().values()


@pytest.mark.covers("HAL-99")
def test_four_sets_stand_beside_the_core_data(history: History) -> None:
    """The core with its month before, then quality assurance, monthly performance, its review, and the workforce."""
    report = history.report("performance_accountability", "2026-02")
    tables = {each.title: each for each in report.section("performance").blocks}
    assert list(tables) == ["Core data", "Quality assurance", "Monthly performance", "Performance review", "Workforce"]
    first = {title: {row.title: row.cells for row in each.rows} for title, each in tables.items()}
    (referrals,) = [cells for title, cells in first["Core data"].items() if "referrals" in title]
    assert [each.value for each in referrals[:2]] == [40, 30]
    (audited,) = first["Quality assurance"].values()
    assert audited[0].value == Decimal("33.3")
    for title, value in (("Monthly performance", 7), ("Performance review", 8), ("Workforce", 9)):
        assert value in {cells[0].value for cells in first[title].values()}


@pytest.mark.covers("HAL-12", "HAL-92", "HAL-84")
def test_overviews_of_teams(history: History, later: History) -> None:
    """Each month one for every team and service, by its own manager, for the report on performance."""
    team = history.report("team_overview", "2026-03", unit="T-1")
    service = history.report("service_overview", "2026-03", unit="S-2")
    assert [team.value("audits", "All", each) for each in ("Returned", "Moderated")] == [1, 1]
    assert [service.value("audits", "All", each) for each in ("Returned", "Moderated")] == [1, 0]
    assert row_of(team, "audits", "Actions", "All") == [1, 1, 0, 0, 100]
    assert later.report("team_overview", "2026-04", unit="T-9").value("audits", "All", "Overdue") == 1
    assert answers(team, "families", "Was feedback of families sought?") == {"yes": 1, "no": 0}
    for report, post in ((team, "Practice Lead"), (service, "Principal Manager")):
        assert set(report.texts().values()) == {post} == {report.report.made_by}
        assert set(report.report.audience) == {"QA Manager", CYCLE}
        assert len(report.texts()) == 2
    assert str(due_on("halton", "team_overview", "2026-03")) == "2026-04-30"


@pytest.mark.covers("HAL-71", "HAL-93", "HAL-95", "HAL-100", "A-HAL-19")
def test_the_status_of_actions_for_the_clinic(history: History) -> None:
    """By Divisional Manager: what was completed, in time or late, and what is overdue, named, for the clinic."""
    report = history.report("action_status", "2026-03")
    assert report.report.made_by == "QA Manager"
    assert "Quality and Performance clinic" in report.report.audience
    counted = ("Set", "Due", "Completed", "Confirmed", "Done late", "Open", "Overdue")
    assert [report.value("status", "S-1", each) for each in counted] == [2, 2, 2, 1, 1, 0, 0]
    assert [report.value("status", "S-2", each) for each in counted] == [1, 1, 0, 0, 0, 1, 1]
    assert [row_of(report, "status", "Actions", each)[-1] for each in ("S-1", "S-2")] == [50, 0]
    assert answers(report, "status", "Actions of the audit and of the moderation") == {
        "audit": 2,
        "moderation": 1,
        "All": 3,
    }
    overdue_of = {each: report.value("status", each, "Overdue", block=1) for each in ("audit", "moderation")}
    assert overdue_of == {"audit": 1, "moderation": 0}
    (overdue,) = report.words("overdue")
    assert "A-9" in " ".join(overdue)
    others = History("halton", *HISTORY, action_of_an_entry())
    assert others.refused == []
    assert others.report("action_status", "2026-03").words("overdue") == [overdue]
    assert report.texts() == {"review": "QA Manager"}
    assert str(due_on("halton", "action_status", "2026-03")) == "2026-04-30"


@pytest.mark.covers("HAL-25", "HAL-89", "HAL-94", "A-HAL-14")
def test_cases_for_the_senior_leadership_team(history: History) -> None:
    """Of the moderated audits of the month three are chosen; the report says how many were, and were commented on."""
    report = history.report("cases_for_leaders", "2026-03")
    assert report.report.audience == ("Senior Leadership Team",)
    assert row_of(report, "cases", "Cases chosen for leaders", "All") == [2, 1]
    assert report.table("cases").note == "Entries: 2 of at least 3"
    assert [row[0] for row in report.words("cases")][-2:] == ["LC-1", "LC-2"]
    assert [row[0] for row in report.words("moderated")] == ["A-1", "A-2"]


@pytest.mark.covers("HAL-25", "HAL-94", "A-HAL-14")
def test_who_chooses_and_who_comments() -> None:
    """The QA team owes three cases a month and alone chooses them; the Senior Leadership Team alone comments."""
    books = Books("halton")
    case: Line = {"answers": {"audit": "A-1"}, "child": "C-1"}
    assert books.enter("leaders_case", "2026-03-10", ("P-PL", "practice_lead"), **case) == "role"
    for number in range(1, 4):
        before = f"{number - 1} of 3, overdue"
        assert list(books.due("leaders_cases", "2026-03-31").values()) == [before]
        assert books.enter("leaders_case", "2026-03-10", entry=f"E-{number}", **case) == ""
    assert list(books.due("leaders_cases", "2026-03-31").values()) == ["3 of 3, met"]
    assert books.step("commented", "2026-03-12", QA_TEAM, comment="good") == "role"
    assert books.step("commented", "2026-03-12", ("P-SLT", "senior_leadership_team"), comment="good") == ""


@pytest.mark.covers("HAL-97")
def test_learning_for_the_board_and_the_development_team(history: History) -> None:
    """Collated learning of any period goes to both, with what was sent on already."""
    for period, times in (("2026-03", 1), ("2025-Q4", 2)):
        report = history.report("collated_learning", period)
        assert {"Children's Partnership Board", "Corporate Learning and Development Team"} < set(report.report.audience)
        entries = row_of(report, "learning", "Learning", "All")
        assert (entries[0], entries[-1]) == (times, 1)
    assert due_on("halton", "collated_learning", "2026-03") is None


@pytest.mark.covers("HAL-87", "HAL-88", "HAL-91", "HAL-12", "HAL-92", "HAL-71", "HAL-89")
def test_who_owes_each_report_by_when(history: History) -> None:
    """What falls due at the end of April: of each team its Practice Lead's overview, and every report by its maker."""
    rows = reports_owed(history.desk, "2026-04-30", "2026-05-01")
    assert {(row.task, row.about): (row.role, row.state) for row in rows} == {
        ("audits", None): ("qa_team", "overdue"),
        ("quality_assurance", None): ("qa_team", "overdue"),
        ("performance_accountability", None): ("qa_manager", "overdue"),
        ("team_overview", "T-1"): ("practice_lead", "overdue"),
        ("team_overview", "T-2"): ("practice_lead", "overdue"),
        ("team_overview", "T-9"): ("practice_lead", "overdue"),
        ("service_overview", "S-1"): ("principal_manager", "overdue"),
        ("service_overview", "S-2"): ("principal_manager", "overdue"),
        ("action_status", None): ("qa_manager", "overdue"),
        ("cases_for_leaders", None): ("qa_team", "overdue"),
    }
    holders = {row.about: row.holders for row in rows if row.task == "team_overview"}
    assert holders == {"T-1": ("P-PL",), "T-2": ("P-AUD",), "T-9": ()}
