"""East Sussex's periods through the whole system: the program imports, the workers tell, `show programme` answers."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from services.settings import Settings
from tests.lives import Line, people
from tests.services.programme.scenes import ESX, activity, appointed, audited, skipped
from tests.stores import PATIENCE
from tests.systems import running
from workers.cli.app import app
from workers.health.whole import wait_until_settled
from workers.running.supervisor import environment
from workers.system import System

FIRST_OF_MAY = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
BY_OM = ("P-OM", "operations_manager")


def lines() -> Iterator[Line]:
    """Six workers in April, of whom four are audited and one has no case; two supervision audits in April."""
    yield from people(ESX)
    for number in range(2, 7):
        yield appointed(f"P-W{number}", "practitioner", "T-1")
    yield appointed("P-W7", "practitioner", "T-1", "2026-04-20")
    for number in range(2, 6):
        yield from audited(f"A-{number}", "supervision file", "2026-04-28", "P-AUD", worker=f"P-W{number}")
    yield skipped("t3_16", "2026-04-29", "P-W6")
    for concern in (False, True):
        yield activity("t3_3", "2026-04-30", *BY_OM, about="P-AUD", item="supervision audit", concern=concern)


class Program:
    """The program on the running system, within this process."""

    def __init__(self, settings: Settings) -> None:
        self.environment = environment(settings)

    def run(self, *arguments: str) -> Any:
        return CliRunner().invoke(app, list(arguments), env=self.environment)

    def ask(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The whole system on the morning of 1 May, with the file imported."""
    folder = tmp_path_factory.mktemp("periods")
    settings = Settings(data=folder / "data", clock_offset=FIRST_OF_MAY - datetime.now(UTC), log_level="error")
    file = folder / "april.jsonl"
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines()))
    with running(settings), System(settings) as system:
        program = Program(settings)
        imported = program.ask("import", str(file), "--unverified")
        assert imported["refused"] == []
        wait_until_settled(system, within=PATIENCE)
        yield program


def test_its_former_name(program: Program) -> None:
    """What was asked as `show duties` is answered as `show programme`; the help names the latter alone."""
    april = ("--from", "2026-04-30", "--to", "2026-04-30")
    assert program.ask("show", "duties", ESX, *april) == program.ask("show", "programme", ESX, *april) != []
    shown = program.run("show", "--help").stdout
    assert ("programme" in shown, "duties" in shown) == (True, False)


@pytest.mark.covers("ESX-C1", "ESX-3.16", "ESX-N12", "A-ESX-02", "A-ESX-11", "A-ESX-16", "A-ESX-21")
def test_show_programme(program: Program) -> None:
    """`sightline show programme` says on 1 May which of April's audits are done, skipped and overdue, and no more."""
    april = ("--from", "2026-04-30", "--to", "2026-04-30", "--role", "practice_manager")
    rows = program.ask("show", "programme", ESX, *april)
    assert {row["about"]: row["state"] for row in rows} == {
        "P-SW": "overdue",
        **{f"P-W{number}": "met" for number in range(2, 6)},
        "P-W6": "skipped",
    }
    assert {(row["due"], row["holders"][0], row["source"][0]) for row in rows} == {("2026-04-30", "P-AUD", "ESX-3.16")}
    usual = program.ask("show", "programme", ESX, "--role", "practice_manager")
    assert sorted({row["due"] for row in usual}) == ["2026-04-30", "2026-05-31"]
    assert [row["about"] for row in usual].count("P-W7") == 1


@pytest.mark.covers("ESX-C10", "ESX-3.3", "ESX-N24", "A-ESX-11")
def test_notices(program: Program) -> None:
    """What was done towards a task tells the Head of Service, with concerns the Head of Safeguarding, nobody else."""
    sent = program.ask("notices", ESX)
    of_tasks = [row for row in sent if row["audit"] is None]
    assert sorted((row["obligation"], row["recipients"][0]["holder"]) for row in of_tasks) == [
        ("supervision_concerns", "P-HSG"),
        ("supervision_summary", "P-HOS"),
        ("supervision_summary", "P-HOS"),
    ]
    assert {row["about"] for row in of_tasks} == {"duty/t3_3-2026-04"}
    assert {row["obligation"] for row in sent if row["audit"] is not None} == {"worker_feedback"}


@pytest.mark.covers("ESX-3.16")
def test_on_a_screen(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person reads the tasks as a table; a role or a date that is none is refused in one line."""
    monkeypatch.setitem(os.environ, "COLUMNS", "200")
    shown = program.run("show", "programme", ESX, "--role", "practice_manager").stdout
    for words in (
        "Supervision case file audit of each worker",
        "Practice Manager (T-1 P-AUD)",
        "skipped: no open case",
    ):
        assert words in shown, shown
    for arguments, rule in (
        (("--role", "wizard"), "role: unknown role wizard"),
        (("--from", "tomorrow"), "from: 'tomorrow' is not a valid date"),
        (("--from", "2026-05-01", "--to", "2026-04-01"), "to: 2026-04-01 is before 2026-05-01"),
    ):
        refused = program.run("show", "programme", ESX, *arguments)
        assert refused.exit_code != 0
        assert str(refused.exception).startswith(rule)


@pytest.mark.covers("ESX-N41")
def test_sound_and_rebuilt(program: Program, tmp_path: Path) -> None:
    """The stream with tasks in it is sound, and a repeat of the same activities writes nothing."""
    [found] = program.ask("verify", ESX)
    assert found["sound"]
    again = tmp_path / "again.jsonl"
    again.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines()))
    assert program.ask("import", str(again), "--unverified")["events"] == 0
