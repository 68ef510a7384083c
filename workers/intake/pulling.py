"""A durable pull consumer, asked patiently: long for a first message, briefly for company.

As it stands the client waits its whole time-out for a batch to fill: either a lone message is late, or an idle consumer
asks dozens of times a second.
"""

import asyncio
from contextlib import suppress
from functools import partial
from math import inf
from time import monotonic

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy, StatusCode
from nats.js.errors import APIError, NotFoundError

from events.subjects import all_subjects, stream_name
from services.log import Log
from services.store.ending import ended
from workers.intake.pace import Pace
from workers.processes.together import unless

log = Log(__name__)

LINGER = 0.02
"""Seconds that a batch is gathered for after its first message: a tail of single events becomes some fifty
commits a second at most, and none waits longer than this for company."""

FLOWING = 100
"""If that many came within `LINGER`, there is a backlog: the batch is filled, whatever it takes."""

LONG_POLL, LONG_POLL_AT_REST, LONGEST_POLL = 5.0, 20.0, 60.0
"""Seconds that one request waits on the server for a first message: what an idle consumer costs (see
`workers.intake.pace`). One that was lost with a connection is made again as soon as that is back; one that a server of
several lost, when its time is over. So it is longest where there is one server alone."""

MOMENT = 0.2
"""Seconds until a consumer is asked again that nobody serves now: it was deleted, or has no leader."""

OF_ANOTHER = frozenset({StatusCode.NO_MESSAGES, StatusCode.REQUEST_TIMEOUT, StatusCode.CONTROL_MESSAGE})
"""What the server may still say of a request before, whose time was over."""


class Told(JetStreamContext.PullSubscription):
    """A pull subscription that hears at once that nobody serves its consumer any more.

    The client takes the server's word of that (409: deleted, no leader, shutting down) for its own time-out, catches
    it, and waits until its time is over. What has come already is taken without a wait (see `come`).
    """

    def __init__(self, found: JetStreamContext.PullSubscription) -> None:
        self.__dict__.update(found.__dict__)
        self._sub.next_msg = partial(come, self._sub)  # type: ignore[method-assign]  # of this one subscription

    async def _fetch_one(
        self,
        expires: int | None,
        timeout: float | None,  # noqa: ASYNC109 - the client's own form
        heartbeat: float | None = None,
    ) -> Msg:
        """As the client does, but APIError with such a word.

        The time is handed to whatever waits, and no second clock ends it: the server's word that the time is over comes
        just then, and a wait that is cancelled as its message comes is not cancelled at all (Python 3.11). It would go
        on as long again, with nothing asked of the server.
        """
        del heartbeat
        while self.pending_msgs:
            message = await self._sub.next_msg(timeout=timeout)
            if not JetStreamContext.is_status_msg(message):
                return message  # what else waits is said of earlier requests
        request = orjson.dumps({"batch": 1, "expires": expires})
        await self._nc.publish(self._nms, request, self._deliver)
        until = inf if timeout is None else monotonic() + timeout
        while (left := until - monotonic()) > 0:
            message = await self._sub.next_msg(timeout=left)
            status = JetStreamContext.is_status_msg(message)
            if not status:
                return message
            if status not in OF_ANOTHER:
                APIError.from_msg(message)
        raise TimeoutError


async def come(subscription: Subscription, timeout: float | None = 1.0) -> Msg:  # noqa: ASYNC109 - the client's own form
    """The next message, as the client gives it; for one that has come already it makes no task and no timer.

    In a batch nearly all of them have, and what the client makes for each was a third of what an intake costs.
    """
    queue = subscription._pending_queue  # noqa: SLF001 - as the client's own way does
    if queue.empty() or subscription._conn.is_closed:  # noqa: SLF001 - as above
        return await Subscription.next_msg(subscription, timeout)
    message: Msg = queue.get_nowait()
    subscription._pending_size -= len(message.data)  # noqa: SLF001 - as above
    queue.task_done()
    return message


