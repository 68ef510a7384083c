"""A task that is to end is told so until it does."""

import asyncio
from contextlib import suppress

from services.store.ending import ended
from tests.stores import PATIENCE


async def hard_of_hearing(began: asyncio.Event, times: int) -> None:
    """Wait for ever, and take no notice of so many cancellations."""
    began.set()
    for _ in range(times):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    await asyncio.Event().wait()


async def test_whoever_took_no_notice_is_told_again() -> None:
    """However often a task misses its end, it has ended when that was waited for."""
    began = [asyncio.Event(), asyncio.Event()]
    tasks = [asyncio.create_task(hard_of_hearing(each, times)) for each, times in zip(began, (0, 3), strict=True)]
    for each in began:
        await each.wait()
    async with asyncio.timeout(PATIENCE):
        await ended(*tasks)
    assert [each.cancelled() for each in tasks] == [True, True]


async def test_what_is_over_stays_as_it_ended() -> None:
    """A task that has ended keeps what it found."""
    over = asyncio.create_task(asyncio.to_thread(str, "found"))
    await over
    await ended(over)
    assert over.result() == "found"
