"""East Sussex's reports: the feedback of Operations Managers by team, and the annual review with its evidence."""

from datetime import date
from typing import Any

import pytest

from tests.lives import Line
from tests.reports.made import History, Made, due_on
from tests.services.programme.scenes import activity, appointed, audited, owed, placed
from workers.reports.page import Table

YEAR, END, AFTER = "2026", "2027-03-31", "2027-04-01"
BODIES = ("cscmt", "joint_divisional_meeting", "smt", "lead_member", "scrutiny_committee")


def entry(name: str, kind: str, on: str, role: str, answers: dict[str, Any], **fields: Any) -> Line:
    head = {"command": "entry.record", "authority": "east-sussex", "actor": "P-X", "role": role, "at": on, "on": on}
    return {**head, "entry": name, "kind": kind, "answers": answers, **fields}


def step(name: str, taken: str, at: str, role: str, **answers: Any) -> Line:
    head = {"command": "entry.step", "authority": "east-sussex", "actor": "P-X", "role": role, "at": at}
    return {**head, "entry": name, "step": taken, "answers": answers}


def reviewed(
    name: str, kind: str, on: str, *, concern: bool = False, auditor: str = "P-OM", **fields: Any
) -> list[Line]:
    """One audit, with a significant concern or without."""
    lines = list(audited(name, kind, on, auditor, **fields))
    lines[-1] |= {"significant_concern": True, "summary": "no visit for weeks"} if concern else {}
    return lines


def found(name: str, on: str, field: str, *themes: str) -> Line:
    said = {"field": field, "themes": list(themes), "finding": "seen late"}
    return entry(name, "finding", on, "head_of_safeguarding", said)


CHECK = {"frequent": True, "decisions": False, "development": True, "challenge": True}
AUDITS = [
    *reviewed("A-1", "team file", "2026-05-05", concern=True),
    *reviewed("A-2", "team further file", "2026-05-19", extra_of="A-1"),
    *reviewed("A-3", "team file", "2026-06-09"),
    *reviewed("A-4", "team file", "2026-05-06", team="T-2", concern=True),
    *reviewed("A-5", "operations manager peer audit", "2026-05-20", concern=True, auditor="P-OM2"),
]
HISTORY: list[Line] = [
    placed("S-2", "service"),
    placed("T-9", "team", "S-2"),
    appointed("P-OM2", "operations_manager", "S-2"),
    *AUDITS,
    {
        "command": "action.set",
        "authority": "east-sussex",
        "audit": "A-1",
        "actor": "P-OM",
        "role": "operations_manager",
        "at": "2026-05-06",
        "action": "visit",
        "text": "visit the child",
        "owner": "P-SW",
        "due": "2026-06-05",
    },
    found("F-0", "2026-03-02", "social care", "agency working"),
    found("F-1", "2026-05-11", "social care", "agency working", "reflective supervision"),
    found("F-2", "2026-09-14", "social care", "agency working"),
    found("F-3", "2026-09-15", "early help", "agency working"),
    entry("B-1", "briefing", "2026-05-12", "dcs", {"briefed": ["Chief Executive"], "quality": "sound"}),
    entry("E-1", "effectiveness", "2026-05-13", "head_of_service", {"effective": "it is"}, service="S-1"),
    entry("SC-1", "supervision_check", "2026-05-14", "operations_manager", CHECK, person="P-AUD"),
    entry(
        "TA-1",
        "themed_audit",
        "2026-05-15",
        "head_of_safeguarding",
        {"field": "social care", "origin": "themed", "area": ["core groups"], "tool": "ten questions"},
        items=[{"child": "C-7"}],
    ),
    entry("R-1", "regulation_33_visit", "2026-05-18", "head_of_safeguarding", {"findings": "warm"}, subject="H-1"),
    step("R-1", "sent_to_ofsted", "2026-05-20", "head_of_safeguarding"),
]


@pytest.fixture(scope="module")
def history() -> History:
    history = History("east-sussex", *HISTORY)
    assert history.refused == []
    return history


def _tables(page: Made, section: str) -> list[Table]:
    return [each for each in page.section(section).blocks if isinstance(each, Table)]


