"""Processes that lose their parent where `up` is the first process of all, as in a container."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.stores import PATIENCE
from tests.workers.rig import eventually
from tests.workers.test_forking import ENDING, staying
from workers.running.forking import FORKS

pytestmark = pytest.mark.skipif(not FORKS, reason="this platform begins each process by exec")


@pytest.fixture
def variables(tmp_path: Path) -> Mapping[str, str]:
    """The environment of a process that stays."""
    (tmp_path / "ending.py").write_text(ENDING)
    return {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def first_process() -> Iterator[None]:
    """This process is as the first one of a container: what loses its parent becomes its child."""
    becomes = partial(ctypes.CDLL(None, use_errno=True).prctl, 36)  # PR_SET_CHILD_SUBREAPER
    assert becomes(1) == 0
    yield
    becomes(0)


@pytest.mark.usefixtures("first_process")
@pytest.mark.parametrize("ends", ["before", "after"])
async def test_the_first_process_takes_orphans_off_the_list(variables: Mapping[str, str], ends: str) -> None:
    """In a container nobody else would, and each that lost its own parent would stay there for as long as that runs.

    Its code is then known as well.
    """
    async with staying(variables) as (_, process, loaded):
        if ends == "before":
            loaded.suspend()  # it ends before its parent, which has not been told how
            process.kill()
        loaded.kill()
        if ends == "after":
            await eventually(lambda: not loaded.is_running())
            process.kill()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == -signal.SIGKILL
        assert not psutil.pid_exists(process.pid)
