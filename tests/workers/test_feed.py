"""What waits for one view: in the order in which it came, so much and no more."""

import asyncio
from typing import Any, cast

import pytest

from events.errors import BrokenHistory
from events.recorded import Recorded
from tests.stores import PATIENCE
from workers import feed
from workers.feed import Batch, Line


def batch(first: int, many: int, fault: BrokenHistory | None = None) -> Batch:
    """A batch of so many events; what they are is nothing to a line."""
    return Batch(first, cast("list[Recorded]", list[Any](range(first, first + many))), fault)


async def taken(line: Line) -> Batch | None:
    return await asyncio.wait_for(line.next(asyncio.Event()), PATIENCE)


async def test_what_goes_together_is_taken_together() -> None:
    """A view that was busy takes the small batches of meanwhile as one; nothing is put after what cannot be read."""
    line, fault = Line(), BrokenHistory("the stream", "no event")
    line.open()
    for each in (batch(1, 2), batch(3, 1, fault), batch(5, 1), batch(7, 2)):
        await line.put(each)
    assert await taken(line) == Batch(1, batch(1, 3).events, fault)
    assert [await taken(line), await taken(line)] == [batch(5, 1), batch(7, 2)]
    assert line.idle


async def test_a_line_without_room_misses_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its view is told to look at the stream, and is waited for but once."""
    monkeypatch.setattr(feed, "ROOM", 4)
    monkeypatch.setattr(feed, "PATIENT", 0.01)
    line = Line()
    line.open()
    for first in (1, 4, 7):
        await line.put(batch(first, 3))
    assert not line.idle
    assert await taken(line) is None
    await line.put(batch(10, 3))  # missed as well: it has not looked yet
    line.open()
    await line.put(batch(13, 9))  # more than its room, but there is nothing else
    assert await taken(line) == batch(13, 9)


async def test_room_that_is_made_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that is at work makes room, and nothing is missed."""
    monkeypatch.setattr(feed, "ROOM", 4)
    monkeypatch.setattr(feed, "PATIENT", PATIENCE)
    line = Line()
    line.open()
    await line.put(batch(1, 3))
    later = asyncio.create_task(line.put(batch(4, 3)))
    await asyncio.sleep(0)
    assert not later.done()
    assert await taken(line) == batch(1, 3)
    await asyncio.wait_for(later, PATIENCE)
    assert await taken(line) == batch(4, 3)


async def test_who_is_told_to_stop_waits_for_nothing() -> None:
    """A line that nothing comes to keeps nobody from ending."""
    line, stop = Line(), asyncio.Event()
    line.open()
    waiting = asyncio.create_task(line.next(stop))
    await asyncio.sleep(0)
    stop.set()
    assert await asyncio.wait_for(waiting, PATIENCE) is None
