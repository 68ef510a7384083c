"""Planning: what would fall due, from a file alone."""

from pathlib import Path

import pytest

from services.settings import Settings
from tests.cli.council import LIVES
from tests.cli.program import Program, write_lines
from tests.lives import Life, people


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program whose data folder holds nothing."""
    return Program(Settings(data=tmp_path / "data"))


def test_without_a_server(program: Program, tmp_path: Path) -> None:
    """A plan needs no server and leaves no trace; each row says when, what, who and what becomes of it."""
    file = write_lines(tmp_path / "file", [*people("torbay"), *Life("torbay", "T-LATE").allocated("2026-05-04")])
    said = program.run("plan", "--unverified", file)
    assert (said.code, said.err) == (0, "")
    assert "25 May 2026 08:00 torbay T-LATE reminder Audit due in one week" in said.flat
    assert "1 Jun 2026 torbay T-LATE due" in said.flat
    assert "Service Manager" in said.flat
    assert not program.settings.data.exists()


def test_one_audit(program: Program, tmp_path: Path) -> None:
    """Asked about one audit, the plan is of that one."""
    lines = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    file = write_lines(tmp_path / "file", lines)
    assert {row["audit"] for row in program.ask("plan", "--unverified", file, "--audit", "H-CLOSED")} == {"H-CLOSED"}
    every = {row["audit"] for row in program.ask("plan", "--unverified", file)}
    assert len(every - {None}) == len(LIVES)  # a report is none


def test_each_council_in_its_own_words(program: Program, tmp_path: Path) -> None:
    """A post is called as its own council calls it, though the file is about several."""
    lives = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    both = program.run("plan", "--unverified", write_lines(tmp_path / "both", lives), COLUMNS="500").out
    for authority in ("torbay", "halton"):
        own = [line for line in lives if line["authority"] == authority]
        alone = program.run("plan", "--unverified", write_lines(tmp_path / authority, own), COLUMNS="500").out

        def told(page: str, authority: str = authority) -> list[list[str]]:
            return [line.split() for line in page.splitlines() if f" {authority} " in line]

        assert told(alone)
        assert told(both) == told(alone)


def test_another_matter(program: Program, tmp_path: Path) -> None:
    """A plan holds more than audits: a dispute stands in it under its own name, and can be asked for."""
    head = {"authority": "southwark", "actor": "P-IRO", "role": "reviewing_officer", "at": "2026-03-02T10:00"}
    dispute = {"command": "dispute.raise", **head, "dispute": "D-1", "child": "C-1", "team": "T-1", "safety": True}
    life = Life("southwark", "A-1").allocated("2026-03-02")
    lines = [*people("southwark"), *life, {**dispute, "concern": "nobody sees the child"}]
    files = [write_lines(tmp_path / f"part-{n}", part) for n, part in enumerate((lines[:-1], lines[-1:]))]
    rows = program.ask("plan", "--unverified", *files)
    beside = [row for row in rows if not row["about"].startswith("report/")]
    assert {(row["about"], row["audit"]) for row in beside} == {("audit/A-1", "A-1"), ("dispute/D-1", None)}
    one = program.ask("plan", "--unverified", *files, "--record", "dispute/D-1")
    assert {row["about"] for row in one} == {"dispute/D-1"}
    assert "dispute/D-1" in program.run("plan", "--unverified", *files).flat
    unknown = program.run("plan", "--unverified", *files, "--record", "dispute/D-9")
    assert unknown.mistake() == "sightline: dispute D-9: there is none in this authority\n"


def test_refused_lines(program: Program, tmp_path: Path) -> None:
    """What an import would refuse is named on standard error with its line, and costs exit code 1."""
    lines = [*people("torbay"), *Life("torbay", "A-1").closed("2026-01-05"), b"[]\n"]
    file = write_lines(tmp_path / "file", lines)
    for arguments in ((), ("--json",)):
        said = program.run("plan", "--unverified", file, *arguments)
        assert said.code == 1
        assert said.err.splitlines() == [
            f"line {len(lines) - 1} refused: audit A-1: there is none in this authority",
            f"line {len(lines)} refused: line: must be a JSON object",
        ]


def test_who_owes_is_said_in_words(program: Program, tmp_path: Path) -> None:
    """No key of a policy stands in the plan: persons of the record and posts of a unit have words as well."""
    lives = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    said = program.run("plan", "--unverified", write_lines(tmp_path / "both", lives), COLUMNS="500").out
    assert "the allocated team" in said
    assert "the owner of the action" in said
    for key in ("action_owner", "reauditor", "plan_lead", " of about"):
        assert key not in said
