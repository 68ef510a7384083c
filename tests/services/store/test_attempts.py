"""What an append is on the wire and how its answer is read, with a client that stands in for the server."""

from dataclasses import dataclass, field
from typing import Any

import nats.errors
import orjson
import pytest
from nats.aio.msg import Msg

from services.store import attempts
from services.store.aggregates import AggregateReader
from services.store.appending import Appender
from services.store.attempts import Answer, Append, attempt, joined
from services.store.damage import Damage
from services.store.errors import StoreUnavailable, WriteRefused
from services.store.heads import Heads
from services.store.mapper import fact_to_store
from services.store.messages import Outgoing
from services.store.naming import event_naming
from services.store.source import Source
from services.store.stored import StoredFact
from tests.stores import recorded

STREAM = event_naming("council-1").stream
EXPECTED = "Nats-Expected-Last-Subject-Sequence"
ID, BATCH, PLACE = "Nats-Msg-Id", "Nats-Batch-Id", "Nats-Batch-Sequence"


@dataclass
class Client:
    """Notes what is published, and answers the request that ends it with what was given to it."""

    answer: bytes | Exception
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    within: float = 0.0
    is_connected = False
    """So each message of a batch is published by itself."""

    async def publish(self, subject: str, payload: bytes = b"", **options: Any) -> None:
        self.sent.append((subject, payload, options["headers"]))

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        self.sent.append((subject, payload, options.get("headers", {})))
        self.within = options["timeout"]
        if isinstance(self.answer, Exception):
            raise self.answer
        return Msg(_client=self, data=self.answer)  # type: ignore[arg-type]  # stands in for the client


def message(subject: str, version: int) -> Outgoing:
    return Outgoing(subject, version, {ID: f"{subject}-{version}"}, f"{subject}{version}".encode())


def source(client: Client) -> Source:
    return Source(client, "S", timeout=5.0)  # type: ignore[arg-type]  # stands in for the client


def appender(client: Client, patience: float = 10.0) -> Appender:
    stands_in = source(client)
    reader = AggregateReader(stands_in, Heads(), Damage(stands_in), unbroken=True)
    return Appender(stands_in, event_naming("council-1"), reader, patience=patience)


def events(*versions: int) -> list[StoredFact]:
    return [fact_to_store(recorded("council-1", "audit/A-1", each)) for each in versions]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ({"stream": "S", "seq": 9}, Answer(first=7)),
        ({"stream": "S", "seq": 9, "batch": "b", "count": 3}, Answer(first=7)),
        ({"stream": "S", "seq": 9, "duplicate": True}, Answer(first=7, duplicate=True)),
        (
            {"error": {"code": 400, "err_code": 10071, "description": "wrong last sequence"}},
            Answer(code=10071, reason="wrong last sequence"),
        ),
        ({"error": {"code": 503, "description": "no leader"}}, Answer(code=503, reason="no leader")),
        ({"error": {"code": 503, "err_code": 0}}, Answer(code=503)),
        ({"error": {"description": "no code"}}, Answer(reason="no code")),
        (nats.errors.TimeoutError(), Answer(reason="TimeoutError")),
        (nats.errors.NoRespondersError(), Answer(reason="NoRespondersError")),
    ],
)
async def test_how_an_answer_is_read(said: dict[str, Any] | Exception, heard: Answer) -> None:
    """The first sequence where it was stored; else the server's code and words, or what became of the connection."""
    client = Client(said if isinstance(said, Exception) else orjson.dumps(said))
    append = Append([message("a", 1), message("a", 2), message("b", 1)], {"a": 0, "b": 4})
    assert await attempt(source(client), append, 2.5) == heard
    assert client.within == 2.5


async def test_what_no_message_holds_is_refused() -> None:
    """An event beyond what the server takes is refused for itself, not as a store that is out of reach."""
    client = Client(nats.errors.MaxPayloadError())
    with pytest.raises(WriteRefused, match="event: is larger than a message may be"):
        await attempt(source(client), Append([message("a", 1)], {"a": 0}), 1.0)


