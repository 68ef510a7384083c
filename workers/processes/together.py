"""Work beside other work: no task of a worker dies unseen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

T = TypeVar("T")
Work = Callable[[asyncio.Event], Awaitable[None]]
"""Something that goes on until the event is set, and then ends by itself as soon as it may."""


@asynccontextmanager
async def beside(*works: Work) -> AsyncIterator[None]:
    """Run the works beside the block; at its end they are told to stop, and waited for.

    One that raises ends the block and the others, and its error is raised here: a process whose part has died ends
    with that error, and whoever watches over it starts it again.
    """
    stop = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(_told(work, stop))
            try:
                yield
            finally:
                stop.set()
    except BaseExceptionGroup as failed:
        if len(failed.exceptions) == 1:
            raise failed.exceptions[0] from None
        raise


async def _told(work: Work, stop: asyncio.Event) -> None:
    await work(stop)


async def unless(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until it is time to stop; whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` may take no notice of being cancelled (Python 3.11)
            await stop.wait()
    return stop.is_set()


async def either(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waiting = [asyncio.create_task(each.wait()) for each in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


async def all_of(*works: Awaitable[T]) -> list[T]:
    """What each of the works gives, once all of them have ended. What one of them raises is raised here then."""
    found: list[T] = []
    for each in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(each, BaseException):
            raise each
        found.append(each)
    return found
