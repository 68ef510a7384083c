"""Messages as a stream holds them: the body is the fact, everything about it is in the headers."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from events import envelope
from events.errors import BrokenHistory

MSG_ID = "Nats-Msg-Id"
PAGE_BYTES = 8 * 1024 * 1024
"""What one page of messages may hold in memory; a single larger message still comes."""

PLAIN_VERSION = "Sightline-Version"
PLAIN_TOPIC = "Sightline-Topic"
"""An event without an envelope (a snapshot, or an application of the library's own) names its version and topic."""


class RawMessage(NamedTuple):
    """One message as the stream holds it."""

    subject: str
    sequence: int
    headers: Mapping[str, str]
    data: bytes
    time: str
    stands_in: bool = False
    """Whether this is the word of somebody who accepted what is damaged here, put in its place by `Damage`."""

    @property
    def version(self) -> int:
        """The aggregate's version. BrokenHistory when the message names none, or what is no number."""
        found = self.headers.get(envelope.VERSION) or self.headers.get(PLAIN_VERSION)
        if found is None:
            raise BrokenHistory(f"sequence {self.sequence}", "the message carries no aggregate version")
        try:
            return version_of(found)
        except ValueError as error:
            raise BrokenHistory(f"sequence {self.sequence}", str(error)) from error

    @property
    def topic(self) -> str:
        """The stored name of the event, or the library's topic."""
        return self.headers.get(envelope.TYPE) or self.headers.get(PLAIN_TOPIC, "")


def version_of(value: str) -> int:
    """The version that a header names. ValueError for anything but plain digits, as the store writes them."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"the aggregate version is {value!r}, which is not a number")
    return int(value)


class Outgoing(NamedTuple):
    """One message as it will be published, but for what depends on the attempt."""

    subject: str
    version: int
    headers: dict[str, str]
    data: bytes

    def is_in(self, found: RawMessage) -> bool:
        """Whether what was found in the stream is this very event: the same id and the same content."""
        return found.headers.get(MSG_ID) == self.headers[MSG_ID] and found.headers.get(
            envelope.HASH
        ) == self.headers.get(envelope.HASH)


def from_leader(found: Mapping[str, Any]) -> RawMessage:
    """The message in an answer of the stream's leader (JSON with base64)."""
    block = b64decode(found.get("hdrs", "")).decode("utf-8", "replace")
    pairs = (line.partition(":") for line in block.split("\r\n")[1:] if line)
    headers = {name: value.strip() for name, _, value in pairs}
    return RawMessage(found["subject"], found["seq"], headers, b64decode(found.get("data", "")), found["time"])


def from_replica(headers: Mapping[str, str], data: bytes) -> RawMessage:
    """The message in an answer to a direct get, where subject, sequence and time are headers."""
    return RawMessage(headers["Nats-Subject"], int(headers["Nats-Sequence"]), headers, data, headers["Nats-Time-Stamp"])


_OF_ACK = {9: (5, 7), 11: (7, 9), 12: (7, 9)}
"""Where the address at which a message is acknowledged names its sequence and its time, by how many parts it has."""


def from_consumer(subject: str, reply: str, headers: Mapping[str, str], data: bytes) -> RawMessage:
    """The message as a consumer gives it, whose sequence and time stand where it would be acknowledged.

    ValueError where they do not.
    """
    parts = reply.split(".")
    if not reply.startswith("$JS.ACK.") or len(parts) not in _OF_ACK:
        raise ValueError(f"{reply} is no address at which a message of a stream is acknowledged")
    sequence, stored = _OF_ACK[len(parts)]
    return RawMessage(subject, int(parts[sequence]), headers, data, _time(int(parts[stored])))


def _time(nanoseconds: int) -> str:
    """An instant as the server writes it in words."""
    second, rest = divmod(nanoseconds, 1_000_000_000)
    fraction = f".{rest:09}".rstrip("0").rstrip(".")
    return f"{_second(second)}{fraction}Z"


@lru_cache(maxsize=1_024)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
