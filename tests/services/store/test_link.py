"""The link between threads and the event loop: nobody waits for ever, and nothing holds up the end of a process."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event as Flag
from typing import Any

import nats.errors
import pytest
from nats.aio.msg import Msg

from services.nats_server import embedded_server
from services.store.errors import StoreUnavailable
from services.store.link import Link, close_link, connect, open_link
from tests.stores import PATIENCE, Store
from tests.workers.rig import eventually


def test_closing_releases_who_waits(single_store: Store) -> None:
    """A call that still waits for its answer when the link is closed ends as unavailable; so does a later one."""
    link = Link(single_store.url, None, 5.0)
    begun = Flag()

    async def never_answered() -> None:
        begun.set()
        await link.client.flush()
        await never

    never = link.run(_future())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(link.run, never_answered())
        assert begun.wait(PATIENCE)
        link.shut()
        with pytest.raises(StoreUnavailable, match="was closed"):
            waiting.result(timeout=PATIENCE)
    with pytest.raises(StoreUnavailable, match="is closed"):
        link.run(_future())
    link.shut()


async def _future() -> "asyncio.Future[None]":
    return asyncio.get_running_loop().create_future()


def test_error_of_the_work_itself_comes_through(single_store: Store) -> None:
    """What the work raises reaches the caller as it is, and the link goes on."""
    link = open_link(single_store.url)

    async def broken() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        link.run(broken())
    assert link.run(_future()).done() is False
    close_link(link)


@pytest.mark.parametrize("steps", range(4))
async def test_closing_in_the_moment_of_a_lost_connection_is_no_error(single_store: Store, steps: int) -> None:
    """Closed while the socket of a lost connection still ends, a connection is closed, and nobody is cancelled."""
    client = await connect(single_store.url)
    await client._process_op_err(OSError("lost"))
    for _ in range(steps):
        await asyncio.sleep(0)
    await client.close()
    assert client.is_closed


async def test_closing_without_a_server_releases_who_waits(tmp_path: Path) -> None:
    """With the server gone and something unsent, closing is no error, and who waits for a message hears of it."""
    with embedded_server(tmp_path) as server:
        client = await connect(server.url)
        waiting = asyncio.ensure_future((await client.subscribe("a")).next_msg(timeout=PATIENCE))
        await client.flush()
    await eventually(lambda: client.is_reconnecting)
    await client.publish("b", b"unsent")
    await client.close()
    with pytest.raises(nats.errors.ConnectionClosedError):
        await asyncio.wait_for(waiting, PATIENCE)


@pytest.mark.parametrize("lost_first", [True, False])
@pytest.mark.parametrize("steps", range(8))
async def test_draining_a_lost_connection_closes_it(single_store: Store, steps: int, *, lost_first: bool) -> None:
    """Drained while it is lost, or lost while it is drained, a connection is closed, with no error and no wait."""
    client = await connect(single_store.url)
    await client.subscribe("drained", cb=_nothing)
    if lost_first:
        await client._process_op_err(OSError("lost"))
        await _after(steps, client.drain)
    else:
        draining = asyncio.ensure_future(client.drain())
        await _after(steps, partial(client._process_op_err, OSError("lost")))
        await draining
    assert client.is_closed
    await client.drain()


async def _nothing(_: Msg) -> None:
    """Take a message, and do nothing about it."""


async def _after(steps: int, work: Callable[[], Awaitable[None]]) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)
    await work()


async def test_nobody_waits_for_the_answer_of_a_lost_connection(single_store: Store) -> None:
    """Who waits to hear that something was sent is told when the connection is lost, and so is who asks then."""
    client: Any = await connect(single_store.url)
    client.options["reconnect_time_wait"] = 0
    waiting = asyncio.ensure_future(client.flush())
    await asyncio.sleep(0)
    await client._process_op_err(OSError("lost"))
    for each in (waiting, client.flush()):
        with pytest.raises(nats.errors.ConnectionReconnectingError):
            await each
    await eventually(lambda: client.is_connected and client._reconnection_task.done())
    await client.flush()
    await client.close()


async def test_a_flush_comes_after_what_was_said_before(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's word that it read so far means the subscription before it: who knows of it may be asked at once."""
    client: Any = await connect(single_store.url)
    said: list[bytes] = []
    write = client._transport.write

    def writelines(lines: Iterable[bytes]) -> None:
        said.extend(lines)
        write(b"".join(lines))

    monkeypatch.setattr(client._transport, "write", lambda data: writelines([data]))
    monkeypatch.setattr(client._transport, "writelines", writelines)
    await client.subscribe("known", cb=_nothing)
    await client.flush()
    assert [each.split()[0] for each in said] == [b"SUB", b"PING"]
    await client.close()