def notes(page: Made, section: str) -> list[str]:
    """What a section says of what was asked for at least, table by table."""
    tables = (block for block in page.section(section).blocks if getattr(block, "note", ""))
    return [f"{each.title}: {each.note}" for each in tables]


UPWARDS = ("Head of Service", "Head of Safeguarding")


@pytest.mark.covers("ESX-N16", "ESX-N22", "ESX-N24", "ESX-3.14")
def test_the_feedback_tool_of_operations_managers(history: History) -> None:
    """One for each team, of its own files and the further ones alone: with concerns, action and good practice."""
    page = history.report("om_feedback", "2026-Q1", unit="T-1")
    assert (page.report.unit, page.report.made_by, page.report.audience) == ("T-1", "Operations Manager", UPWARDS)
    counts = {
        kind: [page.value("files", kind, each) for each in ("Returned", "With a significant concern")]
        for kind in ("team file", "team further file", "All")
    }
    assert counts == {"team file": [2, 1], "team further file": [1, 0], "All": [3, 1]}
    assert [row[0] for row in page.words("files")[-3:]] == ["A-1", "A-2", "A-3"]
    assert [page.value("concerns", "All", each) for each in ("Set", "Completed", "Overdue")] == [1, 0, 1]
    assert page.texts() == dict.fromkeys(("themes", "concerns", "good_practice"), "Operations Manager")
    other = history.report("om_feedback", "2026-Q1", unit="T-2")
    assert other.value("files", "All", "Returned") == 1
    assert history.report("om_feedback", "2026-Q2", unit="T-1").value("files", "All", "Returned") == 0


@pytest.mark.covers("ESX-N16", "ESX-N24", "ESX-3.15")
def test_the_feedback_summary_of_a_peer_audit(history: History) -> None:
    """Of the team that was audited, and of the files that a manager of another service saw; with the copy."""
    page = history.report("peer_feedback", "2026-Q1", unit="T-1")
    assert (page.report.made_by, page.report.audience) == ("Operations Manager", UPWARDS)
    assert page.value("files", "All", "With a significant concern") == 1
    assert [row[:5] for row in page.words("files")[-1:]] == [
        ["A-5", "operations manager peer audit", "T-1", "P-OM2", "20 May 2026"]
    ]
    assert page.texts() == {"summary": "Operations Manager"}
    assert history.report("peer_feedback", "2026-Q1", unit="T-2").value("files", "All", "Returned") == 0


@pytest.mark.covers("ESX-N16")
def test_when_the_summaries_are_owed(history: History) -> None:
    """By the last day of each quarter: of the own files once, of a peer audit for each team of the other service."""
    rows = owed(history.desk, "2026-06-30", "2026-06-30", "2026-07-01", "t3_14_report", "t3_15_summary")
    assert {(row.task, str(row.due), row.reports_to) for row in rows} == {
        (task, "2026-06-30", ("head_of_service", "head_of_safeguarding")) for task in ("t3_14_report", "t3_15_summary")
    }


@pytest.mark.covers("ESX-N37", "ESX-5.1")
def test_the_annual_review(history: History) -> None:
    """Findings of social care by theme beside the year before, areas for development, and gaps in evidence."""
    page = history.report("annual_review", YEAR)
    assert (page.report.first, page.report.last) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (page.report.made_by, page.report.audience[-1]) == ("Head of Safeguarding", "Scrutiny Committee")
    assert page.value("findings", "All", "Entries") == 2
    assert page.value("findings", "agency working", "Times", block=1) == 2
    assert page.value("findings", "reflective supervision", "Times", block=1) == 1
    assert page.value("findings", "agency working", "Period before", block=2) == 1
    assert page.value("development", "All", "Overdue") == 1
    stages = page.table("development", block=[each.stub for each in _tables(page, "development")].index("Stage"))
    assert [row.title for row in stages.rows] == ["audit", "All"]
    assert notes(page, "gaps")[-2:] == [
        "Themed and commissioned audits: Children looked at: 1 of at least 1",
        "Regulation 33 visits: Entries: 1 of at least 12",
    ]
    assert page.texts() == dict.fromkeys(("findings", "development", "gaps"), "Head of Safeguarding")


