"""Southwark's reports: of a history that is known, each says what its clause asks for, to whom and by when."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.lives import Life, Line
from tests.reports.made import History, Made, due_on

BOARD = "Southwark Safeguarding Children Board"
MANAGEMENT_BOARD = "Children's and Adults Management Board"
SCRUTINY = "Children's Services Overview and Scrutiny"
PARENTING = "Corporate Parenting Committee"
SPEAKERBOX = "Children in Care Council (Speakerbox)"


def entry(name: str, kind: str, on: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    head = {"command": "entry.record", "authority": "southwark", "actor": "P-X", "role": role, "at": on, "on": on}
    return {**head, "entry": name, "kind": kind, "answers": answers, **fields}


def step(name: str, taken: str, at: str, role: str, **answers: Any) -> Line:
    head = {"command": "entry.step", "authority": "southwark", "actor": "P-X", "role": role, "at": at}
    return {**head, "entry": name, "step": taken, "answers": answers}


def audit(name: str, team: str, returned: str, grade: str) -> list[Line]:
    life = Life("southwark", name, child=f"C-{name}").allocated("2026-05-04", team=team, audit_type="case file")
    return list(life.submitted(returned, grade, immediate_concern=False))


VIEW = {"view": "heard", "themes": ["visits"]}
CHECKED = {"safety": True, "requirements": True, "directions": True, "outcomes": True, "progress": False}
HISTORY: list[Line] = [
    *audit("A-1", "T-1", "2026-05-18", "Good"),
    *audit("A-2", "T-2", "2026-05-20", "Inadequate"),
    *Life("southwark", "A-3", child="C-3").allocated("2026-05-04", team="T-3", audit_type="case file"),
    entry("V-1", "views", "2026-05-06", "childrens_rights_officer", {**VIEW, "channel": SPEAKERBOX}),
    entry("V-2", "views", "2026-05-07", "childrens_rights_officer", {**VIEW, "channel": "feedback form"}),
    entry(
        "C-1",
        "complaint",
        "2026-05-11",
        "complaints_manager",
        {"urgent": False, "leads_to_action": True, "issue": "late", "themes": ["delay"]},
        service="S-1",
    ),
    entry("P-1", "planning_check", "2026-05-12", "reviewing_officer", CHECKED, child="C-1"),
    entry("O-1", "practice_observation", "2026-05-13", "director", {"observer": "senior manager"}, person="P-SW"),
    entry("O-2", "practice_observation", "2026-05-14", "practice_group_lead", {"observer": "manager"}, person="P-SW"),
    step("O-1", "reported", "2026-05-15", "director", seen="good work"),
    entry("L-1", "learning", "2026-05-15", "head_of_qa", {"sort": "success", "themes": ["visits"], "learning": "how"}),
    entry(
        "M-1", "lead_member_meeting", "2026-05-19", "lead_member", {"met_with": "Chief Executive", "concern": "staff"}
    ),
    entry("W-1", "went_wrong", "2026-05-19", "head_of_qa", {"what": "a visit was missed", "themes": ["visits"]}),
    entry("SP-1", "service_plan", "2026-05-19", "qa_lead", {"findings": "late", "service_wide": True}, service="S-1"),
    step("SP-1", "implemented", "2026-06-10", "service_management_team", change="visits are in time"),
    {
        "command": "indicator.record",
        "authority": "southwark",
        "actor": "P-X",
        "role": "performance_team",
        "at": "2026-06-05",
        "indicator": "record_accuracy",
        "month": "2026-06",
        "value": 96,
    },
]


@pytest.fixture(scope="module")
def history() -> History:
    history = History("southwark", *HISTORY)
    assert history.refused == []
    return history


def of(history: History, name: str, period: str, **how: Any) -> Made:
    return history.report(name, period, **how)


@pytest.mark.covers("SOU-7", "SOU-88")
def test_the_monthly_audit_report_of_a_service(history: History) -> None:
    """The service's Quality Assurance Lead tells the Strategy, Planning and Performance Team of the month's audits."""
    page = of(history, "service_audits", "2026-05", unit="S-1")
    assert page.report.made_by == "Quality Assurance Lead"
    assert page.report.audience == ("Strategy, Planning and Performance Team",)
    assert due_on("southwark", "service_audits", "2026-05") == date(2026, 6, 12)
    counts = [page.value("returns", "All", each) for each in ("Allocated", "Returned", "Exempted", "Not returned")]
    assert counts == [3, 2, 0, 1]
    assert page.value("grades", "All", "Good") == 1


@pytest.mark.covers("SOU-6", "SOU-98")
def test_performance_of_practice_groups(history: History) -> None:
    """A row for each practice group, with a nought where one has done nothing."""
    page = of(history, "practice_groups", "2026-Q1")
    assert {"Advanced Practitioners", "Practice Group Leads"} <= set(page.report.audience)
    returned = {each: page.value("groups", each, "Returned") for each in ("T-1", "T-2", "T-3")}
    assert returned == {"T-1": 1, "T-2": 1, "T-3": 0}
    assert page.value("groups", "T-2", "Inadequate", block=1) == 1
    monthly = of(history, "service_audits", "2026-05", unit="S-1")
    assert {page.table("groups").stub, monthly.table("grades").stub} == {"Practice group"}
    assert monthly.value("grades", "T-1", "Outstanding or Good") == 100


@pytest.mark.covers("SOU-89")
def test_outcomes_for_the_management_teams(history: History) -> None:
    """Figures, and what was said and seen, for the Service Management Team."""
    page = of(history, "service_outcomes", "2026-Q1", unit="S-1")
    assert page.report.audience == ("Service Management Team",)
    assert page.value("figures", "All", "Returned") == 2
    assert [page.value("figures", each, "Exempted") for each in ("T-1", "All")] == [0, 0]
    assert page.texts() == {"outcomes": "Quality Assurance Lead"}


@pytest.mark.covers("SOU-90", "SOU-99")
def test_collated_findings_of_the_quarter(history: History) -> None:
    """Performance, findings of audits, and what users and staff say; onward to Executive Director and Lead Member."""
    page = of(history, "quarterly_findings", "2026-Q1")
    assert (page.report.first, page.report.last) == (date(2026, 4, 1), date(2026, 6, 30))
    assert page.report.audience == (
        "Operational Leads",
        "Strategy, Planning and Performance Team",
        "Director of Children's Social Care",
        "Executive Director",
        "Lead Member",
    )
    assert page.value("performance", "Accuracy of the records", "Value") == 96
    assert page.value("findings", "All", "Returned") == 2
    assert page.value("users", "All", "Entries") is not None
    assert page.value("users", "visits", "Times", block=2) == 2
    assert page.value("staff", "success", "Times", block=1) == 1
    assert page.texts() == {"staff": "Head of Quality Assurance and Social Work Improvement"}


@pytest.mark.covers("SOU-91", "SOU-104", "SOU-105")
def test_the_reviewing_officers_annual_report(history: History) -> None:
    """Once a year, to four bodies; what the Children in Care Council says stands in it."""
    page = of(history, "reviewing_officers_annual", "2026")
    assert page.report.audience == (MANAGEMENT_BOARD, PARENTING, BOARD, SCRUTINY)
    assert due_on("southwark", "reviewing_officers_annual", "2026") == date(2027, 6, 30)
    assert page.value("planning", "no", "Times", block=5) == 1
    assert page.value("voices", "All", "Entries") == 1


@pytest.mark.covers("SOU-92", "SOU-105")
@pytest.mark.parametrize("name", ["conference_chairs_annual", "designated_officer_annual"])
def test_annual_reports_of_chairs_and_of_the_designated_officer(history: History, name: str) -> None:
    """Each once a year, to the Management Board, the Safeguarding Board and Scrutiny."""
    page = of(history, name, "2026")
    assert page.report.audience == (MANAGEMENT_BOARD, BOARD, SCRUTINY)
    assert due_on("southwark", name, "2026") == date(2027, 6, 30)
    assert list(page.texts()) in (["account"], ["allegations"])


@pytest.mark.covers("SOU-46", "SOU-93")
def test_activity_and_issues_every_two_months(history: History) -> None:
    """Chairs and reviewing officers tell the Management Team every other month what they did and what they saw."""
    page = of(history, "activity_and_issues", "2026-04")
    assert (page.report.first, page.report.last) == (date(2026, 4, 1), date(2026, 5, 31))
    assert page.report.audience == ("Management Team",)
    assert due_on("southwark", "activity_and_issues", "2026-04") == date(2026, 6, 30)
    assert page.value("activity", "All", "Entries") == 1
    assert list(page.texts()) == ["issues"]


@pytest.mark.covers("SOU-9", "SOU-94")
def test_the_childrens_rights_officer_reports(history: History) -> None:
    """Each quarter, to the senior Management Team, with the views of children by channel."""
    page = of(history, "childrens_rights", "2026-Q1")
    assert (page.report.made_by, page.report.audience) == ("Children's Rights Officer", ("Senior Management Team",))
    assert page.value("views", SPEAKERBOX, "Share", block=1) == 50
    assert page.texts() == {"rights": "Children's Rights Officer"}


@pytest.mark.covers("SOU-86")
def test_the_report_against_the_pledge(history: History) -> None:
    """Promise by promise, with what the Children in Care Council says of it."""
    page = of(history, "pledge", "2026")
    assert page.texts() == {"pledge": "Children's Rights Officer"}
    assert page.value("pledge", "visits", "Times", block=1) == 1
    assert SPEAKERBOX in page.report.audience


@pytest.mark.covers("SOU-95")
@pytest.mark.parametrize(("name", "period"), [("complaints_of_quarter", "2026-Q1"), ("complaints_of_year", "2026")])
def test_complaints_with_themes_and_recommendations(history: History, name: str, period: str) -> None:
    """Each quarter and each year."""
    page = of(history, name, period)
    assert page.report.made_by == "Complaints Manager"
    assert page.value("complaints", "S-1", "Entries") == 1
    assert page.value("complaints", "delay", "Audits and entries", block=3) == 1
    assert page.texts() == {"recommendations": "Complaints Manager"}
    assert due_on("southwark", name, period) is not None


@pytest.mark.covers("SOU-96")
def test_observations_of_senior_managers(history: History) -> None:
    """What senior managers saw, and whether it was reported; observations of a group's own manager are left out."""
    page = of(history, "senior_observations", "2026-05")
    assert page.value("observations", "All", "Entries") == 1
    assert page.value("observations", "All", "Report on what was seen") == 1


