"""What a question, a command, a start and an idle minute cost as history grows: `make growth`.

`python -m tests.bench.growth 10000 100000 1000000` names the sizes, in events. Each is one council in a folder of its
own, of the same fifty open audits and the same six years; only what is over grows. Everything is asked of the program
as a person asks it. A figure is seconds of the processor, of the program and of all that it started, unless its name
says otherwise. The last column is how many times the first size's figure the last one's is: 1 is flat.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from tests.bench.report import machine
from tests.bench.running import Figures, Running, idle_minute, memory, table
from tests.cli.council import closed
from tests.cli.test_growth import ARGUMENTS, ENDS, questions
from tests.cli.test_paging import LISTS
from tests.lives import QA, Life, people

SIZES = (10_000, 100_000)
EACH = 35
"""About as many events as an audit of `closed` has in the end, with what was owed and told of it."""

OPEN = 50
WEEKS = 300
FIRST = date(2020, 6, 1)
"""A Monday; the days of a life are moved by whole weeks, so that they stay the days of the week that they were."""

PAGE = "100"
"""Rows, as a table has them where nobody says otherwise: JSON would have all that there are."""

MEANT = date(2026, 1, 5)
TITLE = "Sightline as history grows: seconds of the processor"
DAY = re.compile(r"\b20\d\d-\d\d-\d\d")


def lines(audits: int) -> Iterator[dict[str, Any]]:
    """A directory that grows, closed audits over the weeks, and the fifty that are open."""
    yield from people("torbay", FIRST.isoformat())
    head = {"authority": "torbay", **QA}
    for number in range(audits // 8):
        week = FIRST + timedelta(weeks=number * WEEKS // max(1, audits // 8))
        yield {"command": "person.train", **head, "person": f"P-T{number}", "at": week.isoformat()}
    yield {"command": "round.schedule", **head, "round": "2026-01", "month": "2026-01", "at": FIRST.isoformat()}
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
        self._run = Running(folder)

    def measure(self) -> Figures:
        """All figures of this size."""
        file = self.folder / "history.jsonl"
        with file.open("wb") as out:
            out.writelines(orjson.dumps(line) + b"\n" for line in lines(self.audits))
        with self._run.up() as server:
            before = self._run.calm(server, swept=True)
            self._keep("import of it", self._run.asked("import", str(file), "--unverified"))
            self._keep("what follows of it in the workers and the server", self._run.calm(server, swept=True) - before)
            self._keep("events", self._events())
        with self._run.up() as server:
            self._keep("start again", self._run.calm(server))
            self._run.calm(server, swept=True)
            for name, size in memory(server):
                self._keep(f"memory of {name}, MB", size)
            self._keep("idle minute", idle_minute(server))
            for name in questions():
                arguments = [each.format(folder=self.folder, number=1) for each in ARGUMENTS.get(name, [])]
                arguments += ["--limit", PAGE] if name in LISTS else []
                whose = [] if name == "health" else ["torbay"]
                asked = [*name.split(), *whose, *arguments, "--json"]
                self._keep(f"`{name}`", self._run.asked(*asked, refusing={0, ENDS.get(name, 0)}))
            for name, line in LIVE.items():
                file.write_bytes(orjson.dumps(line) + b"\n")
                self._keep(name, self._run.asked("import", str(file)))
            self._keep("verify", self._run.asked("verify", "torbay"))
            self._keep("rebuild of all views", self._run.asked("rebuild", "--all", "torbay"))
        return self.figures

    def _keep(self, name: str, figure: float) -> None:
        self.figures[name] = figure
        print(f"  {name}: {figure:.2f}", file=sys.stderr, flush=True)

    def _events(self) -> float:
        with self._run.system() as system:
            return float(system.history("torbay").position())


def main(sizes: list[int]) -> None:
    """Measure each size in turn, and print the table."""
    about, found = machine(), {}
    for size in sizes:
        print(f"{size:,} events", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found[size] = Growing(Path(folder), size).measure()
    table(TITLE, [f"{size:,}" for size in found], list(found.values()), about)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(SIZES))