async def test_an_answer_for_which_nobody_waits_any_more_harms_nothing(single_store: Store) -> None:
    """The connection goes on after somebody gave up waiting for a word of the server that came then."""
    client = await connect(single_store.url)
    waiting = asyncio.ensure_future(client.flush())
    await asyncio.sleep(0)
    waiting.cancel()
    await client.flush()
    assert (await client.request("$JS.API.INFO", timeout=PATIENCE)).data
    await client.close()


async def test_a_question_travels_at_once_and_its_answer_needs_nobody(single_store: Store) -> None:
    """A request is on its way before its caller lets go of the loop; an answer that comes too late harms nothing."""
    client: Any = await connect(single_store.url)
    asked, late = asyncio.Event(), asyncio.Event()

    async def answer(message: Msg) -> None:
        asked.set()
        await late.wait()
        await message.respond(b"late")

    await client.subscribe("asked", cb=answer)
    await client.flush()
    await client.request("$JS.API.INFO", timeout=PATIENCE)  # from here on it is known where answers arrive
    waiting = asyncio.ensure_future(client.request("asked", b"", timeout=PATIENCE, headers={"A": "b"}))
    await asyncio.sleep(0)
    assert not client._pending
    await asked.wait()
    waiting.cancel()
    late.set()
    await client.flush()
    assert (await client.request("$JS.API.INFO", timeout=PATIENCE)).data
    await client.close()


@pytest.mark.parametrize("steps", range(6))
async def test_closed_in_the_moment_it_comes_back_a_connection_stays_closed(single_store: Store, steps: int) -> None:
    """Closed just as the server answers it again, a lost connection is closed, and is not opened again."""
    client: Any = await connect(single_store.url)
    client.options["reconnect_time_wait"] = 0
    transport, greeted = client._transport, asyncio.Event()
    read = transport.readline

    async def readline() -> bytes:
        greeting: bytes = await read()
        greeted.set()
        return greeting

    transport.readline = readline
    await client._process_op_err(OSError("lost"))
    await greeted.wait()
    await _after(steps, client.close)
    assert client._reconnection_task.done()
    assert client.is_closed


async def test_a_connection_that_could_not_be_made_leaves_nothing_open() -> None:
    """A server that greets and says no more is given up in time, and hears that nobody is there any more."""
    left = asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"INFO {}\r\n")
        await reader.read()
        writer.close()
        left.set()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(StoreUnavailable, match="no connection"):
            await connect(f"nats://{host}:{port}", within=2.0)
        await asyncio.wait_for(left.wait(), PATIENCE)


@pytest.mark.parametrize("read", ["", "history.load('audit/A-1')"])
def test_history_that_nobody_closed_does_not_hold_up_the_end(single_store: Store, read: str) -> None:
    """A process that forgot to close its history ends all the same, at once and cleanly."""
    program = (
        "import sys; from services.store.application import History;"
        f"history = History(sys.argv[1], sys.argv[2]); history.position(); {read or 'pass'}"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, single_store.authority(), single_store.url],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
