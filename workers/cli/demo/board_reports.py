"""The reports that the demonstration leaves behind: one of each council, as a board would be given it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import get_args

from rich.console import Console

from services.policy.reports import Report
from services.policy.tasks import Every
from workers.reports.copies import for_boards
from workers.reports.making import make, period_key, question
from workers.reports.rendering.formats import write
from workers.reports.rendering.paper import of_report
from workers.system import System

LAST_DAY = date(2025, 12, 31)
"""Of the period that each report is made of: the last that has ended."""

LENGTHS = get_args(Every)
"""How long a period may be, the shortest first."""


def write_reports(system: System, authorities: Iterable[str], folder: Path, console: Console) -> None:
    """Write the most frequent report of each council as a file, and say where they lie."""
    console.print("\n[bold cyan]What would a board be given?[/bold cyan]  ", end="", markup=True)
    console.print(
        "[dim]sightline report show torbay NAME 2025-12 --copy suppressed --format html --output FOLDER[/dim]",
        markup=True,
    )
    for authority in authorities:
        held = system.policies[authority]
        policy = held.in_force(LAST_DAY)
        if not policy.reports:
            console.print(f"  {authority}: its framework asks for no report")
            continue
        asked = min(policy.reports, key=_length)
        key = period_key(asked, LAST_DAY, policy.calendar.year_start)
        judged, told = question(held, asked.name, key, system.clock())
        made = for_boards(system, make(system.engine, authority, judged, told))
        file = write(of_report(made), "html", folder)
        console.print(f"  {asked.title}, {key}: {file}", soft_wrap=True)


def _length(report: Report) -> int:
    return LENGTHS.index(report.every) if report.every else len(LENGTHS)
