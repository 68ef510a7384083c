"""Each command in a process that has loaded no other: what one of them lacks, another one in the process would bring.

Nearly all tests call the program within their own process, in which everything is loaded long since. A command that
imports what it needs while it is carried out is not seen to do so there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from services.settings import SHIPPED_POLICIES
from tests.cli.council import Council
from tests.cli.program import WIDE, Said, write_lines
from tests.cli.test_growth import ARGUMENTS as OF_QUESTIONS
from tests.cli.test_growth import questions
from tests.cli.test_tree import COMMANDS
from tests.lives import Life, people
from workers.cli.listing import ACTS, Listed, told_by_all

ALONE = """
import json, os, pathlib, sys
import orjson, pydantic, rich.table, sqlalchemy, typer
folder = pathlib.Path(sys.argv[1])
for number, words in enumerate(json.loads(sys.stdin.read())):
    child = os.fork()
    if not child:
        for stream, end in ((1, "out"), (2, "err")):
            os.dup2(os.open(folder / f"{number}.{end}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["sightline", *words]
        from workers.cli import main
        main()
        sys.exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status))
"""
"""Carries out one call after the other, each in a process of its own that starts from the same one: nothing of ours is
loaded there, nor the client of the server, only what others wrote and what takes longest."""

OTHERS = {
    *("schema", "asyncapi", "verify", "plan", "token", "archive verify", "pack verify"),
    *("show form", "show review-dates", "policy reference", "policy schema"),
    *("policy check", "policy show", "policy where", "policy diff", "policy try"),
}
"""Commands that are no question to a history or its views, and change nothing."""

ARGUMENTS = {
    **{name: [each.replace("A-01", "T-CLOSED") for each in asked] for name, asked in OF_QUESTIONS.items()},
    "pack make": ["--output", "{folder}/packs"],
    "pack verify": ["{folder}/packs/none.zip"],
    "plan": ["{folder}/plan.jsonl"],
    "token": ["P-QA", "--authority", "torbay"],
    "show review-dates": ["child_protection_plan", "2026-01-05"],
    "policy check": [str(SHIPPED_POLICIES / "torbay")],
    "policy try": [str(SHIPPED_POLICIES / "torbay")],
    "policy diff": ["torbay", "halton"],
    "policy where": ["4.3"],
}
"""What stands behind the words of a command, and behind the authority where it takes one first."""

NONE = {
    *("pack verify", "round show", "round verify", "sample verify", "archive verify", "show review-dates"),
    *("report trace", "report issued", "report compare"),
}
"""Where there is nothing of the kind, which is said."""

ORDERS = {
    *(
        "accept-loss",
        "archive make",
        "archive remove",
        "calendar give",
        "cases import",
        "damage accept",
        "erase",
        "hold",
    ),
    *(
        "import",
        "indicator import",
        "indicator neighbours",
        "indicators import",
        "indicators neighbours",
        "policy adopt",
    ),
    *("policy new", "rebuild", "release", "report comment", "report issue", "round allocate", "round approve"),
    *("round assign", "round draw", "round enquire", "round plan", "round request-data", "round schedule"),
    *("subscriber add", "subscriber remove", "subscriber replay", "webhook replay", "webhook secret"),
}
"""What changes something. One act stands for all of them here, since each would cost a process more."""

SERVE = {"up", "work", "api", "serve", "demo", "follow"}
"""What starts others, or goes on until it is ended."""

REFUSED = ["audit", "record-meeting", "torbay", "T-NONE", "--role", "auditor"]


def own(commands: dict[str, Listed], *path: str) -> Iterator[str]:
    """Every command of the program's own, with its words; acts are all made by one module."""
    for name, each in commands.items():
        if each.commands:
            yield from own(each.commands, *path, name)
        elif each.modules != (ACTS,):
            yield from ("pack make", "pack verify") if name == "pack" else [" ".join((*path, name))]


def call_of(name: str, folder: Path) -> list[str]:
    """The words of a call that asks of a council at work."""
    takes = [each for each in COMMANDS[name].params if not each.opts[0].startswith("-")]
    whose = ["torbay"] if takes and takes[0].name == "authority" else []
    return [*name.split(), *whose, *(each.format(folder=folder) for each in ARGUMENTS.get(name, []))]


def alone(council: Council, folder: Path, calls: dict[str, list[str]]) -> dict[str, Said]:
    """What each call said, alone in its process."""
    ended = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder)],
        input=json.dumps([*calls.values()]),
        env={**os.environ, "COLUMNS": WIDE, **council.program.variables, "SIGHTLINE_ACTOR": "P-QA"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    codes = [int(each) for each in ended.stdout.split()]
    said = ([(folder / f"{number}.{end}").read_text() for end in ("out", "err")] for number in range(len(codes)))
    return {name: Said(code, *each) for name, code, each in zip(calls, codes, said, strict=True)}


def test_each_command_is_called_or_changes_something() -> None:
    """A command that comes to be is called here, or named among those that are not."""
    assert {*own(told_by_all().commands)} == {*questions(), *OTHERS} | ORDERS | SERVE
    assert not {*questions(), *OTHERS} & (ORDERS | SERVE)


@pytest.mark.parametrize("asked", [questions(), OTHERS], ids=["questions", "others"])
def test_each_is_answered(asked: Collection[str], council: Council, tmp_path: Path) -> None:
    """Each ends as it should, and says something."""
    write_lines(tmp_path / "plan.jsonl", [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05")])
    told = alone(council, tmp_path, {name: call_of(name, tmp_path) for name in sorted(asked)})
    for name, said in told.items():
        assert "Traceback" not in said.err, (name, said)
        if name in NONE:
            assert (said.code, said.out) == (2, ""), (name, said)
            assert said.err.startswith("sightline: "), (name, said)
        else:  # on a full machine something may be behind, and health ends with that
            assert said.code == 0 or (name == "health" and said.code == 1), (name, said)
            assert said.out, (name, said)


def test_an_act_is_refused(council: Council, tmp_path: Path) -> None:
    """What is recorded goes through the same modules whatever it is: what there is not is refused by all of them."""
    said = alone(council, tmp_path, {"act": REFUSED})["act"]
    assert said.mistake() == "sightline: audit T-NONE: there is none in this authority\n"
