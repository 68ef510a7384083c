"""Signs of life of one part in many authorities, written together: one transaction for all, and not one for each."""

import asyncio
from collections.abc import Callable, Collection, Hashable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from services.log import Log
from workers.processes.together import either, unless

S = TypeVar("S", bound=Hashable)

MOMENT = 0.05
"""Seconds for which news waits for the news of others."""

log = Log(__name__)


class Dated(Protocol):
    """A sign of life in one authority, and when it was given."""

    @property
    def authority(self) -> str:
        """The authority in which it was given."""

    @property
    def beat(self) -> datetime:
        """When it was given."""


D = TypeVar("D", bound=Dated)


def not_outdone(db: Connection, table: Table, signs: Collection[D], now: datetime) -> list[D]:
    """The signs to be written, by their authorities: none for which a newer one stands in the table.

    A copy that was suspended wakes with an old one in hand, while another does its work. What stands there from after
    `now` was given by a clock that ran ahead: it outdoes none, or it would hide a copy that ends meanwhile. The rows
    are held until the transaction ends.
    """
    stood = select(table.c.authority, table.c.beat).where(table.c.authority.in_([each.authority for each in signs]))
    rows = db.execute(stood.order_by(table.c.authority).with_for_update())
    stands = {row.authority: row.beat for row in rows if row.beat <= now}
    lasting = (each for each in signs if each.beat >= stands.get(each.authority, each.beat))
    return sorted(lasting, key=lambda each: each.authority)


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
