"""Raw reading of one stream: from its leader (certain, one by one) or from any copy (fast, many at once)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from events.errors import BrokenHistory
from services.store.errors import StoreUnavailable
from services.store.losses import REHEARSAL
from services.store.messages import RawMessage, from_leader, from_replica

NOT_FOUND = 10037
PAGE_BYTES = 8 * 1024 * 1024
"""What one page may hold in memory; a single larger message still comes."""

STATUS = "Status"
END_OF_BATCH = "204"
NO_MESSAGE = "404"


class ApiRefused(Exception):
    """The server answered a request with an error."""

    def __init__(self, code: int, description: str) -> None:
        self.code = code
        super().__init__(description)


async def api(client: Client, name: str, request: Mapping[str, Any] | None = None, *, within: float) -> Any:
    """One request to the JetStream API. ApiRefused for its errors, StoreUnavailable when nobody answers in time."""
    payload = orjson.dumps(request) if request is not None else b""
    try:
        answer = await client.request(f"$JS.API.{name}", payload, timeout=within)
    except nats.errors.NoRespondersError as error:
        raise StoreUnavailable("JetStream does not answer: it is off, or has no leader now") from error
    except nats.errors.Error as error:
        raise StoreUnavailable(f"JetStream did not answer ({type(error).__name__})") from error
    found = orjson.loads(answer.data)
    if "error" in found:
        refusal = found["error"]
        raise ApiRefused(refusal.get("err_code", 0), refusal.get("description", ""))
    return found


class Page(NamedTuple):
    """Messages in the order of the stream. `more` says that the copy which answered holds later ones."""

    messages: list[RawMessage]
    more: bool


class _Gathering:
    """The messages of one batched request, until the server says that the batch ends."""

    def __init__(self) -> None:
        self.messages: list[RawMessage] = []
        self.done: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    def take(self, message: Msg) -> None:
        """Collect a message, or note the end of the batch."""
        headers = message.headers or {}
        if STATUS not in headers:
            self.messages.append(from_replica(headers, message.data))
        elif not self.done.done():
            self.done.set_result(headers)


class Source:
    """One stream as readers see it, over a connection that somebody else owns (a worker's, or a link's)."""

    def __init__(self, client: Client, stream: str, *, timeout: float = 5.0) -> None:
        self.client = client
        self.stream = stream
        self.timeout = timeout
        self._inbox = ""
        self._listening: Subscription | None = None
        self._tokens = 0
        self._gatherings: dict[str, _Gathering] = {}
        self._opening = asyncio.Lock()

    async def last_sequence(self) -> int:
        """The sequence of the newest event, by the stream's leader; 0 for none."""
        info = await self._ask(f"STREAM.INFO.{self.stream}", None)
        return int(info["state"]["last_seq"])

    async def subjects(self, pattern: str) -> dict[str, int]:
        """How many messages there are on each subject that fits the pattern, by the leader."""
        info = await self._ask(f"STREAM.INFO.{self.stream}", {"subjects_filter": pattern})
        return {name: int(count) for name, count in (info["state"].get("subjects") or {}).items()}

    async def deleted(self) -> list[int]:
        """The positions between the first and the last at which the server knows of no message."""
        info = await self._ask(f"STREAM.INFO.{self.stream}", {"deleted_details": True})
        return list(info["state"].get("deleted") or ())

    async def is_rehearsal(self) -> bool:
        """Whether the stream was made for a rehearsal, whose clock is moved."""
        info = await self._ask(f"STREAM.INFO.{self.stream}", None)
        return REHEARSAL in (info["config"].get("metadata") or {})

    async def last_of(self, subject: str) -> RawMessage | None:
        """The newest message of a subject, by the leader: whatever was acknowledged is seen.

        BrokenHistory when there are messages but the newest cannot be read. The server calls a damaged one "not
        found", and an aggregate that lost its last event must never look like one that does not exist. Between the
        two questions somebody may have created the aggregate, so the first is asked again before that is said.
        """
        found = await self._leader({"last_by_subj": subject})
        if found is None and await self._count_of(subject):
            found = await self._leader({"last_by_subj": subject})
            if found is None:
                raise BrokenHistory(subject, "the last event is damaged and cannot be read")
        return found

    async def _count_of(self, subject: str) -> int:
        return (await self.subjects(subject)).get(subject, 0)

    async def newest(self, subject: str) -> RawMessage | None:
        """The newest message of a subject that can be read, by the leader; damage after it shows to others."""
        return await self._leader({"last_by_subj": subject})

    async def next_of(self, subject: str, sequence: int) -> RawMessage | None:
        """The first message of a subject at or after a sequence, by the leader."""
        return await self._leader({"seq": max(sequence, 1), "next_by_subj": subject})

    async def at(self, sequence: int) -> RawMessage | None:
        """The message at a sequence, by the leader."""
        return await self._leader({"seq": sequence})

    async def page(self, start: int, count: int, subject: str | None = None) -> Page:
        """Up to `count` messages from sequence `start` on, by any copy of the stream: it may lag behind.

        Fewer come when they are large, but at least one if there is one. A hole shows as a jump in the sequences.
        StoreUnavailable when the answer does not come in time.
        """
        request: dict[str, Any] = {"seq": max(start, 1), "batch": count, "max_bytes": PAGE_BYTES}
        if subject is not None:
            request["next_by_subj"] = subject
        gathering = _Gathering()
        token = await self._token()
        self._gatherings[token] = gathering
        try:
            reply = f"{self._inbox}.{token}"
            await self.client.publish(f"$JS.API.DIRECT.GET.{self.stream}", orjson.dumps(request), reply=reply)
            end = await asyncio.wait_for(gathering.done, self.timeout)
        except (TimeoutError, nats.errors.Error) as error:
            raise StoreUnavailable(f"stream {self.stream}: a read was not answered in time") from error
        finally:
            del self._gatherings[token]
        status = end[STATUS]
        if status not in {END_OF_BATCH, NO_MESSAGE}:
            raise StoreUnavailable(f"stream {self.stream}: a read was refused with status {status}")
        return Page(gathering.messages, more=int(end.get("Nats-Num-Pending", "0")) > 0)

    async def close(self) -> None:
        """Give the inbox back; reading again opens a new one. A second call changes nothing."""
        listening, self._listening, self._inbox = self._listening, None, ""
        if listening is None or self.client.is_closed:  # a closed connection has ended its subscriptions
            return
        with suppress(nats.errors.ConnectionClosedError, nats.errors.ConnectionDrainingError):  # it ends just now
            await listening.unsubscribe()

    async def _leader(self, request: Mapping[str, Any]) -> RawMessage | None:
        found = await self._ask(f"STREAM.MSG.GET.{self.stream}", request)
        return from_leader(found["message"]) if found else None

    async def _ask(self, name: str, request: Mapping[str, Any] | None) -> Any:
        try:
            return await api(self.client, name, request, within=self.timeout)
        except ApiRefused as refused:
            if refused.code == NOT_FOUND:
                return None
            raise StoreUnavailable(f"stream {self.stream}: {refused}") from refused

    async def _token(self) -> str:
        async with self._opening:
            if not self._inbox:
                inbox = self.client.new_inbox()
                # No limit on what is pending: pages are bounded, and a message dropped here would look like a hole.
                self._listening = await self.client.subscribe(
                    f"{inbox}.*", cb=self._take, pending_msgs_limit=-1, pending_bytes_limit=-1
                )
                self._inbox = inbox
        self._tokens += 1
        return str(self._tokens)

    async def _take(self, message: Msg) -> None:
        gathering = self._gatherings.get(message.subject.rpartition(".")[2])
        if gathering is not None:  # else the answer came after its reader gave up
            gathering.take(message)
