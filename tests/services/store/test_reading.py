"""Reading for workers: every fact once and in order, or a loud stop."""

from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import ConnectionClosedError, MaxPayloadError

from events import envelope
from events.audits import AuditFiled
from events.errors import BrokenHistory, ContractError
from events.recorded import Recorded, Unread
from services.store import headers as reading_headers
from services.store.continuity import Continuity
from services.store.mapper import fact_to_store
from services.store.messages import RawMessage
from services.store.quick import Command, QuickClient, publish_all
from services.store.reading import read_recorded, to_recorded, to_unread, unread_pages
from services.store.source import Page, Source
from tests.stores import Store, recorded


async def gather(store: Store, authority: str, **bounds: Any) -> list[Recorded]:
    return [each async for each in read_recorded(store.link.client, authority, **bounds)]


async def gather_unread(store: Store, authority: str, **bounds: Any) -> list[Unread]:
    return [each async for page in unread_pages(store.link.client, authority, **bounds) for each in page]


def test_facts_come_in_order_from_any_position(store: Store) -> None:
    """Reading gives each fact once, in the stream's order, between the two positions asked for."""
    authority = store.authority()
    with store.history(authority) as history:
        for start in range(0, 2_500, 500):
            history.append(*[recorded(authority, f"audit/A-{number}", 1) for number in range(start, start + 500)])
    everything = store.link.run(gather(store, authority))
    assert [each.position for each in everything] == list(range(1, 2_501))
    assert everything[7].originator_id == "audit/A-7"
    part = store.link.run(gather(store, authority, after=1_499, until=2_000))
    assert part == everything[1_499:2_000]
    assert store.link.run(gather(store, authority, after=2_500)) == []
    unread = store.link.run(gather_unread(store, authority, after=1_499, until=2_000))
    told = [Recorded(each.originator_id, 1, AuditFiled(), each.envelope, each.position) for each in unread]
    assert told == part
    assert {(each.originator_version, each.stored_name, each.stands_in) for each in unread} == {
        (1, AuditFiled.stored_name, False)
    }
    assert [each.fingerprint for each in unread] == [each.fingerprint for each in part]


def test_reading_beyond_the_end_is_a_broken_history(single_store: Store) -> None:
    """A stream that ends before a position that was read earlier has been cut off; the reader says so."""
    authority = single_store.authority()
    with pytest.raises(BrokenHistory, match="ends at 0, but 3"):
        single_store.link.run(gather(single_store, authority, after=3))


def test_message_becomes_the_fact_it_was() -> None:
    """A message as a worker receives it turns into the fact that was stored."""
    fact = recorded("torbay", "audit/A-17", 4)
    stored = fact_to_store(fact)
    again = to_recorded("sightline.torbay.audit.A-17", stored.headers, stored.state, 12)
    assert again == Recorded(fact.originator_id, 4, AuditFiled(), fact.envelope, position=12)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({envelope.SUBJECT: "audit/A-18"}, BrokenHistory),
        ({"ce-source": "sightline/halton"}, BrokenHistory),
        ({envelope.ID: None}, BrokenHistory),
        ({envelope.VERSION: "x"}, BrokenHistory),
        ({envelope.VERSION: "1_0"}, BrokenHistory),
        ({envelope.RECORDED: "2026-03-02T12:00:00"}, BrokenHistory),
        ({"ce-time": "2026-03-02T12:00:00"}, BrokenHistory),
        ({envelope.TYPE: "audit.unheard.v1"}, ContractError),
    ],
)
def test_message_that_is_not_whole_is_refused(change: dict[str, str | None], error: type[Exception]) -> None:
    """An envelope that is incomplete or speaks of another place, and a name nobody knows, stop the reader."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    headers = {name: value for name, value in {**stored.headers, **change}.items() if value is not None}
    headers[envelope.HASH] = envelope.content_hash(headers, stored.state)
    with pytest.raises(error):
        to_recorded("sightline.torbay.audit.A-17", headers, stored.state, 1)
    with pytest.raises(error):
        to_unread(RawMessage("sightline.torbay.audit.A-17", 1, headers, stored.state, ""))


@pytest.mark.parametrize("hashed", ["", "0" * 64, None])
def test_message_that_does_not_fit_its_hash_is_refused(hashed: str | None) -> None:
    """No view and no worker takes in an event that is not what its content hash was made for."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    headers = {name: value for name, value in stored.headers.items() if name != envelope.HASH}
    if hashed is not None:
        headers[envelope.HASH] = hashed
    with pytest.raises(BrokenHistory, match="content hash"):
        to_recorded("sightline.torbay.audit.A-17", headers, stored.state, 1)
    with pytest.raises(BrokenHistory, match="content hash"):
        to_unread(RawMessage("sightline.torbay.audit.A-17", 1, headers, stored.state, ""))


