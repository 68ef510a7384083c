"""The demonstration: two councils' autumn goes in, the workers do their work, the views come out."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from services.clock import local_date
from services.import_summary import Summary
from services.settings import Settings, read_settings
from workers.background import running
from workers.cli.moment import show_moment
from workers.cli.progress import progress_bar
from workers.cli.tables import screen
from workers.cli.walk import Walk
from workers.demo.generate import FOLDER, MORNING
from workers.health import wait_until_settled
from workers.rebuilding import verify_stream
from workers.recording import keyrings, recording_desks
from workers.system import System

STORIES = {
    "torbay": "TOR-004",
    "halton": "HAL-002",
    "southwark": "SOU-009",
    "east-sussex": "ESX-005",
    "swindon": "SWI-004",
}
"""The councils, each with the audit whose whole story is shown."""

UNRETURNED = "TOR-034"
"""An audit that is still with its auditor."""


def demo() -> None:
    """Show an autumn of five councils' auditing: history in, workers at work, every view. Ends by itself."""
    began = monotonic()
    console = screen()
    console.print(
        "[bold]Sightline[/bold] – an autumn of auditing in five councils, as on Monday 19 January 2026.", markup=True
    )
    console.print("People, teams and children are opaque ids; every text was drawn from a seed.\n")
    with _settings() as settings, running(settings), System(settings) as system:
        console.print(f"[green]✓[/green] server, streams and workers run ({monotonic() - began:.0f} s)", markup=True)
        for suffix in ("", "-answers"):
            summary = _import(system, suffix)
            what = "answers to escalations" if suffix else "commands of history"
            console.print(
                f"[green]✓[/green] {summary.accepted} {what} became {summary.events} events, {summary.refused} refused",
                markup=True,
            )
            wait_until_settled(system)
        seconds = f"{monotonic() - began:.0f} s"
        console.print(f"[green]✓[/green] every view is up to date, every notice worked out ({seconds})", markup=True)
        with keyrings(system) as (rings, _):
            for authority, audit in STORIES.items():
                console.print()
                Walk(system, authority, local_date(system.clock()), rings[authority], console).take(audit)
        console.print()
        console.print(Rule(Text.assemble(("Now", "bold"), " – as it happens")))
        console.print("\n[bold cyan]How soon does somebody know that a child may be at risk?[/bold cyan]", markup=True)
        show_moment(system, "torbay", UNRETURNED, console)
        _verify(system, console)
    console.print(f"\nThe demonstration ends after {monotonic() - began:.0f} seconds; `make up` stays running.")


def _verify(system: System, console: Console) -> None:
    console.print(
        "\n[bold cyan]Is history whole and unchanged?[/bold cyan]  [dim]sightline verify torbay[/dim]", markup=True
    )
    for authority in STORIES:
        found = verify_stream(system, authority, lambda _read, _end: None)
        said = "no sequence missing, every content hash as written" if found.sound else "NOT SOUND"
        console.print(f"  {authority}: {found.events} events of {found.aggregates} records read again: {said}")


@contextmanager
def _settings() -> Iterator[Settings]:
    """A data folder for this demonstration alone, and its clock."""
    with tempfile.TemporaryDirectory(prefix="sightline-demo-") as folder:
        yield read_settings(data=Path(folder), clock_offset=MORNING - datetime.now(UTC), log_level="error")


def _import(system: System, suffix: str) -> Summary:
    """Each council's file as an import of its own."""
    total = Summary()
    for authority in STORIES:
        lines = (FOLDER / f"{authority}{suffix}.jsonl").read_bytes().splitlines()
        with (
            recording_desks(system, f"demo-{authority}{suffix}") as importer,
            progress_bar(f"importing {authority}", len(lines)) as advance,
        ):
            summary = importer.run(lines, advance)
        total.accepted += summary.accepted
        total.events += summary.events
        total.rejections += summary.rejections
    return total
