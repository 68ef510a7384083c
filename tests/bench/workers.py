"""How fast the workers are: `python -m tests.bench.workers`. Real server, SQLite, one process for each worker.

Three figures: how many events a second one view catches up with; how long after its append an event is a row while
500 events a second come in; how long after the append of a lowest grade the alert is recorded and shown.
"""

import asyncio
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from events.audits import AuditSubmitted
from events.recorded import Recorded
from projections.generations import positions
from services.nats_server import embedded_server
from services.settings import Settings
from tests.histories import allocated, history, months_of_auditing
from tests.workers.rig import LOWEST, Rig, policy_folder
from workers.health import settled
from workers.running import VIEW_NAMES, WORKERS, working
from workers.supervisor import prepare, up
from workers.system import System

AUTHORITY = "harbour"
AUDITS = 4_000
RATE = 500
SECONDS = 20
ALERTS = 30
CHUNK = 800
T = TypeVar("T")


def facts(audits: int, name: str) -> list[Recorded]:
    """Whole audits under names of their own."""
    named = [(about.replace("A-", f"{name}-"), fact) for about, fact in months_of_auditing(audits)]
    return history(named, authority=AUTHORITY)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


async def catch_up(system: System, view: str, end: int) -> float:
    """Events a second of one view from its beginning."""
    began = time.perf_counter()
    async with working(system, view):
        while positions(system.engine, view).get(AUTHORITY, 0) < end:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.02)
    return end / (time.perf_counter() - began)


class Watch(threading.Thread):
    """Notes when a view reached which position."""

    def __init__(self, system: System, view: str) -> None:
        super().__init__(daemon=True)
        self.system, self.view, self.seen, self.over = system, view, [(0.0, 0)], False

    def run(self) -> None:
        while not self.over:
            reached = positions(self.system.engine, self.view).get(AUTHORITY, 0)
            if reached > self.seen[-1][1]:
                self.seen.append((time.perf_counter(), reached))
            time.sleep(0.002)


def tail(system: System, events: Sequence[Recorded]) -> dict[str, list[float]]:
    """Seconds from the acknowledged append to the row, for each event, while they come in at a steady rate."""
    watches = [Watch(system, view) for view in ("register", "timeline")]
    for watch in watches:
        watch.start()
    appended: dict[int, float] = {}
    began = time.perf_counter()
    for number, event in enumerate(events):
        wait = began + number / RATE - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        (position,) = system.history(AUTHORITY).append(event)
        appended[position] = time.perf_counter()
    found = {}
    for watch in watches:
        while watch.seen[-1][1] < max(appended):
            time.sleep(0.01)
        watch.over = True
        watch.join()
        found[watch.view] = [
            max(next(at for at, reached in watch.seen if reached >= position) - when, 0.0)
            for position, when in appended.items()
        ]
    print(f"  appended {len(appended) / (max(appended.values()) - began):.0f} events/s")
    return found


def alerts(rig: Rig) -> tuple[list[float], list[float]]:
    """Seconds from the append of a lowest grade to the record of its alert, and to the row in the view."""
    asyncio.run(settled(rig.system, within=300))  # what came in while they did not run
    recorded, shown = [], []
    for number in range(ALERTS):
        audit = f"L-{number}"
        rig.record(audit, allocated())
        rig.record(audit, AuditSubmitted(grade=LOWEST))
        began = time.perf_counter()
        while not rig.steps(audit):
            time.sleep(0.001)
        recorded.append(time.perf_counter() - began)
        while not rig.notices(audit):
            time.sleep(0.001)
        shown.append(time.perf_counter() - began)
    return recorded, shown


def report(what: str, values: Sequence[float]) -> None:
    print(
        f"{what}: median {statistics.median(values) * 1000:.0f} ms, p99 {percentile(values, 0.99) * 1000:.0f} ms, "
        f"most {max(values) * 1000:.0f} ms"
    )


async def running(settings: Settings, workers: Sequence[str], work: Callable[[], T]) -> T:
    """Run the workers as processes, and `work` in a thread once they are ready."""
    stop, ready = asyncio.Event(), asyncio.Event()
    began = time.perf_counter()
    task = asyncio.create_task(up(settings, workers=workers, ready=ready.set, stop=stop))
    await ready.wait()
    print(f"{len(workers)} workers ready after {time.perf_counter() - began:.1f} s")
    try:
        return await asyncio.to_thread(work)
    finally:
        stop.set()
        await task


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder, embedded_server(Path(folder) / "nats") as server:
        policies = policy_folder(Path(folder) / "policies", AUTHORITY)
        settings = Settings(data=Path(folder), nats=server.url, policies=policies, log_level="error")
        asyncio.run(prepare(settings))
        with System(settings) as system:
            events = facts(AUDITS, "A")
            for first in range(0, len(events), CHUNK):
                system.history(AUTHORITY).append(*events[first : first + CHUNK])
            for view in ("register", "timeline"):
                print(f"catch-up of {view}: {asyncio.run(catch_up(system, view, len(events))):,.0f} events/s")
            began = time.perf_counter()
            asyncio.run(running(settings, WORKERS, lambda: asyncio.run(settled(system, within=600))))
            print(f"every worker through {len(events):,} events after {time.perf_counter() - began:.0f} s")
            live = facts(RATE * SECONDS // 12 + 1, "B")[: RATE * SECONDS]
            half = len(live) // 2
            for workers, mine in ((("register", "timeline"), live[:half]), (VIEW_NAMES, live[half:])):
                found = asyncio.run(running(settings, workers, partial(tail, system, mine)))
                for view, values in found.items():
                    report(f"  event to row of {view} at {RATE}/s, {len(workers)} projectors", values)
            rig = Rig(settings, system, AUTHORITY)
            recorded, shown = asyncio.run(running(settings, WORKERS, lambda: alerts(rig)))
            report("lowest grade to recorded alert", recorded)
            report("lowest grade to the view of notices", shown)


if __name__ == "__main__":
    main()