def test_message_on_no_subject_of_an_event_is_refused() -> None:
    """A message that stands where no aggregate can is named, not stumbled over."""
    stored = fact_to_store(recorded("torbay", "audit/A-17", 1))
    with pytest.raises(BrokenHistory, match=r"sightline\.torbay\.stray at sequence 7"):
        to_recorded("sightline.torbay.stray", stored.headers, stored.state, 7)


def message(sequence: int, version: int, subject: str = "sightline.torbay.audit.A-1") -> RawMessage:
    return RawMessage(subject, sequence, {envelope.VERSION: str(version)}, b"", "")


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([message(1, 1), message(3, 2)], "sequence 2 is missing"),
        ([message(2, 1)], "sequence 1 is missing"),
        ([message(1, 1), message(2, 3)], "version 3 follows 1"),
        ([message(1, 1), message(2, 1)], "version 1 follows 1"),
        ([message(1, 2)], "begins with version 2"),
    ],
)
def test_every_gap_is_noticed(messages: list[RawMessage], reason: str) -> None:
    """A missing sequence, and a missing or doubled version, stop the reader at that message."""
    check = Continuity("S")
    for each in messages[:-1]:
        check.accept(each)
    with pytest.raises(BrokenHistory, match=reason):
        check.accept(messages[-1])


def test_positions_alone() -> None:
    """Whoever holds versions against one another later is still told of a sequence that is missing."""
    check = Continuity("S")
    for sequence, version in ((1, 1), (2, 7), (3, 7)):
        check.move_on(message(sequence, version))
    with pytest.raises(BrokenHistory, match="sequence 4 is missing"):
        check.move_on(message(5, 1))


def test_copy_that_lags_is_filled_in_by_the_leader(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that has not heard of the newest facts yet does not hide them from anybody."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in range(1, 6)])
        complete = Source.page

        async def lagging(self: Source, start: int, count: int, subject: str | None = None) -> Page:
            page = await complete(self, start, count, subject)
            return Page([each for each in page.messages if each.sequence <= 3], more=False)

        monkeypatch.setattr(Source, "page", lagging)
        assert [each.originator_version for each in history.load("audit/A-1")] == [1, 2, 3, 4, 5]
        assert len(history.recorder.select_notifications(1, 10)) == 5
        assert len(single_store.link.run(gather(single_store, authority))) == 5


@pytest.mark.parametrize("bounds", [{"lte": 3}, {"gt": 1, "lte": 3}, {"gt": 2}, {"desc": True, "limit": 3}, {}])
def test_missing_version_is_noticed_wherever_reading_ends(
    single_store: Store, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, Any]
) -> None:
    """A version that is gone is noticed at the beginning, in the middle and at the end of what is asked for."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in range(1, 6)])
        complete = Source.page

        async def holed(self: Source, start: int, count: int, subject: str | None = None) -> Page:
            page = await complete(self, start, count, subject)
            return page._replace(messages=[each for each in page.messages if each.sequence != 3])

        monkeypatch.setattr(Source, "page", holed)
        with pytest.raises(BrokenHistory):
            history.recorder.select_events("audit/A-1", **bounds)


@pytest.mark.parametrize(
    "raw",
    [
        b"ce-id: a.0\r\nNats-Msg-Id: torbay:a.0\r\n\r\n",
        b"A:b\r\nC:\td \r\n E : f\r\nno colon\r\nwith blank: x\r\nEmpty:\r\n",
        "Name: v\u00e4lue: with colon\r\n".encode() + b"Bad: \xff\r\n",
        b"",
    ],
)
def test_headers_are_parsed_as_the_client_parses_them(raw: bytes) -> None:
    """The faster parser of headers gives what the client's own gives."""
    assert QuickClient._parse_header_lines(raw) == Client._parse_header_lines(raw)


