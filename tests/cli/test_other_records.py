"""Asking about what is no audit, and about what somebody has in hand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.settings import Settings
from tests.cli.program import Program, write_lines
from tests.edited import edited
from tests.lives import Life, Line, people
from tests.stores import PATIENCE
from tests.systems import running
from workers.health.whole import wait_until_settled
from workers.system import System

NOW = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
DISPUTE: Line = {
    "command": "dispute.raise",
    "authority": "southwark",
    "actor": "P-IRO",
    "role": "reviewing_officer",
    "at": "2026-03-10T10:00",
    "dispute": "D-1",
    "child": "C-9",
    "team": "T-1",
    "concern": "the child is not safe there",
    "safety": True,
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Southwark with two audits, an action and a dispute, all worked out."""
    folder = tmp_path_factory.mktemp("records")
    (folder / "policies").mkdir()
    text = edited("southwark")
    (folder / "policies" / "southwark.yaml").write_text(text, encoding="utf-8")
    settings = Settings(
        data=folder / "data",
        policies=folder / "policies",
        clock_offset=NOW - datetime.now(UTC),
        log_level="error",
    )
    plan = {"action": "X-1", "text": "train the team", "owner": "P-PGL", "due": "2026-03-11", "with": ["P-HOS"]}
    audit = Life("southwark", "A-1").allocated("2026-03-02").act("action.set", "2026-03-09", "P-QA", "qa_lead", **plan)
    second = Life("southwark", "A-2", child="C-2", auditor="P-PGL").allocated("2026-03-02", team="T-2")
    file = write_lines(folder / "lines.jsonl", [*people("southwark"), *audit, *second, DISPUTE])
    with running(settings), System(settings) as system:
        program = Program(settings)
        program.run("import", file, "--unverified", "--json")
        wait_until_settled(system, within=PATIENCE)
        yield program


@pytest.mark.covers("SOU-61")
def test_what_it_is_about_is_named(program: Program) -> None:
    """Notices, escalations and what is owed name the dispute; its audit is none."""
    for question in (("notices",), ("show", "escalations"), ("show", "owed")):
        rows = program.ask(*question, "southwark", "--record", "dispute/D-1")
        assert {(row["about"], row["audit"]) for row in rows} == {("dispute/D-1", None)}
        table = program.run(*question, "southwark", "--record", "dispute/D-1", COLUMNS="300").flat
        assert "dispute/D-1" in table
    [owed] = program.ask("show", "owed", "southwark", "--record", "dispute/D-1")
    assert (owed["obligation"], owed["state"], owed["owners"][0]["holder"]) == ("dispute_of_safety", "open", "P-DIR")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--record", "dispute/D-9"), "dispute D-9"),
        (("--record", "lunch/D-1"), "record: "),
        (("--record", "dispute/"), "record: "),
        (("--record", "dispute/D-1", "--audit", "A-1"), "name either --audit or --record"),
        (("--record", "dispute/D-1", "--matter", "dispute/D-1"), "name either --audit or --record"),
        ((), "name the --audit or the --record"),
    ],
    ids=str,
)
def test_slips(program: Program, asked: tuple[str, ...], said: str) -> None:
    """A record that is none, or named twice, is one line and exit code 2."""
    answer = program.run("show", "owed", "southwark", *asked)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err


@pytest.mark.parametrize("question", [("notices",), ("show", "escalations"), ("show", "owed")], ids=" ".join)
def test_its_former_option(program: Program, question: tuple[str, ...]) -> None:
    """What was typed as --matter is asked as --record; the help shows it no more."""
    former, today = (program.ask(*question, "southwark", option, "dispute/D-1") for option in ("--matter", "--record"))
    assert former == today != []
    shown = program.run(*question, "--help").flat
    assert ("--record" in shown, "matter" in shown) == (True, False)


@pytest.mark.covers("SWI-7", "HAL-50")
def test_workload(program: Program) -> None:
    """A leader's audits and actions are seen together: what is theirs alone, and what they own jointly."""
    held = program.ask("show", "workload", "southwark", "--person", "P-PGL")
    assert [(row["kind"], row["about"], row["overdue"]) for row in held] == [
        ("action", "A-1", True),
        ("audit", "A-2", False),
    ]
    assert [row["what"] for row in program.ask("show", "workload", "southwark", "--person", "P-HOS")] == ["X-1"]
    table = program.run("show", "workload", "southwark").flat
    for person in ("P-AUD", "P-PGL", "P-HOS"):
        assert person in table
    assert program.run("show", "workload", "southwark", "--person", "P-NOBODY").code == 0


def test_actions_of_one(program: Program) -> None:
    """The tracker is asked for one owner, one state, and what was completed since a day."""
    ask = ("show", "actions", "southwark")
    assert [row["jointly"] for row in program.ask(*ask, "--owner", "P-HOS")] == [["P-HOS"]]
    assert program.ask(*ask, "--owner", "P-AUD") == []
    assert program.ask(*ask, "--state", "completed", "--since", "2026-03-01") == []
    assert "P-PGL and P-HOS" in program.run(*ask, COLUMNS="300").flat
