"""The worked cases that rest on the programme around the audits, through the whole system, and themes counted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.clock import LONDON
from services.settings import Settings
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import Life, Line, people
from tests.requirements.register_entries import Programme
from tests.stores import PATIENCE, eventually
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System

NOW = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)
SWINDON, SOUTHWARK, ESX = Programme("swindon"), Programme("southwark"), Programme("east-sussex")
REPORT = "2026-06-09T10:00:00+01:00"


def swindon() -> Iterator[Line]:
    """Two Practice Weeks, the two boards after them, and a long highlight report."""
    yield from people("swindon")
    agenda: Line = {"answers": {"agenda": ["summary of a Practice Week"]}, "at": "2026-01-05"}
    weeks = (("1", "2026-03-16", "2026-03-20", "2026-03-26"), ("2", "2026-10-12", "2026-10-16", "2026-10-22"))
    for name, first, last, board in weeks:
        planned: Line = {"until": last, "at": "2026-01-05", "answers": {"activities": ["core group"]}}
        yield SWINDON.entry(f"PW-{name}", "practice_week", first, "qa_team", **planned)
        yield SWINDON.entry(f"AB-{name}", "assurance_board_meeting", board, "qa_team", **agenda)
        presented = {"practice_week": f"PW-{name}"}
        yield SWINDON.step(f"AB-{name}", "week_presented", f"{board}T14:00:00+00:00", "qa_team", **presented)
    report: Line = {"team": "T-1", "answers": {"sides": 4}, "at": REPORT}
    yield SWINDON.entry("HR-1", "highlight_report", "2026-06-09", "team_manager", "P-TM", **report)
    themed = {"review": "Cared for Child's Review", "quality": "clear", "themes": ["permanence", "contact"]}
    yield SWINDON.entry("RQ-1", "review_quality", "2026-05-12", "reviewing_officer", child="C-1", answers=themed)
    dispute = {"shows": "improvement", "level": 1, "matter": "drift", "themes": ["permanence"]}
    yield SWINDON.entry("DR-1", "dispute_resolution", "2026-05-13", "conference_chair", child="C-2", answers=dispute)


def southwark() -> Iterator[Line]:
    """An exempted audit and the quarter's meeting; themes of complaints and of views."""
    yield from people("southwark")
    yield SOUTHWARK.appointed("P-ED", "executive_director")
    yield SOUTHWARK.appointed("P-LM", "lead_member")
    leave: Line = {"ground": "sick leave", "requested_by": "P-HOS", "requested_as": "head_of_service"}
    exempted = Life("southwark", "SC-2").allocated("2026-03-02")
    yield from exempted.act("audit.exempt", "2026-03-18", "P-QA", "qa_lead", **leave)
    yield SOUTHWARK.entry("PQ-1", "performance_meeting", "2026-04-21", "head_of_qa", at="2026-03-02")
    covered = {"covered": ["performance", "audit findings"]}
    yield SOUTHWARK.step("PQ-1", "findings_presented", "2026-04-21", "director", "P-DIR", **covered)
    views = {"channel": "feedback form", "themes": ["contact", "delay"], "view": "more time"}
    yield SOUTHWARK.entry("VW-1", "views", "2026-05-12", "practice_group_lead", answers=views, team="T-1")
    complaint = {"urgent": False, "leads_to_action": False, "issue": "late", "themes": ["delay"]}
    yield SOUTHWARK.entry("CP-1", "complaint", "2026-05-13", "complaints_manager", answers=complaint, team="T-1")


