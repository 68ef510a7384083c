"""Readings that are shared: each answer comes from one that began after the question, and a crowd costs two."""

import asyncio
from collections.abc import Mapping

import pytest

from tests.stores import PATIENCE
from workers.processes.shared import Shared


class Readings:
    """Notes who asked in which reading; each lasts until it is let go, and answers with its number."""

    def __init__(self) -> None:
        self.begun: list[frozenset[str]] = []
        self.go = asyncio.Semaphore(0)
        self.moved = asyncio.Condition()
        self.fault: Exception | None = None

    async def read(self, asked: frozenset[str]) -> Mapping[str, int]:
        async with self.moved:
            self.begun.append(asked)
            number = len(self.begun)
            self.moved.notify_all()
        await self.go.acquire()
        if self.fault is not None:
            raise self.fault
        return dict.fromkeys(asked, number)

    async def until(self, number: int) -> None:
        async with self.moved:
            await asyncio.wait_for(self.moved.wait_for(lambda: len(self.begun) == number), PATIENCE)


async def test_who_asks_during_a_reading_waits_for_the_next() -> None:
    """A crowd shares one reading, and none gets what was read before it asked."""
    readings = Readings()
    shared: Shared[str, int] = Shared(readings.read)
    first = asyncio.create_task(shared.answer("P-1"))
    await readings.until(1)
    crowd = [asyncio.create_task(shared.answer(f"P-{number % 3}")) for number in range(50)]
    await asyncio.sleep(0)  # each has asked
    readings.go.release()
    await readings.until(2)
    readings.go.release()
    assert await first == 1
    assert await asyncio.gather(*crowd) == [2] * 50
    assert readings.begun == [{"P-1"}, {"P-0", "P-1", "P-2"}]


async def test_who_gives_up_ends_no_reading_and_a_failed_one_is_begun_anew() -> None:
    """One caller may go away while the others wait; what failed for those who shared it says nothing to the next."""
    readings = Readings()
    shared: Shared[str, int] = Shared(readings.read)
    gone, stays = (asyncio.create_task(shared.answer("P-1")) for _ in range(2))
    await readings.until(1)
    gone.cancel()
    readings.go.release()
    assert await stays == 1
    readings.fault = OSError("no answer")
    readings.go.release()
    with pytest.raises(OSError, match="no answer"):
        await shared.answer("P-1")
    readings.fault = None
    readings.go.release()
    assert await shared.answer("P-1") == 3


async def test_what_is_good_for_a_while_is_not_read_again() -> None:
    """What a reading told of others as well is told to them without another, for as long as it is good."""
    readings = 0

    async def of_all(_: frozenset[str]) -> Mapping[str, int]:
        nonlocal readings
        readings += 1
        return {"P-1": readings, "P-2": readings}

    kept: Shared[str, int] = Shared(of_all, good_for=PATIENCE)
    assert [await kept.answer(each) for each in ("P-1", "P-2", "P-1")] == [1, 1, 1]
    never: Shared[str, int] = Shared(of_all)
    assert [await never.answer(each) for each in ("P-1", "P-2")] == [2, 3]
