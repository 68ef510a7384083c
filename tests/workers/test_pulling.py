"""Batches of a pull consumer: whatever the client brings at once is taken, also what is more than was asked for."""

import asyncio
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import nats.errors
import pytest
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import StatusCode

from events.subjects import stream_name
from services.store.quick import QuickClient
from tests.stores import PATIENCE, Store
from workers.intake import pulling
from workers.intake.pace import RESTS_AFTER, Pace
from workers.intake.pulling import Pull, come, made_to_follow


class Generous:
    """A subscription that had more messages waiting than it is asked for, as after a request that was given up."""

    pending_msgs = 0

    def __init__(self, *batches: int) -> None:
        self.batches = list(batches)

    async def fetch(self, batch: int, timeout: float) -> list[object]:  # noqa: ASYNC109 - the client's own form
        del timeout
        if batch < 1:
            raise ValueError("nats: invalid batch size")
        if not self.batches:
            raise TimeoutError
        return [object() for _ in range(self.batches.pop(0))]


async def test_more_than_was_asked_for_is_taken() -> None:
    """A full batch and some beside it: all of it comes, and the next one is asked for as ever."""
    subscription: Any = Generous(1, 150, 1)
    pull = Pull(subscription, "view-register", acknowledged=False)
    assert len(await pull.batch(100, asyncio.Event())) == 151
    assert len(await pull.batch(100, asyncio.Event())) == 1


async def test_what_has_come_is_taken_without_a_wait(single_store: Store) -> None:
    """Of messages that have come each is given once, in order, and the client is asked again only after the last."""
    client = QuickClient()
    await client.connect(single_store.url)
    subscription = await client.subscribe("what.comes")
    for number in range(100):
        await client.publish("what.comes", str(number).encode())
    await client.flush()
    with patch.object(Subscription, "next_msg", side_effect=TimeoutError):
        assert [(await come(subscription)).data for _ in range(100)] == [str(each).encode() for each in range(100)]
        assert (subscription.pending_msgs, subscription.pending_bytes) == (0, 0)
        with pytest.raises(TimeoutError):
            await come(subscription)
    await client.publish("what.comes", b"later")
    assert (await come(subscription, PATIENCE)).data == b"later"
    await client.close()


class Silent:
    """A subscription whose request went with the connection: nothing ever comes of it."""

    pending_msgs = 0

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def fetch(self, batch: int, timeout: float) -> list[object]:  # noqa: ASYNC109 - the client's own form
        del batch, timeout
        self.asked.set()
        await asyncio.Event().wait()
        return []


@pytest.mark.parametrize("long", [pulling.LONG_POLL, 0.0], ids=["soon", "late"])
async def test_a_request_that_went_with_the_connection_is_made_again(
    long: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the connection is back nobody waits for what was asked before; its reader looks, however late that is."""
    monkeypatch.setattr(pulling, "LONG_POLL", long)
    subscription: Any = Silent()
    back = asyncio.Event()
    pull = Pull(subscription, "timekeeper", back=back)
    waiting = asyncio.create_task(pull.batch(100, asyncio.Event()))
    await asyncio.wait_for(subscription.asked.wait(), PATIENCE)
    back.set()
    back.clear()
    assert await asyncio.wait_for(waiting, PATIENCE) == []
    assert pull.early


class Unmoved(Silent):
    """A subscription to which a message came as its wait was cancelled: it waits on, as if it had not been."""

    async def fetch(self, batch: int, timeout: float) -> list[object]:  # noqa: ASYNC109 - the client's own form
        with suppress(asyncio.CancelledError):
            await super().fetch(batch, timeout)
        await asyncio.Event().wait()
        return []


async def test_a_wait_that_takes_no_notice_is_ended_all_the_same() -> None:
    """Who is to stop does so, though the client did not hear it the first time."""
    subscription: Any = Unmoved()
    pull, stop = Pull(subscription, "timekeeper"), asyncio.Event()
    waiting = asyncio.create_task(pull.batch(100, stop))
    await asyncio.wait_for(subscription.asked.wait(), PATIENCE)
    stop.set()
    assert await asyncio.wait_for(waiting, PATIENCE) == []


async def test_nobody_waits_longer_than_the_server_was_asked_to(
    single_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word that a request is over comes just as the time of who waits is over: the next one is asked at once.

    It waited as long again, with nothing asked of the server: what fell due then was given to nobody meanwhile.
    """
    authority, seconds, waits = single_store.authority(), 0.05, list[float]()
    single_store.recorder(authority)
    client, loop = QuickClient(), asyncio.get_running_loop()
    await client.connect(single_store.url)
    next_msg = Subscription.next_msg

    async def both_are_due_at_once(subscription: Subscription, timeout: float | None) -> Any:  # noqa: ASYNC109 - the client's own form
        assert timeout is not None
        waits.append(loop.time() + timeout)
        if len(waits) == 1:
            word = Msg(client, "_INBOX", headers={"Status": StatusCode.REQUEST_TIMEOUT})
            loop.call_at(over - 0.001, subscription._pending_queue.put_nowait, word)
            loop.call_later(0, _busy_until, over + 0.01)
        return await next_msg(subscription, timeout)

    monkeypatch.setattr(Subscription, "next_msg", both_are_due_at_once)
    try:
        await made_to_follow(client.jetstream(), authority, "waiting", after=0, afresh=False)
        pull = await Pull.opened(client, stream_name(authority), "waiting", acknowledged=False)
        over = loop.time() + seconds
        with pytest.raises(TimeoutError):
            await pull._subscription.fetch(1, timeout=seconds)
        assert waits
        assert max(waits) < over + seconds / 2
        await pull.close()
    finally:
        await client.close()


def _busy_until(when: float) -> None:
    """Keep the loop busy, so that all that is due by then is due at once."""
    while asyncio.get_running_loop().time() < when:
        pass


async def test_who_rests_is_told_at_once_that_its_consumer_is_gone(
    single_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a request waits at rest: with its consumer it ends, and counts as one that nobody answers."""
    monkeypatch.setattr(pulling, "LONG_POLL", 2 * PATIENCE)
    authority, now = single_store.authority(), [0.0]
    single_store.recorder(authority)
    client = QuickClient()
    await client.connect(single_store.url)
    try:
        js = client.jetstream()
        await made_to_follow(js, authority, "resting", after=0, afresh=False)
        pull = await Pull.opened(client, stream_name(authority), "resting", acknowledged=False)
        pull._pace = Pace(1.0, 10 * PATIENCE, clock=lambda: now[0])
        now[0] += RESTS_AFTER + 1
        waiting = asyncio.create_task(pull.batch(100, asyncio.Event()))
        async with asyncio.timeout(PATIENCE):
            while not (await js.consumer_info(stream_name(authority), "resting")).num_waiting:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0)  # each look is a question to the server
        await js.delete_consumer(stream_name(authority), "resting")
        assert await asyncio.wait_for(waiting, PATIENCE) == []
        assert pull.early
        with pytest.raises(nats.errors.Error):
            await pull._subscription.fetch(1, timeout=PATIENCE)
        await pull.close()
    finally:
        await client.close()
