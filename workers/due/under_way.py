"""Whether the timekeeper is still at work on what the end of an import releases: then nobody else begins that."""

from typing import Any

import nats.errors
from nats.aio.client import Client

from events.errors import SightlineError
from events.subjects import stream_name
from services.log import Log
from workers.intake.pulling import consumer_info

log = Log(__name__)

RELEASER = "timekeeper"
"""The worker that works out what an import brought in, and its durable consumer."""


class UnderWay:
    """How the releases of one authority get on, as whoever looks now and then can tell."""

    def __init__(self, client: Client, authority: str) -> None:
        self._js = client.jetstream()
        self._authority = authority
        self._done = 0
        self._seen: tuple[Any, ...] | None = None

    async def goes_on(self, closed: int, handed_over: int) -> bool:
        """Whether imports that were closed up to this position are still being released, and that moves.

        It moves where the timekeeper took anything, or handed over any record more, since this was asked last: a
        release that stands still, whatever became of its process, is waited for once. Where nobody is to release
        anything, or nothing can be known of it, none goes on.
        """
        if closed <= self._done:
            return False
        try:
            info = await consumer_info(self._js, stream_name(self._authority), RELEASER)
        except (nats.errors.Error, SightlineError) as error:
            log.warning("release not seen", authority=self._authority, error=type(error).__name__)
            return False
        if info is None or info.ack_floor is None:
            return False
        if info.ack_floor.stream_seq >= closed:
            self._done, self._seen = closed, None
            return False
        delivered = info.delivered.stream_seq if info.delivered else 0
        seen, self._seen = self._seen, (info.ack_floor.stream_seq, delivered, handed_over)
        return seen != self._seen
