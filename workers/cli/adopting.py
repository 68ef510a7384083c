"""`sightline policy adopt`: a file's policy becomes the one by which work is decided, from a day on."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from events.errors import Refused
from services.adoption.decisions import adopt, holidays_known
from services.adoption.module import ADOPT
from services.clock import local_date
from services.modules import CATALOGUE
from services.policy.describe.changes import changes
from services.policy.model import Policy
from services.policy_files import load
from workers.cli.act import Hand, who_acts
from workers.cli.options import day, known_authority, reference
from workers.cli.policy import POLICY, policy_app, print_changes
from workers.cli.spread import spread
from workers.cli.tables import screen
from workers.histories.accepting import By
from workers.histories.adopting import THE_OPERATOR, adopted_by, require_allowed, take_over
from workers.recording.desks import checked
from workers.system import System

Since = Annotated[
    str | None, typer.Option("--from", help="The first day that is decided by it (default: the one that it names).")
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing: for scripts.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to those about policies."""
    del app  # it stands under `policy`, which is already a part of the program
    policy_app.command("adopt")(adopt_file)


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is to be adopted, and in the place of what."""

    policy: Policy
    since: date
    before: Policy

    def told(self) -> str:
        """What it comes to, in a line."""
        return (
            f"{self.policy.framework}, version {self.policy.version}: in force from {self.since}, "
            f"in the place of version {self.before.version}"
        )

    def days_moved(self) -> list[str]:
        """The bank holidays that are known otherwise now than when the former version was adopted."""
        years = self.before.days_kept
        known = {each for each in holidays_known(self.since) if each >= self.since and each.year in years}
        kept = {each for days in years.values() for each in days if each >= self.since}
        return [
            *(f"added    a bank holiday, {each}" for each in sorted(known - kept)),
            *(f"removed  a bank holiday, {each}" for each in sorted(kept - known)),
        ]


@spread
def adopt_file(
    file: Annotated[Path, typer.Argument(help=POLICY)],
    call: Hand,
    since: Since = None,
    *,
    yes: Yes = False,
) -> None:
    """Adopt a policy: from a day on everything is decided by it. First the difference is told, then asked for.

    What was decided stays as it is. A version is adopted once: the same again changes nothing, other words need a
    version of their own. Exit code 1 where the answer is no, 2 where it may not be.
    """
    policy = load(file)
    reference("actor", call.actor)
    with System(call.settings) as system:
        known_authority(system, policy.authority)
        with checked(system, [policy.authority]):
            by = _who(system, policy.authority, call)
            take_over(system, policy.authority)
            require_allowed(system, policy.authority, by)
            first = policy.effective_from if since is None else day(since, system, "from")
            console = screen()
            standing = system.rules.adopted(policy.authority).versions()
            if not adopt(policy, standing, first, local_date(system.clock())):
                _say(console, f"version {policy.version} of {policy.authority} is adopted from {first} on already")
                return
            proposal = _Proposal(policy, first, system.policies[policy.authority].in_force(first))
            print_changes(console, changes(proposal.before, policy, CATALOGUE.known))
            for line in proposal.days_moved():
                _say(console, f"  {line}")
            _say(console, proposal.told())
            if not yes:
                typer.confirm("Adopt it?", abort=True)
            adopted_by(system, policy, first, by)
            _say(console, f"adopted: version {policy.version} of {policy.authority}, in force from {first}")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


def _who(system: System, authority: str, call: Hand) -> By:
    """The person and the role, or the operator of the embedded default. Refused without a name anywhere else."""
    if call.actor is not None:
        return By(*who_acts(system, authority, ADOPT, call.actor, call.role))
    if call.role is not None or not system.settings.embedded:
        raise Refused("actor", "needed: who adopts it, by --actor or SIGHTLINE_ACTOR")
    return THE_OPERATOR
