"""Durable consumers of messages whose order does not matter: timers that fired, events to be worked out.

Each intake is a loop of its own over the connection of FastStream's broker, beside a watch over the consumers: one that
was deleted on the server is noticed by nobody unless somebody looks. What a handler does not acknowledge comes again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from sqlalchemy.exc import SQLAlchemyError

from events.errors import RolledBack, SightlineError
from services.log import Log
from workers.intake.pulling import Pull, consumer_info
from workers.processes.together import beside, unless

log = Log(__name__)

ACK_WAIT = 10.0
"""Seconds after which the server gives a message to somebody else; a handler that takes longer says that it is busy."""

WATCH_EVERY, DOUBT_EVERY = 60.0, 1.0
"""Seconds between two looks at the consumers: as a rule, and where one of them gave nothing sooner than it was waited
for, as one does that is not there: whoever waits for it is told so at once."""

LONGEST_DELAY = 60.0

UNEXPECTED = 5.0
"""Seconds until what is left of a batch comes again whose handler failed in a way that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Intake:
    """One durable consumer of one stream, and what is done with its batches.

    `handle` gets one batch at a time, and an event that is set when it is time to stop. It may acknowledge messages or
    send them back; the others are acknowledged when it returns, and come again when it raises.
    """

    authority: str
    stream: str
    subject: str
    durable: str
    handle: Callable[[Sequence[Msg], asyncio.Event], Awaitable[None]]
    batch: int

    def config(self) -> ConsumerConfig:
        """The consumer as it is made: it begins with the first message of the stream."""
        return ConsumerConfig(
            durable_name=self.durable,
            filter_subject=self.subject,
            max_ack_pending=self.batch,
            ack_wait=ACK_WAIT,
        )


Compare = Callable[[Client], Awaitable[None]]
"""Raises RolledBack where a history is not what was read of it before."""


class Gate:
    """Lets nothing be worked out on a history that was exchanged for another one under a running worker.

    Nobody exchanges it without a server that goes away, or consumers that do: only then it is looked at again.
    """

    def __init__(self, client: Client, compare: Compare) -> None:
        self._client = client
        self._compare = compare
        self._seen = self._client.stats["reconnects"]

    async def passed(self, stop: asyncio.Event, *, doubtful: bool = False) -> bool:
        """Whether work may go on; waits while nobody answers, and is False where it is time to stop meanwhile.

        RolledBack ends the worker: whoever starts it again gets the same answer, before anything is written.
        """
        while (now := self._client.stats["reconnects"]) != self._seen or doubtful:
            try:
                await self._compare(self._client)
            except RolledBack:
                raise
            except (nats.errors.Error, SightlineError, SQLAlchemyError) as error:
                log.warning("history not looked at", error=type(error).__name__)
                if await unless(stop, DOUBT_EVERY):
                    return False
            else:
                self._seen, doubtful = now, False
        return True


@asynccontextmanager
async def consuming(broker: NatsBroker, intakes: Sequence[Intake], compare: Compare) -> AsyncIterator[None]:
    """Consume within the block; at its end what is being handled is finished and acknowledged.

    RolledBack where a history proves to be another one after the server, or a consumer, was away.
    """
    client = await broker.connect()
    js, gate = client.jetstream(), Gate(client, compare)
    try:
        for intake in intakes:
            await ensure(js, intake)
        pulls = [await Pull.opened(client, each.stream, each.durable) for each in intakes]
        doubt = asyncio.Event()
        works = [partial(_consume, intake, pull, gate, doubt) for intake, pull in zip(intakes, pulls, strict=True)]
        async with beside(partial(_watch, js, intakes, gate, doubt), *works):
            yield
    finally:
        await broker.stop()


async def _consume(intake: Intake, pull: Pull, gate: Gate, doubt: asyncio.Event, stop: asyncio.Event) -> None:
    try:
        while not stop.is_set():
            messages = await pull.batch(intake.batch, stop)
            if pull.early:
                doubt.set()
            if messages and await gate.passed(stop):
                await _handle(intake, messages, stop)
    finally:
        await pull.close()


async def _handle(intake: Intake, messages: Sequence[Msg], stop: asyncio.Event) -> None:
    async with beside(partial(_tell, messages)):
        failed = False
        try:
            await intake.handle(messages, stop)
        except Exception:
            log.exception("batch not handled", consumer=intake.durable, authority=intake.authority)
            failed = True
    try:
        for message in messages:
            if not message.is_acked:
                await (message.nak(delay=UNEXPECTED) if failed else message.ack())
    except nats.errors.Error as error:  # it comes again after the acknowledgement time
        log.warning("not acknowledged", consumer=intake.durable, error=type(error).__name__)


async def _tell(messages: Sequence[Msg], stop: asyncio.Event) -> None:
    """Keep the messages from being given to somebody else."""
    while not await unless(stop, ACK_WAIT / 3):
        try:
            for message in messages:
                if not message.is_acked:
                    await message.in_progress()
        except nats.errors.Error as error:
            log.warning("server not told of work in hand", error=type(error).__name__)


def retry_delay(message: Msg, *, first: float = 1.0) -> float:
    """Seconds until a message should come again: twice as long each time, a minute at most."""
    delivered: int = message.metadata.num_delivered or 1
    return min(first * float(2 ** min(delivered - 1, 10)), LONGEST_DELAY)


async def _watch(
    js: JetStreamContext, intakes: Sequence[Intake], gate: Gate, doubt: asyncio.Event, stop: asyncio.Event
) -> None:
    looked = monotonic()
    while not await unless(stop, DOUBT_EVERY):
        if not doubt.is_set() and monotonic() - looked < WATCH_EVERY:
            continue
        doubt.clear()
        looked = monotonic()
        for intake in intakes:
            try:
                gone = await consumer_info(js, intake.stream, intake.durable) is None
                if await gate.passed(stop, doubtful=gone) and gone:
                    await ensure(js, intake)
            except RolledBack:
                raise
            except (nats.errors.Error, SightlineError) as error:  # the next look tells more
                log.warning("consumer not seen", consumer=intake.durable, error=type(error).__name__)


async def ensure(js: JetStreamContext, intake: Intake) -> None:
    """Make the consumer if it is missing."""
    if await consumer_info(js, intake.stream, intake.durable) is None:
        await js.add_consumer(intake.stream, config=intake.config())
        log.info("consumer made", consumer=intake.durable, authority=intake.authority)
