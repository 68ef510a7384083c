"""Keeps a line for each webhook of one authority, as the records have it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

import nats.errors
from nats.aio.client import Client
from sqlalchemy.exc import SQLAlchemyError

from events.errors import BrokenHistory, Conflict, SightlineError
from events.published.message import MSG_ID
from events.subjects import aggregate_of, aggregate_subject, published_stream, stream_name
from events.webhooks import WebhookStopped
from services.clock import local_date
from services.deliveries.recording import as_recorded
from services.keyring import Keyring
from services.log import Log
from services.store.source import Source
from services.webhooks.schedule import Schedule
from services.webhooks.state import SECRET, URL, Webhook, webhook_aggregate
from workers.intake.ends import End
from workers.intake.pace import Pace
from workers.intake.pulling import consumer_info
from workers.kept.beats import Beats
from workers.processes.shared import Shared
from workers.processes.together import either
from workers.system import System
from workers.webhooks import books
from workers.webhooks.line import GRACE, Line, Means
from workers.webhooks.posting import Addressed, Poster

log = Log(__name__)

LOOK_EVERY, LOOK_AT_REST = 1.0, 10.0
"""Seconds between two looks at which webhooks stand, and at what was asked for (see `workers.intake.pace`). So
one that is set, removed or gets a new secret after a quiet minute is seen five seconds late, or ten where nothing tells
that a history has moved on (see `workers.intake.ends`): till then a removed one is still posted to."""

AGAIN = 5.0
"""Seconds for which one look posts again what is parked."""


@dataclass(slots=True)
class Running:
    """A line that runs."""

    line: Line
    stop: asyncio.Event
    task: asyncio.Task[None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the switchboards of a process share. `asked` tells whether anything of an authority is to come again."""

    client: Client
    rings: Mapping[str, Keyring]
    poster: Poster
    asked: Shared[str, bool]
    beats: Beats[books.Sign]


