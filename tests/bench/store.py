"""How fast the store writes and reads: `python -m tests.bench.store [single|cluster]`."""

import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from services.nats_server import NatsServer, ServerConfig
from services.store.application import History
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.reading import read_pages
from services.store.stored import StoredFact
from services.store.verify import verify
from tests.cluster import Cluster
from tests.stores import Store, eventually, has_leader, recorded

SINGLES = 2_000
AT_ONCE = 50
BATCHES = {100: 100, 500: 40, 1_000: 20}
LOADS = 1_000


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def row(name: str, count: int, taken: float, note: str = "") -> None:
    print(f"{name:<46}{count / taken:>10,.0f} /s  {note}")


def facts(authority: str, kind: str, count: int, *, each: int = 1) -> list[StoredFact]:
    return [
        fact_to_store(recorded(authority, f"audit/{kind}-{number // each}", number % each + 1))
        for number in range(count)
    ]


def insert_all(history: History, parts: list[list[StoredFact]]) -> None:
    for part in parts:
        history.recorder.insert_events(part)


def measure_writing(history: History) -> None:
    singles = facts(history.authority, "single", SINGLES)
    took = [seconds(lambda one=one: history.recorder.insert_events([one])) for one in singles]  # type: ignore[misc]  # bound at once
    row("single appends, one after the other", SINGLES, sum(took), f"p99 {quantiles(took, n=100)[98] * 1e3:.1f} ms")
    parallel = facts(history.authority, "parallel", SINGLES)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        work = lambda: list(pool.map(lambda one: history.recorder.insert_events([one]), parallel))  # noqa: E731 - timed as one
        row(f"single appends, {AT_ONCE} at once", SINGLES, seconds(work))
    for size, count in BATCHES.items():
        made = facts(history.authority, f"batch{size}", size * count)
        parts = [made[start : start + size] for start in range(0, len(made), size)]
        row(f"atomic batches of {size}", size * count, seconds(lambda parts=parts: insert_all(history, parts)))  # type: ignore[misc]  # bound at once
    raw = [recorded(history.authority, f"audit/whole-{number}", 1) for number in range(20_000)]
    parts_of_facts = [raw[start : start + 1_000] for start in range(0, len(raw), 1_000)]
    row(
        "facts through History, 1,000 at a time",
        len(raw),
        seconds(lambda: [history.append(*p) for p in parts_of_facts]),
    )


def measure_reading(store: Store, history: History) -> None:
    end = history.position()
    row("notifications", end, seconds(lambda: history.recorder.select_notifications(1, end)))
    counted = sum_pages(read_pages(store.link.client, history.authority))
    row("facts for a projection (decoded)", end, seconds(lambda: store.link.run(counted)))
    row("checker (hashes, versions, decoding)", end, seconds(lambda: store.link.run(checked(store, history.authority))))
    history.append(*[recorded(history.authority, "audit/loaded", version) for version in range(1, 21)])
    took = [seconds(lambda: history.load("audit/loaded")) for _ in range(LOADS)]
    row("loads of an audit with 20 events", LOADS, sum(took), f"p99 {quantiles(took, n=100)[98] * 1e3:.1f} ms")


async def sum_pages(pages: AsyncIterator[list[Any]]) -> int:
    return sum([len(page) async for page in pages])


async def checked(store: Store, authority: str) -> None:
    assert (await verify(store.link.client, authority)).sound


def main() -> None:
    """Print the table for one server, or for three that keep three copies."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "single"
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder) / kind
        if kind == "cluster":
            url = stack.enter_context(Cluster(place)).url
        else:
            url = stack.enter_context(NatsServer(ServerConfig(place))).url
        link = open_link(url)
        eventually(lambda: has_leader(link))
        store = Store(url, link, replicas=3 if kind == "cluster" else 1)
        with store.history(store.authority()) as history:
            measure_writing(history)
            measure_reading(store, history)
        close_link(link)


if __name__ == "__main__":
    main()
