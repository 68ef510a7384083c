"""Raw reading of one stream: from its leader (certain, one by one) or from any copy (fast, many at once).

What was archived and removed from the stream is read from its archives (see `services.store.archives`), here and
nowhere else: whoever reads by a `Source` sees one stream from its first position on.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from events.errors import BrokenHistory
from services.store.archives.archived import Archived
from services.store.archives.shelf import Shelf, shelf_of
from services.store.errors import StoreUnavailable
from services.store.gathering import END_OF_BATCH, NO_MESSAGE, PENDING, STATUS, Gathering
from services.store.losses import REHEARSAL, archived_through
from services.store.messages import PAGE_BYTES, RawMessage, from_leader

NOT_FOUND = 10037
MOST_SUBJECTS = 500
"""Subjects in one question: the server answers for 1,024 at most."""


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


class Source:
    """One stream as readers see it, over a connection that somebody else owns (a worker's, or a link's).

    The connection names the folder of archives (`QuickClient.archives`). BrokenHistory for what stands neither in the
    stream nor in an archive.
    """

    def __init__(self, client: Client, stream: str, *, timeout: float = 5.0) -> None:
        self.client = client
        self.stream = stream
        self.timeout = timeout
        self._inbox = ""
        self._listening: Subscription | None = None
        self._tokens = 0
        self._gatherings: dict[str, Gathering] = {}
        self._opening = asyncio.Lock()
        self._archived = Archived(shelf_of(getattr(client, "archives", None), stream), stream)

    @property
    def shelf(self) -> Shelf | None:
        """The archives of the stream; None where the connection names no folder of them."""
        return self._archived.shelf

    async def last_sequence(self) -> int:
        """The sequence of the newest event, by the stream's leader; 0 for none."""
        return int((await self.info())["state"]["last_seq"])

    async def first_live(self) -> int:
        """The first position that the stream itself still holds, by the leader; those before it are archived."""
        await self.info()
        return self._archived.before

    async def subjects(self, pattern: str) -> dict[str, int]:
        """How many messages there are on each subject that fits the pattern, by the leader."""
        info = await self.info({"subjects_filter": pattern})
        found = {name: int(count) for name, count in (info["state"].get("subjects") or {}).items()}
        for name, count in self._archived.subjects(pattern, info["config"]["subjects"]).items():
            found[name] = found.get(name, 0) + count
        return found

    async def deleted(self) -> list[int]:
        """The positions up to the last at which there is no message, neither by the leader nor in an archive."""
        info = await self.info({"deleted_details": True})
        return [*self._archived.missing(), *(info["state"].get("deleted") or ())]

    async def is_rehearsal(self) -> bool:
        """Whether the stream was made for a rehearsal, whose clock is moved."""
        return REHEARSAL in ((await self.info())["config"].get("metadata") or {})

    def is_archived(self, subject: str) -> bool:
        """Whether an archive holds messages of the subject; they may stand in the stream as well."""
        return self._archived.holds(subject)

    def is_live(self, sequence: int) -> bool:
        """Whether the stream itself holds that position, as far as it was last asked."""
        return sequence >= self._archived.before

    async def last_of(self, subject: str) -> RawMessage | None:
        """The newest message of a subject, by the leader: whatever was acknowledged is seen.

        BrokenHistory when there are messages but the newest cannot be read. The server calls a damaged one "not
        found", and an aggregate that lost its last event must never look like one that does not exist. Between the
        two questions somebody may have created the aggregate, so the first is asked again before that is said.
        """
        found = await self._leader({"last_by_subj": subject})
        if found is None and await self._count_of(subject):
            found = await self._leader({"last_by_subj": subject})
            if found is None and await self._count_of(subject):  # they may have been removed just then
                raise BrokenHistory(subject, "the last event is damaged and cannot be read")
        return self._archived.last_of(subject) if found is None else found

    async def _count_of(self, subject: str) -> int:
        """How many messages of a subject the stream itself holds."""
        info = await self.info({"subjects_filter": subject})
        return int((info["state"].get("subjects") or {}).get(subject, 0))

    async def newest(self, subject: str) -> RawMessage | None:
        """The newest message of a subject that can be read, by the leader; damage after it shows to others."""
        found = await self._leader({"last_by_subj": subject})
        if found is None and not await self._count_of(subject):
            return self._archived.last_of(subject)
        return found

    async def next_live(self, subject: str, sequence: int) -> RawMessage | None:
        """The first message of a subject at or after a sequence that the stream itself holds, by the leader."""
        return await self._leader({"seq": max(sequence, 1), "next_by_subj": subject})

    async def next_of(self, subject: str, sequence: int) -> RawMessage | None:
        """The first message of a subject (`>`: of any) at or after a sequence, by the leader."""
        found = await self.next_live(subject, sequence)
        if await self._removed(sequence):
            archived = self._archived.page(sequence, 1, None if subject.endswith(">") else subject)
            return archived[0] if archived else found or await self.next_live(subject, sequence)
        return found

    async def at(self, sequence: int) -> RawMessage | None:
        """The message at a sequence, by the leader."""
        found = await self._leader({"seq": sequence})
        if found is None and await self._removed(sequence):
            return self._archived.at(sequence)
        return found

    async def page(self, start: int, count: int, subject: str | None = None) -> Page:
        """Up to `count` messages from sequence `start` on, by any copy of the stream: it may lag behind.

        Fewer come when they are large, but at least one if there is one. A hole shows as a jump in the sequences.
        StoreUnavailable when the answer does not come in time.
        """
        if archived := self._archived.page(start, count, subject):
            return Page(archived, more=True)
        page = await self.live_page(start, count, subject)
        if self._is_whole(page, start, subject) or not await self._removed(start):
            return page
        archived = self._archived.page(start, count, subject)
        return Page(archived, more=True) if archived else page

    @staticmethod
    def _is_whole(page: Page, start: int, subject: str | None) -> bool:
        """Whether nothing can be lacking before what came."""
        return subject is None and bool(page.messages) and page.messages[0].sequence == start

    async def live_page(self, start: int, count: int, subject: str | None = None) -> Page:
        """What `page` gives, of what the stream itself holds."""
        request: dict[str, Any] = {"seq": max(start, 1), "batch": count, "max_bytes": PAGE_BYTES}
        if subject is not None:
            request["next_by_subj"] = subject
        found, end = await self._gathered(request)
        if end[STATUS] not in {END_OF_BATCH, NO_MESSAGE}:
            raise StoreUnavailable(f"stream {self.stream}: a read was refused with status {end[STATUS]}")
        return Page(found, more=int(end.get(PENDING, "0")) > 0)

    async def unused(self, subjects: Sequence[str]) -> frozenset[str]:
        """Those of the subjects on which nothing stands, as certain as the leader is of each, in few questions.

        Where that is not certain, none is given.
        """
        live = [each for each in dict.fromkeys(subjects) if not self._archived.holds(each)]
        used = await self.newest_of(live)
        return frozenset() if used is None else frozenset(live) - used.keys()

    async def newest_of(self, subjects: Sequence[str]) -> Mapping[str, RawMessage] | None:
        """The newest message of each subject in the stream itself, as certain as the leader is, in few questions.

        Any copy is asked, together with the subject of the newest message that the leader knows: a copy that gives that
        message, and all that it counts, lacks none of the others. None where it is not so.
        """
        last = await self.last_sequence()
        if not last:
            return {}
        newest = await self._leader({"seq": last})
        if newest is None:
            return None
        known: dict[str, RawMessage] = {}
        for first in range(0, len(subjects), MOST_SUBJECTS):
            asked = [newest.subject, *subjects[first : first + MOST_SUBJECTS]]
            found, end = await self._gathered({"multi_last": asked, "batch": len(asked), "max_bytes": PAGE_BYTES})
            known |= {each.subject: each for each in found}
            up_to_date = any(each.sequence >= last and each.subject == newest.subject for each in found)
            if not up_to_date or end[STATUS] != END_OF_BATCH or end.get(PENDING) != "0":
                return None
        return known

    async def _gathered(self, request: Mapping[str, Any]) -> tuple[list[RawMessage], Mapping[str, str]]:
        """The messages that any copy gives for a request, and how it ended."""
        gathering = Gathering()
        token = await self._token()
        self._gatherings[token] = gathering
        try:
            reply = f"{self._inbox}.{token}"
            await self.client.publish(f"$JS.API.DIRECT.GET.{self.stream}", orjson.dumps(request), reply=reply)
            return gathering.messages, await asyncio.wait_for(gathering.done, self.timeout)
        except (TimeoutError, nats.errors.Error) as error:
            raise StoreUnavailable(f"stream {self.stream}: a read was not answered in time") from error
        finally:
            del self._gatherings[token]

    async def close(self) -> None:
        """Give the inbox back; reading again opens a new one. A second call changes nothing."""
        listening, self._listening, self._inbox = self._listening, None, ""
        if listening is None or self.client.is_closed:  # a closed connection has ended its subscriptions
            return
        with suppress(nats.errors.ConnectionClosedError, nats.errors.ConnectionDrainingError):  # it ends just now
            await listening.unsubscribe()

    async def _removed(self, sequence: int) -> bool:
        """Whether what stood at a sequence was removed from the stream. Asked where an archive may hold it."""
        if self._archived.may_hold(sequence):
            await self.info()
        return sequence < self._archived.before

    async def info(self, request: Mapping[str, Any] | None = None) -> Any:
        """What the leader says of the stream; from then on it is known what of it was archived and removed.

        What is missing at its beginning without that is a hole like any other.
        """
        info = await self._ask(f"STREAM.INFO.{self.stream}", request)
        through = archived_through(info["config"])
        self._archived.before = min(int(info["state"]["first_seq"]), through + 1) if through else 1
        return info

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
