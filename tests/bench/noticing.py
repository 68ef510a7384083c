"""What follows of an import while every worker is at work: until its notices are worked out, and until all is done."""

from pathlib import Path
from time import perf_counter

from tests.bench.importing import lines
from tests.bench.report import Row, speed_row
from tests.bench.running import PATIENCE, Running, taken
from tests.stores import Store
from workers.due import escalator, timekeeper
from workers.health.whole import wait_until_settled

GOAL = 6_000
"""Half of what an import comes to alone."""

MOST = 1 / 3
"""Of the import's own time."""

MONTHS = 72
"""Ten thousand audits are the work of many years. What a month owes is worked out of all its returns, so that what they
cost grows with how many there are in one month."""

WORK_OUT = {timekeeper.NAME, escalator.NAME}


def notices_after_import(_: Store, folder: Path, *, audits: int = 10_000, **settings: str) -> list[Row]:
    """An import into a running system, and how long its notices take after it, beside the import's own time.

    All councils that ship run, of which the others have nothing to do, unless `settings` name other policies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "history.jsonl"
    with file.open("wb") as out:
        out.writelines(line + b"\n" for line in lines("torbay", audits, MONTHS))
    run = Running(folder, **settings)
    with run.up() as server, run.system() as system:
        history = system.history("torbay")
        before, spent, began = history.position(), taken(server), perf_counter()
        own = run.asked("import", str(file), "--unverified")
        took, meanwhile = perf_counter() - began, taken(server)
        events = history.position() - before
        wait_until_settled(system, within=PATIENCE, of=WORK_OUT)
        noticed = perf_counter() - began - took
        wait_until_settled(system, within=PATIENCE)
        settled, after = perf_counter() - began - took, taken(server)
    beside = f"the import: {took:.1f} s"
    name = f"import of {audits:,} audits, followed by every worker"
    return [
        speed_row(name, events / took, goal=GOAL),
        Row("  of the processor: import; workers and server", f"{own:.1f} s; {meanwhile - spent:.1f} s"),
        Row(
            *("  then every notice is worked out", f"{noticed:.1f} s", beside, f"{noticed / took:.2f}"),
            *(f"≤ {MOST:.2f}", noticed <= took * MOST),
        ),
        Row("  and all views, messages and letters are done", f"{settled:.1f} s", beside, f"{settled / took:.2f}"),
        Row("  of the processor: workers and server", f"{after - meanwhile:.1f} s"),
    ]
