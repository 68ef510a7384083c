"""The worked cases through the whole system: the program imports, real worker processes work, the program answers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from typer.testing import CliRunner

from services.clock import LONDON
from services.policy_folder import proposals_of
from services.settings import Settings
from tests.edited import sound_as_of
from tests.stores import PATIENCE
from tests.systems import running
from tests.worked_cases.cases import CASES, Case, Due, Notice, record_of, write_policies
from workers.cli.app import app
from workers.health.whole import wait_until_settled
from workers.running.supervisor import environment
from workers.system import System

pytestmark = pytest.mark.long

LONG_AFTER = datetime(2027, 7, 1, 12, 0, tzinfo=UTC)
"""The clock of the system: the cases reach into 2027."""


READ_ONCE = cache(proposals_of)
"""The policies of all cases stay as they are: to read them for each question would take most of the time."""


def authority_of(case: Case) -> str:
    """An authority of the case's own, so that all cases run side by side."""
    return f"{case.authority}-{case.id.lower()}"


@dataclass(frozen=True)
class Program:
    """The installed program, with the settings of the running system."""

    settings: Settings
    refused: dict[str, int]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workers.cli", *arguments]
        variables = {**os.environ, **environment(self.settings)}
        return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)

    def ask(self, *arguments: str) -> list[dict[str, Any]]:
        """What the program answers as JSON; within this process, which saves a second for each question."""
        with patch("workers.system.proposals_of", READ_ONCE):
            done = CliRunner().invoke(app, [*arguments, "--json"], env=environment(self.settings))
        assert done.exit_code == 0, done.output
        answer: list[dict[str, Any]] = json.loads(done.stdout)
        return answer


def _policies(folder: Path) -> Path:
    """Every case's policy under its own authority's name."""
    folder.mkdir()
    for case in CASES:
        own = folder.parent / "written" / case.id
        own.mkdir(parents=True)
        [written] = write_policies(case, own).glob("*.yaml")
        text = written.read_text().replace(f"authority: {case.authority}", f"authority: {authority_of(case)}")
        (folder / f"{case.id}.yaml").write_text(text)
        sound_as_of(folder / f"{case.id}.yaml", authority_of(case), case.authority)
    return folder


def _lines() -> Iterator[bytes]:
    for case in CASES:
        for line in case.lines:
            yield orjson.dumps(line | {"authority": authority_of(case)}) + b"\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The whole system, started once, into which one file with every case was imported twice."""
    folder = tmp_path_factory.mktemp("cases")
    settings = Settings(
        data=folder / "data",
        policies=_policies(folder / "policies"),
        clock_offset=LONG_AFTER - datetime.now(UTC),
        log_level="error",
    )
    file = folder / "cases.jsonl"
    file.write_bytes(b"".join(_lines()))
    READ_ONCE(settings.policies)  # some seventy; what is kept of them spares each process to read them all
    with running(settings), System(settings) as system:
        program = Program(settings, {})
        first = json.loads(program.run("import", str(file), "--unverified", "--json").stdout)
        wait_until_settled(system, within=PATIENCE)
        again = json.loads(program.run("import", str(file), "--unverified", "--json").stdout)
        assert (again["accepted"], again["events"], again["repeated"]) == (0, 0, first["accepted"])
        lines = [json.loads(line) for line in file.read_bytes().splitlines()]
        for each in first["refused"]:
            authority = lines[each["line"] - 1]["authority"]
            program.refused[authority] = program.refused.get(authority, 0) + 1
        yield program


def each_case() -> pytest.MarkDecorator:
    marked = [pytest.param(case, id=case.id, marks=pytest.mark.covers(case.id, *case.covers)) for case in CASES]
    return pytest.mark.parametrize("case", marked)


def told(row: dict[str, Any]) -> Notice:
    people = frozenset((each["role"], each["unit"], each["holder"]) for each in row["recipients"])
    at = datetime.fromisoformat(row["due"]).astimezone(LONDON)
    return (row["audit"] or row["about"], at, row["obligation"], row["step"], people)


@each_case()
def test_notices(case: Case, program: Program) -> None:
    """`sightline notices` names every notice of the case with its instant and its people, once, and no other."""
    rows = [told(row) for row in program.ask("notices", authority_of(case))]
    assert sorted(rows, key=str) == sorted(case.notices, key=str)
    assert program.refused.get(authority_of(case), 0) == case.refused


@each_case()
def test_owed(case: Case, program: Program) -> None:
    """`sightline show owed` names every due date of the case, and no other."""
    rows = [
        (audit, row)
        for audit in case.audits
        for row in program.ask("show", "owed", authority_of(case), "--record", record_of(audit))
    ]
    standing: set[Due] = {
        (audit, row["obligation"], row["key"], datetime.fromisoformat(row["due"]).date())
        for audit, row in rows
        if row["due"] and row["state"] != "fell away"
    }
    assert standing == set(case.owed)


def test_sound(program: Program) -> None:
    """After all cases every stream is unbroken, every worker keeps up, and a rebuilt view answers the same."""
    case = CASES[0]
    [found] = program.ask("verify", authority_of(case))
    assert found["sound"]
    health = program.run("health")
    assert health.returncode == 0, health.stdout
    before = program.ask("notices", authority_of(case))
    assert program.run("rebuild", "notices").returncode == 0
    assert program.ask("notices", authority_of(case)) == before
