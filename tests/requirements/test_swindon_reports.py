"""Swindon's reports: what each says of a May that is known, by when it is due, and which forum it reaches."""

from datetime import date
from decimal import Decimal

import pytest
from pypdfium2 import PdfDocument

from services.directory.state import DIRECTORY, fold_directory
from services.programme.activities import gather
from services.programme.asking import falling_due
from tests.desks import SHIPPED
from tests.reports.made import History
from tests.reports.printing import printed
from tests.requirements.programme import Books
from tests.requirements.swindon_reports import HISTORY, rows_of
from workers.reports.rendering.paper import of_report
from workers.reports.rendering.pdf import as_pdf

GOOD = "Outstanding or Good"
CLINIC = "Practice and performance clinic"
BOARD = "Practice and Performance Board"
ASSURANCE = "Practice and Performance Assurance Board"


@pytest.fixture(scope="module")
def history() -> History:
    found = History("swindon", *HISTORY)
    assert found.refused == []
    return found


def owed(history: History, due: str) -> dict[str, set[tuple[str | None, tuple[str, ...]]]]:
    """The reports that fall due on a day: of which unit, and who holds the post that makes it."""
    day = date.fromisoformat(due)
    directory = fold_directory(history.desk.store.load(DIRECTORY))
    found: dict[str, set[tuple[str | None, tuple[str, ...]]]] = {}
    for row in falling_due(SHIPPED["swindon"], directory, lambda *_: gather(history.events), day, first=day, last=day):
        found.setdefault(row.task, set()).add((row.unit, row.holders))
    return found


@pytest.mark.covers("SWI-87", "SWI-95", "A-SWI-17")
def test_the_highlight_report_of_a_team(history: History) -> None:
    """For the clinic, by the team's manager: performance, visits, supervision and what audits teach, of this team."""
    page = history.report("team_highlights", "2026-05", unit="T-1")
    assert (page.report.made_by, page.report.audience) == ("Team Manager", (CLINIC,))
    assert page.texts() == {"highlights": "Team Manager", "impact": "Team Manager"}
    assert page.value("performance", "Visits made within their time (T-1)", "Value") == 95
    assert page.value("performance", "Supervision held as often as it is asked for (T-1)", "Value") == 88
    assert rows_of(page, "audits", "Audits") == {"All": [2, 0, 0]}
    assert rows_of(page, "audits", "Themes") == {"chronologies": [1], "permanence": [1]}
    assert rows_of(page, "dip_samples", "Observations of practice") == {"All": [1, 0]}
    assert rows_of(page, "impact", "Actions")["All"][:4] == [1, 0, 1, 1]


@printed
@pytest.mark.covers("SWI-87", "A-SWI-17")
def test_three_sides_of_a4(history: History) -> None:
    """A month of a team is no longer than three sides; a longer report is printed with a warning."""
    page = history.report("team_highlights", "2026-05", unit="T-1").report
    warning = "the framework asks for at most 3"

    def printed(times: int) -> tuple[int, bool]:
        paper = of_report(page.model_copy(update={"sections": page.sections * times}))
        document = PdfDocument(as_pdf(paper))
        words = " ".join(" ".join(side.get_textpage().get_text_range() for side in document).split())
        return len(document), warning in words

    sides, warned = printed(1)
    assert sides <= 3
    assert not warned
    sides, warned = printed(7)
    assert sides > 3
    assert warned


@pytest.mark.covers("SWI-88", "SWI-97")
def test_the_consolidated_highlights_of_a_service(history: History) -> None:
    """For the board: the teams beside each other, with what the Service Manager and the Head of Service say."""
    page = history.report("service_highlights", "2026-05", unit="S-1")
    assert (page.report.made_by, page.report.audience) == ("Service Manager", (BOARD,))
    assert page.texts() == {"highlights": "Service Manager", "head": "Head of Service"}
    assert rows_of(page, "highlights", "Highlight reports by team") == {"T-1": [1], "T-2": [0], "All": [1]}
    assert rows_of(page, "audits", "Audits") == {"T-1": [2, 0, 0], "T-2": [2, 0, 0], "All": [4, 0, 0]}
    assert [page.value("audits", team, "Good", block=1) for team in ("T-1", "T-2")] == [1, 1]
    grades = ["Outstanding", "Good", "Requires improvement", "Inadequate", "All", "Outstanding or Good"]
    assert [each.title for each in page.table("audits", block=1).columns] == grades
    visits = [page.value("performance", f"Visits made within their time ({team})", "Value") for team in ("T-1", "T-2")]
    assert visits == [95, 80]
    assert rows_of(page, "audits", "Themes")["chronologies"] == [2, 0, "up"]


@pytest.mark.covers("SWI-89", "SWI-98", "A-SWI-12")
def test_the_summary_for_the_assurance_board(history: History) -> None:
    """One office makes it: the services together, targets, and what it means for strategy, staffing and finance."""
    page = history.report("assurance_summary", "2026-05")
    director = "Director of Children's Social Care"
    assert (page.report.made_by, page.report.audience) == (director, (ASSURANCE,))
    assert page.texts() == dict.fromkeys(("summary", "strategy", "staffing", "finance"), director)
    assert rows_of(page, "summary", "Audits") == {"S-1": [4, 0, 0], "S-2": [0, 0, 1], "All": [4, 0, 1]}
    assert rows_of(page, "targets", "Indicators beside their targets")["Child protection plans"][:4] == [
        Decimal("41.5"),
        None,
        "",
        "38",
    ]


