"""The program as a person runs it, in a folder of its own, and what it takes of the machine as it grows."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from services.settings import Settings
from tests.bench.report import WIDTH
from workers.health.whole import wait_until_settled
from workers.kept import outlooks
from workers.kept.sweep_books import OPEN
from workers.parts.groups import DOOR_PROCESSES, PROCESSES
from workers.system import System

MEGABYTE = 2**20
Figures = dict[str, float]
IDLE = 30
"""Seconds that are looked at; the figure is for a minute."""

NOT_AVAILABLE = 2
"""The exit code of what could not be done at all."""

PATIENCE = 3 * 3600
"""Seconds until a system that is still busy is taken for one that never ends."""


class Running:
    """`sightline` with a folder for its data, and what else is set. What it cannot do ends the bench in its words."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")},
            "SIGHTLINE_DATA": str(folder / "data"),
            "SIGHTLINE_API_PORT": "0",
            **settings,
        }
        self._program = [str(Path(sys.executable).with_name("sightline"))]

    def asked(self, *words: str, refusing: frozenset[int] | set[int] = frozenset({0})) -> float:
        """Seconds of the processor that a line of the terminal takes. The exit codes in `refusing` are answers too."""
        before, said = _children(), self._said(words)
        if said.returncode not in refusing:
            raise SystemExit(f"{' '.join(words)} ended with {said.returncode}: {(said.stdout + said.stderr)[-600:]}")
        return _children() - before

    def insisted(self, *words: str) -> float:
        """The same of a line that is given again as long as the servers do not take it."""
        since = monotonic()
        while self._said(words).returncode == NOT_AVAILABLE and monotonic() - since < PATIENCE:
            sleep(1)
        return self.asked(*words)

    def _said(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._program, *words], env=self._environment, check=False, capture_output=True, text=True
        )

    @contextmanager
    def up(self) -> Iterator[psutil.Process]:
        """`sightline up`, from the moment when every worker consumes until it has stopped."""
        said = self.folder / "up.log"
        with said.open("wb") as log:
            running = subprocess.Popen([*self._program, "up"], env=self._environment, stdout=log, stderr=log)
        try:
            while "every worker consumes" not in said.read_text():
                if running.poll() is not None:
                    raise SystemExit(f"up ended with {running.returncode}: {said.read_text()[-600:]}")
                sleep(0.2)
            yield psutil.Process(running.pid)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()

    def calm(self, *processes: psutil.Process, swept: bool = False) -> float:
        """Seconds of the processor that these have taken when the whole system has nothing more to do.

        Sweeps come once a minute and are waited for where that is said.
        """
        since = monotonic()
        with self.system() as system:
            wait_until_settled(system, within=PATIENCE)
            while swept and not _swept(system) and monotonic() - since < PATIENCE:
                sleep(2)
        spent, step, quiet = taken(*processes), inf, 0
        while quiet < 3 and monotonic() - since < PATIENCE:
            sleep(2)
            now = taken(*processes)
            calm = now - spent < step + 0.3 < inf  # what is idle takes its share each time
            quiet = quiet + 1 if calm else 0
            spent, step = now, now - spent
        return spent

    def system(self) -> System:
        """The same system, for questions from within. Close it."""
        mine: dict[str, Any] = {
            name.removeprefix("SIGHTLINE_").lower(): value for name, value in self._environment.items()
        }
        return System(Settings(**{name: mine[name] for name in Settings.model_fields if name in mine}))


def _swept(system: System) -> bool:
    """Whether every history was swept to its end, and no record waits for a look."""
    places = outlooks.places(system.engine)
    with system.engine.connect() as db:
        waits = db.execute(select(OPEN.c.record).where(OPEN.c.wanted).limit(1)).first()
    return waits is None and all(
        each in places and places[each].position == system.position(each) for each in system.authorities
    )


def taken(*processes: psutil.Process) -> float:
    """Seconds of the processor of these and of all that they started and that is alive."""
    total = 0.0
    for process in processes:
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def idle_minute(*processes: psutil.Process) -> float:
    """Seconds of the processor that a minute takes in which nobody asks anything."""
    before = taken(*processes)
    sleep(IDLE)
    return (taken(*processes) - before) * 60 / IDLE


def memory(process: psutil.Process) -> Iterator[tuple[str, float]]:
    """What each process of a running system is, and its memory in MB: of what several share, its part (PSS)."""
    for one in (process, *process.children(recursive=True)):
        yield _name(one), one.memory_full_info().pss / MEGABYTE


def _name(process: psutil.Process) -> str:
    words, name = process.cmdline(), process.name()
    if name in {*PROCESSES, *DOOR_PROCESSES}:
        return name
    others = {"workers.cli.everything": "the supervisor", "workers.running.loaded": "what they are forks of"}
    return next((what for module, what in others.items() if module in words), name)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(title: str, heads: Sequence[str], found: Sequence[Mapping[str, float]], about: str) -> None:
    """Print a row for each figure, a column for each head, and how many times the first the last is."""
    table = Table(title=title, caption=about, caption_justify="left")
    for head in ("", *heads, "times"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True)
    for name in dict.fromkeys(name for each in found for name in each):
        figures = [each.get(name) for each in found]
        first, last = figures[0], figures[-1]
        times = f"{last / first:.1f}" if first and last and len(found) > 1 else ""
        table.add_row(name, *("–" if each is None else f"{each:,.2f}" for each in figures), times)
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table)