async def test_a_batch_names_what_it_expects_once_for_each_subject() -> None:
    """Each message has its place in the batch; the first of a subject the condition, the last of all the end."""
    client = Client(orjson.dumps({"seq": 3}))
    append = Append([message("a", 1), message("b", 5), message("a", 2)], {"a": 0, "b": 4})
    await attempt(source(client), append, 1.0, "one")
    assert client.sent == [
        ("a", b"a1", {ID: "a-1", BATCH: "one", PLACE: "1", EXPECTED: "0"}),
        ("b", b"b5", {ID: "b-5", BATCH: "one", PLACE: "2", EXPECTED: "4"}),
        ("a", b"a2", {ID: "a-2", BATCH: "one", PLACE: "3", "Nats-Batch-Commit": "1"}),
    ]


async def test_each_batch_has_a_name_of_its_own() -> None:
    """Without a name one is made, another each time: what is left open of one is no part of the next."""
    client = Client(orjson.dumps({"seq": 2}))
    for _ in range(2):
        await attempt(source(client), Append([message("a", 1), message("a", 2)], {"a": 0}), 1.0)
    first, again, second, _ = [headers[BATCH] for _, _, headers in client.sent]
    assert first == again != second


@pytest.mark.parametrize(
    ("expected", "condition"), [({"a": 0}, {EXPECTED: "0"}), ({"a": 7}, {EXPECTED: "7"}), ({}, {})]
)
async def test_a_single_event_goes_without_a_batch(expected: dict[str, int], condition: dict[str, str]) -> None:
    """It is one conditional publish; of a subject that is not named, one without a condition."""
    client = Client(orjson.dumps({"seq": 8}))
    assert await attempt(source(client), Append([message("a", 1)], expected), 1.0) == Answer(first=8)
    assert client.sent == [("a", b"a1", {ID: "a-1", **condition})]


async def test_what_is_to_be_the_newest_is_refused_in_the_servers_words() -> None:
    """Where the server does not take it, nothing was written, and the stream and the server's reason are named."""
    client = Client(orjson.dumps({"error": {"code": 500, "err_code": 10077, "description": "maximum bytes exceeded"}}))
    with pytest.raises(StoreUnavailable) as refused:
        await appender(client).put_newest(events(1))
    assert str(refused.value) == f"stream {STREAM}: nothing was written: maximum bytes exceeded"


@pytest.mark.parametrize("versions", [(1,), (1, 2)], ids=["a single one", "a batch"])
async def test_what_the_server_does_not_take_is_refused_in_its_words(versions: tuple[int, ...]) -> None:
    """Its reason is heard at once, and not only that there was no answer once the patience is over."""
    client = Client(orjson.dumps({"error": {"code": 500, "err_code": 10077, "description": "maximum bytes exceeded"}}))
    with pytest.raises(StoreUnavailable) as refused:
        await appender(client).append(events(*versions))
    assert str(refused.value) == f"stream {STREAM}: nothing was written: maximum bytes exceeded"


async def test_who_knows_the_last_sequence_spares_the_question() -> None:
    """A caller who says where the record ends is believed: nothing is sent but the event, on that condition."""
    client = Client(orjson.dumps({"seq": 8}))
    assert await appender(client).append(events(2), {"audit/A-1": 7}) == [8]
    [(_, _, headers)] = client.sent
    assert headers[EXPECTED] == "7"


@pytest.mark.parametrize(("patience", "least", "most"), [(10.0, 5.0, 5.0), (3.0, 0.0, 3.0)])
async def test_no_attempt_waits_longer_than_there_is_time(patience: float, least: float, most: float) -> None:
    """The server is given as long as a question of it may take, and never more than is left of the patience."""
    client = Client(orjson.dumps({"seq": 8}))
    assert await appender(client, patience).append(events(1)) == [8]
    assert least <= client.within <= most


def test_joined_appends_know_their_places() -> None:
    """As one append they hold all messages and conditions, and each remembers where in that batch it began."""
    one, two = Append([message("a", 1), message("a", 2)], {"a": 0}), Append([message("b", 5)], {"b": 4})
    whole = joined([one, two], "both")
    assert (whole.messages, whole.expected) == ([*one.messages, *two.messages], {"a": 0, "b": 4})
    assert (one.batches, two.batches) == ({"both": 0}, {"both": 2})
    assert one.firsts == [(0, one.messages[0])]
    assert whole.firsts == [(0, one.messages[0]), (2, two.messages[0])]


def test_what_may_be_tried_again() -> None:
    """A wrong sequence, a write on its way and an id that was used are looked into; none of them is a broken store."""
    assert {10071, 10164, 10201, 10158} == attempts.TAKEN
