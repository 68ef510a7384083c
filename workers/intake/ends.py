"""How far the histories of a process are, by one question for all of them: who waits for news asks nothing meanwhile.

A question to each council, from each part that waits, was most of what an idle minute cost.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from time import monotonic
from typing import NamedTuple

from nats.aio.client import Client

from events.errors import Unavailable
from events.subjects import OF_HISTORIES, stream_name
from services.log import Log
from services.store.quick import QuickClient
from services.store.source import ApiRefused, api
from workers.intake.pace import Pace
from workers.processes.shared import Shared
from workers.processes.together import either, unless

LOOK_EVERY, LOOK_AT_REST = 2.0, 5.0
"""Seconds between two looks (see `workers.intake.pace`)."""

WITHIN = 5.0
"""Seconds that one answer is waited for."""

BELIEVED = LOOK_AT_REST + WITHIN
"""Seconds for which a look is believed: longer ago, whoever wants to know asks for itself."""

NOBODY_ASKS = 60.0
"""Seconds after which nothing is looked at, where nobody wanted to know meanwhile."""

LIST = "STREAM.LIST"
REFUSED = f"$JS.API.{LIST}".lower()

ALL = ""
"""Asks for no history before others."""

log = Log(__name__)


class End(NamedTuple):
    """Where a history ended: its last position, and when the event there was stored.

    It says as well when the stream was made, and over which of its connections was asked. As long as all is the same,
    nothing was written, and nobody exchanged the server or put another history in its place.
    """

    created: str
    last: int
    at: str
    connection: int


class Ends:
    """What one process knows of where its histories end. `of` tells it, without a question, while `keep` runs.

    That is a hint, and never older than `BELIEVED` seconds: whoever finds the same end as before may leave out a look,
    and whoever is told None looks for itself, as where nobody keeps it or the server does not answer. `now` tells what
    stands after it was asked.
    """

    def __init__(self, authorities: Collection[str], *, clock: Callable[[], float] = monotonic) -> None:
        self._authorities = authorities
        self._clock = clock
        self._known: dict[str, End] = {}
        self._looked = self._asked = float("-inf")
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._resting: set[asyncio.Event] = set()
        self._looks: Shared[str, bool] | None = None

    async def now(self, authority: str) -> End | None:
        """Where the history ends, looked at after this was asked, once for all who ask together; None as with `of`."""
        if self._looks is None:
            return None
        try:
            await self._looks.answer(authority)
        except (Unavailable, ApiRefused) as error:
            log.warning("ends of histories not seen", error=str(error))
            return None
        return self.of(authority)

    def of(self, authority: str, *, within: float = BELIEVED) -> End | None:
        """Where the history ended a moment ago, not longer than so many seconds; None where that is not known."""
        self._asked = self._clock()
        for each in self._resting:
            each.set()
        return self._known.get(authority) if self._asked - self._looked <= within else None

    async def moved(self, authority: str, before: End | None, seconds: float, stop: asyncio.Event) -> None:
        """Wait so long, or until the history ends elsewhere than it did, or until it is time to stop."""
        if before is not None and self.of(authority) not in {None, before}:
            return
        news = asyncio.Event()  # of this wait alone: nobody takes the news of another away
        waiting = self._waiting.setdefault(authority, set())
        waiting.add(news)
        try:
            async with asyncio.timeout(seconds):
                await either(news, stop)
        except TimeoutError:
            return
        finally:
            waiting.discard(news)

    async def keep(self, client: Client, stop: asyncio.Event, *, resting: bool = True) -> None:
        """Look until it is time to stop, while anybody wants to know; rarely at rest, but for who may not rest."""
        self._looks = looks = Shared(partial(self._look, client))
        pace = Pace(LOOK_EVERY, LOOK_AT_REST if resting else LOOK_EVERY)
        wanted = asyncio.Event()  # of this loop: a process may keep the ends in several, one after the other
        self._resting.add(wanted)
        try:
            while not stop.is_set():
                if self._clock() - self._asked > NOBODY_ASKS:
                    wanted.clear()
                    await either(wanted, stop)
                    continue
                try:
                    if await looks.answer(ALL):
                        pace.news()
                except (Unavailable, ApiRefused) as error:  # each looks for itself meanwhile
                    log.warning("ends of histories not seen", error=str(error))
                    if isinstance(client, QuickClient) and REFUSED in client.refused:
                        await self._leave_it(client, looks, stop)
                await unless(stop, pace.seconds)
        finally:
            self._resting.discard(wanted)
            if self._looks is looks:
                self._looks = None

    async def _leave_it(self, client: QuickClient, looks: "Shared[str, bool]", stop: asyncio.Event) -> None:
        """Ask no more until the connection is another one, and have nobody wait for an answer that will not come."""
        if self._looks is looks:
            self._looks = None
        log.warning("ends of histories are not told over this connection: each is looked at by itself")
        await either(client.back, stop)
        self._looks = looks

    @cached_property
    def _streams(self) -> Mapping[str, str]:
        """The authorities by the names of their streams."""
        return {stream_name(each): each for each in self._authorities}

    async def _look(self, client: Client, asking: frozenset[str]) -> Mapping[str, bool]:
        """Ask once for all, whoever asks; whether any history has moved."""
        connection, began, found = client.stats["reconnects"], self._clock(), dict[str, End]()
        asked, more = 0, True
        while more:
            request = {"subject": OF_HISTORIES, "offset": asked}
            page = await api(client, LIST, request, within=WITHIN)
            # Of a stream whose servers are away, no more than its name is told.
            silent = frozenset(page.get("missing") or ())
            for each in page["streams"]:
                name, state = each["config"]["name"], each["state"]
                if (authority := self._streams.get(name)) and name not in silent:
                    found[authority] = End(each["created"], int(state["last_seq"]), state["last_ts"], connection)
            asked += len(page["streams"])
            more = bool(page["streams"]) and asked < page["total"]
        before, self._known, self._looked = self._known, found, began
        news = [each for each, end in found.items() if before.get(each) != end]
        for each in news:
            for waits in self._waiting.get(each, ()):
                waits.set()
        return dict.fromkeys(asking, bool(news))
