"""The program as it meets the words of a call: it lists all of its commands, and imports the one that is meant."""

from functools import cache
from importlib import import_module
from typing import Any

from typer.core import TyperGroup

from events.errors import Refused
from workers.cli.listing import ACTS, Listed, line_of, listing
from workers.cli.whole import Words, own

AUTHORITY = "authority"


class Branch(TyperGroup):
    """A group of commands, each imported once it is asked for: until then, and in a list, a line stands for it."""

    def __init__(self, *, words: Words = (), listed: dict[str, Listed] | None = None, **how: Any) -> None:
        commands = {name: _made((*words, name), each) for name, each in (listed or {}).items()}
        super().__init__(**{**how, "commands": commands})
        self.words = words

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is to be carried out. Before one is, what the context holds is called, if it holds any."""
        name, found, further = super().resolve_command(ctx, args)
        if ctx.obj is not None and not isinstance(found, Branch):
            ctx.obj()
        return name, found, further

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        found = super().get_command(ctx, cmd_name)
        return found if found is None or isinstance(found, Branch) else command_of((*self.words, cmd_name))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Tell what there is in the group; to list its commands none of them is needed."""
        lines = TyperGroup(name=self.name, help=self.help, params=self.params, commands=dict(self.commands))
        lines.format_help(ctx, formatter)


class Whole(Branch):
    """The program itself."""

    def __init__(self, **how: Any) -> None:
        super().__init__(listed=listing().commands, **how)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none. A group is found by the name that it has in files, too."""
        return super().get_command(ctx, listing().called.get(cmd_name, cmd_name))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words of a call. Where a command names its authority first, `--authority` names it as well."""
        return super().parse_args(ctx, self._authority_first(ctx, args))

    def _authority_first(self, ctx: Any, args: list[str]) -> list[str]:
        """The words with what `--authority` says in the place of the first argument: calls of before say it so."""
        command, at = self, 0
        while isinstance(command, TyperGroup) and at < len(args) and not args[at].startswith("-"):
            command, at = command.get_command(ctx, args[at]), at + 1
        if not any(each.name == AUTHORITY and not _option(each) for each in getattr(command, "params", ())):
            return args
        for place, word in enumerate(args[at:], at):
            option, sign, value = word.partition("=")
            if option == f"--{AUTHORITY}":
                after = place + 1 if sign else place + 2
                if after > len(args):
                    raise Refused(AUTHORITY, "needs a value")
                return [*args[:at], value if sign else args[place + 1], *args[at:place], *args[after:]]
        return args


def _option(parameter: Any) -> bool:
    return any(each.startswith("-") for each in parameter.opts)


def _made(words: Words, listed: Listed) -> Any:
    if listed.commands is None:
        return line_of(words[-1], listed)
    return Branch(
        words=words,
        listed=listed.commands,
        name=words[-1],
        help=listed.help,
        no_args_is_help=listed.bare,
        rich_help_panel=listed.panel,
        hidden=listed.hidden,
    )


@cache
def command_of(words: Words) -> Any:
    """The command of these words, or the group that is brought whole; it is imported with what it stands on."""
    listed = listing().commands[words[0]]
    for word in words[1:]:
        listed = (listed.commands or {})[word]
    if listed.modules == (ACTS,):
        return import_module(f"workers.cli.{ACTS}").verb(*words)
    found = own(*listed.modules)
    for word in words:
        found = found.commands[word]
    return found
