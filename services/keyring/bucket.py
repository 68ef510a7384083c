"""Where the wrapped keys are kept: what the keyring asks of a bucket, and the bucket on JetStream.

What a plain NATS bucket does not promise, and the keyring needs:

- Reads go to the stream's leader. A direct get may be answered by a copy that has not heard of a key made
  just now.
- An entry is written once and never over (`max_msgs_per_subject: 1`, `discard_new_per_subject`): whoever may write
  keys can make one, and can neither replace nor drop one, by no header (no roll-up) and no number of messages.
- A value that is replaced or purged stays readable in the server's block file (seen on nats-server 2.15.1
  with `sync_interval: always`) until the block happens to be compacted. Only deleting the message by its
  sequence overwrites its bytes. So the bucket permits deletion, a right of the custodian's account alone.
- Each write waits for the disk. Many are sent as one atomic batch, which is what makes an import of thousands of
  children bearable.

What stays out of reach: on a replicated bucket the servers' replication logs hold a copy of a wrapped key until
they compact them (seen once: gone within three minutes on three servers), and backups hold theirs. Whoever has one of
these still needs the master key to read it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import Header, RawStreamMsg
from nats.js.errors import APIError, NotFoundError

from events.errors import BrokenHistory, Drifted, Unavailable
from events.subjects import key_bucket

_IN_FLIGHT = 256
"""Requests on their way at once: enough to share each write to the disk, few enough for a small server."""
LARGEST_BATCH = 500
"""Entries of one atomic batch; the server takes a thousand."""
_WRONG_LAST_SEQUENCE = 10071
_WRITTEN_BEFORE = 10077
_WRITTEN_BY_ANOTHER_JUST_NOW = 10164
_NO_MESSAGE = 10037
_NO_SUCH_SEQUENCE = 10043
_SETTLING_SECONDS = 0.005
"""A pause after losing to a write that is still on its way between the servers, before asking who won."""
_ANSWER_SECONDS = 5.0
T = TypeVar("T")

_ONLY_NEW = {Header.EXPECTED_LAST_SUBJECT_SEQUENCE.value: "0"}

GUARDS: Mapping[str, object] = {
    "deny_delete": False,
    "max_msgs_per_subject": 1,
    "discard_new_per_subject": True,
    "allow_rollup_hdrs": False,
}
"""The settings without which a key could be lost by a message, or outlive its erasure."""


class Bucket(Protocol):
    """A small store of values by key, each written once. Every read sees every write that was confirmed before it.

    Each method raises Unavailable when the store cannot be reached or does not answer.
    """

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The value of each of the keys that exists; of a key that ends in `.*` the newest of those that it covers."""
        ...

    def names(self, group: str) -> tuple[str, ...]:
        """Every key that begins with `<group>.`."""
        ...

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        """Write each key that does not exist, and say which those are. Equal values count as written."""
        ...

    def destroy(self, key: str, value: bytes | None = None) -> None:
        """Overwrite the key's value on the disk; then there is none. A repeat changes nothing.

        With a `value` only that one: what was written in its place since stays.
        """
        ...

    def removed(self) -> int:
        """How many values were ever destroyed. As long as it stays the same, what was read stands."""
        ...

    def check(self) -> None:
        """Raise Drifted if a key could be lost, or an erased one could outlive its erasure here."""
        ...


class Connection(Protocol):
    """A shared connection with an event loop of its own (`services.store.link.Link` is one)."""

    @property
    def client(self) -> Client:
        """The client, whose coroutines run on the connection's own loop only."""
        ...

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work on the connection's loop and wait for its result."""
        ...


