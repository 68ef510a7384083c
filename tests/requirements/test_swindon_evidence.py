"""Swindon's dashboards, reviews, multi-agency audits and evidence: what each report says, and which board has it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.policy_files import load
from tests.desks import SHIPPED
from tests.edited import edited
from tests.reports.made import History, due_on
from tests.requirements.programme import Books
from tests.requirements.swindon_reports import HISTORY, rows_of

BOARD = "Practice and Performance Board"
ASSURANCE = "Practice and Performance Assurance Board"
LEADERS = "Children's Services Senior Leadership Team"
MASH = "MASH governance board"
FINDINGS = [Decimal(1), Decimal(0), Decimal(1), Decimal(1)]


@pytest.fixture(scope="module")
def history() -> History:
    found = History("swindon", *HISTORY)
    assert found.refused == []
    return found


@pytest.mark.covers("SWI-92", "SWI-124")
def test_the_dashboards_of_the_assurance_board(history: History) -> None:
    """Each month, basket by basket: a rate beside its target, the statistical neighbours and England."""
    page = history.report("assurance_dashboard", "2026-05")
    assert (page.report.made_by, page.report.audience) == ("Business Intelligence", (ASSURANCE,))
    assert due_on("swindon", "assurance_dashboard", "2026-05") == date(2026, 6, 30)
    kept = {each.basket for each in SHIPPED["swindon"].newest.indicators}
    assert {each.title for each in page.section("baskets").blocks} == kept
    plans = rows_of(page, "baskets", "Child protection")["Child protection plans"]
    assert plans == [Decimal("41.5"), None, "", "38", "statistical neighbours 40 (above); England 43 (below)"]
    (indicator,) = [each for each in SHIPPED["swindon"].newest.indicators if each.name == "protection_plans"]
    assert (indicator.unit, indicator.per) == ("rate", 10_000)


@pytest.mark.covers("SWI-92")
def test_what_the_assurance_board_was_shown() -> None:
    """A meeting records that it had the dashboards and the outcome of ChAT before it."""
    books = Books("swindon")
    said = {"agenda": ["targets"], "shown": ["dashboards", "ChAT"]}
    assert books.enter("assurance_board_meeting", "2026-05-28", answers=said) == ""
    assert books.said()["shown"] == "dashboards, ChAT"
    wrong = {**said, "shown": ["slides"]}
    assert books.enter("assurance_board_meeting", "2026-05-29", entry="E-2", answers=wrong) == "answers.shown"


@pytest.mark.covers("SWI-125")
def test_indicators_by_team(history: History) -> None:
    """The board's dashboard has each indicator of each team, where the framework keeps it by team."""
    rows = rows_of(history.report("assurance_dashboard", "2026-05"), "teams", "Every indicator by team")
    visits = {team: rows[f"Visits made within their time ({team})"][0] for team in ("T-1", "T-2", "T-9")}
    assert visits == {"T-1": 95, "T-2": 80, "T-9": None}
    titles = {each.title for each in SHIPPED["swindon"].newest.indicators if "team" in each.levels}
    assert all(any(row.startswith(title) and row.endswith("(T-9)") for row in rows) for title in titles)


@pytest.mark.covers("SWI-93", "SWI-125")
def test_the_dashboard_of_a_team(history: History) -> None:
    """Each month the team's manager sees the team's own visits and statutory requirements, not those of others."""
    page = history.report("team_dashboard", "2026-05", unit="T-2")
    assert (page.report.made_by, page.report.audience) == ("Business Intelligence", ("Team Manager",))
    assert due_on("swindon", "team_dashboard", "2026-05") == date(2026, 6, 30)
    rows = rows_of(page, "required", "Visits and statutory requirements")
    assert {title: cells[0] for title, cells in rows.items()} == {
        "Visits made within their time (T-2)": 80,
        "Supervision held as often as it is asked for (T-2)": None,
        "Statutory requirements met in time (T-2)": None,
    }


@pytest.mark.covers("SWI-49", "SWI-90")
@pytest.mark.parametrize(
    ("name", "period", "due"),
    [
        ("review_practice", "2026-05", date(2026, 6, 30)),
        ("reviewing_officers_annual", "2026", date(2027, 6, 30)),
    ],
)
def test_reports_of_the_reviewing_officers(history: History, name: str, period: str, due: date) -> None:
    """Each month and each year, for the board: reviews, the themes of chairs and reviewing officers, and disputes."""
    page = history.report(name, period)
    assert (page.report.made_by, page.report.audience) == ("Independent Reviewing Officer", (BOARD,))
    assert due_on("swindon", name, period) == due
    assert rows_of(page, "reviews", "After which review?")["Cared for Child's Review"] == [1, 50]
    assert rows_of(page, "reviews", "Quality by team") == {"T-1": [1], "T-2": [1], "T-9": [0], "All": [2]}
    themes = rows_of(page, "reviews", "Themes of chairs and reviewing officers")
    assert {title: cells[0] for title, cells in themes.items()} == {"permanence": 2, "core groups": 1}
    assert page.texts() == {"practice": "Independent Reviewing Officer"}
    [disputes] = page.table("disputes").rows
    assert [getattr(each, "value", None) for each in disputes.cells] == [1, 0, 1]


