"""Durable pull consumers under FastStream: whole batches, in order, and a watch over each consumer.

Names and measured reasons are in the design: the acknowledgement policy is named, no stream is declared here, and a
consumer that was deleted on the server is noticed by nobody unless somebody looks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import nats.errors
import structlog
from faststream import AckPolicy
from faststream.exceptions import HandlerException, NackMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import NotFoundError, ServiceUnavailableError
from sqlalchemy.exc import SQLAlchemyError

from events.errors import BrokenHistory, SightlineError

log = structlog.get_logger(__name__)

LINGER = 0.02
"""Seconds that a batch is gathered for after its first message: a tail of single events becomes some fifty
commits a second at most, and none waits longer than this for company."""

FLOWING = 100
"""If that many came within `LINGER`, there is a backlog: the batch is filled, whatever it takes."""

MOMENT = 0.0005

LONG_POLL = 1.0
"""Seconds that one request waits on the server for a first message; an idle consumer costs one request in each."""

ACK_WAIT = 10.0
"""Seconds after which the server gives a batch to somebody else; one that takes longer says that it is busy."""

WATCH_EVERY = 1.0
"""Seconds between two looks at the consumers."""

LONGEST_DELAY = 60.0

UNEXPECTED = 5.0
"""Seconds until a batch comes again whose handler failed in a way that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Intake:
    """One durable consumer of one stream, and what is done with its batches.

    `handle` gets one batch at a time, in order; if it raises, the whole batch comes again. `reached` gives the
    position in the stream after which delivery begins where the consumer must be made; a consumer that was told of
    more than that is made again. Without `reached` it begins with the first message. `inspect` is awaited before each
    look at the consumer; when it tells of broken history the consumer is left as it is, and `handle` must refuse.
    """

    authority: str
    stream: str
    subject: str
    durable: str
    handle: Callable[[list[Msg]], Awaitable[None]]
    batch: int
    reached: Callable[[], int] | None = None
    inspect: Callable[[], Awaitable[BrokenHistory | None]] | None = None

    def config(self, after: int) -> ConsumerConfig:
        """The consumer as it is made: no more in flight than one batch, so that nothing overtakes a retry."""
        start: dict[str, Any] = {}
        if after:
            start = {"deliver_policy": DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": after + 1}
        return ConsumerConfig(
            durable_name=self.durable,
            filter_subject=self.subject,
            max_ack_pending=self.batch,
            ack_wait=ACK_WAIT,
            **start,
        )


class Patient:
    """A pull subscription that waits long for a first message and briefly for more.

    As it stands the client waits its whole time-out for a batch to fill: either a lone message is late, or an idle
    consumer asks dozens of times a second. FastStream asks again until its own time-out has passed, so that one
    must be shorter than any gathering here takes.
    """

    def __init__(self, subscription: JetStreamContext.PullSubscription) -> None:
        self._subscription = subscription
        self._gathering: asyncio.Task[None] | None = None
        self._messages: list[Msg] = []

    async def fetch(self, batch: int, timeout: float) -> list[Msg]:  # noqa: ASYNC109 - FastStream calls it so
        """The next messages. TimeoutError when none came."""
        self._messages = []
        over = monotonic() + timeout
        self._gathering = asyncio.create_task(self._gather(batch, timeout))
        await asyncio.shield(self._gathering)  # a stop in between must not lose what has come
        if (left := over - monotonic()) >= 0:  # or FastStream would ask for more and hold this for a long poll
            await asyncio.sleep(left + MOMENT)
        return self._messages

    async def unsubscribe(self) -> None:
        """End the subscription and give back what nobody handled, so that another process gets it at once."""
        if self._gathering is not None and not self._gathering.done():
            if not self._messages:
                self._gathering.cancel()
            await asyncio.wait([self._gathering])
        for message in self._messages:
            if not message.is_acked:
                await message.nak()
        await self._subscription.unsubscribe()

    async def _gather(self, batch: int, timeout: float) -> None:  # noqa: ASYNC109 - handed on to the client
        try:
            self._messages += await self._subscription.fetch(1, timeout=max(timeout, LONG_POLL))
            # The client raises its own TimeoutError in one place and Python's in another. FastStream knows only the
            # former: the latter would end its task, and what was fetched would be lost until the server's
            # acknowledgement time has passed.
            came = FLOWING
            while came >= FLOWING and (room := batch - len(self._messages)):
                came = 0
                with suppress(TimeoutError):
                    more = await self._subscription.fetch(room, timeout=LINGER)
                    self._messages += more
                    came = len(more)
        except TimeoutError:
            raise nats.errors.TimeoutError from None
        except nats.errors.Error as error:
            if self._messages:  # they are handed on, and the next request meets the same error
                return
            if not isinstance(error, ServiceUnavailableError):
                raise
            # Nobody serves the consumer now: it was deleted, or has no leader. FastStream would ask again at once.
            await asyncio.sleep(LONG_POLL / 5)
            raise nats.errors.TimeoutError from None


async def raw(message: Any) -> Any:
    """Leave the messages as they are; the contracts of `events` decode them."""
    return message.raw_message


def subscribe(broker: NatsBroker, intake: Intake) -> Any:
    """Register the intake with the broker; the subscriber.

    NACK_ON_ERROR, since FastStream's own default would end a message whose handler failed. `batch=True`, since
    handlers of single messages of one fetch run at once and out of order.
    """
    subscriber = broker.subscriber(
        intake.subject,
        stream=JStream(intake.stream, declare=False),
        durable=intake.durable,
        config=intake.config(0),
        pull_sub=PullSub(batch_size=intake.batch, batch=True, timeout=LINGER / 10),  # see Patient
        ack_policy=AckPolicy.NACK_ON_ERROR,
        no_reply=True,
        decoder=raw,
    )

    async def handle(messages: list[Msg]) -> None:
        async with busy(messages):
            try:
                await intake.handle(messages)
            except HandlerException:  # it says when to come again
                raise
            except Exception:
                log.exception("batch not handled", consumer=intake.durable, authority=intake.authority)
                raise NackMessage(delay=UNEXPECTED) from None

    subscriber(handle)
    return subscriber


@asynccontextmanager
async def busy(messages: Sequence[Msg]) -> AsyncIterator[None]:
    """Keep the messages from being given to somebody else while the block runs."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(ACK_WAIT / 3)
            for message in messages:
                await message.in_progress()

    teller = asyncio.create_task(tell())
    try:
        yield
    finally:
        teller.cancel()


def retry_delay(message: Msg, *, first: float = 1.0) -> float:
    """Seconds until a message should come again: twice as long each time, a minute at most."""
    delivered: int = message.metadata.num_delivered or 1
    return min(first * float(2 ** min(delivered - 1, 10)), LONGEST_DELAY)


@asynccontextmanager
async def consuming(broker: NatsBroker, intakes: Sequence[Intake]) -> AsyncIterator[None]:
    """Consume within the block; at its end what is being handled is finished and acknowledged."""
    subscribers = [subscribe(broker, intake) for intake in intakes]
    js = (await broker.connect()).jetstream()
    for intake in intakes:
        await ensure(js, intake, afresh=True)
    await broker.start()
    for subscriber in subscribers:
        subscriber.subscription = Patient(subscriber.subscription)
    watch = asyncio.create_task(_watch(js, intakes))
    try:
        yield
    finally:
        watch.cancel()
        await broker.stop()


async def _watch(js: JetStreamContext, intakes: Sequence[Intake]) -> None:
    while True:
        await asyncio.sleep(WATCH_EVERY)
        for intake in intakes:
            try:
                await ensure(js, intake)
            except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:  # the next look tells more
                log.warning("consumer not seen", consumer=intake.durable, error=type(error).__name__)


async def ensure(js: JetStreamContext, intake: Intake, *, afresh: bool = False) -> bool:
    """Make the consumer if it is missing, or again if it is ahead of what was reached; whether it was made.

    With `afresh` a consumer that follows what was reached is made again in any case: a process that was killed
    took events with it, which the server would give out only after the acknowledgement time, behind later ones.
    Nothing is made where the intake finds that what it reached is not in the stream.
    """
    if intake.inspect is not None and await intake.inspect() is not None:
        return False
    info = await consumer_info(js, intake.stream, intake.durable)
    reached = await asyncio.to_thread(intake.reached) if intake.reached else 0
    if info is not None:
        # Acknowledged means kept: if the view lacks such an event, it was dropped or restored from a backup.
        acknowledged = info.ack_floor.stream_seq if info.ack_floor else 0
        if intake.reached is None or (acknowledged <= reached and not afresh):
            return False
        if acknowledged > reached:
            log.warning("consumer ahead of its view", consumer=intake.durable, acknowledged=acknowledged, view=reached)
        with suppress(NotFoundError):
            await js.delete_consumer(intake.stream, intake.durable)
    await js.add_consumer(intake.stream, config=intake.config(reached))
    log.info("consumer made", consumer=intake.durable, authority=intake.authority, after=reached)
    return True


async def consumer_info(js: JetStreamContext, stream: str, durable: str) -> ConsumerInfo | None:
    """What the server says of a consumer; None where there is none."""
    try:
        info: ConsumerInfo = await js.consumer_info(stream, durable)
    except NotFoundError:
        return None
    return info