@pytest.mark.covers("SWI-87", "SWI-88", "SWI-89", "A-SWI-11")
def test_three_tiers_in_step(history: History) -> None:
    """Each month's reports are owed before the next month ends: by each team, each service, and the director."""
    due = owed(history, "2026-06-30")
    assert due["team_highlights"] == {("T-1", ("P-TM",)), ("T-2", ("P-AUD",)), ("T-9", ())}
    assert due["service_highlights"] == {("S-1", ("P-SM",)), ("S-2", ())}
    assert due["assurance_summary"] == {(None, ("P-DIR",))}
    assert "team_highlights" in owed(history, "2026-07-31")
    assert owed(history, "2026-06-29") == {}


@pytest.mark.covers("SWI-65")
def test_the_impact_of_learning(history: History) -> None:
    """The board and the Assurance Board see actions, re-audits and grades over time, and what learning reached."""
    for name, unit in (("service_highlights", "S-1"), ("assurance_summary", None)):
        page = history.report(name, "2026-05", unit=unit)
        assert rows_of(page, "impact", "Actions")["All"][:5] == [1, 0, 0, 1, 1]
        assert rows_of(page, "impact", "Share of good over six months")["May 2026"][-1] == 75
        assert "Re-audits, beside the finding they followed" in [each.title for each in page.section("impact").blocks]
    summary = history.report("assurance_summary", "2026-05")
    assert rows_of(summary, "learning", "Learning summarised and embedded") == {"All": [1, 1, 0, 0]}
    assert rows_of(summary, "learning", "Reviews of practice") == {"All": [1, 1, 1]}


@pytest.mark.covers("SWI-65", "SWI-95", "SWI-96", "SWI-99")
def test_what_a_clinic_records() -> None:
    """Who chaired it and came, which teams met together and had their time, and what learning has changed."""
    books = Books("swindon")
    said = {
        "covered": ["team performance", "visits", "supervision", "learning from audits"],
        "chair": "Service Manager",
        "attended": ["practice lead", "Principal Social Worker", "Director, by the rota"],
        "teams": ["assessment", "court"],
        "time_for_all": True,
        "impact": "chronologies are shorter",
    }
    manager = ("P-SM", "service_manager")
    assert books.enter("clinic", "2026-05-21", manager, answers=said) == ""
    assert books.said()["attended"] == "practice lead, Principal Social Worker, Director, by the rota"
    assert (books.said()["teams"], books.said()["time_for_all"]) == ("assessment, court", "yes")
    assert books.said()["impact"]
    assert books.enter("clinic", "2026-05-21", manager, entry="E-2", answers={"covered": ["visits"]}) == ""
    for key, wrong in (("chair", "Team Manager"), ("attended", ["a neighbour"]), ("covered", ["the weather"])):
        assert books.enter("clinic", "2026-05-21", manager, entry="E-3", answers={key: wrong}) == f"answers.{key}"


@pytest.mark.covers("SWI-65", "SWI-97", "A-SWI-11", "A-SWI-12")
def test_what_a_performance_board_records() -> None:
    """Monthly: the consolidated highlights, its chair, the director by the rota, and what learning has changed."""
    books = Books("swindon")
    head = ("P-HOS", "head_of_service")
    said = {
        "agenda": ["consolidated highlights"],
        "chair": "Head of Service",
        "attended": ["Director of Children's Social Care"],
        "impact": "fewer delays",
    }
    assert books.enter("performance_board_meeting", "2026-05-22", head, answers=said) == ""
    assert books.said()["impact"]
    assert [*books.due("performance_boards", "2026-05-31").values()] == ["1 of 1, met"]
    assert [*books.due("performance_boards", "2026-06-30").values()] == ["0 of 1, overdue"]
    wrong = {**said, "chair": "Team Manager"}
    assert books.enter("performance_board_meeting", "2026-06-22", head, entry="E-2", answers=wrong) == "answers.chair"


@pytest.mark.covers("SWI-65", "SWI-98", "A-SWI-11", "A-SWI-12")
def test_what_the_assurance_board_records() -> None:
    """Monthly, under the Corporate Director: summary reports, targets, strategy, and what it means for the means."""
    books = Books("swindon")
    agenda = ["summary report", "targets", "strategy", "implications for staffing", "implications for finance"]
    chair = "Corporate Director of Children's Social Care"
    said = {"agenda": agenda, "chair": chair, "impact": "fewer delays"}
    assert books.enter("assurance_board_meeting", "2026-05-28", answers=said) == ""
    assert (books.said()["agenda"], books.said()["chair"]) == (", ".join(agenda), chair)
    assert [*books.due("assurance_boards", "2026-05-31").values()] == ["1 of 1, met"]
    assert [*books.due("assurance_boards", "2026-06-30").values()] == ["0 of 1, overdue"]
    wrong = {**said, "chair": "Service Manager"}
    assert books.enter("assurance_board_meeting", "2026-06-25", entry="E-2", answers=wrong) == "answers.chair"
