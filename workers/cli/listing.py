"""What commands there are, and a line about each: told by the commands themselves, and kept as long as they stay so.

To list them, and to find the one that is meant, none of them is imported. It is worked out anew once any file of the
program is another (see `services.kept`).
"""

from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import orjson
from typer.core import TyperCommand, TyperGroup

from services import kept
from workers.cli.whole import ADDING, Words, origins, own

ROOMS = ("events", "services", "projections", "workers")
"""What a command and the words about it may depend on."""

ACTS = "verbs"
"""The module that makes a command of an act."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A command: what is said of it in a list, and the modules that bring it. A group has `commands` of its own.

    A group whose words are not taken as they come (`commands` None) is brought whole.
    """

    help: str
    modules: tuple[str, ...]
    panel: str | None = None
    hidden: bool = False
    bare: bool = False
    commands: "dict[str, Listed] | None" = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Every command by its words, and the groups that have another name in files than people call them by."""

    commands: dict[str, Listed]
    called: dict[str, str] = field(default_factory=dict)


@cache
def listing() -> Listing:
    """What there is: as it was kept of this program, or told by all of it."""
    of = f"commands {kept.program(*ROOMS)}"
    held = kept.recall(of)
    if held is not None:
        told = orjson.loads(held)
        return Listing({name: _listed(each) for name, each in told["commands"].items()}, told["called"])
    made = told_by_all()
    kept.keep(of, orjson.dumps(asdict(made)))
    return made


def _listed(told: dict[str, Any]) -> Listed:
    within = told.pop("commands")
    commands = None if within is None else {name: _listed(each) for name, each in within.items()}
    return Listed(**{**told, "modules": tuple(told["modules"])}, commands=commands)


def told_by_all() -> Listing:
    """The same, told by the whole program: all of it is imported."""
    from services.modules import CATALOGUE  # noqa: PLC0415 - the parts of the domain are not needed to list what is kept
    from workers.cli.verbs import PANEL, acts_of, help_of, help_of_group  # noqa: PLC0415 - as above

    whereabouts = origins()
    found = {name: _told(each, (name,), whereabouts) for name, each in own(*ADDING).commands.items()}
    for group in dict.fromkeys(CATALOGUE.word(name.partition(".")[0]) for name in CATALOGUE.commands):
        acts = {verb: Listed(help_of(name), (ACTS,)) for verb, name in acts_of(group).items()}
        there = found.get(group)
        if there is None:
            found[group] = Listed(help_of_group(group), (ACTS,), PANEL, bare=True, commands=acts)
        elif there.commands is not None:
            there.commands.update({verb: each for verb, each in acts.items() if verb not in there.commands})
    return Listing(found, {name: kind.word for name, kind in CATALOGUE.kinds.items() if kind.word != name})


def _told(command: Any, words: Words, whereabouts: dict[Words, str]) -> Listed:
    names = {whereabouts[words[:length]] for length in range(1, len(words) + 1)}
    modules = tuple(name for name in ADDING if name in names)
    plain = type(command) is TyperGroup and command.callback is None and not command.params
    commands = {
        name: _told(each, (*words, name), whereabouts) for name, each in getattr(command, "commands", {}).items()
    }
    return Listed(
        command.short_help or command.help or "",
        modules,
        command.rich_help_panel or None,  # where nobody says one, there stands a sign for that
        command.hidden,
        getattr(command, "no_args_is_help", False),
        commands if plain else None,
    )


def line_of(name: str, listed: Listed) -> TyperCommand:
    """What stands for a command in a list. It cannot be carried out."""
    return TyperCommand(name, help=listed.help, rich_help_panel=listed.panel, hidden=listed.hidden)
