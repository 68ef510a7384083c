"""Where the wrapped keys are kept: what the keyring asks of a bucket, and the bucket on JetStream.

Three things a plain NATS bucket does not promise, and the keyring needs:

- Reads go to the stream's leader. A direct get may be answered by a copy that has not heard of a key made
  just now.
- A value that is replaced or purged stays readable in the server's block file (seen on nats-server 2.15.1
  with `sync_interval: always`) until the block happens to be compacted. Only deleting the message by its
  sequence overwrites its bytes. So the bucket keeps a few old revisions (once dropped by the limit they could
  not be deleted any more) and permits deletion, and `scrub` overwrites them.
- Each write is one conditional publish that waits for the disk. Many are sent at once, which is what makes an
  import of thousands of children bearable.

What stays out of reach: on a replicated bucket the servers' replication logs hold a copy of a wrapped key until
they compact them (seen once: gone within three minutes on three servers), and backups hold theirs. Whoever has one of
these still needs the master key to read it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import Header, RawStreamMsg, StreamConfig
from nats.js.errors import APIError, NotFoundError

from events.errors import BrokenHistory, Drifted, Unavailable
from events.subjects import key_bucket

KEPT_REVISIONS = 8
"""How many revisions of a key the bucket must keep (`max_msgs_per_subject`).

What the limit has dropped can no longer be overwritten, so there is room for writers that died before scrubbing.
"""
_IN_FLIGHT = 256
"""Requests on their way at once: enough to share each write to the disk, few enough for a small server."""
_WRONG_LAST_SEQUENCE = 10071
_WRITTEN_BY_ANOTHER_JUST_NOW = 10164
_NO_MESSAGE = 10037
_NO_SUCH_SEQUENCE = 10043
_SETTLING_SECONDS = 0.005
"""A pause after losing to a write that is still on its way between the servers, before asking who won."""
T = TypeVar("T")


class Bucket(Protocol):
    """A small store of values by key. Every read sees every write that was confirmed before it.

    Each method raises Unavailable when the store cannot be reached or does not answer.
    """

    def get(self, keys: Iterable[str]) -> dict[str, tuple[bytes, int]]:
        """Value and revision of each of the keys that exists."""
        ...

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        """Write each key that did not exist, and say which those were. Equal values count as written."""
        ...

    def update(self, key: str, value: bytes, revision: int) -> bool:
        """Write over that very revision; False, and nothing written, if another write came between."""
        ...

    def scrub(self, key: str) -> None:
        """Destroy every revision of the key but the newest. A repeat changes nothing."""
        ...

    def check(self) -> None:
        """Raise Drifted if an erased value could outlive its erasure here."""
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

    def get(self, keys: Iterable[str]) -> dict[str, tuple[bytes, int]]:
        """Keep the promise of `Bucket.get`; BrokenHistory for a key that was deleted from outside."""
        found = self._all(self._get, list(keys))
        return {key: entry for key, entry in found.items() if entry}

    def create(self, values: Mapping[str, bytes]) -> set[str]:
        """Keep the promise of `Bucket.create`."""
        written = self._all(lambda key: self._write(key, values[key], 0), list(values))
        return {key for key, mine in written.items() if mine}

    def update(self, key: str, value: bytes, revision: int) -> bool:
        """Keep the promise of `Bucket.update`."""
        return self._all(lambda key: self._write(key, value, revision), [key])[key]

    def scrub(self, key: str) -> None:
        """Keep the promise of `Bucket.scrub`."""
        self._all(self._scrub, [key])

    def check(self) -> None:
        """Keep the promise of `Bucket.check`."""

        async def config(stream: str) -> StreamConfig:
            return (await self._js.stream_info(stream)).config

        found = self._all(config, [self._stream])[self._stream]
        if found.deny_delete:
            raise Drifted(self._stream, "deny_delete", wanted=False, found=True)
        if found.max_msgs_per_subject != KEPT_REVISIONS:
            kept = found.max_msgs_per_subject
            raise Drifted(self._stream, "max_msgs_per_subject", wanted=KEPT_REVISIONS, found=kept)

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

    async def _write(self, key: str, value: bytes, revision: int) -> bool:
        headers = {Header.EXPECTED_LAST_SUBJECT_SEQUENCE.value: str(revision)}
        try:
            await self._js.publish(self._prefix + key, value, stream=self._stream, headers=headers)
        except NatsTimeout:
            pass  # it may have been written all the same: the stream knows
        except APIError as error:
            if error.err_code == _WRITTEN_BY_ANOTHER_JUST_NOW:
                await asyncio.sleep(_SETTLING_SECONDS)
            elif error.err_code != _WRONG_LAST_SEQUENCE:
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

    async def _get(self, key: str) -> tuple[bytes, int] | None:
        last = await self._last(key)
        if last is None:
            return None
        if not last.data or last.seq is None:
            # The keyring itself never deletes an entry: a new key would then pass for the old one.
            raise BrokenHistory(f"bucket {self._stream}", f"the entry {key} was deleted by other means than an erasure")
        return last.data, last.seq

    async def _scrub(self, key: str) -> None:
        last = await self._last(key)
        while last is not None:
            oldest = await self._js.get_msg(self._stream, seq=1, subject=self._prefix + key, next=True, direct=False)
            if last.seq is None or oldest.seq is None or oldest.seq >= last.seq:
                return
            try:
                await self._js.delete_msg(self._stream, oldest.seq)
            except APIError as error:
                if error.err_code != _NO_SUCH_SEQUENCE:  # otherwise: somebody else scrubbed it in this moment
                    raise
