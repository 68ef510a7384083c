"""`sightline policy try`: an invented month under a policy file, told in the terminal. No server, nothing is kept."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.clock import day_in_words, month_in_words
from services.policy_files import load
from workers.cli.policy import POLICY, policy_app
from workers.cli.tables import screen
from workers.trial.month import Month
from workers.trial.telling import day_of, hour_of, overdue, story, told_to

Seed = Annotated[int, typer.Option(min=0, max=2**32, help="Another seed, another month; the same one, the same.")]


def add_to(app: typer.Typer) -> None:
    """Add the command to those about policies."""
    del app  # it stands under `policy`, which is already a part of the program
    policy_app.command("try")(try_file)


def try_file(file: Annotated[Path, typer.Argument(help=POLICY)], seed: Seed = 1) -> None:
    """Live an invented month under a policy, and tell the story: a first look at what its rules come to.

    Four files are given out; three are returned, moderated and acted on as far as the framework has that, one grade
    goes down, one action is never done, and one audit never returned: so its ladder is seen to the top. Everything
    happens in memory. The same file and the same seed tell the same story. Exit code 2 for a file that breaks a rule.
    """
    month = Month(load(file), seed)
    month.live()
    console = screen()
    policy = month.policy
    _say(
        console,
        f"{policy.framework}, version {policy.version}: an invented month, {month_in_words(month.first)} (seed {seed})",
    )
    _say(console, f"{len(month.cast.holders)} people in {len(policy.roles)} posts, by opaque ids; nothing is kept")
    day = None
    for each in story(month):
        if day != (day := day_in_words(each.at)):
            _say(console, "")
            console.print(day_of(each.at), style="bold", markup=False)
        by = f" {each.by}:" if each.by else ""
        _say(console, f"  {hour_of(each.at)}  {each.about}{by} {each.sentence}")
        if each.to:
            _say(console, f"         told: {each.to}")
    _told(console, "Who was told what", list(told_to(month)))
    _told(console, f"Overdue on {day_in_words(month.lived.now)}", list(overdue(month)))
    refused = [(f"{act} of {about}", reason) for (act, about), reason in month.not_done.items()]
    _told(console, "What was tried and refused", refused)


def _told(console: Console, heading: str, rows: list[tuple[str, str]]) -> None:
    """A list under its heading; nothing where there is none."""
    if not rows:
        return
    _say(console, "")
    console.print(heading, style="bold", markup=False)
    before = None
    for who, what in rows:
        if who != before:
            _say(console, f"  {who}")
        _say(console, f"    {what}")
        before = who


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
