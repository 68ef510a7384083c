"""Batches of a pull consumer: whatever the client brings at once is taken, also what is more than was asked for."""

import asyncio
from typing import Any

from tests.stores import PATIENCE
from workers.pulling import Pull


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


async def test_a_request_that_went_with_the_connection_is_made_again() -> None:
    """Once the connection is back nobody waits for an answer of the server that was asked before."""
    subscription: Any = Silent()
    back = asyncio.Event()
    pull = Pull(subscription, "timekeeper", back=back)
    waiting = asyncio.create_task(pull.batch(100, asyncio.Event()))
    await asyncio.wait_for(subscription.asked.wait(), PATIENCE)
    back.set()
    back.clear()
    assert await asyncio.wait_for(waiting, PATIENCE) == []
    assert pull.early