@pytest.mark.covers("ESX-N37")
def test_the_annual_review_is_owed_to_five_bodies(history: History) -> None:
    """Each year by 31 March, to the Scrutiny Committee among them: the same bodies that the report is for."""
    [row, _] = owed(history.desk, END, END, AFTER, "t5_1")
    assert (str(row.due), row.role, row.reports_to, row.state) == (END, "head_of_safeguarding", BODIES, "overdue")
    roles = history.desk.policies.newest.roles
    assert history.report("annual_review", YEAR).report.audience == tuple(roles[each].title for each in BODIES)


@pytest.mark.covers("ESX-5.2")
def test_the_review_of_early_help(history: History) -> None:
    """Findings of early help alone, for the Joint Divisional Meeting and the Senior Management Team."""
    page = history.report("early_help_review", YEAR)
    assert page.report.audience == ("Joint Divisional Meeting", "Senior Management Team")
    assert page.value("findings", "All", "Entries") == 1
    assert page.value("findings", "agency working", "Times", block=1) == 1
    assert page.texts() == {"findings": "Planning and Performance Team"}


ASKED_OF_EVIDENCE = {
    "leadership": {"To which bodies?", "Which responsibility is accounted for?", "Who was briefed?"},
    "individual_work": {"Gaps, and their reasons", "Does it serve development?", "Does it hold challenge?"},
    "monitoring": {"Was the feedback of users heard?", "Inspections and reviews from outside", "What was it?"},
}
"""What is asked of some of the evidence, and of which there are tables."""


@pytest.mark.covers("ESX-N40")
def test_evidence_from_four_areas(history: History) -> None:
    """Before the review, area by area: what there is, and of what there is too little or none."""
    page = history.report("review_evidence", YEAR)
    assert due_on("east-sussex", "review_evidence", YEAR) == date(2027, 4, 30)
    assert page.report.audience == ("Head of Safeguarding",)
    assert [each.title for each in page.report.sections] == [
        "Chief Executive and elected members",
        "Service provision",
        "Review of individual work",
        "Monitoring and auditing",
        "Gaps in evidence",
    ]
    reached = [note for each in page.report.sections[:-1] for note in notes(page, each.key)]
    assert reached == [
        "Account given to the bodies of the council and its partners: Entries: 0 of at least 1",
        "Briefings on quality and weaknesses: Entries: 1 of at least 1",
        "Account of how effective a service is: Entries: 1 of at least 1",
        "Standards of service and their quality cycle: Entries: 0 of at least 1",
        "Files by type: Returned: 5 of at least 1",
        "Checks of supervision records: Entries: 1 of at least 1",
        "Results of routine case record checks: Entries: 0 of at least 1",
        "Commissioned and themed audits: Children looked at: 1 of at least 1",
        "Regulation 33 visits: Entries: 1 of at least 12",
        "Peer reviews of an area: Entries: 0 of at least 1",
        "Indicators: Figures of Mar 2027.",
    ]
    assert page.value("provision", "S-1", "Entries") == 1
    assert page.value("individual_work", "team file", "Returned") == 3
    assert page.value("individual_work", "team file", "Made", block=1) == 3
    for section, asked in ASKED_OF_EVIDENCE.items():
        assert asked <= {getattr(each, "title", "") for each in page.section(section).blocks}, section
    cycle = [each.title for each in page.table("provision", block=1).columns]
    assert (len(cycle), cycle[1]) == (4, "Individual work reviewed against it")
    assert page.value("monitoring", "All", "Findings sent to Ofsted", block=3) == 1
    assert page.texts()["missing"] == "Head of Safeguarding"


@pytest.mark.covers("ESX-N40")
def test_what_is_missing_of_each_area() -> None:
    """The programme lists for the year which tasks of each of the four parts were not done, and leaves out what was."""
    history = History("east-sussex", activity("t1_8", "2026-05-12", "P-CE", "chief_executive"))
    rows = owed(history.desk, END, END, AFTER)
    lacking = {row.task for row in rows if row.state == "overdue"}
    assert {each.partition("_")[0] for each in lacking} >= {"t1", "t2", "t3", "t4"}
    assert "t1_8" not in lacking
    assert {"t1_9", "t2_4", "t3_12", "t4_13"} <= lacking
