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
    said = program.run("plan", file)
    assert (said.code, said.err) == (0, "")
    assert "25 May 2026 08:00 torbay T-LATE reminder Audit due in one week" in said.flat
    assert "1 Jun 2026 torbay T-LATE due" in said.flat
    assert "Service Manager" in said.flat
    assert not program.settings.data.exists()


def test_one_audit(program: Program, tmp_path: Path) -> None:
    """Asked about one audit, the plan is of that one."""
    lines = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    file = write_lines(tmp_path / "file", lines)
    assert {row["audit"] for row in program.ask("plan", file, "--audit", "H-CLOSED")} == {"H-CLOSED"}
    assert len({row["audit"] for row in program.ask("plan", file)}) == len(LIVES)


def test_each_council_in_its_own_words(program: Program, tmp_path: Path) -> None:
    """A post is called as its own council calls it, though the file is about several."""
    lives = [*people("torbay"), *people("halton"), *(line for life in LIVES for line in life)]
    both = program.run("plan", write_lines(tmp_path / "both", lives), COLUMNS="300").out
    for authority in ("torbay", "halton"):
        own = [line for line in lives if line["authority"] == authority]
        alone = program.run("plan", write_lines(tmp_path / authority, own), COLUMNS="300").out

        def told(page: str, authority: str = authority) -> list[list[str]]:
            return [line.split() for line in page.splitlines() if f" {authority} " in line]

        assert told(alone)
        assert told(both) == told(alone)


def test_refused_lines(program: Program, tmp_path: Path) -> None:
    """What an import would refuse is named on standard error with its line, and costs exit code 1."""
    lines = [*people("torbay"), *Life("torbay", "A-1").closed("2026-01-05"), b"[]\n"]
    file = write_lines(tmp_path / "file", lines)
    for arguments in ((), ("--json",)):
        said = program.run("plan", file, *arguments)
        assert said.code == 1
        assert said.err.splitlines() == [
            f"line {len(lines) - 1} refused: audit A-1: there is none in this authority",
            f"line {len(lines)} refused: line: must be a JSON object",
        ]
