"""Every act of the catalogue as a verb of the program: `sightline audit moderate torbay TOR-007 --grade …`.

A group for each first word of a command's name, a verb for each second, and of a verb's own what its command says. Only
what is asked for is made. Where a group of the program has a command of the verb's name already, that one stays.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, getdoc
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from events.errors import Refused
from services.core.command import Command
from services.core.outcome import Outcome
from services.modules import CATALOGUE
from workers.cli.act import Hand, acting
from workers.cli.fields import Fields, Input, read_fields
from workers.cli.options import Authority, Question
from workers.cli.spread import parameters_of, taken, with_parameters
from workers.cli.tables import print_answer, screen, several

AUTHORITY = "authority"
PANEL = "Acts, each given by hand"


@dataclass(frozen=True, kw_only=True)
class Call(Hand, Question):
    """What is said with every act beside the fields of its command."""

    authority: Authority
    more: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Further fields: a file of one JSON object, or - for stdin."),
    ] = None


class Growing(TyperGroup):
    """A group of commands that has further ones, each made when it is asked for."""

    @property
    @abstractmethod
    def further(self) -> Mapping[str, Callable[[], Any]]:
        """How to make the further commands, by their names."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name, those of the group's own first."""
        self._make(self.further)
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        # For a name that there is not, the nearest are looked for among all.
        self._make([cmd_name] if cmd_name in self.further else [] if cmd_name in self.commands else self.further)
        return super().get_command(ctx, cmd_name)

    def _make(self, names: Any) -> None:
        for name in names:
            if name not in self.commands:
                self.add_command(self.further[name](), name)


class Groups(Growing):
    """The program itself: its own commands, and a group for each kind of thing that acts are about."""

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

    @property
    def further(self) -> Mapping[str, Callable[[], Any]]:
        """The groups that the catalogue's names begin with, as people call them."""
        groups = (name.partition(".")[0] for name in CATALOGUE.commands)
        return {CATALOGUE.word(group): partial(_group, CATALOGUE.word(group)) for group in groups}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none. A group of the program's own has its verbs as well.

        A group is found under the name that its commands have in files, too.
        """
        cmd_name = CATALOGUE.word(cmd_name)
        found = super().get_command(ctx, cmd_name)
        if isinstance(found, TyperGroup) and not isinstance(found, Verbs):
            for name, make in verbs_of(cmd_name).items():
                if name not in found.commands:
                    found.add_command(make(), name)
        return found


class Verbs(Growing):
    """A group of acts alone."""

    @property
    def further(self) -> Mapping[str, Callable[[], Any]]:
        """The verbs of the group."""
        return verbs_of(self.name or "")


def _option(parameter: Any) -> bool:
    return any(each.startswith("-") for each in parameter.opts)


def verbs_of(group: str) -> Mapping[str, Callable[[], Any]]:
    """How to make the verbs of the catalogue's commands of a group, as people call it, by their names."""
    return {
        verb_of(name): partial(_verb, name, command)
        for name, command in CATALOGUE.commands.items()
        if CATALOGUE.word(name.partition(".")[0]) == group
    }


def verb_of(command: str) -> str:
    """The verb of a command: `record-reflection` for `audit.record_reflection`."""
    return command.partition(".")[2].replace("_", "-")


def _group(name: str) -> Verbs:
    return Verbs(
        name=name,
        help=f"Give an act by hand: {', '.join(verbs_of(name))}.",
        no_args_is_help=True,
        rich_help_panel=PANEL,
    )


def _verb(name: str, command: type[Command]) -> Any:
    fields = Fields.of(command, name.partition(".")[0])

    def carry_out(**given: Any) -> None:
        call = taken(Call, given)
        stdin = Input()
        typed = fields.line(given, stdin)
        further = read_fields(call.more, stdin) if call.more is not None else {}
        if twice := sorted(typed.keys() & further.keys()):
            raise Refused(twice[0], "is given twice: as an option and in the file of --from")
        with acting(call.authority, call) as desk:
            outcome = desk.give(name, **further | typed)
        _say(outcome, as_json=call.as_json)

    own = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    parameters: list[Parameter] = [*fields.parameters(), *parameters_of(Call)]
    own.command(verb_of(name), help=getdoc(command))(with_parameters(carry_out, parameters))
    return get_command(own)


def _say(outcome: Outcome, *, as_json: bool) -> None:
    events = [
        {"event": each.fact.stored_name, "record": each.originator_id, "version": each.originator_version}
        for each in outcome.events
    ]
    if as_json:
        print_answer({"result": outcome.result, "events": events, "warnings": outcome.warnings})
        return
    console = screen()
    if outcome.result == "repeated":
        console.print("done before; nothing is recorded a second time")
    else:
        console.print(f"carried out ({several(len(events), 'event')})")
    for event in outcome.events:
        record = CATALOGUE.called(event.originator_id)
        console.print(f"  {event.fact.stored_name}  {record} {event.originator_version}", soft_wrap=True)
    for warning in outcome.warnings:
        screen(stderr=True).print(f"warning: {warning}", soft_wrap=True)