class Pull:
    """Batches of one durable consumer. Open it with `opened`, and close it."""

    def __init__(
        self,
        subscription: JetStreamContext.PullSubscription,
        durable: str,
        *,
        acknowledged: bool = True,
        back: asyncio.Event | None = None,
        alone: bool = False,
    ) -> None:
        self._subscription = subscription
        self._acknowledged = acknowledged
        self._back = back or asyncio.Event()
        self._durable = durable
        self._messages: list[Msg] = []
        self._pace = Pace(LONG_POLL, LONGEST_POLL if alone else LONG_POLL_AT_REST)
        self.early = False

    @classmethod
    async def opened(cls, client: Client, stream: str, durable: str, *, acknowledged: bool = True) -> "Pull":
        """Make ready to ask the consumer, which need not be there yet; `acknowledged` says if it waits for that."""
        found = await client.jetstream().pull_subscribe_bind(durable=durable, stream=stream)
        alone = not client._server_info.get("cluster")  # noqa: SLF001 - what a server says of itself as it is connected to
        return cls(Told(found), durable, acknowledged=acknowledged, back=getattr(client, "back", None), alone=alone)

    async def batch(self, most: int, stop: asyncio.Event) -> list[Msg]:
        """The next messages, in the order in which they came; none where none came in a while, or it is time to stop.

        What has come when it is time to stop is left to `close`. A consumer that is not there gives none, and so does
        one whose connection was lost meanwhile; `early` says that none came sooner than they are waited for, or that
        some may have gone with it.
        """
        self._messages, began, self.early = [], monotonic(), False
        gathering = asyncio.create_task(self._gather(most))
        stopping, back = asyncio.create_task(stop.wait()), asyncio.create_task(self._back.wait())
        try:
            await asyncio.wait([gathering, stopping, back], return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                if self._messages:  # a stop in between must not lose what is coming
                    await asyncio.wait([gathering])
                return []
            if self._messages or not back.done():
                try:
                    await gathering
                except nats.errors.Error as error:
                    log.debug("nothing fetched", consumer=self._durable, error=type(error).__name__)
                    await unless(stop, MOMENT)
            lost = back.done()  # what was given out to the connection before may have gone with it
            self.early = not self._messages and (lost or monotonic() - began < LONG_POLL / 2)
            found, self._messages = self._messages, []
            return found
        finally:
            await ended(gathering, stopping, back)

    async def close(self) -> None:
        """End the subscription. What came and nobody handled is given back, so that another process gets it at once."""
        with suppress(nats.errors.Error):  # then it comes again after the acknowledgement time
            if self._subscription.pending_msgs:
                with suppress(TimeoutError):
                    self._messages += await self._subscription.fetch(self._subscription.pending_msgs, timeout=LINGER)
            for message in self._messages if self._acknowledged else ():
                await message.nak()
            await self._subscription.unsubscribe()

    async def _gather(self, most: int) -> None:
        # The client raises its own TimeoutError in one place and Python's in another; the former is both.
        with suppress(TimeoutError):
            self._messages += await self._subscription.fetch(1, timeout=self._pace.seconds)
            self._pace.news()
            came = FLOWING
            while came >= FLOWING and (room := most - len(self._messages)) > 0:
                more = await self._subscription.fetch(room, timeout=LINGER)
                self._messages += more
                came = len(more)


async def consumer_info(js: JetStreamContext, stream: str, durable: str) -> ConsumerInfo | None:
    """What the server says of a consumer; None where there is none."""
    try:
        info: ConsumerInfo = await js.consumer_info(stream, durable)
    except NotFoundError:
        return None
    return info


async def made_to_follow(js: JetStreamContext, authority: str, durable: str, *, after: int, afresh: bool) -> bool:
    """Make the consumer of one who reads a history in order, after that position, if it is missing; whether made.

    With `afresh` one that is there is made anew, for it may stand anywhere. Nothing is acknowledged: whoever reads
    keeps how far it came, and reads what is missing from the stream.
    """
    stream = stream_name(authority)
    if await consumer_info(js, stream, durable) is not None:
        if not afresh:
            return False
        with suppress(NotFoundError):
            await js.delete_consumer(stream, durable)
    config = ConsumerConfig(
        durable_name=durable,
        filter_subject=all_subjects(authority),
        ack_policy=AckPolicy.NONE,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=after + 1,
    )
    await js.add_consumer(stream, config=config)
    log.info("consumer made", consumer=durable, authority=authority, after=after)
    return True
