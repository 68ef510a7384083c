"""Torbay's reports: of a history that is known, each says what its clause asks for, to whom and by when."""

from datetime import date
from decimal import Decimal

import pytest

from tests.lives import Life
from tests.reports.made import History, Made, due_on
from tests.requirements.torbay_reports import BELOW, GOOD, HISTORY

AUDIENCES = ("Improvement Board", "Practice Forums", "all staff")


@pytest.fixture(scope="module")
def march() -> History:
    history = History("torbay", *HISTORY)
    assert history.refused == []
    return history


@pytest.fixture(scope="module")
def highlight(march: History) -> Made:
    return march.report("audit_highlight", "2026-03")


@pytest.mark.covers("TOR-133")
def test_the_monthly_highlight_report(highlight: Made) -> None:
    """Audits, dip samples, performance data and what users and staff say stand in one report of the QA Team."""
    assert highlight.report.made_by == "QA Team"
    assert due_on("torbay", "audit_highlight", "2026-03") == date(2026, 4, 30)
    assert highlight.value("audits", "S-1", "Returned") == 3
    assert highlight.value("audits", "All", "Moderated") == 2
    assert highlight.value("audits", "All", "Overdue") == 1
    assert highlight.value("dip_samples", "All", "Children looked at") == 3
    assert highlight.value("dip_samples", "S-1", "yes", block=1) == 2
    assert highlight.value("performance", "Visits made on time", "Value") == 80
    assert highlight.value("feedback", "young inspectors", "Times", block=1) == 1
    assert highlight.texts()["feedback"] == "QA Team"


@pytest.mark.covers("TOR-133")
def test_grades_before_and_after_moderation(highlight: Made) -> None:
    """The month's overall grades as the auditors gave them, and of the moderated ones as they stand since."""
    assert highlight.value("grades", "By the auditor", GOOD) == 2
    assert highlight.value("grades", "After moderation", GOOD) == 1
    share = highlight.cell("grades", "After moderation", "Good")
    assert (share.value, share.among, share.of) == (Decimal("50.0"), 1, 2)


@pytest.mark.covers("TOR-83")
def test_actions_in_the_highlight_report(highlight: Made) -> None:
    """What was agreed in the month, and what became of it; what is overdue is named."""
    assert [highlight.value("actions", "child", each) for each in ("Set", "Completed", "Overdue")] == [2, 1, 1]
    assert [row.title for row in highlight.table("actions", block=1).rows] == ["visit"]


@pytest.mark.covers("TOR-158")
def test_volumes_of_the_month(highlight: Made) -> None:
    """Audits returned and moderated beside the twenty, dip samples beside the 200 to 350, that are asked for."""
    assert highlight.table("audits").note == "Moderated: 2 of at least 20"
    assert highlight.table("dip_samples").note == "Children looked at: 3 of at least 200 and at most 350"


