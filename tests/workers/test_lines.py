"""What waits for one view: in the order in which it came, so much and no more."""

import asyncio
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest

from events.errors import BrokenHistory
from events.recorded import Recorded
from tests.stores import PATIENCE
from workers.views import lines
from workers.views.lines import Batch, Line, share_out


def batch(first: int, many: int, fault: BrokenHistory | None = None) -> Batch:
    """A batch of so many events; what they are is nothing to a line."""
    return Batch(first, cast("list[Recorded]", list[Any](range(first, first + many))), fault)


async def taken(line: Line) -> Batch | None:
    return await asyncio.wait_for(line.next(asyncio.Event()), PATIENCE)


async def take(line: Line, many: int) -> list[Batch | None]:
    """So many batches as a view takes them that waits for each."""
    return [await taken(line) for _ in range(many)]


async def test_what_goes_together_is_taken_together() -> None:
    """A view that was busy takes the small batches of meanwhile as one; nothing is put after what cannot be read."""
    line, fault = Line(), BrokenHistory("the stream", "no event")
    line.open()
    for each in (batch(1, 2), batch(3, 1, fault), batch(5, 1), batch(7, 2)):
        assert line.put(each)
    assert await taken(line) == Batch(1, batch(1, 3).events, fault)
    assert [await taken(line), await taken(line)] == [batch(5, 1), batch(7, 2)]
    assert line.idle


def of_import(first: int, many: int, *, imported: bool = True) -> Batch:
    """A batch of which each event says whether an import brings it."""
    event = SimpleNamespace(envelope=SimpleNamespace(imported="history" if imported else ""))
    return Batch(first, cast("list[Recorded]", [event] * many))


async def test_more_of_an_import_is_waited_for_by_who_gathers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an import brings is taken together until something else comes, or there is as much as is taken at once."""
    monkeypatch.setattr(lines, "COMPANY", PATIENCE)
    line = Line(gathers=True)
    line.open()
    for last in (
        of_import(lines.BATCH + 1, 1, imported=False),
        of_import(lines.BATCH + 1, lines.AT_ONCE - lines.BATCH),
    ):
        line.put(of_import(1, lines.BATCH))
        waiting = asyncio.create_task(taken(line))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        assert not line.is_waited_at, "nobody needs to be read ahead for it"
        line.put(last)
        found = await waiting
        assert found is not None
        assert found.end == last.end
    line.put(of_import(1, 1))
    waiting = asyncio.create_task(taken(line))
    await asyncio.sleep(0)
    line.rouse()
    assert await waiting is None


async def test_an_import_that_brings_no_more_is_waited_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that gathers gives what there is, once nothing has come for so long; any other gives it at once."""
    line, plain = Line(gathers=True), Line()
    for each in (line, plain):
        each.open()
        each.put(of_import(1, 2))
    monkeypatch.setattr(lines, "COMPANY", 2 * PATIENCE)
    assert await taken(plain)
    monkeypatch.setattr(lines, "COMPANY", 0.001)
    found = await taken(line)
    assert found is not None
    assert found.end == 3


class Lines:
    """Lines with room for four events, and what is shared out among them."""

    def __init__(self, many: int) -> None:
        self.room, self.stop = asyncio.Event(), asyncio.Event()
        self.lines = [Line(self.room) for _ in range(many)]
        for each in self.lines:
            each.open()

    async def share(self, first: int, many: int = 3) -> None:
        await share_out(batch(first, many), self.lines, self.room, self.stop)

    def shared(self, first: int, many: int = 3) -> asyncio.Task[None]:
        return asyncio.create_task(self.share(first, many))


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ROOM", 4)
    monkeypatch.setattr(lines, "LOOK_EVERY", 0.001)


@pytest.mark.usefixtures("_small")
async def test_a_line_without_room_misses_what_others_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its view is told to look at the stream, and is waited for but once."""
    monkeypatch.setattr(lines, "PATIENT", 0.01)
    two = Lines(2)
    slow, quick = two.lines
    all_taken = asyncio.create_task(take(quick, 4))
    for first in (1, 4, 7):
        await asyncio.wait_for(two.share(first), PATIENCE)
    assert not slow.idle
    assert await taken(slow) is None
    await two.share(10)  # missed as well: it has not looked yet
    assert await asyncio.wait_for(all_taken, PATIENCE) == [batch(first, 3) for first in (1, 4, 7, 10)]
    slow.open()
    assert slow.put(batch(13, 9)), "more than its room, but there is nothing else"
    assert await taken(slow) == batch(13, 9)


@pytest.mark.usefixtures("_small")
async def test_nobody_reads_by_itself_while_all_are_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long each takes, what is new is read once: the feed waits for them, and nothing is missed."""
    monkeypatch.setattr(lines, "PATIENT", 0.0)
    monkeypatch.setattr(lines, "LOOK_EVERY", 0.001)
    looks = asyncio.Semaphore(0)

    def looked() -> float:
        looks.release()
        return monotonic()

    monkeypatch.setattr(lines, "monotonic", looked)
    three = Lines(3)
    found: list[list[Batch | None]] = [[], [], []]
    await three.share(1)
    for first in (4, 7, 10):
        giving = three.shared(first)
        for each, line in zip(found, three.lines, strict=True):
            looks = asyncio.Semaphore(0)
            for _ in range(
                6
            ):  # three looks of the feed, at each it asks twice for the time, while nobody takes anything
                await asyncio.wait_for(looks.acquire(), PATIENCE)
            assert not giving.done()
            each.append(await taken(line))
        await asyncio.wait_for(giving, PATIENCE)
    for each, line in zip(found, three.lines, strict=True):
        assert [*each, await taken(line)][-4:] == [batch(first, 3) for first in (1, 4, 7, 10)]


@pytest.mark.usefixtures("_small")
async def test_room_that_is_made_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that is at work makes room, also while others wait for more, and nothing is missed."""
    monkeypatch.setattr(lines, "PATIENT", PATIENCE)
    two = Lines(2)
    slow, quick = two.lines
    await two.share(1)
    assert await taken(quick) == batch(1, 3)
    waiting = asyncio.create_task(taken(quick))
    later = two.shared(4)
    assert await waiting == batch(4, 3)
    assert not later.done()
    assert await taken(slow) == batch(1, 3)
    await asyncio.wait_for(later, PATIENCE)
    assert await taken(slow) == batch(4, 3)


@pytest.mark.usefixtures("_small")
async def test_who_is_to_stop_waits_for_no_room() -> None:
    """A view that takes nothing any more keeps the feed from ending as little as the feed keeps it."""
    one = Lines(1)
    await one.share(1)
    later = one.shared(4)
    await asyncio.sleep(0)
    assert not later.done()
    one.stop.set()
    await asyncio.wait_for(later, PATIENCE)


async def test_who_is_told_to_stop_waits_for_nothing() -> None:
    """A line that nothing comes to keeps nobody from ending."""
    line, stop = Line(), asyncio.Event()
    line.open()
    waiting = asyncio.create_task(line.next(stop))
    await asyncio.sleep(0)
    stop.set()
    assert await asyncio.wait_for(waiting, PATIENCE) is None
