"""One question for all histories of a process: who rests asks nothing by itself while they stand still."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from events.audits import AuditSubmitted
from events.subjects import stream_name
from tests.histories import allocated
from tests.stores import PATIENCE, Store
from tests.workers.rig import LOWEST, Rig, eventually
from workers import rules
from workers.intake import ends, pace, pulling
from workers.intake.ends import BELIEVED, NOBODY_ASKS, Ends
from workers.processes.together import beside
from workers.telling import sender
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
            await client.flush()  # it has begun by then
            yield
    finally:
        await client.close()


async def known_of(known: Ends, authority: str) -> ends.End:
    """Where it ends, by a look that is made for this."""
    found = await asyncio.wait_for(known.now(authority), PATIENCE)
    assert found is not None
    return found


class Questions:
    """What is asked of the streams from now on."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._more = asyncio.Event()

    async def watch(self, client: Client) -> None:
        """Note each question that comes to the server of that client."""

        async def note(message: Msg) -> None:
            self.seen.append(message.subject.removeprefix("$JS.API."))
            self._more.set()

        await client.subscribe("$JS.API.>", cb=note)
        await client.flush()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until it holds, which is asked again with each question that comes."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._more.clear()
                await self._more.wait()


async def test_one_question_tells_of_all(single_store: Store, rig: Rig) -> None:
    """Of two councils it is known where they end, by questions for all alone; before anybody looks, of none."""
    other = single_store.authority()
    single_store.recorder(other)
    rig.record("A-1", allocated(due=None))
    known, questions = Ends((rig.authority, other)), Questions()
    assert known.of(rig.authority) is None
    watcher = await connected(single_store)
    await questions.watch(watcher)
    async with looking(single_store, known):
        assert (await known_of(known, rig.authority)).last == rig.system.position(rig.authority)
        assert (await known_of(known, other)).last == 0
        await watcher.flush()
    await watcher.close()
    assert "STREAM.LIST" in questions.seen
    assert not [each for each in questions.seen if each.endswith(other.upper().replace("-", "_"))]


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
        after = known.of(rig.authority)
        assert after is not None
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
    watcher, questions = await connected(single_store), Questions()
    await questions.watch(watcher)
    async with looking(single_store, known):
        await watcher.flush()
        assert questions.seen == []
        assert known.of(rig.authority) is None
        await questions.until(lambda: "STREAM.LIST" in questions.seen)
        await known_of(known, rig.authority)
    await watcher.close()


