"""A call imports what it needs: to list commands none of them, to show a page what that page needs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.alone import Call, in_turn
from tests.cli.council import Council
from tests.cli.program import WIDE
from workers.cli.listing import told_by_all
from workers.cli.whole import ADDING

CALL = """
import gc, json, sys
from workers.cli import main
looked = lambda: sum(each["collections"] for each in gc.get_stats())
before = looked()
try:
    main()
finally:
    told = [looked() - before, *sorted(sys.modules)]
    print(json.dumps(told), file=sys.stderr)
"""
"""The program, which tells at its end how often it looked for what holds itself, and what it has imported."""

NEVER = {
    *("faststream", "fastapi", "httpx", "weasyprint", "jinja2", "openpyxl", "xlsxwriter", "joserfc", "cryptography"),
    *("structlog", "events.published", "services.core.catalogue", "services.keyring.keyring"),
    *("projections.activities", "projections.given_in", "events.webhooks"),
    "rich.table",
}
"""What no view needs for being shown: doors, paper, keys, logs, the parts of the domain, and contracts of its facts."""

RULES = {"services.policy.model", "services.obligations.engine", "services.store.application", "yaml"}
"""What is needed beside that by what is worked out by the rules on asking."""

WORKED_OUT = {
    *("owed", "overdue", "workload", "programme", "duties", "review-dates"),  # what is due, and whose it is
    *("form", "indicators"),  # told in the words of the policy's questions and indicators
}
"""The questions under `show` that the rules answer. What is not among them is answered by its view alone."""


Imported = Callable[..., set[str]]
Called = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the program has kept what its first call worked out; nobody else's work takes its place there."""
    folder = str(tmp_path_factory.mktemp("kept"))
    subprocess.run(
        [sys.executable, "-m", "workers.cli", "--help"],
        env={**os.environ, "XDG_CACHE_HOME": folder},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder without any data."""
    return str(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def called(kept: str) -> Called:
    """What a call tells at its end, once such a program has run before."""

    @cache
    def call(*words: str) -> list[Any]:
        said = subprocess.run(
            [sys.executable, "-c", CALL, *words],
            env={**os.environ, "XDG_CACHE_HOME": kept},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        told = next(line for line in said.stderr.splitlines() if line.startswith("["))
        assert "Traceback" not in said.stderr, said.stderr
        return list(json.loads(told))

    return call


@pytest.fixture(scope="module")
def imported(called: Called) -> Imported:
    """What a call has imported."""
    return lambda *words: set(called(*words)[1:])


def ours(modules: set[str]) -> set[str]:
    return {each for each in modules if each.partition(".")[0] in {"events", "services", "projections", "workers"}}


@pytest.mark.parametrize(
    "words", [("--help",), ("show", "--help"), ("audit", "--help"), ("duty", "--help"), ()], ids=str
)
def test_a_list_of_commands_imports_none(words: tuple[str, ...], imported: Imported) -> None:
    """Neither a command nor anything that it stands on: no part of the domain, no view, no server's or database's."""
    modules = imported(*words)
    assert ours(modules) == {
        *("events", "events.errors", "services", "services.kept", "services.private"),
        *("workers", "workers.processes", "workers.processes.collecting", "workers.cli", "workers.cli.app"),
        *(f"workers.cli.{each}" for each in ("listing", "program", "whole")),
    }
    assert not modules & {"sqlalchemy", "nats", "faststream", "eventsourcing", "structlog"}


def test_a_command_is_found_where_its_module_brings_no_other(kept: str, tmp_path: Path) -> None:
    """Alone in a process, where no other command is imported beside it, each is the command of its word."""
    words = ("rebuild", "plan", "token", "erase")
    ended = in_turn(tmp_path, [Call((word, "--help")) for word in words], {**os.environ, "XDG_CACHE_HOME": kept})
    for word, said in zip(words, ended, strict=True):
        of_word = told_by_all().commands[word].modules
        whole = [each for each in told_by_all().commands.values() if each.modules == of_word]
        assert len(whole) == 1
        assert f"workers.cli.{of_word[0]}" in said.loaded
        assert "Traceback" not in said.err, said.err


def test_a_page_needs_no_broker(imported: Imported, empty: str) -> None:
    """A question to the views imports what asks them: no workers' broker, no door, no paper, no other command's own."""
    modules = imported("show", "register", "torbay", "--data", empty)
    assert "projections.register" in modules
    assert not modules & {"faststream", "fastapi", "httpx", "weasyprint", "jinja2", "openpyxl", "xlsxwriter", "joserfc"}
    assert not [each for each in modules if each.startswith(("workers.pack", "workers.story", "workers.api"))]
    assert not [each for each in modules if each.startswith("services.") and each.endswith(".commands")]
    assert not modules & {f"workers.cli.{each}" for each in ADDING if each not in {"showing", "show_register"}}
    assert not [each for each in modules if each.startswith("sqlalchemy.dialects.postgresql")]


def test_a_question_loads_what_answers_it(kept: str, tmp_path: Path) -> None:
    """Whatever is shown: its view, and the rules where they work it out; a new question is held to the view alone."""
    shown = told_by_all().commands["show"].commands or {}
    asked = [*(Call(("show", name), found_only=True) for name in shown), Call(("notices",), found_only=True)]
    told = in_turn(tmp_path, asked, {**os.environ, "XDG_CACHE_HOME": kept})
    assert {(each.code, each.err) for each in told} == {(0, "")}
    loaded = {call.words[-1]: each.loaded for call, each in zip(asked, told, strict=True)}
    assert loaded.keys() == {*shown, "notices"}
    assert shown.keys() >= WORKED_OUT
    too_much = {
        name: sorted(modules & (NEVER if name in WORKED_OUT else NEVER | RULES)) for name, modules in loaded.items()
    }
    assert not {name: found for name, found in too_much.items() if found}
    assert not [name for name in WORKED_OUT if "events.rounds" in loaded[name]], "a policy is read without its events"


def test_a_page_of_a_council_is_shown_by_its_view(council: Council, kept: str, tmp_path: Path) -> None:
    """Asked of a council at work, the register is had without a rule, a key, a part of the domain or an event read."""
    call = Call(("show", "register", "torbay"))
    variables = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "XDG_CACHE_HOME": kept}
    ended = in_turn(tmp_path, [call, call], variables)  # what the first works out is kept for the second
    for said in ended:
        assert "T-CLOSED" in said.out, said.err
        assert "Traceback" not in said.err, said.err
    modules = ended[1].loaded
    assert not modules & (NEVER | RULES)
    assert not [each for each in modules if each.startswith("eventsourcing")]
    assert not modules & {
        "workers.asking.captions",
        "events.policies",
        "events.reads",
    }  # it calls nothing by the framework's names


def test_what_a_record_owes_is_worked_out_by_its_own_part(council: Council, kept: str, tmp_path: Path) -> None:
    """Asked of an audit, its part of the domain is loaded with the contracts that it needs, and none of the others."""
    call = Call(("show", "owed", "torbay", "--audit", "T-CLOSED"))
    variables = {**os.environ, "COLUMNS": WIDE, **council.program.variables, "XDG_CACHE_HOME": kept}
    _, said = in_turn(tmp_path, [call, call], variables)  # what the first works out is kept for the second
    assert "met" in said.out, said.err
    parts = {each for each in said.loaded if each.startswith("services.") and each.endswith(".module")}
    assert parts == {"services.audits.module"}
    assert not said.loaded & {"services.core.catalogue", "services.keyring.keyring", "events.webhooks"}


@pytest.mark.parametrize("words", [("show", "overdue", "torbay"), ("story", "audit", "torbay", "T-CLOSED")], ids=str)
def test_what_asks_the_stream_is_answered_by_a_program_of_its_own(words: tuple[str, ...], council: Council) -> None:
    """The rules, or a record's events, are asked by a process that has loaded nothing before."""
    said = subprocess.run(
        [sys.executable, "-m", "workers.cli", *words],
        env={**os.environ, "COLUMNS": WIDE, **council.program.variables},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout


def test_a_table_names_things_without_the_policy(council: Council, kept: str, tmp_path: Path) -> None:
    """Once a call has said what the framework calls things, the next one says the same, and loads no rule for it."""
    tables = ("notices", "show escalations", "show deliveries", "show reads")
    calls = []
    for words in tables:  # what is kept for each is kept for it alone, beside the list of commands
        own = shutil.copytree(kept, tmp_path / words)
        calls += [Call((*words.split(), "torbay"), {"XDG_CACHE_HOME": str(own)})] * 2
    ended = in_turn(tmp_path, calls, {**os.environ, "COLUMNS": WIDE, **council.program.variables})
    for words, first, second in zip(tables, ended[::2], ended[1::2], strict=True):
        assert first.out == second.out != "", (words, first, second)
        assert first.loaded & RULES, words
        assert not second.loaded & (NEVER | RULES), words
        assert "Traceback" not in first.err + second.err, words


@pytest.mark.parametrize(
    ("words", "most"), [(("--help",), 0), (("show", "register", "--help"), 1), (("show", "register", "torbay"), 2)]
)
def test_what_is_loaded_is_not_looked_through(words: tuple[str, ...], most: int, called: Called, empty: str) -> None:
    """Whatever a call loads stays: to look among it for what holds itself took a fifth of the time of a question."""
    data = ("--data", empty) if "torbay" in words else ()
    assert called(*words, *data)[0] <= most


def test_what_is_listed_is_what_there_is(tmp_path: Path) -> None:
    """What is kept of the commands is what all of them say themselves, and is read back as it was told."""
    asked = (
        "import sys, orjson; from workers.cli import listing as of; first = of.listing(); of.listing.cache_clear();"
        "sys.stdout.buffer.write(orjson.dumps([first == of.listing(), first.commands]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    same, listed = json.loads(told.stdout)
    assert same
    assert {name: set(each["commands"] or ()) for name, each in listed.items()} == {
        name: set(each.commands or ()) for name, each in told_by_all().commands.items()
    }
