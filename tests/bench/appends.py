"""Appending: a command's single fact through our store, beside the client's bare conditional publish.

Both write messages of the same size with as many headers to streams of the same settings on the same server, in
turns, so that whatever else the machine does falls on both.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from statistics import median

import nats
from nats.js import JetStreamContext

from events.findings import SectionGraded
from events.recorded import Recorded
from events.subjects import aggregate_subject
from services.store.application import History
from services.store.attempts import EXPECTED
from services.store.mapper import fact_to_store
from services.store.messages import Outgoing
from services.store.stored import outgoing
from tests.bench.report import Row, rate_row, seconds
from tests.histories import sealed
from tests.stores import Store, recorded

AGGREGATES = 200
"""Audits that are written to in turn, as by people at work."""

FACT = SectionGraded(section="plan", grade="Meets good", evidence=sealed("two hundred characters of evidence" * 6))


class Lane:
    """The facts that one writer appends to its own audits, one after another."""

    def __init__(self, authority: str, name: str, audits: int) -> None:
        self._facts = self._endless(authority, name, audits)

    def next(self, count: int) -> list[Recorded]:
        return list(islice(self._facts, count))

    @staticmethod
    def _endless(authority: str, name: str, audits: int) -> Iterator[Recorded]:
        version = 0
        while True:
            version += 1
            for audit in range(audits):
                yield recorded(authority, f"audit/{name}-{audit}", version, fact=FACT)


class Raw:
    """The bare client on a stream of its own: it remembers the sequence to expect and does nothing else."""

    def __init__(self, js: JetStreamContext, authority: str) -> None:
        self._js = js
        self._authority = authority
        self._last: dict[str, int] = {}

    def prepared(self, facts: Sequence[Recorded]) -> list[Outgoing]:
        """The same messages as ours, made before the clock runs."""
        return [
            outgoing(
                fact_to_store(each),
                subject=aggregate_subject(self._authority, each.originator_id),
                authority=self._authority,
            )
            for each in facts
        ]

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        for message in messages:
            message.headers[EXPECTED] = str(self._last.get(message.subject, 0))
            ack = await self._js.publish(message.subject, message.data, headers=message.headers)
            self._last[message.subject] = ack.seq


def one_client(store: Store, *, rounds: int = 12, count: int = 250) -> Row:
    """One client, one fact at a time."""
    return _in_turns("append, one client", store, lanes=1, rounds=rounds, count=count)


def many_at_once(store: Store, *, rounds: int = 8, count: int = 20, lanes: int = 100) -> Row:
    """A hundred at once: threads through our library, coroutines through the bare client."""
    return _in_turns(f"append, {lanes} at once", store, lanes=lanes, rounds=rounds, count=count)


def _in_turns(case: str, store: Store, *, lanes: int, rounds: int, count: int) -> Row:
    mine, theirs = store.authority(), store.authority()
    audits = max(1, AGGREGATES // lanes)
    own = [Lane(mine, f"own-{lane}", audits) for lane in range(lanes)]
    bare = [Lane(theirs, f"raw-{lane}", audits) for lane in range(lanes)]
    ours, raws = [], []
    with (
        asyncio.Runner() as runner,
        store.history(mine) as history,
        ThreadPoolExecutor(lanes) as pool,
    ):
        client = runner.run(nats.connect(store.url))
        raw = Raw(client.jetstream(), theirs)
        for turn in range(rounds + 1):  # the first is for warming up
            facts = [lane.next(count) for lane in own]
            took = seconds(partial(_append_all, pool, history, facts))
            messages = [raw.prepared(lane.next(count)) for lane in bare]
            bare_took = seconds(partial(runner.run, _publish_all(raw, messages)))
            if turn:
                ours.append(lanes * count / took)
                raws.append(lanes * count / bare_took)
        runner.run(client.close())
    return rate_row(case, median(ours), median(raws), goal=0.6, of="bare publish")


def _append_all(pool: ThreadPoolExecutor, history: History, facts: Sequence[Sequence[Recorded]]) -> None:
    list(pool.map(partial(_append, history), facts))


def _append(history: History, facts: Sequence[Recorded]) -> None:
    for fact in facts:
        history.append(fact)


async def _publish_all(raw: Raw, messages: Sequence[Sequence[Outgoing]]) -> None:
    await asyncio.gather(*(raw.publish(part) for part in messages))