async def test_who_rests_asks_nothing(single_store: Store, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """At rest neither the publisher nor the sender, the webhooks, the sweeper or the rules ask for anything."""
    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    for module in (ends, sender, switchboard):
        monkeypatch.setattr(module, "LOOK_AT_REST", 0.05)
    monkeypatch.setattr(rules, "LOOK_AT_REST", rules.KNOWN_AT_REST + 0.05)
    monkeypatch.setattr(pulling, "LONG_POLL", 0.02)
    monkeypatch.setattr(pulling, "LONGEST_POLL", 0.2)
    rig.system.settings = rig.settings.model_copy(update={"sweep_seconds": 0.1})
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    watcher, questions = await connected(single_store), Questions()
    seen = questions.seen
    async with rig.workers("timekeeper", "escalator", "sweeper", "publisher", "sender", "webhooks", "register"):
        await rig.drained()
        await questions.watch(watcher)
        others = ["what they began"]
        async with asyncio.timeout(PATIENCE):
            while others:
                seen.clear()
                await questions.until(
                    lambda: seen.count("STREAM.LIST") >= LOOKS and sum("MSG.NEXT" in each for each in seen) >= LOOKS
                )
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


class Listed:
    """What a server tells of one history, without asking one: as many events, the last of that instant."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, authority: str, *, clock: Callable[[], float]) -> None:
        self.last, self.at = 1, "2026-07-01T09:00:00Z"
        self.missing: list[str] = []
        self.took: Callable[[], None] = lambda: None
        self._name = stream_name(authority)
        self.known = Ends((authority,), clock=clock)
        monkeypatch.setattr(ends, "api", self.api)

    async def api(self, _client: object, _name: str, _request: object, *, within: float) -> object:
        del within
        self.took()
        state = {"last_seq": self.last, "last_ts": self.at}
        found = {"config": {"name": self._name}, "created": "2026-06-01T09:00:00Z", "state": state}
        return {"streams": [found], "total": 1, "missing": self.missing}

    async def look(self) -> None:
        await self.known._look(Client(), frozenset())


async def test_nobody_takes_the_news_of_another_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who begins to wait just when a history has moved leaves the news to who waited before."""
    listed = Listed(monkeypatch, "torbay", clock=lambda: 0.0)
    await listed.look()
    before, listed.last = listed.known.of("torbay"), 2
    stop = NONE_STOPS()
    async with asyncio.TaskGroup() as group:
        waits = group.create_task(listed.known.moved("torbay", before, 10 * PATIENCE, stop))
        group.create_task(listed.look())
        group.create_task(listed.known.moved("torbay", None, 0.01, stop))
        await asyncio.wait_for(waits, PATIENCE)


async def test_another_history_of_the_same_length_ends_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was put back and grew again meanwhile is another one, though it has as many events and its old name."""
    listed = Listed(monkeypatch, "torbay", clock=lambda: 0.0)
    await listed.look()
    before, listed.at = listed.known.of("torbay"), "2026-07-01T09:00:01Z"
    await listed.look()
    assert None not in {before, listed.known.of("torbay")}
    assert before != listed.known.of("torbay")


async def test_a_history_of_which_nobody_answers_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one without a server the others tell no more than its name: that it is empty is not believed."""
    listed = Listed(monkeypatch, "torbay", clock=lambda: 0.0)
    listed.last, listed.missing = 0, [stream_name("torbay")]
    await listed.look()
    assert listed.known.of("torbay") is None


async def test_a_look_is_as_old_as_its_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """What took long to be answered tells what stood when it was asked; who allows less age than that is told None."""
    now = [0.0]
    listed = Listed(monkeypatch, "torbay", clock=lambda: now[0])
    listed.took = lambda: now.__setitem__(0, now[0] + 3.0)
    await listed.look()
    assert listed.known.of("torbay", within=3.0) is not None
    assert listed.known.of("torbay", within=2.0) is None
    now[0] = BELIEVED + 1
    assert listed.known.of("torbay") is None


async def test_one_who_ends_looking_ends_it_for_no_other(single_store: Store, rig: Rig) -> None:
    """Two parts of a process may keep the same ends: after one has ended the other answers as before."""
    known = Ends((rig.authority,))
    async with AsyncExitStack() as first:
        await first.enter_async_context(looking(single_store, known))
        await known_of(known, rig.authority)
        begun = known._looks
        async with looking(single_store, known):
            await eventually(lambda: known._looks is not begun)
            await first.aclose()
            assert await known.now(rig.authority) is not None


async def test_more_histories_than_one_answer_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server names so many at once: it is asked for the others until all are told, and one that went is unknown."""
    there = [f"council-{number}" for number in range(5)]
    asked: list[int] = []

    async def some(_client: object, _name: str, request: Mapping[str, int], *, within: float) -> object:
        del within
        asked.append(request["offset"])
        state = {"last_seq": 1, "last_ts": "2026-07-01T09:00:00Z"}
        page = there[request["offset"] :][:2]
        told = [{"config": {"name": stream_name(each)}, "created": "", "state": state} for each in page]
        return {"streams": told, "total": len(there)}

    monkeypatch.setattr(ends, "api", some)
    known = Ends(tuple(there))
    await known._look(Client(), frozenset())
    assert asked == [0, 2, 4]
    assert None not in {known.of(each) for each in there}
    gone = there.pop()
    await known._look(Client(), frozenset())
    assert known.of(gone) is None
    assert None not in {known.of(each) for each in there}
