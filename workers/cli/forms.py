"""The form of a framework: `sightline show form`."""

from typing import Annotated

import typer
from rich.console import Console

from services.clock import local_date, shifted_clock
from services.policy.describe.form import asks
from services.policy.form import FormQuestion
from services.policy.model import Policy
from workers.cli.deciding import deciding, named
from workers.cli.options import Authority, Place, require_one_of
from workers.cli.showing import show
from workers.cli.spread import spread
from workers.cli.tables import screen


def add_to(app: typer.Typer) -> None:
    """Add the form to what can be shown."""
    del app
    show.command("form")(show_form)


@spread
def show_form(
    authority: Authority,
    call: Place,
    audit_type: Annotated[str | None, typer.Option("--type", help="The form of audits of this type.")] = None,
    strand: Annotated[str | None, typer.Option(help="The form for a file of this strand.")] = None,
) -> None:
    """The form as an auditor meets it today: sections with their questions, and what stands beside them and grades.

    It is that of the rules that were adopted; where no system runs that could tell, the one that the files propose.
    """
    settings = call.settings
    today = local_date(shifted_clock(settings.clock_offset)())
    policy = deciding(authority, settings).in_force(today)
    require_one_of("type", audit_type, policy.tool.types)
    require_one_of("strand", strand, policy.tool.strands)
    kind = audit_type or policy.tool.types[0]
    asked = [each for each in policy.tool.questions if each.is_for(kind, strand)]
    console = screen()
    _print(console, f"{authority}: form of {kind}{f', {strand}' if strand else ''}; {named(policy)}", style="bold")
    _beside(console, policy, None)
    if strand:
        _beside(console, policy, strand)
    for section in policy.tool.sections:
        _print(console, section, style="bold")
        _beside(console, policy, section)
        _questions(console, [each for each in asked if each.section == section])
    _print(console, "Other questions", style="bold")
    _questions(console, [each for each in asked if each.section is None])
    for grade in policy.grades.overall:
        _print(console, f"Grade: {grade}", style="bold")
        _beside(console, policy, grade)


def _beside(console: Console, policy: Policy, place: str | None) -> None:
    for each in policy.tool.references:
        if each.beside == place:
            _print(console, f"  {each.title}{f' ({each.version})' if each.version else ''}")
            for line in each.lines:
                _print(console, f"    · {line}")


def _questions(console: Console, questions: list[FormQuestion]) -> None:
    for each in questions:
        _print(console, f"  {each.name}: {asks(each)}")


def _print(console: Console, words: str, style: str | None = None) -> None:
    console.print(words, style=style, markup=False, soft_wrap=True)
