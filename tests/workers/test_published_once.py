"""One message, not two and not none: publishers killed anywhere, several at once, the server gone on the way."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import nats.errors
import pytest

from events.audits import AuditSubmitted
from events.losses import LossAccepted
from events.published.message import Message, read
from events.recorded import Recorded
from events.subjects import stream_name
from services.nats_server import embedded_server
from services.settings import Settings
from services.store.messages import RawMessage
from services.store.source import api
from tests.cluster import kept_port
from tests.forks import Process, begin
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.own_server import COUNCIL, settings_in
from tests.workers.publishing import owed, published, until_all_published, until_published
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_publisher import audits
from workers.kept.leases import Leases
from workers.running.preparing import prepare
from workers.running.process import working
from workers.running.readiness import NOTIFY_SOCKET, hearing
from workers.running.supervisor import environment
from workers.system import System
from workers.telling.outbox import Outbox
from workers.telling.publisher import publishing

pytestmark = pytest.mark.long

KILLS = 6


def publisher_of(settings: Settings) -> AbstractAsyncContextManager[Process]:
    """A publisher as a process of its own, once it publishes; killed at the end if it still runs."""
    return process_of(settings, "publisher")


@asynccontextmanager
async def process_of(settings: Settings, worker: str) -> AsyncIterator[Process]:
    """A worker as a process of its own, once it works; killed at the end if it still runs."""
    ready = asyncio.Event()
    async with hearing(lambda _: ready.set()) as address:
        variables = {**environment(settings), NOTIFY_SOCKET: address}
        process = await asyncio.to_thread(begin, "workers", worker, environment=variables)
        try:
            await asyncio.wait_for(ready.wait(), PATIENCE)
            yield process
        finally:
            process.kill()
            await asyncio.to_thread(process.wait)


async def test_killed_at_random(rig: Rig) -> None:
    """Killed again and again in the middle of the work, publishers leave one message of each fact, in order."""
    dice = random.Random(7)  # noqa: S311 - a draw that can be repeated, not a secret
    writing = asyncio.create_task(asyncio.to_thread(audits, rig, "A", 60))
    for _ in range(KILLS):
        most = len(await published(rig)) + dice.randrange(1, 60)
        async with publisher_of(rig.settings) as process:
            enough = asyncio.create_task(until_published(rig, most))
            await asyncio.wait({writing, enough}, return_when=asyncio.FIRST_COMPLETED)
            process.send_signal(signal.SIGKILL)
            enough.cancel()
            await asyncio.wait({enough})
    await writing
    async with publisher_of(rig.settings):
        await until_all_published(rig)


async def test_two_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two publishers that both believe the work to be theirs: each message stands there once, in order."""
    monkeypatch.setattr(Leases, "_take", lambda each: frozenset(each.held))
    async with AsyncExitStack() as stack:
        for _ in range(2):
            system = stack.enter_context(System(rig.settings))
            await stack.enter_async_context(working(system, "publisher"))
        await asyncio.to_thread(audits, rig, "A", 40)
        await until_all_published(rig)


async def test_the_server_goes_away(tmp_path: Path) -> None:
    """A server that is killed and comes back in the middle of the work: one message of each fact, in order."""
    settings = settings_in(tmp_path)
    with kept_port() as port:
        server = embedded_server(settings.data, port=port)
        server.start()
        await prepare(settings)
        try:
            with System(settings) as system:
                rig = Rig(settings, system, COUNCIL)
                await asyncio.to_thread(audits, rig, "A", 100)
                async with rig.workers("publisher"):
                    for _ in range(2):
                        assert server.pid is not None
                        os.kill(server.pid, signal.SIGKILL)
                        server.stop()
                        server = embedded_server(settings.data, port=port)
                        server.start()
                    await asyncio.to_thread(audits, rig, "B", 20)
                    await until_all_published(rig)
        finally:
            server.stop()


class Forgetful(Outbox):
    """A connection that loses every third question, and every third answer to one that was carried out."""

    asked = 0

    async def publish(self, messages: Sequence[Message], after: int) -> int:
        self.asked += 1
        match self.asked % 3:
            case 1:
                raise nats.errors.TimeoutError
            case 2:
                await super().publish(messages, after)
                raise nats.errors.TimeoutError
        return await super().publish(messages, after)


async def test_lost_answers(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no answer comes, the stream itself says whether the messages stand there; nothing is repeated blindly."""
    monkeypatch.setattr("workers.telling.publisher.Outbox", Forgetful)
    monkeypatch.setattr("workers.telling.publisher.LOOK_EVERY", 0.05)
    monkeypatch.setattr("workers.telling.publisher.SENT_AT_ONCE", 3)
    await asyncio.to_thread(audits, rig, "A", 4)
    async with rig.workers("publisher"):
        await until_all_published(rig)


async def test_nothing_is_owed_where_nothing_happened(rig: Rig) -> None:
    """A council without a fact to tell of has an empty stream, however long its publisher runs."""
    async with rig.workers("publisher"):
        pass
    assert await owed(rig) == []
    assert await published(rig) == []
    rig.record("A-1", allocated(due=None))
    assert len(await owed(rig)) == 1


async def begun_again(rig: Rig, *kept: Recorded) -> None:
    """Put the history back as it was when it held these events alone."""
    client = await rig.system.connect()
    stream = stream_name(rig.authority)
    config = (await api(client, f"STREAM.INFO.{stream}", within=PATIENCE))["config"]
    await api(client, f"STREAM.DELETE.{stream}", within=PATIENCE)
    await api(client, f"STREAM.CREATE.{stream}", config, within=PATIENCE)
    await client.close()
    rig.system.close()
    rig.system.history(rig.authority).append(*kept)


def bodies(messages: Sequence[RawMessage]) -> list[tuple[int, bytes]]:
    return [(each.sequence, each.data) for each in messages]


async def test_a_history_that_was_put_back(rig: Rig) -> None:
    """What was published of a history that is no more halts the publisher; once the loss is accepted it goes on.

    Then it goes on after the last event that both have in common: that one is not told again, and all that is new is.
    """
    rig.record("A-1", allocated(due=None))
    first = rig.history("A-1")[0]
    rig.record("A-1", AuditSubmitted(grade=LOWEST))
    async with publishing(rig.system):
        before = await until_all_published(rig)
    await begun_again(rig, first)
    rig.record("A-2", allocated(due=None))
    rig.record("A-3", allocated(due=None))
    async with publishing(rig.system):
        await rig.until(lambda: bool(rig.halts("publisher")))
    assert bodies(await published(rig)) == bodies(before)
    lost = LossAccepted(what="history", ended_at=3, once_at=2, reason="test")
    rig.record("", lost, aggregate="loss/one")
    async with publishing(rig.system):
        found = await until_published(rig, 4)
        await rig.until(lambda: rig.halts("publisher") == [])
    assert bodies(found[:2]) == bodies(before)
    assert [read(each.data)["subject"] for each in found[2:]] == ["audit/A-2", "audit/A-3"]
