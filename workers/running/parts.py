"""Several parts in one process: what befalls one of them is its own affair, and the others go on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from time import monotonic

import structlog

from events.errors import Drifted, HistoryLost, RolledBack, SightlineError
from services.log import Log
from workers.processes.together import beside, either, unless

log = Log(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.25, 5.0
STEADY = 10.0
"""A part that ran for so many seconds was well: the delay before its next start begins anew."""

REFUSED = (Drifted, HistoryLost, RolledBack)
"""What is said of a history, and so to every part: the process ends, and whoever starts it again hears the same."""

Part = Callable[[], AbstractAsyncContextManager[None]]
"""Begins its work, does it while the block runs, and ends what it has in hand."""


@asynccontextmanager
async def side_by_side(parts: Mapping[str, Part], stop: asyncio.Event) -> AsyncIterator[None]:
    """Run the parts beside the block, which begins when all have begun, or when it is time to stop.

    A part that ends with an error, at its start or later, is logged by its name and begun again, after a delay that
    grows; health sees it by the sign of life that it no longer gives. Drifted, HistoryLost or RolledBack of any part
    ends all.
    """
    begun = {name: asyncio.Event() for name in parts}
    all_begun = asyncio.Event()

    async def told(_stop: asyncio.Event) -> None:
        for each in begun.values():
            await either(each, _stop)
        all_begun.set()

    async with beside(told, *(partial(kept, name, part, begun[name]) for name, part in parts.items())):
        await either(all_begun, stop)
        yield


async def kept(name: str, part: Part, begun: asyncio.Event, stop: asyncio.Event) -> None:
    """Run one part until it is time to stop, and begin it again whenever it has died."""
    structlog.contextvars.bind_contextvars(worker=name)
    delay = FIRST_DELAY
    while not stop.is_set():
        since = monotonic()
        try:
            async with part():
                begun.set()
                await stop.wait()
        except REFUSED:
            raise
        except Exception as error:
            delay = FIRST_DELAY if monotonic() - since > STEADY else delay
            reason = str(error) if isinstance(error, SightlineError) else repr(error)
            unforeseen = None if isinstance(error, SightlineError) else error
            log.error(  # noqa: TRY400 - no trace of what was foreseen
                "part ended by itself", part=name, reason=reason, again_in=delay, exc_info=unforeseen
            )
            await unless(stop, delay)
            delay = min(delay * 2, LONGEST_DELAY)
