"""One question for all histories of a process: who rests asks nothing by itself while they stand still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from events.audits import AuditSubmitted
from tests.histories import allocated
from tests.stores import PATIENCE, Store
from tests.workers.rig import LOWEST, Rig
from workers import ends, pace, pulling, rules, sender
from workers.ends import BELIEVED, NOBODY_ASKS, Ends
from workers.together import beside
from workers.webhooks import switchboard

NONE_STOPS = asyncio.Event
LOOKS = 20


async def connected(store: Store) -> Client:
    client = Client()
    await client.connect(store.url)
    return client


@asynccontextmanager
async def looking(store: Store, known: Ends) -> AsyncIterator[None]:
    """The ends are looked at within the block, over a connection of its own."""
    client = await connected(store)
    try:
        async with beside(lambda stop: known.keep(client, stop)):
            yield
    finally:
        await client.close()


async def known_of(known: Ends, authority: str) -> ends.End:
    """Where it is known to end, as soon as that is known."""
    async with asyncio.timeout(PATIENCE):
        while (found := known.of(authority)) is None:  # noqa: ASYNC110 - each look makes it known by and by
            await asyncio.sleep(0.01)
    return found


async def asked(client: Client, seen: list[str]) -> None:
    """Note each question to the streams from now on."""

    async def note(message: Msg) -> None:
        seen.append(message.subject.removeprefix("$JS.API."))

    await client.subscribe("$JS.API.>", cb=note)
    await client.flush()


async def test_one_question_tells_of_all(single_store: Store, rig: Rig) -> None:
    """Of two councils it is known where they end, by questions for all alone; before anybody looks, of none."""
    other = single_store.authority()
    single_store.recorder(other)
    rig.record("A-1", allocated(due=None))
    known, seen = Ends((rig.authority, other)), list[str]()
    assert known.of(rig.authority) is None
    watcher = await connected(single_store)
    await asked(watcher, seen)
    async with looking(single_store, known):
        assert (await known_of(known, rig.authority)).last == rig.system.position(rig.authority)
        assert (await known_of(known, other)).last == 0
        await watcher.flush()
    await watcher.close()
    assert "STREAM.LIST" in seen
    assert not [each for each in seen if each.endswith(other.upper().replace("-", "_"))]


async def test_who_waits_is_told_of_an_act(single_store: Store, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act ends the wait of who knows the end before it, and so does one that came before the wait."""
    monkeypatch.setattr(ends, "LOOK_EVERY", 0.01)
    known = Ends((rig.authority,))
    async with looking(single_store, known):
        before = await known_of(known, rig.authority)
        waiting = asyncio.create_task(known.moved(rig.authority, before, 10 * PATIENCE, NONE_STOPS()))
        await asyncio.sleep(0)
        await asyncio.to_thread(rig.record, "A-1", allocated(due=None))
        await asyncio.wait_for(waiting, PATIENCE)
        after = await known_of(known, rig.authority)
        assert after.last > before.last
        await asyncio.wait_for(known.moved(rig.authority, before, 10 * PATIENCE, NONE_STOPS()), PATIENCE)
        await known.moved(rig.authority, after, 0.01, NONE_STOPS())


async def test_what_was_seen_long_ago_is_not_believed(single_store: Store, rig: Rig) -> None:
    """Once no look came for a while nothing is known, and where nobody wants to know, nothing is looked at."""
    now = [0.0]
    known = Ends((rig.authority,), clock=lambda: now[0])
    async with looking(single_store, known):
        await known_of(known, rig.authority)
    now[0] += BELIEVED + 1
    assert known.of(rig.authority) is None
    now[0] += NOBODY_ASKS + 1
    watcher, seen = await connected(single_store), list[str]()
    await asked(watcher, seen)
    async with looking(single_store, known):
        await watcher.flush()
        assert seen == []
        await known_of(known, rig.authority)
    await watcher.close()


async def test_who_rests_asks_nothing(single_store: Store, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """At rest neither the publisher nor the sender, the webhooks, the sweeper or the rules ask for anything."""
    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    for module in (ends, sender, switchboard, rules):
        monkeypatch.setattr(module, "LOOK_AT_REST", 0.05)
    monkeypatch.setattr(pulling, "LONG_POLL", 0.02)
    monkeypatch.setattr(pulling, "LONGEST_POLL", 0.2)
    rig.system.settings = rig.settings.model_copy(update={"sweep_seconds": 0.1})
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    watcher, seen = await connected(single_store), list[str]()
    async with rig.workers("timekeeper", "escalator", "sweeper", "publisher", "sender", "webhooks", "register"):
        await rig.drained()
        await asked(watcher, seen)
        others = ["what they began"]
        async with asyncio.timeout(PATIENCE):
            while others:
                seen.clear()
                while seen.count("STREAM.LIST") < LOOKS or sum("MSG.NEXT" in each for each in seen) < LOOKS:  # noqa: ASYNC110 - of each some
                    await asyncio.sleep(0.01)
                others = [each for each in seen if not each.startswith(("STREAM.LIST", "CONSUMER.MSG.NEXT"))]
    await watcher.close()


async def test_who_asks_now_is_told_what_stands_now(
    single_store: Store, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act that came after the last look is seen by who asks for what stands now; and nothing where nobody looks."""
    monkeypatch.setattr(ends, "LOOK_EVERY", 10 * PATIENCE)
    known = Ends((rig.authority,))
    assert await known.now(rig.authority) is None
    async with looking(single_store, known):
        before = await known_of(known, rig.authority)
        await asyncio.to_thread(rig.record, "A-1", allocated(due=None))
        assert known.of(rig.authority) == before
        after = await known.now(rig.authority)
        assert after is not None
        assert after.last == rig.system.position(rig.authority) > before.last
    assert await known.now(rig.authority) is None
