"""Long stretches read by a consumer: the same messages as by any other way, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest

from events.errors import BrokenHistory
from events.subjects import stream_name
from services.store import reading, runs
from services.store.errors import StoreUnavailable
from services.store.messages import RawMessage
from services.store.quick import QuickClient
from services.store.reading import raw_pages
from services.store.runs import Run
from services.store.source import Page, Source
from tests.services.store.test_archives import reads_the_same
from tests.services.store.test_damage import EVENTS, flip, folder, read_all, running
from tests.shelves import shelved_in
from tests.stores import PATIENCE, Store, recorded

__all__ = ["folder"]

LENGTH = 95
BARE = 57
"""A message without headers, as somebody else may have put it there."""

STREAM = "RUNS"


@pytest.fixture(autouse=True)
def every_stretch_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "LONG", 20)
    monkeypatch.setattr(reading, "PAGE", 10)


@asynccontextmanager
async def a_stream(store: Store, **settings: Any) -> AsyncIterator[Source]:
    """A stream of plain messages, of which some may be deleted."""
    client = store.link.client
    js = client.jetstream()
    await js.add_stream(name=STREAM, subjects=["runs.>"], allow_direct=True, **settings)
    try:
        for number in range(1, LENGTH + 1):
            headers = {"ce-id": f"E-{number}"} if number != BARE else None
            await js.publish(f"runs.{number % 7}", str(number).encode(), headers=headers)
        source = Source(client, STREAM)
        yield source
        await source.close()
    finally:
        await js.delete_stream(STREAM)


async def read(source: Source, after: int = 0) -> list[RawMessage]:
    return [each async for page in raw_pages(source, after=after, by_runs=True) for each in page]


def own(message: RawMessage) -> RawMessage:
    """The message without what the server adds where it is asked for it."""
    headers = {name: value for name, value in message.headers.items() if not name.startswith("Nats-")}
    return message._replace(headers=headers)


async def consumers(source: Source) -> int:
    return int((await source.info())["state"]["consumer_count"])


async def until_none_consumes(source: Source) -> None:
    """Wait until every consumer is taken away: each look is a question to the server."""
    async with asyncio.timeout(PATIENCE):
        while await consumers(source):
            pass


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where the pages began that were asked of a copy."""
    asked: list[int] = []
    page = Source.page

    async def noted(self: Source, start: int, count: int, subject: str | None = None) -> Page:
        asked.append(start)
        return await page(self, start, count, subject)

    monkeypatch.setattr(Source, "page", noted)
    return asked


def test_a_long_stretch_is_read_by_a_run_and_is_the_same(single_store: Store, pages: list[int]) -> None:
    """The subjects, positions, headers, bodies and times are those of any page; the consumer goes with its reader."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            found = await read(source)
            assert pages == []
            by_pages = [each for start in range(1, LENGTH, 10) for each in (await source.page(start, 10)).messages]
            assert found == [own(each) for each in by_pages]
            assert [each.sequence for each in found] == list(range(1, LENGTH + 1))
            assert await read(source, after=40) == found[40:]
            await until_none_consumes(source)

    single_store.link.run(story())


def test_a_reader_that_leaves_takes_its_consumer_with_it(single_store: Store) -> None:
    """Nothing stays at the server of a reader that does not read to the end."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            pages = raw_pages(source, after=0, by_runs=True)
            assert len(await anext(pages)) == 10
            assert await consumers(source) == 1
            await pages.aclose()
            await until_none_consumes(source)

    single_store.link.run(story())


def test_a_short_stretch_makes_no_consumer(single_store: Store, pages: list[int]) -> None:
    """What a few pages give is read as ever: a consumer costs more than it saves."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            run = Run(source, LENGTH - 19, LENGTH)
            assert await run.page(LENGTH - 18, 10) == []
            assert await consumers(source) == 0
            assert len(await read(source, after=LENGTH - 19)) == 19
            assert pages == [LENGTH - 18, LENGTH - 8]

    single_store.link.run(story())


def test_a_hole_ends_the_run_before_it(single_store: Store, pages: list[int]) -> None:
    """What is missing is for the reader of pages to see, who asks from there on."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            await source.client.jetstream().delete_msg(STREAM, 34)
            found = await read(source)
            assert [each.sequence for each in found] == [each for each in range(1, LENGTH + 1) if each != 34]
            assert pages == [34, 45, 55, 65, 75, 85, 95]

    single_store.link.run(story())


