"""Signs of life of one part in many authorities, written together: one transaction for all, and not one for each."""

import asyncio
from collections.abc import Callable, Collection, Hashable
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from services.log import Log
from workers.together import either, unless

S = TypeVar("S", bound=Hashable)

MOMENT = 0.05
"""Seconds for which news waits for the news of others."""

log = Log(__name__)


class Beats(Generic[S]):
    """Writes the newest sign of each authority: what is `news` at once, the others every so many seconds.

    A sign is written once: of an authority whose part gives no further one, nothing is said any more. What the database
    does not take is tried again by and by, and holds up nobody.
    """

    def __init__(self, write: Callable[[Collection[S]], None], every: float) -> None:
        self._write = write
        self._every = every
        self._signs: dict[str, S] = {}
        self._news = asyncio.Event()

    def tell(self, authority: str, sign: S, *, news: bool) -> None:
        """Have this sign written in the place of the authority's one before."""
        self._signs[authority] = sign
        if news:
            self._news.set()

    async def keep(self, stop: asyncio.Event) -> None:
        """Write until it is time to stop."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(self._every):
                    await either(self._news, stop)
            except TimeoutError:
                pass
            else:
                await unless(stop, MOMENT)
            await self._flush()

    async def _flush(self) -> None:
        self._news.clear()
        signs, self._signs = self._signs, {}
        if not signs:
            return
        try:
            await asyncio.to_thread(self._write, tuple(signs.values()))
        except (SightlineError, SQLAlchemyError) as error:
            log.warning("signs of life not written down", error=type(error).__name__)
            self._signs = {**signs, **self._signs}
