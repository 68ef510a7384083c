"""Connections that lose what a real network loses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.store.attempts import BATCH_COMMIT, BATCH_SEQUENCE


class Faulty:
    """A client whose publishes of events fail a number of times: after the server stored them, or before.

    Everything else passes through to the real connection.
    """

    def __init__(self, client: Client, *, lost_answers: int = 0, lost_requests: int = 0) -> None:
        self._client = client
        self.lost_answers = lost_answers
        self.lost_requests = lost_requests
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        if not subject.startswith("sightline."):
            return await self._client.request(subject, payload, **options)
        self.asked += 1
        if self.lost_requests:
            self.lost_requests -= 1
            raise nats.errors.TimeoutError
        answer = await self._client.request(subject, payload, **options)
        if self.lost_answers:
            self.lost_answers -= 1
            raise nats.errors.TimeoutError
        return answer


class Meddling:
    """A client between whose questions somebody else acts: `meddle` runs once, before the first request of that name.

    Everything passes through to the real connection.
    """

    def __init__(self, client: Client, before: str, meddle: Callable[[], Awaitable[object]]) -> None:
        self._client = client
        self._before = before
        self._meddle: Callable[[], Awaitable[object]] | None = meddle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        meddle = self._meddle
        if meddle is not None and subject.startswith(f"$JS.API.{self._before}"):
            self._meddle = None
            await meddle()
        return await self._client.request(subject, payload, **options)


class Holding(Faulty):
    """A client whose publishes of events wait until `go` is set. It notes how many events each publish holds."""

    def __init__(self, client: Client, **losses: int) -> None:
        super().__init__(client, **losses)
        self.go = asyncio.Event()
        self.sizes: list[int] = []

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        if subject.startswith("sightline."):
            self.sizes.append(int(options["headers"].get(BATCH_SEQUENCE, "1")))
            await self.go.wait()
        return await super().request(subject, payload, **options)


class Stumbling(Faulty):
    """A client that loses the first publish of events to one subject, and holds the later ones until `go` is set."""

    def __init__(self, client: Client, ending: str) -> None:
        super().__init__(client)
        self.ending = ending
        self.tried = 0
        self.go = asyncio.Event()

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        if subject.startswith("sightline.") and subject.endswith(self.ending):
            self.tried += 1
            if self.tried == 1:
                raise nats.errors.TimeoutError
            await self.go.wait()
        return await super().request(subject, payload, **options)


class Cutting(Holding):
    """A client of a full server: it acknowledges a whole batch and keeps only its first `kept` messages."""

    is_draining_pubs = True
    """So each message of a batch is published by itself."""

    def __init__(self, client: Client, kept: int) -> None:
        super().__init__(client)
        self._kept = kept
        self._last = 0

    async def publish(self, subject: str, payload: bytes = b"", **options: Any) -> None:
        number = int(options["headers"][BATCH_SEQUENCE])
        if number < self._kept:
            await self._client.publish(subject, payload, **options)
        elif number == self._kept:
            headers = options["headers"] | {BATCH_COMMIT: "1"}
            answer = await self._client.request(subject, payload, timeout=10.0, headers=headers)
            self._last = orjson.loads(answer.data)["seq"]

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        number = int((options.get("headers") or {}).get(BATCH_SEQUENCE, "1"))
        if number <= self._kept:
            return await super().request(subject, payload, **options)
        self.sizes.append(number)
        sequence = self._last + number - self._kept
        return Msg(
            _client=self._client, data=orjson.dumps({"stream": "", "seq": sequence, "batch": "", "count": number})
        )
