"""How old a view gets while appends come in: a steady load, and a watch on what the view has reached."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from time import perf_counter, sleep
from typing import Self

from projections.generations import positions
from workers.system import System

OFTEN = 0.002
"""Seconds between two looks: no database tells that a row became visible, and the ages are told in milliseconds."""

LONG = 300.0
"""Seconds after which what is awaited will not come any more."""


def steadily(per_second: float, number: int) -> Iterator[int]:
    """Count at a steady rate: the clock is the load's own rhythm, nothing is awaited. What is late follows at once."""
    began = perf_counter()
    for each in range(number):
        sleep(max(began + each / per_second - perf_counter(), 0.0))
        yield each


def until(condition: Callable[[], object]) -> None:
    """Wait until it gives something. TimeoutError where it never does."""
    deadline, pause = perf_counter() + LONG, threading.Event()
    while not condition():
        if perf_counter() > deadline:
            raise TimeoutError(f"what was awaited has not come about in {LONG:.0f} s")
        pause.wait(OFTEN)


class Watch(threading.Thread):
    """Notes, from the beginning of its block to the end, when a view reached which position of an authority."""

    def __init__(self, system: System, view: str, authority: str) -> None:
        super().__init__(daemon=True)
        self.system, self.view, self.authority = system, view, authority
        self._seen = [(0.0, 0)]
        self._moved, self._over = threading.Condition(), threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Look until it is over."""
        while not self._over.wait(OFTEN):
            reached = positions(self.system.engine, self.view).get(self.authority, 0)
            if reached > self._seen[-1][1]:
                with self._moved:
                    self._seen.append((perf_counter(), reached))
                    self._moved.notify_all()

    def ages(self, appended: Mapping[int, float]) -> list[float]:
        """Seconds from the acknowledgement of each position to its row, once the last of them is there.

        TimeoutError for a view that does not get there.
        """
        last = max(appended)
        with self._moved:
            if not self._moved.wait_for(lambda: self._seen[-1][1] >= last, timeout=LONG):
                raise TimeoutError(f"{self.view} stands at {self._seen[-1][1]}, {last} were appended")
        return [
            max(next(at for at, reached in self._seen if reached >= position) - when, 0.0)
            for position, when in appended.items()
        ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[int(len(values) * share)]


def report(what: str, values: Sequence[float]) -> None:
    """Print the seconds as milliseconds."""
    print(
        f"{what}: median {median(values) * 1000:.0f} ms, p99 {percentile(values, 0.99) * 1000:.0f} ms, "
        f"most {max(values) * 1000:.0f} ms"
    )
