"""The demonstration: an autumn of several councils goes in, the workers do their work, the views come out."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import orjson
import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from events.audits import AuditModerated
from events.escalations import EscalationResolved
from services.clock import day_in_words, local_date
from services.import_summary import Rejection, Summary
from services.settings import Settings, read_settings
from workers.cli.demo.board_reports import write_reports
from workers.cli.demo.moment import show_moment
from workers.cli.demo.papers import leave_papers
from workers.cli.demo.walk import Walk
from workers.cli.progress import progress_bar
from workers.cli.tables import Column, print_table, screen
from workers.demo.generate import FOLDER, MORNING, TELLERS
from workers.demo.story import Line
from workers.health.whole import wait_until_settled
from workers.histories.rebuilding import verify_stream
from workers.recording.desks import keyrings, recording_desks
from workers.running.background import running
from workers.system import System

STORIES = {authority: teller.SHOWN for authority, teller in TELLERS.items()}
"""The councils, each with the audit whose whole story is shown."""

UNRETURNED = "TOR-034"
"""An audit that is still with its auditor."""

OVERDUE_OF = "torbay"
"""The council of which everything that is overdue is shown."""


def demo() -> None:
    """Show an autumn of auditing in each council that ships: history in, workers at work, every view. Ends by itself.

    Exit code 1 if the history of a council is not sound at the end.
    """
    began = monotonic()
    console = screen()
    console.print(
        f"[bold]Sightline[/bold] – an autumn of auditing in {len(STORIES)} councils, as on Monday 19 January 2026.",
        markup=True,
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
            _refusals(system, summary.rejections, console)
            wait_until_settled(system)
        seconds = f"{monotonic() - began:.0f} s"
        console.print(f"[green]✓[/green] every view is up to date, every notice worked out ({seconds})", markup=True)
        with keyrings(system) as (rings, _):
            for authority, audit in STORIES.items():
                console.print()
                walk = Walk(system, authority, local_date(system.clock()), rings[authority], console)
                walk.take(audit)
                if authority == OVERDUE_OF:
                    walk.overdue()
        console.print()
        console.print(Rule(Text.assemble(("Now", "bold"), " – as it happens")))
        console.print("\n[bold cyan]How soon does somebody know that a child may be at risk?[/bold cyan]", markup=True)
        show_moment(system, "torbay", UNRETURNED, console)
        sound = _verify(system, console)
        pack = leave_papers(system, OVERDUE_OF, console)
        write_reports(system, STORIES, pack.parent, console)
    console.print(f"\nThe demonstration ends after {monotonic() - began:.0f} seconds; `make up` stays running.")
    if not sound:
        raise typer.Exit(1)


def _refusals(system: System, rejections: Iterable[Rejection], console: Console) -> None:
    """What was refused, why, and what is to be seen by it: the story has these lines on purpose."""
    rows = [(each, orjson.loads(_lines(each.file)[each.line - 1])) for each in rejections]
    columns: list[Column] = [
        ("audit", lambda row: row[1]["audit"]),
        ("command", lambda row: row[0].command),
        ("reason", lambda row: row[0].rule or row[0].reason),
        ("what it shows", lambda row: _shown_by(system, row[1])),
    ]
    if rows:
        print_table(console, "refused, and meant to be", columns, rows)


def _shown_by(system: System, line: Line) -> str | None:
    """Why there was nothing left to answer: what took the escalation back, as the audit's record has it."""
    on = None
    for event in system.history(line["authority"]).load(f"audit/{line['audit']}"):
        match event.fact:
            case AuditModerated():
                on = day_in_words(local_date(event.envelope.occurred))
            case EscalationResolved(how="withdrawn", obligation=name) if name == line["obligation"] and on:
                return f"the moderator's grade of {on} took the escalation back: it needs nobody any more"
    return None


def _verify(system: System, console: Console) -> bool:
    """Whether every council's history is sound; each is told."""
    sound = True
    console.print(
        "\n[bold cyan]Is history whole and unchanged?[/bold cyan]  [dim]sightline verify torbay[/dim]", markup=True
    )
    for authority in STORIES:
        found = verify_stream(system, authority, lambda _read, _end: None)
        sound &= found.sound
        said = "no sequence missing, every content hash as written" if found.sound else "NOT SOUND"
        console.print(f"  {authority}: {found.events} events of {found.aggregates} records read again: {said}")
    return sound


@contextmanager
def _settings() -> Iterator[Settings]:
    """A data folder for this demonstration alone, and its clock."""
    with tempfile.TemporaryDirectory(prefix="sightline-demo-") as folder:
        yield read_settings(data=Path(folder), clock_offset=MORNING - datetime.now(UTC), log_level="error")


def _import(system: System, suffix: str) -> Summary:
    """Each council's file as an import of its own."""
    total = Summary()
    for authority in STORIES:
        file = f"{authority}{suffix}.jsonl"
        lines = _lines(file)
        with (
            recording_desks(system, f"demo-{authority}{suffix}") as importer,
            progress_bar(f"importing {authority}", len(lines)) as advance,
        ):
            summary = importer.run(lines, advance)
        total.accepted += summary.accepted
        total.events += summary.events
        total.rejections.extend(replace(each, file=file) for each in summary.rejections)
    return total


def _lines(file: str) -> list[bytes]:
    return (FOLDER / file).read_bytes().splitlines()