@pytest.mark.covers("SOU-97")
def test_the_annual_report_of_speakerbox(history: History) -> None:
    """Once a year, for the Corporate Parenting Committee and for Scrutiny: what the council itself says."""
    page = of(history, "speakerbox_annual", "2026")
    assert page.report.audience == (PARENTING, SCRUTINY)
    assert page.value("year", "All", "Entries") == 1


@pytest.mark.covers("SOU-100")
def test_quality_for_the_senior_management_team(history: History) -> None:
    """The Executive Director has the quality of each service put before the senior management team."""
    page = of(history, "service_quality", "2026-Q1")
    assert (page.report.made_by, page.report.audience) == ("Executive Director", ("Senior Management Team",))
    assert [page.value("quality", "S-1", each) for each in ("Returned", "Exempted", "Overdue")] == [2, 0, 1]
    escalated = next(each for each in page.section("quality").blocks if each.title == "Escalations")
    assert escalated.stub == "Rule"
    assert [each.title for each in escalated.columns][-1] == "Days until resolved (median)"


@pytest.mark.covers("SOU-101")
def test_evidence_for_the_safeguarding_board(history: History) -> None:
    """For the Board under its independent chair and for the Chief Executive: quality, and work between agencies."""
    page = of(history, "safeguarding_board", "2026-Q1")
    assert page.report.audience == (f"{BOARD}, under its independent chair", "Chief Executive")
    assert page.value("quality", "S-1", "Inadequate", block=1) == 1
    assert page.value("agencies", "All", "Entries") == 0


