"""A view behind its history: how soon a new event shows, and how fast a view catches up, by a real worker process.

Rows and checkpoint are one transaction, so an event's row can be seen from the moment at which the checkpoint has
reached its position. The checkpoint is read from the SQLite file every millisecond, by a connection of its own.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles
from threading import Event as Signal
from threading import Thread
from time import perf_counter, sleep
from typing import Self

from events.recorded import Recorded
from services.settings import Settings
from tests.bench.importing import council
from tests.bench.report import Row, speed_row
from tests.bench.watching import steadily
from tests.histories import batches, history, months_of_auditing
from tests.stores import Store
from workers.running.supervisor import environment

ROOT = Path(__file__).parents[2]
EACH = 12
"""Events of one audit in `months_of_auditing`."""

PER_SECOND = 500
SLOWEST = 50.0
CATCH_UP = 10_000
LOOK = 0.001
PATIENCE = 120.0


@contextmanager
def worker(settings: Settings, name: str) -> Iterator[None]:
    """Run the worker as an operator does: a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", name],
        cwd=ROOT,
        env={**os.environ, **environment(settings), "SIGHTLINE_LOG_LEVEL": "warning"},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Checkpoint:
    """Follows how far a view has come; `seen` holds each position at which it was found, with the time."""

    def __init__(self, file: Path, view: str) -> None:
        self._file = file
        self._view = view
        self._stop = Signal()
        self._thread = Thread(target=self._watch, name="checkpoint")
        self.seen: list[tuple[int, float]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self, position: int) -> None:
        """Until the view has reached the position."""
        deadline = perf_counter() + PATIENCE
        while not self.seen or self.seen[-1][0] < position:
            assert perf_counter() < deadline, f"view {self._view} stands at {self.seen[-1:]}, not {position}"
            sleep(0.02)

    def _watch(self) -> None:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as db:
            while not self._stop.wait(LOOK):
                found = db.execute(
                    "SELECT max(position) FROM view_checkpoints WHERE view = ?", (self._view,)
                ).fetchone()
                if found[0] is not None and (not self.seen or found[0] != self.seen[-1][0]):
                    self.seen.append((found[0], perf_counter()))


def live_tail(store: Store, folder: Path, *, for_seconds: int = 10, per_second: int = PER_SECOND) -> list[Row]:
    """From the acknowledgement of an append to the row in the view, at a steady rate."""
    with council(store, folder) as (system, authority):
        facts = _facts(authority, for_seconds * per_second + per_second)
        warming, facts = facts[:per_second], facts[per_second:]
        history_ = system.history(authority)
        _ = system.engine  # makes the file
        with worker(system.settings, "register"), Checkpoint(folder / "views.sqlite", "register") as checkpoint:
            history_.append(*warming)
            checkpoint.wait(len(warming))
            began = perf_counter()
            acknowledged = [
                (history_.append(facts[number])[0], perf_counter()) for number in steadily(per_second, len(facts))
            ]
            took = perf_counter() - began
            checkpoint.wait(acknowledged[-1][0])
    waited = sorted(_waits(acknowledged, checkpoint.seen))
    cuts = quantiles(waited, n=100)
    return [
        Row(
            f"append to row in the view, {len(facts) / took:.0f} /s",
            f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms",
            goal=f"p99 ≤ {SLOWEST:.0f} ms",
            met=cuts[98] <= SLOWEST,
        )
    ]


def _waits(acknowledged: Sequence[tuple[int, float]], seen: Sequence[tuple[int, float]]) -> Iterator[float]:
    looks = iter(seen)
    position, moment = next(looks)
    for wanted, since in acknowledged:
        while position < wanted:
            position, moment = next(looks)
        yield max(0.0, moment - since) * 1e3


def catch_up(
    store: Store, folder: Path, *, events: int = 100_000, views: Sequence[str] = ("register", "timeline")
) -> list[Row]:
    """One worker process on a history that is there already, from the first event to the last."""
    with council(store, folder) as (system, authority):
        for batch in batches(_facts(authority, events), 1_000):
            system.history(authority).append(*batch)
        end = system.history(authority).position()
        _ = system.engine  # makes the file
        return [_caught_up(system.settings, view, end) for view in views]


def _caught_up(settings: Settings, view: str, end: int) -> Row:
    with worker(settings, view), Checkpoint(settings.data / "views.sqlite", view) as checkpoint:
        checkpoint.wait(end)
    # From the first commit on: what a process needs to start is another matter, and not a rate.
    (first, began), (last, ended) = checkpoint.seen[0], checkpoint.seen[-1]
    rate = (last - first) / (ended - began) if last > first else 0.0  # a tiny history is kept in one commit
    return speed_row(f"catch-up, {view}, {end:,} events", rate, goal=CATCH_UP)


def _facts(authority: str, count: int) -> list[Recorded]:
    return history(months_of_auditing(-(-count // EACH)), authority=authority)[:count]
