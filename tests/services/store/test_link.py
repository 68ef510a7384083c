"""The link between threads and the event loop: nobody waits for ever, and nothing holds up the end of a process."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import nats.errors
import pytest

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