class Switchboard:
    """Keeps a line for each webhook of one authority, as their records have it, while `held` is set."""

    def __init__(self, system: System, authority: str, desk: Desk, held: asyncio.Event) -> None:
        client, ring, poster = desk.client, desk.rings[authority], desk.poster
        self._asked, self._beats = desk.asked, desk.beats
        self._system = system
        self._authority = authority
        self._ring = ring
        self._held = held
        self._source = Source(client, stream_name(authority))
        self._published = Source(client, published_stream(authority))
        self._js = client.jetstream()
        self._means = Means(
            authority,
            client,
            poster,
            Schedule.of(system.settings),
            system.settings.webhooks_total_seconds + GRACE,
            partial(books.park, system.engine),
        )
        self._counts: dict[str, int] = {}
        self._webhooks: dict[str, Webhook] = {}
        self._instants: dict[int, str] = {}
        self._cleared: dict[str, int] = {}
        self._lines: dict[str, Running] = {}
        self._pace = Pace(LOOK_EVERY, LOOK_AT_REST)
        self._told: tuple[int, str, str] | None = None
        self._seen: End | None = None
        self._log = log.bind(authority=authority)

    async def keep(self, stop: asyncio.Event) -> None:
        """Look and look again until it is time to stop. Nothing but that ends it."""
        try:
            while not stop.is_set():
                if not self._held.is_set():
                    await self._hang_up()
                    await either(self._held, stop)
                    continue
                reason, end = "", self._system.ends.of(self._authority)
                try:
                    await self._look()
                except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                    reason = str(error) if isinstance(error, SightlineError) else type(error).__name__
                    self._log.error("webhooks not looked at", error=reason)
                await self._tell(reason)
                await self._system.ends.moved(self._authority, end, self._pace.seconds, stop)
        finally:
            await self._hang_up()
            await self._published.close()
            await self._source.close()

    async def _look(self) -> None:
        await self._learn()
        for reference, running in list(self._lines.items()):
            if running.line.gone.is_set():
                await self._record_gone(reference)
            if running.task.done() or self._webhooks[reference].phase != "standing":
                await self._end(reference)
        for reference, webhook in self._webhooks.items():
            if webhook.phase == "standing":
                await self._stand(reference, webhook)
            elif self._cleared.get(reference) != webhook.version:
                await Line(self._means, reference, webhook, None).remove()
                self._cleared[reference] = webhook.version
        await self._again()

    async def _learn(self) -> None:
        """Read the records that have grown; at rest nobody is asked while the history is known to have stood still."""
        end = self._system.ends.of(self._authority)
        if self._pace.rests and end is not None and end == self._seen:
            return
        found = await self._source.subjects(aggregate_subject(self._authority, webhook_aggregate("*")))
        for subject, count in found.items():
            if self._counts.get(subject) != count:
                aggregate = aggregate_of(subject)
                events = await asyncio.to_thread(self._system.history(self._authority).load, aggregate)
                self._webhooks[aggregate.partition("/")[2]] = Webhook.of(events)
                self._pace.news()
                self._counts[subject] = count
        self._seen = end

    async def _stand(self, reference: str, webhook: Webhook) -> None:
        running = self._lines.get(reference)
        if running is not None and running.line.webhook.version == webhook.version:
            await running.line.ensure(await self._since(webhook))
            return
        if running is not None:
            await self._end(reference)
        line = Line(self._means, reference, webhook, await asyncio.to_thread(self._opened, webhook))
        await line.ensure(await self._since(webhook))
        stop = asyncio.Event()
        self._lines[reference] = Running(line, stop, asyncio.create_task(line.run(stop)))

    async def _since(self, webhook: Webhook) -> str:
        """When it was set, by the server's clock."""
        if webhook.position not in self._instants:
            message = await self._source.at(webhook.position)
            if message is None:
                raise BrokenHistory(self._source.stream, f"message {webhook.position} cannot be read")
            self._instants[webhook.position] = message.time
        return self._instants[webhook.position]

    def _opened(self, webhook: Webhook) -> Addressed | None:
        if webhook.held is None:
            return None
        url = self._ring.unseal(webhook.held.url, URL)
        secret = self._ring.unseal(webhook.held.secret, SECRET)
        if not isinstance(url, str) or not isinstance(secret, str):
            return None
        former = self._ring.unseal(webhook.former, SECRET) if webhook.former else None
        if webhook.turned is None or not isinstance(former, str):
            return Addressed(url, secret)
        overlap = timedelta(seconds=self._system.settings.webhooks_overlap_seconds)
        return Addressed(url, secret, former, webhook.turned + overlap)

    async def _end(self, reference: str) -> None:
        running = self._lines.pop(reference)
        running.stop.set()
        await running.task

    async def _hang_up(self) -> None:
        for running in self._lines.values():
            running.stop.set()
        await asyncio.gather(*(each.task for each in self._lines.values()), return_exceptions=True)
        self._lines.clear()

    async def _record_gone(self, reference: str) -> None:
        """Record that the receiver is gone; where somebody else wrote first, the next look decides again."""
        now = self._system.clock()
        events = as_recorded(
            [(webhook_aggregate(reference), self._webhooks[reference].version + 1, WebhookStopped(reason="gone"))],
            authority=self._authority,
            cause="",
            policy=self._system.policies[self._authority].in_force(local_date(now)),
            now=now,
        )
        try:
            await asyncio.to_thread(self._system.history(self._authority).append, *events)
        except Conflict:
            self._log.info("set or removed meanwhile", webhook=reference)
        self._seen = None  # where the history is known to end may be from before
        await self._learn()

    async def _again(self) -> None:
        """Do what was asked for: all since an instant, and what is parked."""
        if not await self._asked.answer(self._authority):
            return
        self._pace.news()
        began = monotonic()
        asked = await asyncio.to_thread(books.asked_since, self._system.engine, self._authority)
        for reference, since in asked.items():
            if reference in self._lines:
                await self._begin_again(reference, since)
            await asyncio.to_thread(books.answered, self._system.engine, self._authority, reference)
        for each in await asyncio.to_thread(partial(books.parked, self._system.engine, self._authority, again=True)):
            if monotonic() - began > AGAIN:  # the others at the next look: other webhooks wait for this one
                break
            await self._once_more(each)

    async def _begin_again(self, reference: str, since: datetime) -> None:
        """Have the line begin at that instant, or at the first message that waits if that is earlier."""
        await self._end(reference)
        webhook = self._webhooks[reference]
        line = Line(self._means, reference, webhook, None)
        info = await consumer_info(self._js, line.stream, line.durable)
        begin = since.astimezone(UTC)
        if info is not None and info.ack_floor is not None and (info.num_pending or info.num_ack_pending):
            page = await self._published.page(info.ack_floor.stream_seq + 1, 1)
            begin = min([begin, *(datetime.fromisoformat(each.time) for each in page.messages)])
        await line.remove()
        await line.ensure(begin.isoformat().replace("+00:00", "Z"))
        await asyncio.to_thread(books.unpark, self._system.engine, self._authority, reference)

    async def _once_more(self, parked: books.Parked) -> None:
        running = self._lines.get(parked.webhook)
        message = await self._published.at(parked.sequence)
        place = (self._system.engine, self._authority, parked.webhook)
        if message is None or parked.webhook not in self._webhooks:  # it has aged
            await asyncio.to_thread(partial(books.unpark, *place, first=parked.sequence, last=parked.sequence))
            return
        if running is None or running.line.gone.is_set():
            return
        answer = await running.line.post(message.headers[MSG_ID], message.data)
        if answer == "taken":
            await asyncio.to_thread(partial(books.unpark, *place, first=parked.sequence, last=parked.sequence))
        elif answer != "gone":
            again = books.Parked(
                parked.authority,
                parked.webhook,
                parked.sequence,
                parked.message,
                parked.type,
                answer.fault,
                parked.attempts + 1,
                parked.since,
            )
            await asyncio.to_thread(books.park, self._system.engine, again)

    async def _tell(self, reason: str) -> None:
        """Leave a sign of life for health, at once where there is news."""
        try:
            waiting = sum([await self._waiting(each.line) for each in self._lines.values()])
        except (nats.errors.Error, SightlineError) as error:
            waiting, reason = 0, reason or type(error).__name__
        failing = ", ".join(f"{name}: {each.line.fault}" for name, each in self._lines.items() if each.line.fault)
        news = (waiting, failing, reason)
        fresh, self._told = news != self._told, news
        if fresh:
            self._pace.news()
        self._beats.tell(self._authority, books.Sign(self._authority, datetime.now(UTC), *news), news=fresh)

    async def _waiting(self, line: Line) -> int:
        info = await consumer_info(self._js, line.stream, line.durable)
        return 0 if info is None else (info.num_pending or 0) + (info.num_ack_pending or 0)
