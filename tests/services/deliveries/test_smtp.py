"""A real mail server that takes, refuses, hangs up or says nothing: each answer is told by its class alone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from events.deliveries import Failure
from services.deliveries.letters import Letter
from services.deliveries.smtp import Server, Smtp
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.stores import PATIENCE

LETTER = Letter("0a1b", "torbay", "team.manager@council.example", "Reminder", ("- audit TOR-1",))
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Mailbox:
    """What the server does."""
    return Mailbox()


@pytest.fixture
def way(mailbox: Mailbox) -> Iterator[Smtp]:
    """The way to a server that runs."""
    with listening(mailbox) as port:
        yield way_to(port)


def way_to(port: int, *, seconds: float = PATIENCE) -> Smtp:
    return Smtp(Server("127.0.0.1", port, "none", seconds=seconds), "sightline@council.example", lambda: NOON)


async def test_it_takes_a_batch_over_one_connection(way: Smtp, mailbox: Mailbox) -> None:
    """Several letters go over one connection; each says where it goes, and has the Message-ID of its identity."""
    async with way.opened() as box:
        assert await box.put(LETTER) is None
        assert await box.put(LETTER) is None
    assert mailbox.connections == 1
    first, second = (message_from_bytes(each, policy=default) for each in mailbox.taken)
    assert first["To"] == "team.manager@council.example"
    assert first["Message-ID"] == second["Message-ID"] == "<0a1b.torbay@council.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().splitlines() == ["- audit TOR-1"]


@pytest.mark.parametrize(
    ("answer", "reason", "for_good"),
    [
        ("450 mailbox is busy: team.manager@council.example", "deferred", False),
        ("550 no such user team.manager@council.example", "refused", True),
    ],
)
@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
async def test_what_it_refuses(
    way: Smtp, mailbox: Mailbox, where: str, answer: str, reason: Failure, *, for_good: bool
) -> None:
    """4xx may do later, 5xx never will; the next letter of the batch goes all the same."""
    setattr(mailbox, where, answer)
    async with way.opened() as box:
        refusal = await box.put(LETTER)
        setattr(mailbox, where, "")
        assert await box.put(LETTER) is None
    assert refusal is not None
    assert (refusal.reason, refusal.for_good, refusal.closed) == (reason, for_good, False)
    assert "council.example" not in repr(refusal)


async def test_one_that_hangs_is_left_after_the_time_limit(way: Smtp, mailbox: Mailbox) -> None:
    """No answer within the limit: the letter counts as not taken, and nothing more is sent for the moment."""
    mailbox.hangs = True
    way = way_to(way._server.port, seconds=1.0)
    before = asyncio.get_running_loop().time()
    async with way.opened() as box:
        refusal = await box.put(LETTER)
    assert refusal is not None
    assert (refusal.reason, refusal.for_good, refusal.closed) == ("timed_out", False, True)
    assert asyncio.get_running_loop().time() - before < way.patience


async def test_one_that_drops_the_connection(way: Smtp, mailbox: Mailbox) -> None:
    """The connection ends in the middle: the letter goes again later, over a new one."""
    mailbox.drops = True
    async with way.opened() as box:
        refusal = await box.put(LETTER)
        mailbox.drops = False
        assert await box.put(LETTER) is None
    assert refusal is not None
    assert (refusal.reason, refusal.for_good) == ("dropped", False)
    assert mailbox.connections == 2


async def test_nobody_there() -> None:
    """A server that is down takes no letter at all: it is no fault of any recipient."""
    way = way_to(9)
    async with way.opened() as box:
        refusal = await box.put(LETTER)
    assert refusal is not None
    assert (refusal.reason, refusal.for_good, refusal.closed) == ("unreachable", False, True)


async def test_a_server_without_encryption_gets_nothing(mailbox: Mailbox, way: Smtp) -> None:
    """Where STARTTLS is asked for and the server has none, no letter goes in clear."""
    port = way._server.port
    asking = Smtp(Server("127.0.0.1", port, "starttls", seconds=PATIENCE), "sightline@council.example", lambda: NOON)
    async with asking.opened() as box:
        refusal = await box.put(LETTER)
    assert refusal is not None
    assert refusal.reason == "not_allowed"
    assert mailbox.taken == []
