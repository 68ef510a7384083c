"""The reports of each council: on which days they fall due, to whom they go, and who may issue them."""

from datetime import date

import orjson
import pytest

from events.errors import Refused
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.programme.activities import gather
from services.programme.owed import Asked
from services.programme.reports import report_rows
from tests.desks import SHIPPED, TestDesk
from tests.lives import people
from tests.requirements.calendar import east_sussex, halton, southwark, swindon, torbay
from tests.requirements.calendar.rows import FIRST, LAST, Paper

TABLES: dict[str, tuple[Paper, ...]] = {
    "torbay": torbay.ROWS,
    "halton": halton.ROWS,
    "southwark": southwark.ROWS,
    "east-sussex": east_sussex.ROWS,
    "swindon": swindon.ROWS,
}

PAPERS = [
    pytest.param(council, paper, id=f"{council}:{paper.name}", marks=pytest.mark.covers(*paper.covers))
    for council, papers in TABLES.items()
    for paper in papers
]
STANDS_IN = dict.fromkeys(TABLES, "qa_team") | {"southwark": "performance_team"}
"""Who issues what its maker cannot, by the paper: the post that stands in for every other."""

UNITS = {"authority": None, "service": "S-1", "team": "T-1"}
PERIODS = ("2026-02", "2026-01", "2025-Q4", "2025-H2", "2025-12", "2025", "2025-26")


def desk_of(council: str) -> TestDesk:
    """A desk with the council's people."""
    desk = TestDesk(council)
    desk.do(*people(council))
    return desk


def refused_for(desk: TestDesk, paper: Paper, role: str) -> set[str]:
    """For what an issue of the report by that role is refused, of whichever period there is; it is never made here."""
    head = {"command": "report.issue", "authority": desk.authority, "actor": "P-X", "at": "2026-03-10"}
    found: set[str] = set()
    for period in PERIODS:
        desk.forget()
        line = {**head, "role": role, "report": paper.name, "unit": UNITS[paper.each], "period": period}
        with pytest.raises(Refused) as refused:
            desk.decide(CATALOGUE.parse(orjson.dumps(line)))
        found.add(refused.value.field)
    return found - {"period"}


@pytest.mark.parametrize("council", TABLES)
def test_every_report_has_its_line(council: str) -> None:
    """No council makes a report that its table does not tell of, and none is missing."""
    assert [each.name for each in SHIPPED[council].newest.reports] == [paper.name for paper in TABLES[council]]


@pytest.mark.parametrize(("council", "paper"), PAPERS)
def test_when_a_report_is_due_and_to_whom(council: str, paper: Paper) -> None:
    """In half a year it falls due on these days, of each unit that has one, by its maker and for its readers."""
    desk = desk_of(council)
    asked = Asked(date.fromisoformat(FIRST), date.fromisoformat(LAST), date.fromisoformat(FIRST))
    directory = fold_directory(desk.store.load(DIRECTORY))
    rows = [row for row in report_rows(desk.policies, directory, gather([]), asked) if row.task == paper.name]
    assert {(row.role, row.reports_to) for row in rows} == ({(paper.by, paper.to)} if paper.due else set())
    assert [str(row.due) for row in rows if row.unit == UNITS[paper.each]] == paper.due.split()


@pytest.mark.parametrize(("council", "paper"), PAPERS)
def test_who_issues_a_report(council: str, paper: Paper) -> None:
    """Its maker issues it, or the one who stands in for every post; whoever else may issue reports is sent away."""
    desk = desk_of(council)
    policy = desk.policies.newest
    issuing = {role for role in policy.acts["report.issue"] if "role" not in refused_for(desk, paper, role)}
    assert issuing == {paper.by, STANDS_IN[council]}