@pytest.mark.covers("TOR-134")
def test_the_quarterly_thematic_report(march: History) -> None:
    """Of January to March, from the same sources, with what the quarter before showed."""
    page = march.report("thematic_practice", "2025-Q4")
    assert (page.report.first, page.report.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert due_on("torbay", "thematic_practice", "2025-Q4") == date(2026, 4, 30)
    assert page.value("themes", "plans", "Audits and entries") == 2
    assert page.value("themes", "plans", "Period before") == 0
    assert page.value("audits", "All", "Returned") == 4
    assert page.value("dip_samples", "All", "Children looked at") == 3
    assert page.value("performance", "Visits made on time", "Value") == 80
    assert page.value("feedback", "All", "Entries") == 1


@pytest.mark.covers("TOR-133", "TOR-134")
def test_fields_and_trends_of_the_month_and_the_quarter(march: History, highlight: Made) -> None:
    """Each of the twelve fields with its share of good, the grades over the months, and themes beside those before."""
    quarter = march.report("thematic_practice", "2025-Q4")
    for page, section, block, graded in ((highlight, "grades", 2, 36), (quarter, "audits", 1, 48)):
        share = page.cell(section, "All", "Exceeds good or Meets good", block=block)
        assert (share.among, share.of, len(page.table(section, block=block).rows)) == (graded, graded, 13)
    assert quarter.value("audits", "Jan to Mar 2026", "Good", block=2) == 25
    assert quarter.table("audits", block=2).rows[0].title == "Apr to Jun 2025"
    assert highlight.value("grades", "Feb 2026", "Good", block=3) == 0
    assert highlight.value("themes", "plans", "Period before") == 1
    assert highlight.value("audits", "Mar 2026", "Moderated", block=1) == 2
    done = [each.title for each in quarter.table("audits", block=3).columns]
    assert done == ["Entries", "Children looked at", "Audit of the theme done"]


@pytest.mark.covers("TOR-135", "TOR-151")
@pytest.mark.parametrize(("name", "period"), [("audit_highlight", "2026-03"), ("thematic_practice", "2025-Q4")])
def test_who_is_given_the_reports(march: History, name: str, period: str) -> None:
    """Improvement Boards, Practice Forums and all staff, of the monthly and of the quarterly report."""
    assert march.report(name, period).report.audience == AUDIENCES


@pytest.fixture(scope="module")
def compendium(march: History) -> Made:
    return march.report("performance_compendium", "2026-03")


@pytest.mark.covers("TOR-69", "TOR-137", "TOR-149", "A-TOR-15")
def test_the_performance_compendium(compendium: Made) -> None:
    """Monthly, by the 4th or the working day after it, for all managers and the meetings that review it.

    Escalated audits are in it.
    """
    assert due_on("torbay", "performance_compendium", "2026-03") == date(2026, 4, 7)  # a Saturday before Easter Monday
    assert due_on("torbay", "performance_compendium", "2026-04") == date(2026, 5, 5)  # a bank holiday
    assert due_on("torbay", "performance_compendium", "2026-05") == date(2026, 6, 4)
    assert set(compendium.report.audience) >= {
        "all managers",
        "Children's Social Care Senior Leadership Team",
        "Children's Services Leadership Team",
        "performance surgeries",
    }
    escalated = compendium.table("escalated")
    assert [column.title for column in escalated.columns][:4] == ["Raised", "Acknowledged", "Resolved", "Open"]
    assert escalated.stub == "Level"


@pytest.mark.covers("TOR-160")
def test_the_direction_of_travel(compendium: Made) -> None:
    """Each indicator has its value, the one before, and whether that is better."""
    (row,) = [each for each in compendium.words("indicators") if each[0] == "Visits made on time"]
    assert row[1:4] == ["80", "70", "better (up)"]


@pytest.mark.covers("TOR-141", "TOR-157")
def test_plan_ratings(compendium: Made) -> None:
    """The month's ratings together, as shares of red, amber and green, and each that is not green by itself."""
    shares = {each: compendium.value("plan_ratings", each, "Share", block=1) for each in ("red", "amber", "green")}
    assert shares == {"red": Decimal("25.0"), "amber": Decimal("25.0"), "green": Decimal("50.0")}
    assert compendium.value("plan_ratings", "T-2", "green", block=4) == 1
    listed = [compendium.table("plan_ratings", block=each) for each in (5, 6)]
    assert [[row.title for row in each.rows] for each in listed] == [["R-1"], ["R-5"]]


@pytest.mark.covers("TOR-104", "TOR-156")
def test_compliance_with_audit_findings(compendium: Made) -> None:
    """Of the actions of audits that were due in the month, the share that was done by its date; its way beside it."""
    rate = compendium.cell("compliance", "All", "Done in time", block=0)
    assert rate.value == 1
    shares = [each for each in compendium.table("compliance").rows[-1].cells if getattr(each, "unit", "") == "per cent"]
    assert [(each.value, each.among, each.of) for each in shares] == [(Decimal("50.0"), 1, 2)]  # type: ignore[union-attr]
    assert [row.title for row in compendium.table("compliance", block=1).rows][-2:] == ["Mar 2026", "Direction"]


@pytest.mark.covers("TOR-159")
def test_files_for_corrective_action() -> None:
    """Managers see file by file where a field falls short, and the progress of assessments and plans by team."""
    life = Life("torbay", "A-9", child="C-9").allocated("2026-02-16")
    life.submitted("2026-03-11", BELOW)
    life.lines[-1]["sections"]["Assessments"] = {
        **life.lines[-1]["sections"]["Assessments"],
        "grade": "Does not meet good",
    }
    page = History("torbay", *HISTORY, *life).report("performance_compendium", "2026-03")
    assert [row.title for row in page.table("corrective_action").rows] == ["A-9"]
    by_team = page.table("indicators", block=3)
    assert any("(T-1)" in row.title for row in by_team.rows)


@pytest.mark.covers("TOR-144", "TOR-145")
def test_the_self_assessment_of_a_service(march: History) -> None:
    """In April and in October, by the head of the service, by four lenses, with a summary for every team member."""
    page = march.report("self_assessment", "2025-H2", unit="S-1")
    assert [due_on("torbay", "self_assessment", each) for each in ("2025-H2", "2026-H1")] == [
        date(2026, 4, 30),
        date(2026, 10, 31),
    ]
    assert page.report.made_by == "Head of Service"
    assert page.report.audience[1] == "every member of the service's teams"
    assert list(page.texts()) == ["summary", "first_lens", "second_lens", "third_lens", "fourth_lens"]
    assert set(page.texts().values()) == {"Head of Service"}
    assert page.value("audits", "T-1", "Returned") == 4


@pytest.mark.covers("TOR-142", "TOR-143")
def test_campaigns_and_impact(march: History) -> None:
    """Each quarter the Principal Social Worker tells the board what campaigns, actions and re-audits have changed."""
    page = march.report("campaigns_and_impact", "2025-Q4")
    assert page.report.made_by == "Principal Social Worker"
    assert due_on("torbay", "campaigns_and_impact", "2025-Q4") == date(2026, 4, 30)
    assert [page.value("remedial_action", "child", each) for each in ("Set", "Open", "Overdue")] == [2, 1, 1]
    assert page.report.audience == ("Improvement Board", "governing groups")
    assert page.texts() == {"campaigns": "Learning Academy"}
    assert page.value("campaigns", "All", "Impact measured") == 1
    assert page.value("campaigns", "yes", "Share", block=3) == 100
    assert page.value("remedial_action", "All", "Completed") == 1
    again = Life("torbay", "A-8", child="C-A-4").allocated("2026-03-02", reaudit_of="A-4").submitted("2026-03-16", GOOD)
    after = History("torbay", *HISTORY, *again).report("campaigns_and_impact", "2025-Q4")
    assert after.value("after_reaudit", "All", "Returned", block=2) == 1
    assert after.value("after_reaudit", "All", GOOD, block=3) == 1


@pytest.mark.covers("TOR-146")
def test_the_briefing_note(march: History) -> None:
    """On request, for all staff: the themes of a time with what the QA Team says of them, on two sides."""
    page = march.report("briefing_note", "2026-03")
    assert due_on("torbay", "briefing_note", "2026-03") is None
    assert (page.report.audience, page.report.sides) == (("all staff",), 2)
    assert page.value("learning", "plans", "Audits and entries") == 1
    assert page.texts() == {"learning": "QA Team"}


@pytest.mark.covers("TOR-147")
def test_outcomes_of_complaints_and_compliments(march: History) -> None:
    """Regularly, by the complaints officer, across the service."""
    page = march.report("complaints_and_compliments", "2025-Q4")
    assert page.report.made_by == "Children's Complaints' Officer"
    assert page.report.audience == ("all staff",)
    assert [page.value("outcomes", "All", "Sum", block=number) for number in (1, 2)] == [7, 3]
    assert page.value("outcomes", "All", "Published across the service") == 1


@pytest.mark.covers("TOR-138", "TOR-150")
def test_a_meeting_of_the_improvement_board(march: History) -> None:
    """Whenever it meets, the board has performance data and what the audits show."""
    page = march.report("improvement_board", "2026-03")
    assert due_on("torbay", "improvement_board", "2026-03") is None
    assert page.report.audience == ("Improvement Board",)
    assert page.value("performance", "Visits made on time", "Value") == 80
    assert page.value("audits", "All", "Returned") == 3


@pytest.mark.covers("TOR-139", "TOR-152")
def test_reports_to_the_corporate_parenting_board(march: History) -> None:
    """As the board sets it, and once a year from the reviewing officers: cared-for children, ratings and voices."""
    for name, period, due in (("corporate_parenting", "2026-03", None), ("iro_annual", "2025", date(2026, 6, 30))):
        page = march.report(name, period)
        assert page.report.audience == ("Corporate Parenting Board",)
        assert due_on("torbay", name, period) == due
        assert page.value("cared_for", "red", "Times", block=4) == (1 if due is None else 2)
        assert page.value("voices", "All", "Sum", block=5) == 31


@pytest.mark.covers("TOR-140", "TOR-153")
def test_the_council_and_its_members(march: History) -> None:
    """Key indicators once a year for the Council's own report; briefings and topics whenever they are asked for."""
    yearly = march.report("key_indicators", "2025")
    assert due_on("torbay", "key_indicators", "2025") == date(2026, 6, 30)
    assert yearly.value("indicators", "Visits made on time", "Value") == 80
    members = march.report("members_and_scrutiny", "2026-03")
    assert members.report.audience == ("Members of the Council", "Overview and Scrutiny Board")
    assert due_on("torbay", "members_and_scrutiny", "2026-03") is None
    assert members.section("practice_week").title == "Practice Week"
    assert members.texts() == {"topics": "Director of Children's Services"}


@pytest.mark.covers("TOR-167")
def test_ready_for_an_inspection(march: History) -> None:
    """At any time, of any months: audits, grades, actions, escalations and learning; and which reviews were moved."""
    for period, returned in (("2026-03", 3), ("2025-Q4", 4), ("2025", 4)):
        page = march.report("inspection_evidence", period)
        assert page.value("audits", "All", "Returned") == returned
        assert len(page.table("audits", block=2).rows) == returned
    assert page.value("audits", "By the auditor", "Good", block=1) is not None
    assert page.table("loop", block=1).stub == "Rule"
    assert [page.value("loop", "S-1", each) for each in ("Done in time", "Open", "Overdue")] == [1, 1, 1]
    assert page.value("learning", "S-1", "Entries", block=3) == 0
    assert "Review moved to another day" in [each.title for each in page.table("learning", block=3).columns]
