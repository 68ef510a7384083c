"""The worked cases that rest on registers: Torbay's Practice Week, and Swindon's dip samples or an observation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.clock import LONDON
from services.settings import Settings
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import QA, Line
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


def entry(authority: str, name: str, at: str, **fields: Any) -> Line:
    return {"command": "entry.record", "authority": authority, **QA, "at": at, "entry": name, **fields}


def appointed(person: str, post: str, unit: str) -> Line:
    at = {"authority": "swindon", **QA, "at": "2026-01-05"}
    return {"command": "person.appoint", **at, "person": person, "post": post, "unit": unit}


def swindon() -> Iterator[Line]:
    """March 2026 of five managers: what each of them looked at."""
    head = {"authority": "swindon", **QA, "at": "2026-01-05"}
    yield {"command": "unit.place", **head, "unit": "S-1", "kind": "service"}
    for person in "PQRT":
        yield {"command": "unit.place", **head, "unit": f"T-{person}", "kind": "team", "parent": "S-1"}
        yield appointed(f"P-{person}", "team_manager", f"T-{person}")
    yield appointed("P-S", "head_of_service", "S-1")
    for person, files in (("P", 5), ("R", 3), ("T", 3)):
        items = [{"child": f"C-{person}{number}"} for number in range(files)]
        sample: Line = {"kind": "dip_sample", "holder": f"P-{person}", "on": "2026-03-12", "items": items}
        yield entry("swindon", f"DIP-{person}", "2026-03-13", **sample, answers={"theme": ["chronologies"]})
    for person in "QST":
        seen: Line = {"kind": "observation", "holder": f"P-{person}", "on": "2026-03-18", "person": "P-SW"}
        yield entry("swindon", f"OBS-{person}", "2026-03-19", **seen, answers={"observed": "review meeting"})
    for person in "ST":
        discussed: Line = {"step": "reflective_discussion", "answers": {"evidence": "in the supervision file"}}
        yield entry("swindon", f"OBS-{person}", "2026-03-30", **discussed) | {"command": "entry.step"}


TORBAY: list[Line] = [
    entry("torbay", "PW-1", "2026-05-04", kind="practice_week", on="2026-06-22", until="2026-06-26"),
    entry("torbay", "PV-1", "2026-05-04", kind="practice_week_visit", on="2026-06-24", holder="P-MEMBER"),
    entry(
        "torbay",
        "LP-1",
        "2026-05-04",
        kind="learning_point",
        on="2026-05-04",
        answers={"themes": ["chronologies"], "sort": "area for improvement"},
    ),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The whole system with both councils' entries imported and worked out."""
    folder = tmp_path_factory.mktemp("registers")
    policies = folder / "policies"
    policies.mkdir()
    for authority in ("torbay", "swindon"):
        (policies / f"{authority}.yaml").write_text(edited(authority))
    offset = NOW - datetime.now(UTC)
    settings = Settings(data=folder / "data", policies=policies, clock_offset=offset, log_level="error")
    with running(settings), System(settings) as system:
        program = Program(settings)
        said = program.run("import", write_lines(folder / "lines", [*swindon(), *TORBAY]), "--unverified")
        assert said.code == 0, said.err
        wait_until_settled(system, within=PATIENCE)
        yield program


@pytest.mark.covers("TOR-C12", "TOR-70", "TOR-100", "TOR-101", "TOR-121")
def test_practice_week(program: Program) -> None:
    """One week before, those who brief and take part are told; two days before a visit, the member has the pack."""
    rows = program.ask("notices", "torbay")
    told = {
        (datetime.fromisoformat(row["due"]).astimezone(LONDON).date(), each["role"], each["holder"])
        for row in rows
        for each in row["recipients"]
    }
    week_before = date(2026, 6, 15)
    # Three of the posts are vacant here, so that the notice goes to the group of the last resort.
    assert told == {
        (week_before, "practice_week_members", None),
        (week_before, "qa_team", None),
        (date(2026, 6, 22), "actor", "P-MEMBER"),
    }
    briefing = next(row for row in rows if row["obligation"] == "practice_week_briefing")
    vacant = {post for each in briefing["recipients"] for post in each["vacant"]}
    assert vacant <= {"deputy_director", "head_of_safeguarding", "head_of_business_support"}


@pytest.mark.covers("TOR-C12", "TOR-70", "A-TOR-22")
def test_one_practice_week_a_quarter(program: Program) -> None:
    """The week of June is the quarter's: no other one is owed before July."""
    quarter = program.ask("show", "programme", "torbay", "--from", "2026-06-30", "--to", "2026-06-30")
    weeks = [(row["due"], row["state"]) for row in quarter if row["task"] == "practice_week"]
    assert weeks == [("2026-06-30", "met")]


@pytest.mark.covers("TOR-107")
def test_what_an_entry_owes(program: Program) -> None:
    """An entry's own obligations are shown as an audit's are; a question about both or about nothing is refused."""
    rows = program.ask("show", "owed", "torbay", "--record", "entry/LP-1")
    assert {row["obligation"]: row["state"] for row in rows} == {"learning_agreed": "open", "practice_changed": "open"}
    assert program.run("show", "owed", "torbay", "--record", "entry/LP-9").mistake().startswith("sightline: entry LP-9")
    assert "name the --audit or the --record" in program.run("show", "owed", "torbay").mistake()
    both = ("--audit", "A-1", "--record", "entry/LP-1")
    assert "name either --audit or --record" in program.run("show", "owed", "torbay", *both).mistake()


@pytest.mark.covers("SWI-C6", "SWI-45", "SWI-68", "A-SWI-04", "A-SWI-15")
def test_five_dip_samples_or_an_observation(program: Program) -> None:
    """Five files or one observation with its discussion count; neither 3 of 5 nor an undiscussed one does."""
    rows = program.ask("show", "programme", "swindon", "--from", "2026-03-31", "--to", "2026-03-31")
    states = {row["about"]: row["state"] for row in rows if row["task"].startswith("practice_check")}
    assert states == {"P-P": "met", "P-S": "met", "P-T": "met", "P-Q": "overdue", "P-R": "overdue"}
    assert program.ask("notices", "swindon") == []


@pytest.mark.covers("SWI-15", "SWI-69")
def test_the_registers_are_shown(program: Program) -> None:
    """Entries are listed by register and day, with their answers and later steps; answers can be counted."""
    rows = program.ask(
        "show", "entries", "swindon", "--kind", "observation", "--since", "2026-03-01", SIGHTLINE_ACTOR=""
    )
    assert {row["entry"]: list(row["steps"]) for row in rows} == {
        "OBS-Q": [],
        "OBS-S": ["reflective_discussion"],
        "OBS-T": ["reflective_discussion"],
    }
    assert rows[1]["answers"] == {"observed": "review meeting", "evidence": "in the supervision file"}
    tallied = program.ask("show", "tally", "swindon", "--question", "observed")
    assert [(row["answer"], row["times"]) for row in tallied] == [("review meeting", 3)]
    assert "Observations of practice" in program.run("show", "entries", "swindon").flat
    unknown = program.run("show", "entries", "swindon", "--kind", "diary")
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)
