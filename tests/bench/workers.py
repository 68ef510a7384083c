"""How fast the workers are: `python -m tests.bench.workers`. Real server, SQLite, one process for each worker.

Three figures: how many events a second one view catches up with; how long after its append an event is a row while
500 events a second come in; how long after the append of a lowest grade the alert is recorded and shown.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from events.audits import AuditSubmitted
from events.recorded import Recorded
from projections.generations import positions
from services.nats_server import embedded_server
from services.settings import Settings
from tests.bench.watching import Watch, report, steadily, until
from tests.histories import allocated, history, months_of_auditing
from tests.workers.rig import LOWEST, Rig, eventually, policy_folder
from workers.health.whole import settled
from workers.parts.registry import VIEW_NAMES, WORKERS
from workers.running.preparing import prepare
from workers.running.process import working
from workers.running.supervisor import up
from workers.system import System

AUTHORITY = "harbour"
AUDITS = 4_000
RATE = 500
SECONDS = 20
ALERTS = 30
CHUNK = 800
PATIENCE = 600.0
T = TypeVar("T")


def facts(audits: int, name: str) -> list[Recorded]:
    """Whole audits under names of their own."""
    named = [(about.replace("A-", f"{name}-"), fact) for about, fact in months_of_auditing(audits)]
    return history(named, authority=AUTHORITY)


async def catch_up(system: System, view: str, end: int) -> float:
    """Events a second of one view from its beginning."""
    began = time.perf_counter()
    async with working(system, view):
        await eventually(lambda: positions(system.engine, view).get(AUTHORITY, 0) >= end, within=PATIENCE)
    return end / (time.perf_counter() - began)


def tail(system: System, events: Sequence[Recorded]) -> dict[str, list[float]]:
    """Seconds from the acknowledged append to the row, for each event, while they come in at a steady rate."""
    appended: dict[int, float] = {}
    with ExitStack() as stack:
        watches = [stack.enter_context(Watch(system, view, AUTHORITY)) for view in ("register", "timeline")]
        began = time.perf_counter()
        for number in steadily(RATE, len(events)):
            (position,) = system.history(AUTHORITY).append(events[number])
            appended[position] = time.perf_counter()
        print(f"  appended {len(appended) / (time.perf_counter() - began):.0f} events/s")
        return {watch.view: watch.ages(appended) for watch in watches}


def alerts(rig: Rig) -> tuple[list[float], list[float]]:
    """Seconds from the append of a lowest grade to the record of its alert, and to the row in the view."""
    asyncio.run(settled(rig.system, within=300))  # what came in while they did not run
    recorded, shown = [], []
    for number in range(ALERTS):
        audit = f"L-{number}"
        rig.record(audit, allocated())
        rig.record(audit, AuditSubmitted(grade=LOWEST))
        began = time.perf_counter()
        until(partial(rig.steps, audit))
        recorded.append(time.perf_counter() - began)
        until(partial(rig.notices, audit))
        shown.append(time.perf_counter() - began)
    return recorded, shown


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
