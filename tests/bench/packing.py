"""An inspection pack of five years: time and memory of its process. Alone: `python -m tests.bench pack`."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import orjson

from projections.keeper import keep
from tests.bench.importing import council
from tests.bench.report import Row
from tests.lives import TORBAY_LOWEST, Life, people
from tests.stores import Store
from workers.histories.rebuilding import all_events
from workers.recording.desks import recording_desks
from workers.running.supervisor import environment
from workers.system import System
from workers.views.made import made, views_of

FIRST = date(2021, 7, 5)
DAYS = 5 * 365
MOST_SECONDS = 60
MOST_MEGABYTES = 300
BATCH = 2_000
BETWEEN = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process that starts the one that is measured: what a process held counts as held by those that it starts."""


def lines(authority: str, audits: int) -> list[bytes]:
    """A directory, then audits spread evenly over five years, every fifth of them alarming."""
    lives = [_life(number, FIRST + timedelta(days=number * (DAYS - 60) // audits)) for number in range(audits)]
    ordered = sorted((line for life in lives for line in life), key=lambda line: line["at"])
    held = [*people("torbay", "2021-01-04"), *ordered]
    return [orjson.dumps({**line, "authority": authority}) for line in held]


def _life(number: int, day: date) -> Life:
    def on(days: int) -> str:
        return (day + timedelta(days=days)).isoformat()

    grade = TORBAY_LOWEST if number % 5 == 0 else None
    life = Life("torbay", f"A-{number}", child=f"C-{number}").allocated(on(0)).submitted(on(10), grade)
    life.action(on(10), "X-1", due=on(38))
    life.to_moderator(on(11)).moderated(on(15), "Meets Good" if number % 7 == 0 else None)
    life.act("action.complete", on(30), "P-TM", "team_manager", action="X-1", impact="the child's day is steadier")
    return life.confirmed(on(31)).closed(on(35)) if number % 3 else life


def pack_of_five_years(store: Store, folder: Path, *, audits: int = 500) -> list[Row]:
    """Seconds and megabytes of `sightline pack`, from the start of its process to its end."""
    with council(store, folder) as (system, authority):
        with recording_desks(system, "bench-pack", unverified=True) as importer:
            summary = importer.run(lines(authority, audits))
        assert not summary.rejections, summary.rejections
        events = _keep_views(system, authority)
        took, cpu, megabytes = _packed(system, authority, folder / "out")
    case = f"pack of {audits:,} audits over five years, {events:,} events"
    return [
        Row(case, f"{took:.1f} s", goal=f"≤ {MOST_SECONDS} s", met=took <= MOST_SECONDS),
        Row("  the same, of a core", f"{cpu:.1f} s"),
        Row(
            "  the same, memory at most",
            f"{megabytes:.0f} MB",
            goal=f"≤ {MOST_MEGABYTES} MB",
            met=megabytes <= MOST_MEGABYTES,
        ),
    ]


def _keep_views(system: System, authority: str) -> int:
    events = list(all_events(system, authority))
    for name in views_of(system):
        view = made(system, name)
        for first in range(0, len(events), BATCH):
            keep(view, system.engine, authority, events[first : first + BATCH])
    return len(events)


def _packed(system: System, authority: str, out: Path) -> tuple[float, float, float]:
    window = ("--from", FIRST.isoformat(), "--to", (FIRST + timedelta(days=DAYS)).isoformat())
    call = [sys.executable, "-m", "workers.cli", "pack", authority, *window, "--output", str(out)]
    variables = {**os.environ, **environment(system.settings), "SIGHTLINE_ACTOR": "P-QA"}
    began = perf_counter()
    said = subprocess.run([sys.executable, "-c", BETWEEN, *call], env=variables, stdout=subprocess.PIPE, check=True)
    took = perf_counter() - began
    cpu, kilobytes = said.stdout.split()
    return took, float(cpu), int(kilobytes) / 1024