@pytest.mark.covers("SOU-73")
def test_change_after_actions(history: History) -> None:
    """What became of actions and service plans, and how the grades went from quarter to quarter."""
    page = of(history, "change", "2026-Q1")
    assert page.value("actions", "S-1", "Implemented by the Service Management Team", block=1) == 1
    trend = page.table("trend")
    assert [row.title for row in trend.rows] == [
        *("Jul to Sep 2025", "Oct to Dec 2025", "Jan to Mar 2026", "Apr to Jun 2026"),
        "Direction",
    ]
    share = trend.rows[3].cells[-1]
    assert getattr(share, "value", None) == Decimal("50.0")


@pytest.mark.covers("SOU-102", "SOU-103")
def test_the_lead_member(history: History) -> None:
    """Is given the quarter's findings and makes no report; one-to-one meetings are kept with the concern raised."""
    makers = {each.made_by for each in history.desk.policies.newest.reports}
    assert "lead_member" not in makers
    acts = {act for act, roles in history.desk.policies.newest.acts.items() if "lead_member" in roles}
    assert {each.partition(".")[0] for each in acts} == {"entry"}
    facts = [each.fact for each in history.desk.store.load("entry/M-1")]
    assert [each.question for each in facts[0].answers] == ["met_with", "concern"]  # type: ignore[attr-defined]
