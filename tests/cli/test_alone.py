"""Each command in a process that has loaded no other: what one of them lacks, another one in the process would bring.

Nearly all tests call the program within their own process, in which everything is loaded long since. A command that
imports what it needs while it is carried out is not seen to do so there.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.settings import SHIPPED_POLICIES
from tests.cli import alone
from tests.cli.alone import Call, in_turn
from tests.cli.council import Council
from tests.cli.program import WIDE, Said, write_lines
from tests.cli.test_growth import ARGUMENTS as OF_QUESTIONS
from tests.cli.test_growth import questions
from tests.cli.test_tree import COMMANDS
from tests.lives import Life, people
from workers.cli.listing import ACTS, Listed, told_by_all

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


LOADED = (
    *alone.OTHERS,
    *("cryptography.hazmat.primitives.ciphers.aead", "eventsourcing.application", "holidays", "nats.js", "structlog"),
    "yaml",
)
"""What others wrote and is loaded once for all calls: whatever it brings, none of it brings a module of ours."""


@pytest.fixture(scope="module")
def told(council: Council, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """What each call said, alone in its process."""
    folder = tmp_path_factory.mktemp("alone")
    write_lines(folder / "plan.jsonl", [*people("torbay"), *Life("torbay", "A-1").allocated("2026-01-05")])
    calls = {name: call_of(name, folder) for name in sorted({*questions(), *OTHERS})} | {"act": REFUSED}
    environment = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "SIGHTLINE_ACTOR": "P-QA"}
    return dict(zip(calls, in_turn(folder, [*map(Call, calls.values())], environment, LOADED), strict=True))


def test_each_command_is_called_or_changes_something() -> None:
    """A command that comes to be is called here, or named among those that are not."""
    assert {*own(told_by_all().commands)} == {*questions(), *OTHERS} | ORDERS | SERVE
    assert not {*questions(), *OTHERS} & (ORDERS | SERVE)


@pytest.mark.parametrize("name", sorted({*questions(), *OTHERS}))
def test_each_is_answered(name: str, told: dict[str, Said]) -> None:
    """Each ends as it should, and says something."""
    said = told[name]
    assert "Traceback" not in said.err, said
    if name in NONE:
        assert (said.code, said.out) == (2, ""), said
        assert said.err.startswith("sightline: "), said
    else:  # on a full machine something may be behind, and health ends with that
        assert said.code == 0 or (name == "health" and said.code == 1), said
        assert said.out, said


def test_an_act_is_refused(told: dict[str, Said]) -> None:
    """What is recorded goes through the same modules whatever it is: what there is not is refused by all of them."""
    assert told["act"].mistake() == "sightline: audit T-NONE: there is none in this authority\n"
