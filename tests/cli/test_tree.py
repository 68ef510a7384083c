"""The whole tree of commands: every option and argument says what it is, and each thing is given in one way."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from services.modules import CATALOGUE
from services.record_command import RecordCommand
from tests.cli.council import Council
from tests.lives import people
from workers.cli.app import app
from workers.cli.fields import HEAD, Fields
from workers.cli.verbs import verb_of
from workers.cli.whole import origins

ROOT: Any = get_command(app)
origins()  # with every module there, the program is made once for all of its commands


def below(command: Any, context: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command under this one, with its words."""
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if hasattr(found, "list_commands"):
            inner = found.make_context(name, [], parent=context, resilient_parsing=True)
            yield from below(found, inner, *path, name)
        else:
            yield " ".join((*path, name)), found


COMMANDS: dict[str, Any] = dict(below(ROOT, ROOT.make_context("sightline", [], resilient_parsing=True)))


def test_everything_says_what_it_is() -> None:
    """Every command, every option and every argument of the program has a help text, hidden ones too."""
    assert len(COMMANDS) > 80
    silent = [f"{name}: {each.name}" for name, command in COMMANDS.items() for each in command.params if not each.help]
    assert silent == []
    assert [name for name, command in COMMANDS.items() if not command.help] == []


def test_every_field_of_a_command_is_described() -> None:
    """What a field of a command is stands beside it: help, schema and the HTTP API's description read it there."""
    silent = [
        f"{name}.{each}"
        for name, command in CATALOGUE.commands.items()
        for each, info in command.model_fields.items()
        if each not in HEAD and not info.description
    ]
    assert silent == []


def test_the_authority_is_given_in_one_way() -> None:
    """Whatever is asked or done of one authority names it first; only what takes several has an option for it."""
    naming = {name: each for name, each in COMMANDS.items() if any(one.name == "authority" for one in each.params)}
    assert len(naming) > 60
    by_option = {name for name, each in COMMANDS.items() if any("--authority" in one.opts for one in each.params)}
    assert by_option == {"import", "token"}
    assert [name for name, each in naming.items() if each.params[0].name != "authority"] == []


@pytest.mark.parametrize("name", list(CATALOGUE.commands))
def test_an_act_has_every_field_of_its_command(name: str) -> None:
    """No act given by hand lacks a field that a line of a file may have, also where it has a command of its own."""
    group = CATALOGUE.word(name.partition(".")[0])
    found = COMMANDS[f"{group} {verb_of(name)}"]
    if name in {"cases.import", "child.erase", "child.hold", "child.release", "calendar.give", "webhook.secret"}:
        return
    typed = {option for each in found.params for option in each.opts}
    typed |= {f"--{(each.metavar or each.name).lower().replace('_', '-')}" for each in found.params}
    command = CATALOGUE.commands[name]
    options = ({one.partition("/")[0] for one in each.options} for each in Fields.of(command, group).others)
    assert [each for each in options if not each & typed] == []
    assert issubclass(command, RecordCommand) or Fields.of(command, group).record is not None


def test_one_group_of_indicators(recording: Any) -> None:
    """Figures by hand and from a file stand in one group; its former name is understood and shown nowhere."""
    assert {name for name in COMMANDS if name.startswith("indicator ")} == {
        "indicator import",
        "indicator neighbours",
        "indicator record",
        "indicator compare",
    }
    program = recording().program
    assert "indicators " not in program.run("--help").out
    assert "neighbours" in program.run("indicators", "--help").out


def test_the_authority_as_an_option_is_understood(recording: Any) -> None:
    """What was typed with `--authority` means what it meant, wherever it stands, and twice it is refused."""
    council: Council = recording()
    assert council.imports(people("torbay")).code == 0
    first = council.program.run("round", "schedule", council.authority, "2026-04", "--actor", "P-QA")
    council.know("rounds")
    again = council.program.run("round", "list", "--json", "--authority", council.authority)
    assert (first.code, again.code) == (0, 0), (first, again)
    assert [row["round"] for row in again.json] == ["2026-04"]
    assert council.program.run("round", "list", f"--authority={council.authority}", "--json").json == again.json
    twice = council.program.run("round", "list", council.authority, "--authority", council.authority)
    assert "unexpected extra argument" in twice.mistake()
    assert "needs a value" in council.program.run("round", "list", "--authority").mistake()


def test_a_round_is_scheduled_with_all_that_a_line_says(recording: Any) -> None:
    """The fields that the command for it did not have are given by hand as in a file."""
    council: Council = recording()
    assert council.imports(people("torbay")).code == 0
    said = council.program.run(
        *("round", "schedule", council.authority, "2026-04", "--name", "April, looked at again"),
        *("--ends", "2026-04-20"),
        *("--area", "Risk", "--area", "Plans", "--id", "S-1", "--actor", "P-QA"),
    )
    assert said.code == 0, said
    council.know("rounds")
    [row] = council.program.ask("round", "list", council.authority)
    assert (row["name"], row["ends"]) == ("April, looked at again", "2026-04-20")
    assert row["areas"] == ["Risk", "Plans"]
    late = ("round", "plan", council.authority, "2026-04", "--at", "2025-01-05", "--actor", "P-QA")
    assert "as history it is taken by `sightline import`" in council.program.run(*late).mistake()
