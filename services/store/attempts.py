"""What an append is on the wire: a conditional publish or an atomic batch, and what the server answers.

The condition is the last sequence of each literal subject, which the server checks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import nats.errors
import orjson

from services.store.errors import WriteRefused
from services.store.messages import Outgoing
from services.store.quick import Command, publish_all
from services.store.source import Source

MAX_BATCH = 1_000
"""The server's limit on the messages of one atomic batch."""

EXPECTED = "Nats-Expected-Last-Subject-Sequence"
WRONG_SEQUENCE = 10071
IN_FLIGHT = 10164
DUPLICATE_IN_BATCH = 10201
DUPLICATE_IN_FLIGHT = 10158
BATCH_INCOMPLETE = 10176
"""Also the answer when the server dropped a batch because too many were open."""

CLOSED = 10054
"""The stream takes no message at all: for a moment, while archived events are removed from it."""

BATCH_ID, BATCH_SEQUENCE = "Nats-Batch-Id", "Nats-Batch-Sequence"
"""Stand on each event that was stored as part of a batch: of which, and its place there, from 1 on."""

BATCH_COMMIT = "Nats-Batch-Commit"

TAKEN = frozenset({WRONG_SEQUENCE, IN_FLIGHT, DUPLICATE_IN_BATCH, DUPLICATE_IN_FLIGHT})


class Answer(NamedTuple):
    """What an attempt came to: the first sequence when it was stored, else the error code (0: no answer came)."""

    first: int = 0
    code: int = 0
    reason: str = ""
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Append:
    """One append: the messages in their order and, by subject, the sequence that must be the last one.

    A single message of whose subject none is named is put behind whatever stands there.
    `batches` remembers the batches by which it was tried, with the number of messages that stood before it there.
    """

    messages: list[Outgoing]
    expected: dict[str, int]
    batches: dict[str, int] = field(default_factory=dict)

    @property
    def firsts(self) -> list[tuple[int, Outgoing]]:
        """For each subject its first message, with the place of that in the append."""
        found: dict[str, tuple[int, Outgoing]] = {}
        for index, message in enumerate(self.messages):
            found.setdefault(message.subject, (index, message))
        return list(found.values())


def joined(appends: Sequence[Append], batch: str) -> Append:
    """All of them as one append, to be written as the batch of that id."""
    whole = Append([], {})
    for each in appends:
        each.batches[batch] = len(whole.messages)
        whole.messages.extend(each.messages)
        whole.expected.update(each.expected)
    return whole


async def attempt(source: Source, append: Append, within: float, batch: str = "") -> Answer:
    """Send an append once and wait for the answer, so many seconds. WriteRefused for what no message can hold."""
    messages = _batch(append, batch or uuid4().hex) if len(append.messages) > 1 else _single(append)
    *earlier, (subject, headers, data) = messages
    try:
        if earlier:
            await publish_all(source.client, earlier)
        answer = await source.client.request(subject, data, timeout=within, headers=headers)
    except nats.errors.MaxPayloadError as error:
        raise WriteRefused("event", "is larger than a message may be") from error
    except nats.errors.Error as error:
        return Answer(reason=type(error).__name__)
    return _read(answer.data, count=len(append.messages))


def _single(append: Append) -> Iterator[Command]:
    (message,) = append.messages
    expected = append.expected.get(message.subject)
    condition = {} if expected is None else {EXPECTED: str(expected)}
    yield message.subject, message.headers | condition, message.data


def _batch(append: Append, batch: str) -> Iterator[Command]:
    met, last = set[str](), len(append.messages)
    for number, message in enumerate(append.messages, start=1):
        headers = message.headers | {BATCH_ID: batch, BATCH_SEQUENCE: str(number)}
        if message.subject not in met:
            met.add(message.subject)
            headers[EXPECTED] = str(append.expected[message.subject])
        if number == last:
            headers[BATCH_COMMIT] = "1"
        yield message.subject, headers, message.data


def _read(data: bytes, *, count: int) -> Answer:
    found = orjson.loads(data)
    error = found.get("error")
    if error:
        return Answer(code=error.get("err_code") or error.get("code", 0), reason=error.get("description", ""))
    return Answer(first=found["seq"] - count + 1, duplicate=found.get("duplicate", False))
