"""The whole system beside other work of the same process, for the demonstration."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from events.errors import Unavailable
from services.settings import Settings
from workers.running.supervisor import up

READY_WITHIN = 180.0
"""Seconds in which every worker must consume, on the smallest machine that we think of."""


class _Background:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stop = asyncio.Event()
        self.settled = Event()
        self.is_ready = False
        self.error: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            self.error = error
        finally:
            self.settled.set()

    async def _main(self) -> None:
        self.loop = asyncio.get_running_loop()
        await up(self.settings, ready=self._ready, stop=self.stop)

    def _ready(self) -> None:
        self.is_ready = True
        self.settled.set()


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Everything runs while the block does. Raises what kept it from starting, with nothing left running."""
    background = _Background(settings)
    thread = Thread(target=background.run, name="sightline-up")
    thread.start()
    try:
        background.settled.wait(READY_WITHIN)
        if background.error is not None:
            raise background.error
        if not background.is_ready:
            raise Unavailable(f"the workers did not start within {READY_WITHIN:.0f} seconds")
        yield
    finally:
        if background.loop is not None and not background.loop.is_closed():
            background.loop.call_soon_threadsafe(background.stop.set)
        thread.join()
