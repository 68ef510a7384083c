"""Every act of the catalogue as a verb of the program: `sightline audit moderate torbay TOR-007 --grade …`.

A group for each first word of a command's name, a verb for each second, and of a verb's own what its command says.
Where a group of the program has a command of the verb's name already, that one stays (see `workers.cli.listing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import Parameter, getdoc
from typing import Annotated, Any

import typer
from typer.main import get_command

from events.errors import Refused
from services.core.outcome import Outcome
from services.modules import CATALOGUE
from workers.cli.act import Hand, acting
from workers.cli.fields import Fields, Input, read_fields
from workers.cli.options import Authority, Question
from workers.cli.spread import parameters_of, taken, with_parameters
from workers.cli.tables import print_answer, screen, several

PANEL = "Acts, each given by hand"


@dataclass(frozen=True, kw_only=True)
class Call(Hand, Question):
    """What is said with every act beside the fields of its command."""

    authority: Authority
    more: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Further fields: a file of one JSON object, or - for stdin."),
    ] = None


def acts_of(group: str) -> Mapping[str, str]:
    """The catalogue's commands of a group, as people call it, by their verbs."""
    return {verb_of(name): name for name in CATALOGUE.commands if CATALOGUE.word(name.partition(".")[0]) == group}


def verb_of(command: str) -> str:
    """The verb of a command: `record-reflection` for `audit.record_reflection`."""
    return command.partition(".")[2].replace("_", "-")


def help_of_group(group: str) -> str:
    """What is said of a group of acts alone."""
    return f"Give an act by hand: {', '.join(acts_of(group))}."


def help_of(name: str) -> str:
    """What is said of an act."""
    return getdoc(CATALOGUE.commands[name]) or ""


def verb(group: str, called: str) -> Any:
    """The command of the program for an act: the one of a group, as people call it, that is called by this verb."""
    name = acts_of(group)[called]
    fields = Fields.of(CATALOGUE.commands[name], name.partition(".")[0])

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
    own.command(called, help=help_of(name))(with_parameters(carry_out, parameters))
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
