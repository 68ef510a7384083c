"""What came of drawing again: said alike of a round's draws and of a month's samples."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from events.errors import NotFound
from services.chance import Proof
from services.sampling.proving import proofs
from workers.cli.options import Authority, Question, reference
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import print_json

MonthOf = Annotated[
    str, typer.Argument(metavar="MONTH", help="The month of the sample, such as 2026-01, or its quarter: 2026-Q1.")
]


def add_to(app: typer.Typer) -> None:
    """Add `sample verify` to the program."""
    samples = typer.Typer(help="Samples of a month's audits: how they were drawn, and that they can be drawn again.")
    samples.command("verify")(verify_sample)
    app.add_typer(samples, name="sample")


@spread
def verify_sample(
    authority: Authority,
    month: MonthOf,
    call: Question,
    service: Annotated[str | None, typer.Option(help="The sample of this service alone.")] = None,
) -> None:
    """Draw a month's samples again from what is recorded, and compare: was any chosen by hand? Exit code 1 if so."""
    reference("month", month)
    reference("service", service)
    with asking(authority, call) as ask:
        found = list(proofs(month, service, ask.system.history(authority).load))
        if not found:
            raise NotFound("sample of", f"{month} of {service}" if service else month)
        say_proofs(ask, found)


def say_proofs(ask: Asking, found: Sequence[Proof]) -> None:
    """Say of each draw whether it came out the same. Ends with exit code 1 if one did not."""
    if ask.as_json:
        print_json(asdict(each) | {"sound": each.sound} for each in found)
    else:
        for each in found:
            origin = "follows from the frame" if each.seed_from_frame else "was given"
            seed = f"seed {each.seed} (it {origin})"
            came = "came out the same" if each.sound else f"did NOT: {'; '.join(each.findings)}"
            words = f"{each.what} {each.draw}: {each.size} of {each.frame}, {seed}: made again, it {came}"
            ask.console.print(words, markup=False, soft_wrap=True)
    if not all(each.sound for each in found):
        raise typer.Exit(1)
