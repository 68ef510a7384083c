"""What comes over a connection is taken apart as the client does it, only faster."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.errors import ProtocolError
from nats.protocol.parser import Parser

from services.store.parsing import PATIENT, QuickParser


class Told:
    """Notes of what it is told, as the client of a parser."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        async def tell(*what: Any) -> None:
            self.calls.append((name, *what))

        return tell


async def told(kind: type[Parser], parts: Sequence[bytes]) -> tuple[list[tuple[Any, ...]], bool]:
    """What a client is told of these parts, and whether they were refused."""
    client = Told()
    parser = kind(client)
    try:
        for part in parts:
            await parser.parse(part)
    except ProtocolError:
        return client.calls, True
    return client.calls, False


HEADERS = b"NATS/1.0\r\nA: b\r\n\r\n"
WORDS = (
    b"PING\r\n",
    b"PONG\r\n",
    b"+OK\r\n",
    b"-ERR 'Permissions Violation'\r\n",
    b'INFO {"max_payload": 1}\r\n',
    b"MSG a.b 1 5\r\nhello\r\n",
    b"MSG a.b 22 reply.x 0\r\n\r\n",
    b"MSG  a.b\t1  2\r\nhi\r\n",
    b"MSG a.b 1 12\r\nMSG a 1 1\r\nx\r\n",
    b"HMSG a.b 1 %d %d\r\n%b\r\n" % (len(HEADERS), len(HEADERS), HEADERS),
    b"HMSG a.b 1 reply.x %d %d\r\n%bbody\r\n" % (len(HEADERS), len(HEADERS) + 4, HEADERS),
    b"HMSG a.b 1 0 4\r\nbody\r\n",
    b"HMSG a.b 1 reply.x  %d  %d\r\n%bbody\r\n" % (len(HEADERS), len(HEADERS) + 4, HEADERS),
)


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.lists(st.integers(0, 400), max_size=12))
async def test_what_comes_is_told_as_the_clients_parser_tells_it(words: list[bytes], cuts: list[int]) -> None:
    """However it is cut into parts, the client is told the same messages and words, in the same order."""
    stream = b"".join(words)
    places = [0, *sorted(min(each, len(stream)) for each in cuts), len(stream)]
    parts = [stream[first:last] for first, last in pairwise(places)]
    assert await told(QuickParser, parts) == await told(Parser, parts)


@pytest.mark.parametrize("wrong", [b"NONSENSE a b\r\n", b"MSG a.b x 5\r\nhello\r\n", b"MSG a.b 1\r\n"])
async def test_what_is_no_word_is_refused_as_the_client_refuses_it(wrong: bytes) -> None:
    """What came before it is told, and nothing after it."""
    parts = [WORDS[5] + wrong + WORDS[5]]
    quick = await told(QuickParser, parts)
    assert quick == await told(Parser, parts)
    assert quick[1]


async def test_a_message_much_larger_than_a_part_is_told_once_it_is_whole() -> None:
    """It is not put together anew with each part that comes of it, and what follows on it is told as well."""
    body = bytes(3 * PATIENT)
    stream = b"MSG a.b 1 %d\r\n%b\r\n%b" % (len(body), body, WORDS[10] * 3)
    parts = [stream[first : first + 1_000] for first in range(0, len(stream), 1_000)]
    quick = await told(QuickParser, parts)
    assert quick == await told(Parser, parts)
    assert len(quick[0]) == 4