class JetStreamBucket:
    """The bucket of one authority on JetStream, which the provisioner made."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection = connection
        self._js = connection.client.jetstream()
        self._stream = f"KV_{key_bucket(authority)}"
        self._prefix = f"$KV.{key_bucket(authority)}."

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Keep the promise of `Bucket.get`; BrokenHistory for a key that was deleted from outside."""
        found = self._all(self._get, list(keys))
        return {key: value for key, value in found.items() if value}

    def names(self, group: str) -> tuple[str, ...]:
        """Keep the promise of `Bucket.names`."""
        covered = f"{group}.>"
        return self._all(self._covered, [covered])[covered]

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        """Keep the promise of `Bucket.create`. Up to `LARGEST_BATCH` that are all new are written together, or none."""
        written: set[str] = set()
        keys = list(values)
        for start in range(0, len(keys), LARGEST_BATCH):
            part = keys[start : start + LARGEST_BATCH]
            if len(part) > 1 and self._run(self._batch({key: values[key] for key in part})):
                written.update(part)
                continue
            mine = self._all(lambda key: self._write(key, values[key]), part)
            written |= {key for key, new in mine.items() if new}
        return written

    def destroy(self, key: str, value: bytes | None = None) -> None:
        """Keep the promise of `Bucket.destroy`."""
        self._all(lambda each: self._destroy(each, value), [key])

    def removed(self) -> int:
        """Keep the promise of `Bucket.removed`."""

        async def count(stream: str) -> int:
            state = (await self._api(f"STREAM.INFO.{stream}", {}))["state"]
            return int(state["last_seq"] - state["messages"])

        return self._all(count, [self._stream])[self._stream]

    def check(self) -> None:
        """Keep the promise of `Bucket.check`."""

        async def config(stream: str) -> Mapping[str, Any]:
            found: Mapping[str, Any] = (await self._api(f"STREAM.INFO.{stream}", {}))["config"]
            return found

        live = self._all(config, [self._stream])[self._stream]
        for setting, wanted in GUARDS.items():
            if (found := live.get(setting) or False) != wanted:
                raise Drifted(self._stream, setting, wanted, found)

    def tidy(self) -> int:
        """Overwrite every revision but the newest of each entry, as only a bucket of the first days has; how many."""

        async def tidied(stream: str) -> int:
            deleted = 0
            for key in await self._covered(">"):
                while (last := await self._last(key)) is not None:
                    subject = self._prefix + key
                    oldest = await self._js.get_msg(stream, seq=1, subject=subject, next=True, direct=False)
                    if oldest.seq is None or oldest.seq == last.seq:
                        break
                    deleted += await self._js.delete_msg(stream, oldest.seq)
            return deleted

        return self._all(tidied, [self._stream])[self._stream]

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._connection.run(work)
        except NatsError as error:
            raise Unavailable(f"bucket {self._stream}: {error}") from error

    def _all(self, one: Callable[[str], Awaitable[T]], keys: list[str]) -> dict[str, T]:
        """Do one thing for many keys, a bounded number at once, from whatever thread asks."""

        async def work() -> dict[str, T]:
            results: dict[str, T] = {}
            waiting = iter(keys)

            async def lane() -> None:
                for key in waiting:  # the lanes share one iterator: each takes the next key that is left
                    results[key] = await one(key)

            async with asyncio.TaskGroup() as lanes:
                for _ in range(min(_IN_FLIGHT, len(keys))):
                    lanes.create_task(lane())
            return results

        try:
            return self._connection.run(work())
        except ExceptionGroup as group:
            # One cause is what a caller can act on; the others failed alike or were cancelled for it.
            first = group.exceptions[0]
            if isinstance(first, NatsError):
                raise Unavailable(f"bucket {self._stream}: {first}") from first
            raise first from None

    async def _covered(self, keys: str) -> tuple[str, ...]:
        found: dict[str, Any] = {}
        while True:  # the server names a hundred thousand at most in one answer
            request = {"subjects_filter": self._prefix + keys, "offset": len(found)}
            info = await self._api(f"STREAM.INFO.{self._stream}", request)
            page = info["state"].get("subjects") or {}
            found |= page
            if not page or len(found) >= info.get("total", 0):
                return tuple(each.removeprefix(self._prefix) for each in found)

    async def _api(self, name: str, request: Mapping[str, Any]) -> Any:
        """One question about the stream as a whole, to its leader."""
        client, asked = self._connection.client, orjson.dumps(request)
        answer = await client.request(f"$JS.API.{name}", asked, timeout=_ANSWER_SECONDS)
        found = orjson.loads(answer.data)
        if "error" in found:
            raise Unavailable(f"bucket {self._stream}: {found['error'].get('description', '')}")
        return found

    async def _batch(self, values: Mapping[str, bytes]) -> bool:
        """Write all of them, or none; False where one exists or it cannot be told that all were written."""
        batch, client, last = uuid4().hex, self._connection.client, len(values)
        for number, (key, value) in enumerate(values.items(), start=1):
            headers = {**_ONLY_NEW, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            if number < last:
                await client.publish(self._prefix + key, value, headers=headers)
                continue
            headers["Nats-Batch-Commit"] = "1"
            try:
                answer = await client.request(self._prefix + key, value, timeout=_ANSWER_SECONDS, headers=headers)
            except NatsTimeout:
                return False  # each is then written, or found written, by itself
            # A server that is out of room can acknowledge a part of a batch: see its end before calling it written.
            return "error" not in orjson.loads(answer.data) and await self._get(key) == value
        return True

    async def _write(self, key: str, value: bytes) -> bool:
        try:
            await self._js.publish(self._prefix + key, value, stream=self._stream, headers=dict(_ONLY_NEW))
        except NatsTimeout:
            pass  # it may have been written all the same: the stream knows
        except APIError as error:
            if error.err_code == _WRITTEN_BY_ANOTHER_JUST_NOW:
                await asyncio.sleep(_SETTLING_SECONDS)
            elif error.err_code not in {_WRONG_LAST_SEQUENCE, _WRITTEN_BEFORE}:
                raise
        else:
            return True
        # A write whose confirmation was lost looks like somebody else's, but its value is ours.
        last = await self._last(key)
        return last is not None and last.data == value

    async def _last(self, key: str) -> RawStreamMsg | None:
        try:
            return await self._js.get_last_msg(self._stream, self._prefix + key, direct=False)
        except NotFoundError as error:
            if error.err_code != _NO_MESSAGE:
                raise
            return None

    async def _get(self, key: str) -> bytes | None:
        last = await self._last(key)
        if last is None:
            return None
        if not last.data:
            # The keyring itself never leaves an empty entry: a new key would then pass for the old one.
            raise BrokenHistory(f"bucket {self._stream}", f"the entry {key} was emptied by other means than an erasure")
        return last.data

    async def _destroy(self, key: str, value: bytes | None) -> None:
        """Delete message by message, for a bucket of the first days kept several; the newest comes last.

        None is deleted that was written after the first look: somebody else may have destroyed the key before us, and
        another have made the next one.
        """
        newest = await self._last(key)
        if newest is None or newest.seq is None or value not in (None, newest.data):
            return
        subject = self._prefix + key
        while (last := await self._last(key)) is not None and (last.seq or 0) <= newest.seq:
            try:
                oldest = await self._js.get_msg(self._stream, seq=1, subject=subject, next=True, direct=False)
                if oldest.seq is None or oldest.seq > newest.seq:
                    break
                await self._js.delete_msg(self._stream, oldest.seq)
            except APIError as error:
                if error.err_code not in {_NO_SUCH_SEQUENCE, _NO_MESSAGE}:
                    raise  # otherwise: somebody else destroyed it in this moment
