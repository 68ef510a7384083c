"""What a question, a command, a start and an idle minute cost as history grows: `make growth`.

`python -m tests.bench.growth 10000 100000 1000000` names the sizes, in events. Each is one council in a folder of its
own, of the same fifty open audits and the same six years; only what is over grows. Everything is asked of the program
as a person asks it. A figure is seconds of the processor, of the program and of all that it started, unless its name
says otherwise. The last column is how many times the first size's figure the last one's is: 1 is flat.
"""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from services.settings import Settings
from tests.bench.report import machine
from tests.cli.council import closed
from tests.cli.test_growth import ARGUMENTS, questions
from tests.lives import QA, Life, people
from workers.health import wait_until_settled
from workers.system import System

SIZES = (10_000, 100_000)
EACH = 35
"""About as many events as an audit of `closed` has in the end, with what was owed and told of it."""

OPEN = 50
WEEKS = 300
FIRST = date(2020, 6, 1)
"""A Monday; the days of a life are moved by whole weeks, so that they stay the days of the week that they were."""

MEANT = date(2026, 1, 5)
IDLE = 30
"""Seconds that are looked at; the figure is for a minute."""

MEGABYTE = 2**20
DAY = re.compile(r"\b20\d\d-\d\d-\d\d")
Figures = dict[str, float]


def lines(audits: int) -> Iterator[dict[str, Any]]:
    """A directory that grows, closed audits over the weeks, and the fifty that are open."""
    yield from people("torbay", FIRST.isoformat())
    head = {"authority": "torbay", **QA}
    for number in range(audits // 8):
        week = FIRST + timedelta(weeks=number * WEEKS // max(1, audits // 8))
        yield {"command": "person.train", **head, "person": f"P-T{number}", "at": week.isoformat()}
    for number in range(1, audits + 1):
        by = FIRST + timedelta(weeks=number * WEEKS // (audits + 1)) - MEANT
        yield from (_moved(line, by) for line in closed("torbay", f"A-{number:02}"))
    for number in range(1, OPEN + 1):
        yield from Life("torbay", f"O-{number}", child=f"C-O-{number}").allocated("2026-06-01")


def _moved(line: dict[str, Any], by: timedelta) -> dict[str, Any]:
    later = DAY.sub(lambda day: (date.fromisoformat(day[0]) + by).isoformat(), orjson.dumps(line).decode())
    moved: dict[str, Any] = orjson.loads(later)
    return moved


LIVE: dict[str, dict[str, Any]] = {
    "an audit is given out": next(iter(Life("torbay", "L-1").allocated())),
    "somebody is trained": {"command": "person.train", "authority": "torbay", **QA, "person": "P-NEW"},
    "a round is planned": {
        "command": "round.schedule",
        "authority": "torbay",
        **QA,
        "round": "2026-12",
        "month": "2026-12",
    },
}
"""One command on each kind of record that others write on."""


class Growing:
    """One council of a size: its folder, and what was measured of it."""

    def __init__(self, folder: Path, events: int) -> None:
        self.folder = folder
        self.audits = max(2, events // EACH)
        self.figures: Figures = {}
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")},
            "SIGHTLINE_DATA": str(folder / "data"),
            "SIGHTLINE_API_PORT": "0",
        }
        self._program = [str(Path(sys.executable).with_name("sightline"))]

    def measure(self) -> Figures:
        """All figures of this size."""
        file = self.folder / "history.jsonl"
        with file.open("wb") as out:
            out.writelines(orjson.dumps(line) + b"\n" for line in lines(self.audits))
        with self._up() as server:
            before = self._calm(server)
            self._keep("import of it", self._asked("import", str(file), "--unverified"))
            self._keep("what follows of it in the workers and the server", self._calm(server) - before)
            self._keep("events", self._events())
        with self._up() as server:
            self._keep("start again", self._calm(server))
            self._each(server)
            self._keep("idle minute", self._idle(server))
            for name in questions():
                arguments = [each.format(folder=self.folder, number=1) for each in ARGUMENTS.get(name, [])]
                whose = [] if name == "health" else ["torbay"]
                self._keep(f"`{name}`", self._asked(*name.split(), *whose, *arguments, "--json", refusing={0, 1, 2}))
            for name, line in LIVE.items():
                file.write_bytes(orjson.dumps(line) + b"\n")
                self._keep(name, self._asked("import", str(file)))
            self._keep("verify", self._asked("verify", "torbay"))
            self._keep("rebuild of all views", self._asked("rebuild", "--all", "torbay"))
        return self.figures

    def _keep(self, name: str, figure: float) -> None:
        self.figures[name] = figure
        print(f"  {name}: {figure:.2f}", file=sys.stderr, flush=True)

    def _asked(self, *words: str, refusing: frozenset[int] | set[int] = frozenset({0})) -> float:
        before = _children()
        said = subprocess.run(
            [*self._program, *words], env=self._environment, check=False, capture_output=True, text=True
        )
        if said.returncode not in refusing:
            raise SystemExit(f"{' '.join(words)} ended with {said.returncode}: {said.stderr[-600:]}")
        return _children() - before

    @contextmanager
    def _up(self) -> Iterator[psutil.Process]:
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

    def _calm(self, process: psutil.Process) -> float:
        """Seconds of the processor until the whole system has nothing more to do."""
        with System(Settings(data=self.folder / "data")) as system:
            wait_until_settled(system, within=3 * 3600)
        spent, quiet, since = _spent(process), 0, monotonic()
        while quiet < 3 and monotonic() - since < 3600:
            sleep(2)
            now = _spent(process)
            quiet = quiet + 1 if now - spent < 0.3 else 0
            spent = now
        return spent

    def _each(self, process: psutil.Process) -> None:
        """Memory of each process of the system."""
        for one in (process, *process.children(recursive=True)):
            self._keep(f"memory of {_name(one)}, MB", one.memory_info().rss / MEGABYTE)

    def _idle(self, process: psutil.Process) -> float:
        before = _spent(process)
        sleep(IDLE)
        return (_spent(process) - before) * 60 / IDLE

    def _events(self) -> float:
        with System(Settings(data=self.folder / "data")) as system:
            return float(system.history("torbay").position())


def _spent(process: psutil.Process) -> float:
    """Of a process and of all below it that are alive."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system
    return total


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    if "workers" in words:
        return " ".join(words[words.index("workers") + 1 :])
    return "the supervisor" if "workers.cli.everything" in words else process.name()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(found: dict[int, Figures], about: str) -> None:
    """The table: a row for each figure, a column for each size, and how many times the first the last is."""
    sizes = sorted(found)
    table = Table(title="Sightline as history grows: seconds of the processor", caption=about, caption_justify="left")
    for head in ("", *(f"{size:,}" for size in sizes), "times"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True)
    for name in found[sizes[0]]:
        figures = [found[size].get(name) for size in sizes]
        first, last = figures[0], figures[-1]
        times = f"{last / first:.1f}" if first and last and len(sizes) > 1 else ""
        table.add_row(name, *("–" if each is None else f"{each:,.2f}" for each in figures), times)
    console = Console()
    console.width = max(console.width, 130)
    console.print(table)


def main(sizes: list[int]) -> None:
    """Measure each size in turn, and print the table."""
    about, found = machine(), {}
    for size in sizes:
        print(f"{size:,} events", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found[size] = Growing(Path(folder), size).measure()
    show(found, about)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(SIZES))
