"""Following the stream: first what is there, in pages, then what arrives, through a consumer."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import nats.errors
import nats.js.errors
from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext

from services.store.continuity import Continuity
from services.store.contract import of_the_library
from services.store.damage import Damage
from services.store.ending import ended
from services.store.errors import StoreUnavailable
from services.store.link import Link
from services.store.messages import RawMessage
from services.store.source import Source
from services.store.stored import notification

PAGE = 500
WAIT = 1.0
"""How long one fetch waits for the next event; a consumer that was lost is noticed and made again after it."""

FORGET_AFTER = 60.0
"""The server removes the consumer of a reader that went away."""


class JetStreamSubscription(Subscription[ApplicationRecorder]):
    """Iterates notifications; waits at the end for the next one until `stop` is called, from any thread.

    BrokenHistory when a sequence or version is missing. A broken connection only delays it.
    """

    def __init__(
        self,
        recorder: ApplicationRecorder,
        link: Link,
        source: Source,
        *,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._link = link
        self._source = source
        self._check = Continuity(source.stream, after=gt or 0)
        self._damage = Damage(source)
        self._ready: deque[Notification] = deque()
        self._stopped = asyncio.Event()
        self._tail: JetStreamContext.PullSubscription | None = None
        self._caught_up = False

    @of_the_library
    def stop(self) -> None:
        """End the iteration, also one that is waiting. A second call changes nothing."""
        if not self._has_been_stopped:
            super().stop()
            self._link.run(self._end())

    @of_the_library
    def __next__(self) -> Notification:
        """The next event of the wanted topics; waits for it."""
        while not self._ready and not self._has_been_stopped:
            for message in self._link.run(self._whole()):
                self._check.accept(message)
                if not self._topics or message.topic in self._topics:
                    self._ready.append(notification(message))
        if self._has_been_stopped:
            raise StopIteration
        return self._ready.popleft()

    async def _end(self) -> None:
        self._stopped.set()
        tail, self._tail = self._tail, None
        if tail is not None:
            with suppress(nats.errors.Error):  # the server drops an idle consumer by itself
                await tail.unsubscribe()

    async def _whole(self) -> list[RawMessage]:
        """The next messages, with what was accepted in the place of what is damaged, if that was before now."""
        found = await self._arrivals()
        first = self._check.position + 1
        if found and found[0].sequence > first and (shelf := self._source.shelf) and first <= shelf.through:
            self._tail, self._caught_up = None, False  # what comes next was archived, and removed meanwhile
            found = await self._arrivals()
        if (found and found[0].sequence != first) or not self._caught_up:
            await self._damage.learn()
        return await self._damage.put_in(self._check.position, found)

    async def _arrivals(self) -> list[RawMessage]:
        """The next messages; none when nothing came for a while or the subscription was stopped."""
        if not self._caught_up:
            page = await self._source.page(self._check.position + 1, PAGE)
            self._caught_up = not page.more
            if page.messages:
                return page.messages
        fetching = asyncio.ensure_future(self._fetch())
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return [] if self._stopped.is_set() else await fetching
        finally:
            await ended(fetching, stopping)

    async def _fetch(self) -> list[RawMessage]:
        try:
            if self._tail is None:
                self._tail = await self._follow()
            messages = await self._tail.fetch(PAGE, timeout=WAIT)
        except TimeoutError:
            await self._confirm()
            return []
        except (nats.errors.Error, nats.js.errors.Error) as error:
            return await self._again(error)
        return [
            RawMessage(
                each.subject,
                each.metadata.sequence.stream,
                each.headers or {},
                each.data,
                each.metadata.timestamp.isoformat(),
            )
            for each in messages
        ]

    async def _follow(self) -> JetStreamContext.PullSubscription:
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._check.position + 1,
            inactive_threshold=FORGET_AFTER,
            mem_storage=True,
            num_replicas=1,
        )
        js = self._source.client.jetstream(timeout=self._source.timeout)
        return await js.pull_subscribe(">", stream=self._source.stream, config=config)

    async def _confirm(self) -> None:
        """Nothing came: fine if the consumer is still there, else it is made again from where we stand."""
        try:
            if self._tail is not None:
                await self._tail.consumer_info()
        except (nats.errors.Error, nats.js.errors.Error) as error:
            await self._again(error)

    async def _again(self, error: Exception) -> list[RawMessage]:
        """Drop the consumer, so that the next fetch makes a new one; give up only with the connection."""
        self._tail = None
        self._caught_up = False
        if self._source.client.is_closed:
            raise StoreUnavailable(f"stream {self._source.stream}: the connection was closed") from error
        await asyncio.sleep(0.05)
        return []