def test_a_consumer_that_goes_ends_the_run_and_nothing_is_missed(single_store: Store, pages: list[int]) -> None:
    """Whoever deletes it, or a server that forgets it, costs the reader its speed and no event."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            reading = raw_pages(source, after=0, by_runs=True)
            found = [*await anext(reading), *await anext(reading)]
            js = source.client.jetstream()
            (consumer,) = await js.consumers_info(STREAM)
            await js.delete_consumer(STREAM, consumer.name)
            found += [each async for page in reading for each in page]
            assert [each.sequence for each in found] == list(range(1, LENGTH + 1))
            assert pages[0] == 21

    single_store.link.run(story())


def test_a_server_that_refuses_a_consumer_is_read_by_pages(single_store: Store, pages: list[int]) -> None:
    """No reader depends on the faster way."""

    async def story() -> None:
        async with a_stream(single_store, max_consumers=1) as source:
            js = source.client.jetstream()
            await js.pull_subscribe("runs.>", durable="the-one", stream=STREAM)
            assert len(await read(source)) == LENGTH
            assert pages[0] == 1
            assert await consumers(source) == 1
            assert isinstance(source.client, QuickClient)
            source.client.reads_on = True  # it is of all these tests

    single_store.link.run(story())


def test_a_client_of_another_kind_is_read_by_pages(single_store: Store, pages: list[int]) -> None:
    """A connection that is not the store's own reads on as it can."""

    async def story() -> None:
        async with a_stream(single_store):
            client = await nats.connect(single_store.url)
            assert len(await read(Source(client, STREAM))) == LENGTH
            assert pages[0] == 1
            await client.close()

    single_store.link.run(story())


def test_a_cluster_gives_everything(replicated_store: Store) -> None:
    """A consumer's copy may lag behind the leader, by which a reader knows the end."""
    authority = replicated_store.authority()
    with replicated_store.history(authority) as history:
        for start in range(0, 200, 50):
            history.append(*[recorded(authority, f"audit/A-{number}", 1) for number in range(start, start + 50)])
    source = Source(replicated_store.link.client, stream_name(authority))
    found = replicated_store.link.run(read(source))
    assert [each.sequence for each in found] == list(range(1, 201))


def test_archives_are_read_before_the_run(single_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run begins behind what was archived and removed, and gives what follows."""
    monkeypatch.setattr(runs, "LONG", 2)
    with shelved_in(single_store, tmp_path) as shelved:
        reads_the_same(shelved)


@pytest.mark.parametrize("event", [1, 16, EVENTS])
def test_a_damaged_event_stops_a_run(folder: Path, event: int) -> None:
    """One changed bit, first, in the middle or last, is a hole, as it is for any page."""
    flip(folder, event)
    with running(folder) as store, pytest.raises(BrokenHistory, match=f"sequence {event}"):
        store.link.run(read_all(store))


async def test_an_error_of_one_who_takes_messages_is_told_and_ends_no_reading(single_store: Store) -> None:
    """The client's own way out of an error is to hear nothing from then on, over a connection that stands."""
    told = asyncio.Queue[Exception]()
    client = QuickClient()

    async def tell(error: Exception) -> None:
        told.put_nowait(error)

    def stumble(*_: bytes) -> None:
        raise LookupError("no such thing")

    await client.connect(single_store.url, error_cb=tell)
    listening = await client.take_all("stumbling", stumble)
    await client.publish("stumbling", b"")
    assert isinstance(await told.get(), LookupError)
    await client.no_more(listening)
    assert client.is_connected
    await client.flush()
    await client.close()


def test_a_connection_that_may_make_no_consumer_is_asked_once(
    single_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has no permission for it waits once for an answer that never comes, and not for each stretch."""

    async def story() -> None:
        async with a_stream(single_store):
            client = QuickClient()
            await client.connect(single_store.url)
            asked: list[str] = []

            async def no_answer(_: object, name: str, *_rest: object, within: float) -> None:
                asked.append(name)
                raise StoreUnavailable(f"no answer within {within} s")

            monkeypatch.setattr(runs, "api", no_answer)
            source = Source(client, STREAM)
            for _ in range(2):
                assert len(await read(source)) == LENGTH
            assert len(asked) == 1
            await client.close()

    single_store.link.run(story())


def test_who_does_not_ask_for_runs_makes_no_consumer(single_store: Store, pages: list[int]) -> None:
    """A reader of a role that has no permission for it never tries."""

    async def story() -> None:
        async with a_stream(single_store) as source:
            found = raw_pages(source, after=0)
            await anext(found)
            assert await consumers(source) == 0
            assert len([each async for page in found for each in page]) == LENGTH - 10
            assert pages[0] == 1

    single_store.link.run(story())
