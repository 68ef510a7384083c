"""Headers are read and sent as the client does it, only faster."""

import pytest
from nats.aio.client import Client
from nats.errors import ConnectionClosedError, MaxPayloadError

from services.store import headers as reading_headers
from services.store.quick import Command, QuickClient, publish_all


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


@pytest.mark.parametrize(
    "raw",
    [
        b"A: b\r\nC-d: e\r\n\r\n",
        *(b"A:b\r\nC-d: e\r\n", b"A: b\r\nC-d: e", b" A : b\r\nC-d\t: e\r\n", b"A: b\r\n\nC-d: e\r\n\r\n"),
        *(b"A: b\r\nC-d: e\r\nC-d: f\r\n", b"A: C-d\r\nC-d: e\r\n", b"X: a\nC-d: e\r\n\r\n", b"A: \r\nC-d: \xff\r\n"),
        *(b"C-d\r\nA: b \r\n", b"no colon\r\n", b"\r\n", b""),
    ],
)
def test_headers_are_the_same_asked_for_one_by_one(raw: bytes) -> None:
    """Each header that is asked for by its name alone is the one that reading all of them gives, and so is none."""
    all_of_them = Client._parse_header_lines(raw)
    for name in ("A", "C-d", "C", "d", "X", "a", "C-d: e", "no colon", ""):
        alone = reading_headers.headers_of(reading_headers.FIRST_LINE + raw)
        assert bool(alone) == bool(all_of_them)
        assert alone.get(name) == all_of_them.get(name)
        assert (name in alone) == (name in all_of_them)
        assert dict(alone) == all_of_them
        assert alone.get(name, "-") == all_of_them.get(name, "-")


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