@pytest.mark.parametrize(
    "other",
    [
        *(b"A: b\r\nC-d: e\r\n\r\n", b"A: b \r\nC-d: e\r\n\r\n", b"A:  b\r\nC-d: e\r\n\r\n"),
        *(b"A: b\t\r\nC-d: e\r\n\r\n", b"A: \r\nC-d: e\r\n\r\n", b"A: b  c\r\nC-d: e f\r\n\r\n"),
        *(b"A: b\r\nA: e\r\n\r\n", b"C-d: e\r\nA: b\r\n\r\n", b"A: x: y\r\nC-d: e:\r\n\r\n"),
        *(b"a: b\r\nC-d: e\r\n\r\n", b"A: b\nC-d: e\r\n\r\n", b"A: b\rC-d: e\n\r\n\r\n"),
        *("A: v\u00e4\r\nC-d: \u00a0e\r\n\r\n".encode(), b"A: b\r\nC-d: e\r\n", b"A: b\r\nC-d: e"),
        *(
            b"A: b\x0b\r\nC-d: e\r\n\r\n",
            b"A : b\r\nC-d: e\r\n\r\n",
            "A\u00a0: b\r\nC-d: e\r\n".encode(),
            b"A: b\r\nC-d: e\r\n\r\nE: f\r\n",
        ),
    ],
)
def test_headers_of_a_form_that_has_come_are_parsed_as_all_others(
    other: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once headers of these names have come, those that are like them but for a blank, or an order, are no other."""
    monkeypatch.setattr(reading_headers, "_forms", {})
    first = b"A: b c\r\nC-d: e\r\n\r\n"
    for raw in (first, other, first, other):
        assert QuickClient._parse_header_lines(raw) == Client._parse_header_lines(raw)
    assert len(reading_headers._forms[3][0][0]) == 2, "the form was learnt"


def test_no_more_forms_are_learnt_than_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends headers of ever other names fills no memory, and is read as well."""
    monkeypatch.setattr(reading_headers, "_forms", {})
    for number in range(4 * reading_headers.MOST_FORMS):
        raw = "".join(f"N{number}-{line}: v\r\n" for line in range(number + 1)).encode()
        for each in (raw, raw.replace(b"N", b"M"), raw):
            assert QuickClient._parse_header_lines(each) == Client._parse_header_lines(each)
    for number in range(2 * reading_headers.MOST_FORMS):
        raw = f"One: a\r\nOther-{number}: b\r\n".encode()
        assert QuickClient._parse_header_lines(raw) == Client._parse_header_lines(raw)
    assert max(map(len, reading_headers._forms.values())) == reading_headers.MOST_FORMS
    long = "".join(f"N-{line}: v\r\n" for line in range(reading_headers.MOST_LINES)).encode()
    assert QuickClient._parse_header_lines(long) == Client._parse_header_lines(long)
    assert max(reading_headers._forms) < reading_headers.MOST_LINES


class Capturing:
    """Takes the bytes that a client would send."""

    def __init__(self, client: Client, patch: pytest.MonkeyPatch) -> None:
        self.sent: list[bytes] = []
        self.client = client
        client._flush_queue = None
        patch.setattr(client, "_send_command", self.take)

    async def take(self, sent: bytes, *_: object) -> None:
        self.sent.append(bytes(sent))


@pytest.mark.parametrize(
    "headers",
    [
        {"ce-id": "a.0", "Nats-Msg-Id": "torbay:a.0"},
        {"A": "b:c", "B": "d  e", "C": " f ", "D": "g\r\nInjected: h", "E": "i\n", "F": ""},
        {" A ": "b"},
        {"A": "v\u00e4lue"},
        {},
        None,
    ],
)
async def test_headers_are_sent_as_the_client_sends_them(
    headers: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What travels is byte for byte what the client's own way would send, also for headers that are not plain."""
    sent = []
    for kind in (QuickClient, Client):
        taking = Capturing(kind(), monkeypatch)
        await taking.client._send_publish("s.x", "reply", b"body", 4, headers)
        sent.append(taking.sent)
    assert sent[0] == sent[1]


PLAIN: Command = ("s.x", {"ce-id": "a.0"}, b"body")


@pytest.mark.parametrize(
    ("last", "parts"),
    [(("s.y", {"A": "b"}, b""), 1), (("s.y", {"A": " b\r\nInjected: c"}, b""), 2), (("s.y", {}, b"x"), 2)],
)
async def test_many_are_published_as_the_client_publishes_each(
    last: Command, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many messages at once are the same bytes as one after another: one part, or each alone where one needs care."""
    taking, plainly = Capturing(QuickClient(), monkeypatch), Capturing(Client(), monkeypatch)
    for each in (taking.client, plainly.client):
        each._status = Client.CONNECTED
        each._max_payload = 100
    await publish_all(taking.client, [PLAIN, last])
    for subject, headers, payload in (PLAIN, last):
        await plainly.client.publish(subject, payload, headers=headers)
    assert b"".join(taking.sent) == b"".join(plainly.sent)
    assert len(taking.sent) == parts
    assert taking.client.stats == plainly.client.stats


@pytest.mark.parametrize(
    ("status", "error"), [(Client.CONNECTED, MaxPayloadError), (Client.CLOSED, ConnectionClosedError)]
)
async def test_what_the_client_refuses_is_refused_among_many(
    status: int, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that is too large, or a connection that is closed, is refused with the client's own error."""
    taking = Capturing(QuickClient(), monkeypatch)
    taking.client._status, taking.client._max_payload = status, 100
    with pytest.raises(error):
        await publish_all(taking.client, [PLAIN, ("s.y", {"A": "b"}, bytes(101))])