def east_sussex() -> Iterator[Line]:
    """Findings of social care and of early help under the themes of the review."""
    found = (("1", "social care", ["child seen and heard"]), ("2", "early help", ["child seen and heard"]))
    for name, field, themes in (*found, ("3", "social care", ["reflective supervision"])):
        answers = {"field": field, "themes": themes, "finding": "as on file", "task": "t3_14"}
        yield ESX.entry(f"F-{name}", "finding", "2026-05-12", "qa_team", answers=answers)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The policies of the three authorities, and a clock at the end of October."""
    folder = tmp_path_factory.mktemp("programme")
    policies = folder / "policies"
    policies.mkdir()
    for authority in ("swindon", "southwark", "east-sussex"):
        (policies / f"{authority}.yaml").write_text(edited(authority))
    offset = NOW - datetime.now(UTC)
    return Settings(data=folder / "data", policies=policies, clock_offset=offset, log_level="error")


@pytest.fixture(scope="module")
def imported(settings: Settings) -> Iterator[tuple[Program, str]]:
    """The whole system with everything imported and worked out, and what the import said."""
    with running(settings), System(settings) as system:
        program = Program(settings)
        lines = write_lines(settings.data / "lines", [*swindon(), *southwark(), *east_sussex()])
        said = program.run("import", lines, "--unverified")
        assert said.code == 0, said.err
        wait_until_settled(system, within=PATIENCE)
        yield program, said.flat


@pytest.fixture
def program(imported: tuple[Program, str]) -> Program:
    return imported[0]


def told(program: Program, authority: str) -> set[tuple[str, date, str]]:
    return {
        (row["obligation"], datetime.fromisoformat(row["due"]).astimezone(LONDON).date(), each["role"])
        for row in program.ask("notices", authority)
        for each in row["recipients"]
    }


def owes(program: Program, authority: str, entry: str) -> list[tuple[Any, ...]]:
    rows = program.ask("show", "owed", authority, "--record", f"entry/{entry}")
    return [(row["obligation"], row["due"], row["state"]) for row in rows]


def tally(program: Program, authority: str, question: str) -> dict[str, int]:
    rows = program.ask("show", "tally", authority, "--question", question)
    return {row["answer"]: row["times"] for row in rows}


@pytest.mark.covers("SWI-C11", "SWI-47", "SWI-73", "SWI-87", "A-SWI-17", "A-SWI-18")
def test_practice_weeks_and_the_length_of_a_report(imported: tuple[Program, str]) -> None:
    """Each week's summary is due at its board and goes there; two weeks are the year's; a long report warns."""
    program, said = imported
    assert owes(program, "swindon", "AB-1") == [("practice_week_summary", "2026-03-26", "met")]
    assert owes(program, "swindon", "AB-2") == [("practice_week_summary", "2026-10-22", "met")]
    assert told(program, "swindon") == {
        ("practice_week_presented", date(2026, 3, 26), "assurance_board"),
        ("practice_week_presented", date(2026, 10, 22), "assurance_board"),
    }
    rows = program.ask("show", "programme", "swindon", "--from", "2026-12-31", "--to", "2026-12-31")
    assert [(row["done"], row["state"]) for row in rows if row["task"] == "practice_weeks"] == [(2, "met")]
    assert "How many sides of A4 is it long?: 4, at most 3 is asked for" in said
    assert [row["entry"] for row in program.ask("show", "entries", "swindon", "--kind", "highlight_report")] == ["HR-1"]


@pytest.mark.covers("SOU-C2", "SOU-C5", "SOU-C8", "SOU-88", "A-SOU-11")
def test_reports_of_a_service(program: Program) -> None:
    """Owed ten working days after the month, over Easter too, until it is issued; it says what was exempt."""
    service = ("southwark", "service_audits", "2026-03", "--unit", "S-1")
    window = ("--from", "2026-04-01", "--to", "2026-06-30")

    def owed() -> list[tuple[Any, ...]]:
        rows = program.ask("show", "programme", "southwark", *window)
        return [(row["due"], row["state"]) for row in rows if row["task"] == "service_audits"]

    assert owed() == [("2026-04-16", "overdue"), ("2026-05-15", "overdue"), ("2026-06-12", "overdue")]
    said = program.run("report", "show", *service)
    assert "Strategy, Planning and Performance Team" in said.flat
    exempted = program.ask("report", "trace", *service[:3], "returns.t-1.exempted", *service[3:])
    assert [each["about"] for each in exempted] == ["audit/SC-2"]
    assert program.run("report", "issue", *service, "--actor", "P-QA", "--role", "qa_lead").code == 0
    eventually(lambda: owed()[0] == ("2026-04-16", "met late"), within=PATIENCE)


@pytest.mark.covers("SOU-C8", "SOU-90", "SOU-99")
def test_the_quarters_findings(program: Program) -> None:
    """Due at the meeting, then onward to the Executive Director and the Lead Member; nobody else hears of it."""
    assert owes(program, "southwark", "PQ-1") == [("quarterly_findings", "2026-04-21", "met")]
    onward = {each for each in told(program, "southwark") if each[0] == "findings_onward"}
    day = date(2026, 4, 21)
    assert onward == {("findings_onward", day, "executive_director"), ("findings_onward", day, "lead_member")}


@pytest.mark.covers("SOU-107")
def test_themes_of_feedback_are_counted(program: Program) -> None:
    """Themes of views and of complaints are counted together, so that they stand beside the figures."""
    assert tally(program, "southwark", "themes") == {"contact": 1, "delay": 2}


@pytest.mark.covers("SWI-79")
def test_common_themes_of_chairs_and_reviewing_officers(program: Program) -> None:
    """What reviews show and what disputes are about is counted under one head."""
    assert tally(program, "swindon", "themes") == {"permanence": 2, "contact": 1}


@pytest.mark.covers("ESX-5.1", "ESX-5.2", "ESX-N47")
def test_findings_are_collated(program: Program) -> None:
    """All findings, of social care and early help, are gathered under the review's themes and can be counted."""
    assert tally(program, "east-sussex", "themes") == {"child seen and heard": 2, "reflective supervision": 1}
    assert tally(program, "east-sussex", "field") == {"social care": 2, "early help": 1}
    rows = program.ask("show", "entries", "east-sussex", "--kind", "finding", SIGHTLINE_ACTOR="")
    assert [row["answers"]["finding"] for row in rows] == ["as on file"] * 3


def test_what_is_owed_is_of_an_audit_or_an_entry(program: Program) -> None:
    """The question names one of the two, and one that there is."""
    assert "name the --audit or the --record" in program.run("show", "owed", "swindon").mistake()
    assert "entry NONE" in program.run("show", "owed", "swindon", "--record", "entry/NONE").mistake()
    assert "Summary of a Practice Week" in program.run("show", "owed", "swindon", "--record", "entry/AB-1").flat
