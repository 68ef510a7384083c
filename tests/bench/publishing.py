"""The publisher: how soon a fact is published, and how many messages a second, by a real worker process.

Both instants are the server's own: those at which it stored the fact, and the message that tells of it.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import quantiles
from time import perf_counter, sleep

from events.published.message import MSG_ID, POSITION, Message
from events.subjects import published_stream, stream_name
from services.store.messages import RawMessage
from services.store.source import Source
from tests.bench.importing import council
from tests.bench.report import Row, seconds
from tests.bench.tailing import EACH, PATIENCE, PER_SECOND, SLOWEST, worker
from tests.bench.watching import steadily
from tests.histories import batches, history, months_of_auditing
from tests.stores import Store
from workers.telling.outbox import MAX_BATCH, Outbox

MESSAGES = 5_000
"""A second, at least."""


def publish_live(store: Store, folder: Path, *, for_seconds: int = 10, per_second: int = PER_SECOND) -> list[Row]:
    """From the fact in its stream to the message in its own, at a steady rate."""
    with council(store, folder) as (system, authority):
        audits = -(-(for_seconds + 1) * per_second // EACH)
        facts = history(months_of_auditing(audits), authority=authority)
        history_ = system.history(authority)
        _ = system.engine  # makes the file
        with worker(system.settings, "publisher"):
            history_.append(*facts[:per_second])
            _wait(store, authority)
            began = perf_counter()
            for number in steadily(per_second, len(facts) - per_second):
                history_.append(facts[per_second + number])
            rate = (len(facts) - per_second) / (perf_counter() - began)
            _wait(store, authority)
        stored = {each.sequence: each.time for each in all_of(store, stream_name(authority))}
        told = {int(each.headers[POSITION]): each.time for each in all_of(store, published_stream(authority))}
    waited = [between(stored[at], when) for at, when in told.items() if at > per_second]
    cuts = quantiles(waited, n=100)
    return [
        Row(
            f"fact to published message, {rate:.0f} /s",
            f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms",
            goal=f"p99 ≤ {SLOWEST:.0f} ms",
            met=cuts[98] <= SLOWEST,
        )
    ]


def publish_backlog(store: Store, folder: Path, *, audits: int = 4_000) -> list[Row]:
    """One publisher on a history that is there already, beside the same messages written with nothing to work out."""
    with council(store, folder) as (system, authority):
        for batch in batches(history(months_of_auditing(audits), authority=authority), 1_000):
            system.history(authority).append(*batch)
        _ = system.engine  # makes the file
        before = getrusage(RUSAGE_CHILDREN)
        with worker(system.settings, "publisher"):
            _wait(store, authority)
        after = getrusage(RUSAGE_CHILDREN)
        found = all_of(store, published_stream(authority))
    rate = len(found) / (between(found[0].time, found[-1].time) / 1e3)
    other = store.authority()
    copies = _copied(found, authority, other)
    bare = len(found) / seconds(lambda: _written(store, other, copies))
    spent = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(found)
    case, goal = f"publisher, {len(found):,} messages", f"≥ {MESSAGES:,}"
    return [
        Row(case, f"{rate:,.0f} /s", f"bare batches: {bare:,.0f} /s", f"{rate / bare:.2f}", goal, rate >= MESSAGES),
        Row("  its process, start and all", f"{spent * 1e6:,.0f} µs of CPU a message"),
    ]


def _copied(found: Sequence[RawMessage], authority: str, other: str) -> list[Message]:
    """The messages as the publisher of another authority would hand them over."""
    return [
        Message(
            each.subject.replace(f".{authority}.", f".{other}."),
            {name: value for name, value in each.headers.items() if name == MSG_ID or not name.startswith("Nats-")},
            each.data,
        )
        for each in found
    ]


def _written(store: Store, authority: str, messages: Sequence[Message]) -> None:
    """Write the messages in atomic batches, as the publisher does."""

    async def write() -> None:
        outbox = Outbox(store.link.client, authority)
        for at in range(0, len(messages), MAX_BATCH):
            await outbox.publish(messages[at : at + MAX_BATCH], at)
        await outbox.source.close()

    store.link.run(write())


def _wait(store: Store, authority: str) -> None:
    """Until the last fact that is told stands published: the last one of every history here closes an audit."""
    deadline = perf_counter() + PATIENCE
    events, messages = (
        Source(store.link.client, name) for name in (stream_name(authority), published_stream(authority))
    )
    while True:
        end, last = store.link.run(events.last_sequence()), store.link.run(messages.last_sequence())
        newest = store.link.run(messages.at(last)) if last else None
        if newest is not None and end - int(newest.headers[POSITION]) < EACH:
            return
        assert perf_counter() < deadline, f"published is {newest and newest.headers[POSITION]} of {end}"
        sleep(0.05)


def all_of(store: Store, stream: str) -> Sequence[RawMessage]:
    """Every message of a stream, in its order."""
    source = Source(store.link.client, stream)
    found: list[RawMessage] = []
    more = True
    while more:
        page = store.link.run(source.page(found[-1].sequence + 1 if found else 1, 2_000))
        found += page.messages
        more = bool(page.messages)
    store.link.run(source.close())
    return found


def between(first: str, then: str) -> float:
    """The milliseconds from one time stamp of the server to another."""
    return (datetime.fromisoformat(then) - datetime.fromisoformat(first)).total_seconds() * 1e3