@pytest.mark.covers("SWI-73")
def test_the_summary_of_a_practice_week(history: History) -> None:
    """For the Assurance Board: what was planned and summed up, audits, what was observed, and the manager's words."""
    page = history.report("practice_week", "2026-05")
    assert (page.report.made_by, page.report.audience) == ("Quality Assurance Manager", (ASSURANCE,))
    assert rows_of(page, "week", "Practice Weeks") == {"All": [1, 1]}
    assert rows_of(page, "week", "Activities planned")["core group"] == [1, 100]
    assert page.value("audits", "All", "Returned") == 4
    assert rows_of(page, "observed", "What was observed?")["review meeting"] == [1, 100]
    assert page.texts() == {"week": "Quality Assurance Manager"}
    assert due_on("swindon", "practice_week", "2026-05") is None


@pytest.mark.covers("SWI-74")
def test_dip_samples_at_the_clinic(history: History) -> None:
    """A team's samples go to its clinic, which evaluates them; together they are evidence for the self-assessment."""
    team = history.report("team_highlights", "2026-05", unit="T-1")
    assert rows_of(team, "dip_samples", "Dip samples") == {"All": [1, 2, 1]}
    together = history.report("self_assessment", "2026-05")
    samples = rows_of(together, "dip_samples", "Dip samples")
    assert samples == {"T-1": [1, 2, 1], "T-2": [1, 1, 0], "T-9": [0, 0, 0], "All": [2, 3, 1]}
    assert rows_of(together, "dip_samples", "Theme set by the QA team")["All"] == [2]
    books = Books("swindon")
    theme, looked_at = {"theme": ["plans"]}, [{"child": "C-1"}]
    manager = ("P-TM", "team_manager")
    assert books.enter("dip_sample", "2026-05-18", manager, answers=theme, items=looked_at) == ""
    assert books.step("evaluated", "2026-05-21", ("P-SW", "practitioner"), evaluation="thin") == "role"
    assert books.step("evaluated", "2026-05-21", ("P-SM", "service_manager")) == "answers.evaluation"


@pytest.mark.covers("SWI-91")
def test_self_assessment_against_the_pillars(history: History) -> None:
    """By the QA Team, at any time: samples by pillar of practice, the eight themes of audits, and an assessment."""
    page = history.report("self_assessment", "2026-05")
    assert (page.report.made_by, page.report.audience) == ("Quality Assurance Team", (LEADERS,))
    assert rows_of(page, "pillars", "Dip samples by pillar") == {"relationships": [1]}
    grades = rows_of(page, "pillars", "Grades of the eight themes")
    assert len(grades) == 8 + 1
    assert page.texts() == {"pillars": "Quality Assurance Team"}


@pytest.mark.covers("SWI-75", "SWI-102")
def test_outcomes_for_the_mash_board(history: History) -> None:
    """The governance board is told of the audits that were done for it, and not of the partnership's."""
    page = history.report("mash_board", "2026-05")
    assert page.report.audience == (MASH,)
    assert rows_of(page, "outcomes", "Multi-agency audits") == {"All": FINDINGS}
    doors = rows_of(page, "outcomes", "Themes at the front door")
    assert (doors["consent"][0], doors["timeliness"][0]) == (1, 0)
    assert rows_of(page, "outcomes", "Themes")["thresholds"] == [1, 100]
    assert page.texts() == {"outcomes": "Quality Assurance Team"}


@pytest.mark.covers("SWI-76")
def test_evidence_for_a_joint_inspection(history: History) -> None:
    """At any time, for the four inspectorates together: the audits of both bodies, each by itself, and the figures."""
    page = history.report("joint_inspection", "2026-05")
    assert all(each in page.report.audience[-1] for each in ("Ofsted", "CQC", "HMIC", "HMIP", "JTAI"))
    assert due_on("swindon", "joint_inspection", "2026-05") is None
    assert rows_of(page, "evidence", "Multi-agency audits") == {"All": [2, 0, 1, 1]}
    assert list(rows_of(page, "evidence", "Each audit")) == ["MA-B", "MA-P"]
    assert "Strategy discussions with all three statutory partners" in rows_of(page, "evidence", "Strategy discussions")
    assert page.texts() == {"assessment": "Quality Assurance Team"}


