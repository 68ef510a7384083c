"""The link between threads and the event loop: nobody waits for ever, and nothing holds up the end of a process."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

import pytest

from services.store.errors import StoreUnavailable
from services.store.link import Link, close_link, open_link
from tests.stores import PATIENCE, Store


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
