"""How fast each view catches up, and how long one event takes: `python -m tests.bench.projections [URL]`."""

import sys
import tempfile
from statistics import quantiles
from time import perf_counter

from projections.keeper import keep
from projections.rebuild import rebuild
from projections.registry import VIEWS
from projections.store import open_store
from tests.histories import TORBAY, batches, history, months_of_auditing
from tests.projections.views import made

AUDITS = 3_000
SINGLES = 2_000
BATCH = 700


def main() -> None:
    """Print events per second in batches, the time of a lone event, and events per second of a rebuild."""
    events = history(months_of_auditing(AUDITS))
    many, single = events[:-SINGLES], events[-SINGLES:]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db")
        print(f"{len(events)} events, batches of {BATCH}, {engine.dialect.name}")
        print(f"{'view':<14} {'events/s':>9} {'one, p50 ms':>12} {'p99 ms':>7} {'rebuild/s':>10}")
        for name in VIEWS:
            view = made(name)
            began = perf_counter()
            for batch in batches(many, BATCH):
                keep(view, engine, TORBAY, batch)
            rate = len(many) / (perf_counter() - began)
            took = []
            for event in single:
                began = perf_counter()
                keep(view, engine, TORBAY, [event])
                took.append(perf_counter() - began)
            began = perf_counter()
            rebuild(view, engine, {TORBAY: lambda after: batches(events[after:], BATCH)})
            again = len(events) / (perf_counter() - began)
            cuts = quantiles(took, n=100)
            print(f"{name:<14} {rate:>9,.0f} {cuts[49] * 1e3:>12.2f} {cuts[98] * 1e3:>7.2f} {again:>10,.0f}")
        engine.dispose()


if __name__ == "__main__":
    main()
