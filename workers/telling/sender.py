"""Brings notices to people: reads what was told, hands messages over, and records what became of each."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from nats.aio.client import Client

from events.deliveries import (
    DeliveryHandedUp,
)
from events.envelope import TYPE
from events.errors import BrokenHistory, SightlineError
from events.escalations import EscalationRaised, NoticeSent
from events.recorded import Recorded
from events.subjects import stream_name
from services.clock import local_date
from services.deliveries.due import addressed, handed_up
from services.deliveries.index import Index
from services.deliveries.transports import Postbox, Way
from services.keyring import Keyring
from services.log import Log
from services.store.messages import RawMessage
from services.store.reading import raw_pages, to_recorded
from services.store.source import Source
from workers.intake.ends import End
from workers.intake.pace import Pace
from workers.kept.beats import Beats
from workers.kept.sendings import Sending, note, sendings
from workers.parts.standing import State, WorkerHealth
from workers.parts.worker import Worker
from workers.processes.together import beside
from workers.recording.desks import keyrings_beside
from workers.system import System
from workers.telling.courier import Courier
from workers.telling.ways import way_of

if TYPE_CHECKING:  # health alone looks at workers: their own processes do without it
    from workers.parts.looking import Looking

log = Log(__name__)

NAME = "sender"

LOOK_EVERY, LOOK_AT_REST = 0.5, 10.0
"""Seconds between two looks at what is new (see `workers.intake.pace`). After a quiet minute a notice may wait ten
where nothing tells that a history has moved on (see `workers.intake.ends`), else five."""

BEAT = 20.0
"""Seconds between two signs of life."""

SILENT_AFTER = timedelta(seconds=60)
"""Without a sign of life for so long it counts as stopped: one message may take a while."""

ASK_EVERY = 30.0
"""Seconds between two questions about what became of what was taken."""

READ = frozenset(each.stored_name for each in (NoticeSent, EscalationRaised))
OWN = "delivery."


@asynccontextmanager
async def sending(system: System) -> AsyncIterator[None]:
    """Send what is told in every authority while the block runs.

    SettingsError where what the settings choose cannot be used.
    """
    async with AsyncExitStack() as stack:
        client = await system.connect()
        stack.push_async_callback(client.close)
        rings = await stack.enter_async_context(keyrings_beside(system))
        beats = Beats[Sending](lambda signs: note(system.engine, signs, system.clock()), BEAT)
        senders = [
            Sender(system, authority, client, rings[authority], way_of(system, authority), beats)
            for authority in system.authorities
        ]
        async with beside(beats.keep, *(each.send_for_ever for each in senders)):
            yield


class Sender:
    """Sends the messages of one authority.

    What is to be sent follows from the stream; that a message goes is recorded on its own record before it does, on
    condition that nobody else took it up. So two senders, or one that was killed at any moment, hand over one message
    for each recipient and notice, as far as the way by which it goes can tell that it took one before.
    """

    def __init__(
        self,
        system: System,
        authority: str,
        client: Client,
        ring: Keyring,
        way: Way | None,
        beats: Beats[Sending],
    ) -> None:
        self._system = system
        self._authority = authority
        self._policies = system.policies[authority]
        self._clock = system.clock
        self._source = Source(client, stream_name(authority))
        self._way = way
        self._index = Index()
        self._courier = Courier(system, authority, ring, way, self._index)
        self._asked = 0.0
        self._pace = Pace(LOOK_EVERY, LOOK_AT_REST)
        self._beats = beats
        self._told: tuple[int, int, str] | None = None
        self._seen: End | None = None
        self._log = log.bind(authority=authority)

    async def send_for_ever(self, stop: asyncio.Event) -> None:
        """Look, send, and look again until it is time to stop. Nothing but that ends it."""
        while not stop.is_set():
            reason, end = "", self._system.ends.of(self._authority)
            try:
                await self.send(stop)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may do better
                reason = str(error) if isinstance(error, SightlineError) else type(error).__name__
                self._log.error("sending broken off", error=reason)
            self._tell(reason)
            await self._system.ends.moved(self._authority, end, self._pace.seconds, stop)

    def _tell(self, reason: str) -> None:
        """Leave a sign of life for health, at once where there is news."""
        now = self._clock()
        failing = sum(each.phase == "waiting" for each in self._index.open.values())
        waiting = failing + sum(each.at <= now for each in self._index.waiting.values())
        news = (waiting, failing, reason)
        fresh, self._told = news != self._told, news
        if fresh:
            self._pace.news()
        self._beats.tell(self._authority, Sending(self._authority, datetime.now(UTC), *news), news=fresh)

    async def send(self, stop: asyncio.Event) -> None:
        """Read what is new and bring on each message that can be brought on now."""
        await self._read()
        if self._way is None:
            await self._bring_on(None, stop)
        elif not self._courier.closed:
            async with self._way.opened() as box:
                await self._bring_on(box, stop)
        await self._ask()

    async def _bring_on(self, box: Postbox | None, stop: asyncio.Event) -> None:
        for place, group in list(self._index.due(self._clock())):
            if self._held_up(stop):
                return
            await self._courier.begin(place, group, box)
        for reference in list(self._index.open):
            if self._held_up(stop):
                return
            await self._courier.go_on(reference, box)

    def _held_up(self, stop: asyncio.Event) -> bool:
        return stop.is_set() or self._courier.closed

    async def _read(self) -> None:
        """Take in what is new in the stream; at rest it is not asked while it is known to have stood still."""
        end = self._system.ends.of(self._authority)
        if self._pace.rests and end is not None and end == self._seen:
            return
        async for page in raw_pages(self._source, after=self._index.position):
            self._pace.news()
            await asyncio.to_thread(self._take_in, page)
            self._index.position = page[-1].sequence
        self._seen = end

    def _take_in(self, page: Sequence[RawMessage]) -> None:
        self._courier.learn_directory()
        for message in page:
            name = message.headers.get(TYPE, "")
            if name in READ or name.startswith(OWN):
                try:
                    self._take(to_recorded(message.subject, message.headers, message.data, message.sequence))
                except BrokenHistory as broken:  # the views halt there, and health says so
                    self._log.error("event not read", error=str(broken))

    def _take(self, recorded: Recorded) -> None:
        if not isinstance(recorded.fact, NoticeSent | EscalationRaised):
            delivery = self._index.follow(recorded)
            if isinstance(recorded.fact, DeliveryHandedUp) and recorded.fact.recipients:
                begun = delivery.begun or self._courier.office.load(recorded.originator_id.partition("/")[2])[0].begun
                if begun is not None:
                    self._index.add(handed_up(recorded, begun, self._courier.office.directory))
            return
        policy = self._policies.in_force(local_date(recorded.envelope.recorded))
        self._index.add(addressed(recorded, self._courier.office.directory, policy))

    async def _ask(self) -> None:
        """Ask of what was taken whether it arrived, where somebody can say."""
        if self._way is None or monotonic() - self._asked < ASK_EVERY:
            return
        self._asked = monotonic()
        await self._courier.ask_of_taken()


async def look(at: "Looking") -> WorkerHealth | None:
    """How it stands in one authority, by the sign of life that it leaves; asked for in a whole look alone."""
    if not at.whole:
        return None
    found = (await asyncio.to_thread(sendings, at.system.engine)).get(at.authority)
    if found is None:
        return WorkerHealth(NAME, at.authority, "missing", asked_for=False)
    if datetime.now(UTC) - found.beat > SILENT_AFTER:
        reason = f"last seen at {found.beat.astimezone():%Y-%m-%d %H:%M}"
        return WorkerHealth(NAME, at.authority, "stopped", found.waiting, reason=reason, asked_for=False)
    told = [f"{found.failing} of {found.waiting} messages that wait were not taken"] if found.failing else []
    state: State = "failing" if told or found.reason else "behind" if found.waiting else "up to date"
    reason = "; ".join([*told, *filter(None, [found.reason])])
    return WorkerHealth(NAME, at.authority, state, found.waiting, found.waiting, reason=reason)


WORKER = Worker(sending, look)
