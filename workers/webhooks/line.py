"""One webhook's own line: a durable consumer of its own, so that a receiver that is slow or away holds up no other.

What waits, and until when, is on the server: a message that was not taken is sent back with a delay. So nothing is lost
with the process, and one that dies between a post and its acknowledgement posts it again under the same id.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from sqlalchemy.exc import SQLAlchemyError

from events.errors import SightlineError
from events.published.message import MSG_ID, read
from events.subjects import published_stream
from services.log import Log
from services.webhooks.schedule import Schedule
from services.webhooks.state import Webhook
from workers.intake.pulling import Pull, consumer_info
from workers.processes.together import unless
from workers.webhooks import books
from workers.webhooks.posting import Addressed, Answer, NotTaken, Poster

log = Log(__name__)

AT_ONCE = 8
"""How many messages go to one receiver at the same time."""

IN_HAND = 1_000
"""How many may be given out or wait for another attempt; while so many do, the others wait in the stream."""

GRACE = 10.0
"""Seconds beyond the time of a post after which whoever had it in hand counts as dead."""

RETRY = 1.0


@dataclass(frozen=True, slots=True)
class Means:
    """What the lines of one authority share."""

    authority: str
    client: Client
    poster: Poster
    schedule: Schedule
    ack_wait: float
    park: Callable[[books.Parked], None]
    chance: Callable[[], float] = random.random

    @property
    def js(self) -> JetStreamContext:
        """What manages their consumers."""
        return self.client.jetstream()


PREFIX = "webhook-"


def consumer_of(reference: str, webhook: Webhook) -> str:
    """The name of its consumer: another one once it was removed or stopped, and set again."""
    return f"{PREFIX}{reference}-{webhook.begun}"


def filters(authority: str, webhook: Webhook) -> list[str]:
    """The subjects of its types; what is no news stands apart and is never posted."""
    wanted = webhook.held.types if webhook.held else ()
    if not wanted:
        return [f"sightline.*.{authority}.*.*"]
    parts = (each.removeprefix("sightline.").rpartition(".v") for each in wanted)
    return sorted(f"sightline.v{major}.{authority}.{name}" for name, _, major in parts)


class Line:
    """Posts the messages of one webhook. `opened` is where to, `gone` is set once the receiver says that it is."""

    def __init__(self, means: Means, reference: str, webhook: Webhook, opened: Addressed | None) -> None:
        self._means = means
        self.reference = reference
        self.webhook = webhook
        self.opened = opened
        self.gone = asyncio.Event()
        self.fault = ""
        self.stream = published_stream(means.authority)
        self.durable = consumer_of(reference, webhook)
        self._log = log.bind(authority=means.authority, webhook=reference)

    async def ensure(self, since: str) -> None:
        """Make the consumer if it is missing, from that instant of the server's on, and give it the types of today."""
        subjects = filters(self._means.authority, self.webhook)
        info = await consumer_info(self._means.js, self.stream, self.durable)
        if info is None:
            await self._means.js.add_consumer(self.stream, config=self._config(since, subjects))
        elif subjects not in (info.config.filter_subjects, [info.config.filter_subject]):
            config = info.config.evolve(filter_subjects=subjects, filter_subject=None)
            await self._means.js.add_consumer(self.stream, config=config)

    def _config(self, since: str, subjects: list[str]) -> ConsumerConfig:
        return ConsumerConfig(
            name=self.durable,
            durable_name=self.durable,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._means.ack_wait,
            max_ack_pending=IN_HAND,
            filter_subjects=subjects,
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=since,  # type: ignore[arg-type]  # it is sent as it stands
        )

    async def remove(self) -> None:
        """Take the consumer away, with what waits. A repeat changes nothing."""
        with suppress(NotFoundError):
            await self._means.js.delete_consumer(self.stream, self.durable)

    async def run(self, stop: asyncio.Event) -> None:
        """Post until it is time to stop; what is being posted then is finished."""
        pull = await Pull.opened(self._means.client, self.stream, self.durable)
        try:
            while not stop.is_set() and not self.gone.is_set():
                try:
                    messages = await pull.batch(AT_ONCE, stop)
                    async with asyncio.TaskGroup() as group:
                        for each in messages:
                            group.create_task(self._bring(each))
                except* (nats.errors.Error, SightlineError, SQLAlchemyError) as failed:
                    # It comes again once the acknowledgement time is over.
                    self._log.warning("not posted", error=[type(each).__name__ for each in failed.exceptions])
                    await unless(stop, RETRY)
        finally:
            await pull.close()

    async def post(self, identity: str, body: bytes) -> Answer:
        """Post one message now."""
        if self.opened is None:
            answer: Answer = NotTaken("sealed")
        else:
            answer = await self._means.poster.post(self.opened, identity, body)
        self.fault = answer.fault if isinstance(answer, NotTaken) else ""
        if answer == "gone":
            self.gone.set()
        return answer

    async def _bring(self, message: Msg) -> None:
        if self.gone.is_set():  # it waits on the server, and goes with the consumer
            await message.nak(delay=GRACE)
            return
        identity = (message.headers or {})[MSG_ID]
        attempt = message.metadata.num_delivered
        answer = await self.post(identity, message.data)
        if answer == "taken":
            await message.ack()
        elif answer == "gone":
            await message.nak(delay=GRACE)
        elif self._means.schedule.over(attempt):
            await asyncio.to_thread(self._means.park, self._parked(message, answer, attempt))
            self._log.error("parked", message=identity, fault=answer.fault, attempts=attempt)
            await message.ack()
        else:
            wait = self._means.schedule.wait(attempt, self._means.chance, answer.after)
            self._log.warning("not taken", message=identity, fault=answer.fault, attempt=attempt, again_in=round(wait))
            await message.nak(delay=wait)

    def _parked(self, message: Msg, answer: NotTaken, attempt: int) -> books.Parked:
        return books.Parked(
            self._means.authority,
            self.reference,
            message.metadata.sequence.stream,
            (message.headers or {})[MSG_ID],
            str(read(message.data)["type"]),
            answer.fault,
            attempt,
            datetime.now(UTC),
        )