@pytest.mark.covers("SWI-23", "SWI-94")
@pytest.mark.parametrize(
    ("name", "topic", "entries"),
    [
        ("early_help_youth_work", "youth work", 1),
        ("early_help_parenting", "parenting", 1),
        ("early_help_fathers", "work with fathers", 2),
    ],
)
def test_early_help_by_topic(history: History, name: str, topic: str, entries: int) -> None:
    """Once a year for each of three topics, with early help's own audits and figures; other topics are left out."""
    page = history.report(name, "2026")
    assert page.report.made_by == "Strategic Lead for Early Help"
    assert due_on("swindon", name, "2026") == date(2027, 6, 30)
    assert rows_of(page, "topic", "Early help by topic") == {"All": [entries]}
    assert rows_of(page, "topic", "Themes") == {f"of {topic}": [entries, 100]}
    assert rows_of(page, "audits", "Audits") == {"All": [1, 0]}
    assert page.value("audits", "All", "Outstanding", block=1) == 1
    assert "Re-referrals to Early Help" in rows_of(page, "audits", "Indicators")


@pytest.mark.covers("SWI-132")
def test_data_are_ready_for_an_inspection(history: History) -> None:
    """At any time: every measure of Annex A and of the census of children in need, audits and inspectors' grades."""
    page = history.report("inspection_data", "2026-05")
    assert due_on("swindon", "inspection_data", "2026-05") is None
    rows = rows_of(page, "returns", "Indicators")
    returned = {
        each.title for each in SHIPPED["swindon"].newest.indicators if {"annex a", "cin census"} & set(each.origin)
    }
    assert len(returned) == 10
    assert {title for title in returned if not any(row.startswith(title) for row in rows)} == set()
    assert rows["Re-referrals"][0] == 21
    assert rows_of(page, "audits", "Audits") == {"All": [5, 4, 0, 0]}
    assert rows_of(page, "audits", "Which grade did the inspectors give?")["Good"] == [1, 100]
    assert len(rows_of(page, "audits", "Audits of the period")) == 4


@pytest.mark.covers("SWI-118")
def test_children_who_went_home_one_by_one(history: History) -> None:
    """The number and rate are kept, and each child's way home is looked at: with whom, by what, and what it shows."""
    page = history.report("inspection_data", "2026-05")
    assert rows_of(page, "returns", "Indicators")["Children who leave care to live with family"][0] == 4
    assert "Share of those who leave care who go to live with family" in rows_of(page, "returns", "Indicators")
    assert rows_of(page, "home", "With whom does the child live?")["parents"] == [1, 100]
    assert rows_of(page, "home", "What made it possible?") == {"family network": [1, 100]}
    assert rows_of(page, "home", "Child by child")["H-1"][2] == "C-8"
    books = Books("swindon")
    said = {"lives_with": "parents", "led_to_it": ["family network"], "analysis": "it took a year"}
    assert books.enter("left_care", "2026-05-14", answers=said) == "child"
    for key in said:
        less = {name: value for name, value in said.items() if name != key}
        assert books.enter("left_care", "2026-05-14", answers=less, child="C-8") == f"answers.{key}"


@pytest.mark.covers("SWI-100")
def test_terms_of_reference() -> None:
    """The terms of each forum are held by version, in the authority's words; of no other body."""
    books = Books("swindon")
    forums = ("practice and performance clinic", BOARD, ASSURANCE, MASH)
    for number, forum in enumerate(forums):
        said = {"forum": forum, "version": "2024", "terms": "meets monthly"}
        assert books.enter("terms_of_reference", "2026-05-05", entry=f"E-{number}", answers=said) == ""
        assert books.said(f"E-{number}")["forum"] == forum
    wrong = {"forum": "parish council", "version": "2024", "terms": "meets"}
    assert books.enter("terms_of_reference", "2026-05-05", entry="E-9", answers=wrong) == "answers.forum"


@pytest.mark.covers("SWI-101")
def test_links_between_forums_are_the_councils_to_set(tmp_path: Path) -> None:
    """Each tier reports to a forum of its own; an edited policy links one elsewhere, and is sound."""
    tiers = ("team_highlights", "service_highlights", "assurance_summary")
    linked = {each.name: each.audience for each in SHIPPED["swindon"].newest.reports}
    assert len({linked[tier] for tier in tiers}) == len(tiers)
    path = tmp_path / "swindon.yaml"
    path.write_text(edited("swindon", ("[Practice and performance clinic]", "[Improvement Board]")), encoding="utf-8")
    changed = {each.name: each.audience for each in load(path).reports}
    assert changed == {**linked, "team_highlights": ("Improvement Board",)}
