"""What the demonstration leaves on paper: an inspection pack, in a folder that stays."""

import tempfile
from pathlib import Path

from rich.console import Console

from services.clock import local_date
from services.obligations.calendar import WorkingCalendar
from services.policy.expressions import Span
from services.texts.asking import operator
from workers.health.whole import wait_until_settled
from workers.pack.material import Material, Question
from workers.pack.verifying import verify_pack
from workers.pack.writing import write_pack
from workers.story.opening import open_books
from workers.system import System

HALF_A_YEAR = Span(6, "months")


def leave_papers(system: System, authority: str, console: Console) -> Path:
    """Write the inspection pack of the last six months, check it, and say where it lies."""
    wait_until_settled(system)
    folder, last = Path(tempfile.mkdtemp(prefix="sightline-papers-")), local_date(system.clock())
    question = Question(WorkingCalendar().shift(last, HALF_A_YEAR, -1), last)
    with open_books(system, authority, operator()) as books:
        written = write_pack(Material(question, books), folder)
    found = verify_pack(written.zip)
    console.print("\n[bold cyan]What would inspectors be given?[/bold cyan]", markup=True)
    console.print(
        f"  {authority}: {written.audits} audits of six months in {found.files} files, "
        f"{'each as its hash says' if not found.findings else 'NOT WHOLE'}"
    )
    console.print(f"  {written.folder / 'index.html'}", soft_wrap=True)
    return written.folder
