"""Published messages as they come, for whoever watches: from now on, from an instant, or from a place in the stream."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from events.published.base import TYPES
from events.subjects import published_stream
from services.store.source import Source

AT_ONCE = 200
WAIT = 1.0
FORGET_AFTER = 60.0
"""Seconds after which the server removes the consumer of one who went away."""


def topics() -> dict[str, str]:
    """What can be followed by itself, by its plain name: the part of a subject that it stands under."""
    return {f"{name.partition('.')[0]}s": f"{name.partition('.')[0]}.*" for name, _ in sorted(TYPES)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be followed. `since` or `sequence` say from where on; with neither it is what comes from now on.

    `old` adds what is no news, `endless` says whether to wait for more at the end.
    """

    authority: str
    topics: Sequence[str] = ()
    since: datetime | None = None
    sequence: int | None = None
    old: bool = False
    endless: bool = True
    subjects: Sequence[str] = ()

    @property
    def filters(self) -> list[str]:
        """The subjects: those of the topics, unless they are named."""
        if self.subjects:
            return list(self.subjects)
        known = topics()
        parts = [known[each] for each in self.topics] or sorted(set(known.values()))
        apart = ["", "reconstructed."] if self.old else [""]
        return [f"sightline.*.{self.authority}.{each}{part}" for each in apart for part in parts]

    def config(self, first: int | None) -> ConsumerConfig:
        """A consumer that begins at that sequence, or with None at the instant that was asked for."""
        return ConsumerConfig(
            ack_policy=AckPolicy.NONE,
            filter_subjects=self.filters,
            deliver_policy=DeliverPolicy.BY_START_TIME if first is None else DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first,
            opt_start_time=written(self.since) if first is None and self.since else None,  # type: ignore[arg-type]  # it is sent as it stands
            inactive_threshold=FORGET_AFTER,
            mem_storage=True,
            num_replicas=1,
        )


def written(instant: datetime) -> str:
    """An instant as the server reads it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


async def following(client: Client, wanted: Wanted) -> AsyncIterator[Msg]:
    """The messages in their order; a connection or a consumer that is lost delays them and loses none."""
    js = client.jetstream()
    first, taken = await first_of(client, wanted), 0
    pulled: JetStreamContext.PullSubscription | None = None
    left: int | None = None
    while True:
        try:
            if pulled is None:
                pulled, taken = await _opened(js, wanted, first), 0
            messages = await pulled.fetch(AT_ONCE, timeout=WAIT if wanted.endless or left else WAIT / 4)
        except TimeoutError:
            if wanted.endless:
                pulled = await _still(pulled)
                continue
            before, left = left, await _left(pulled, taken)
            if left == 0:
                break
            pulled = None if left in {None, before} else pulled  # what was given out may have gone with a connection
            continue
        except (nats.errors.Error, nats.js.errors.Error):
            if client.is_closed:
                raise
            pulled = None
            continue
        taken, left = taken + len(messages), None
        for message in messages:
            first = message.metadata.sequence.stream + 1
            yield message
    if pulled is not None:
        with suppress(nats.errors.Error):
            await pulled.unsubscribe()


async def first_of(client: Client, wanted: Wanted) -> int | None:
    """Where to begin; None where an instant says it. What comes from now on begins after the end of the stream."""
    if wanted.sequence is not None:
        return max(wanted.sequence, 1)
    if wanted.since is not None:
        return None
    return await Source(client, published_stream(wanted.authority)).last_sequence() + 1


async def _opened(js: JetStreamContext, wanted: Wanted, first: int | None) -> JetStreamContext.PullSubscription:
    stream = published_stream(wanted.authority)
    return await js.pull_subscribe("", stream=stream, config=wanted.config(first))


async def _left(pulled: JetStreamContext.PullSubscription | None, taken: int) -> int | None:
    """How many messages it has that have not come: nothing in time is not yet the end. None where nobody says."""
    try:
        info = await pulled.consumer_info() if pulled is not None else None
    except (nats.errors.Error, nats.js.errors.Error):
        return None
    if info is None:
        return None
    given = info.delivered.consumer_seq if info.delivered else 0
    return (info.num_pending or 0) + max(given - taken, 0)


async def _still(pulled: JetStreamContext.PullSubscription | None) -> JetStreamContext.PullSubscription | None:
    """The consumer if it is still there."""
    try:
        if pulled is not None:
            await pulled.consumer_info()
    except (nats.errors.Error, nats.js.errors.Error):
        return None
    return pulled
