"""What health says of a process that exists and does nothing: it is there, and no other is to be started."""

import asyncio
import os
import platform
import signal
from contextlib import ExitStack
from pathlib import Path

from tests.workers.rig import Rig, eventually
from tests.workers.test_faults import state_of
from tests.workers.test_two_projectors import VIEW, copy_of
from workers.health.presence import PLACE, Present, present, processes


async def test_a_suspended_worker(rig: Rig) -> None:
    """A process that a signal has stopped is named as suspended with its number, and goes on once it is woken."""
    async with copy_of(rig) as process:
        process.send_signal(signal.SIGSTOP)
        try:
            await eventually(lambda: asyncio.run(state_of(rig, VIEW)).state == "suspended")
            found = await state_of(rig, VIEW)
            assert (found.state, found.ok) == ("suspended", False)
            assert f"process {process.pid} of {platform.node()} was stopped by a signal" in found.reason
            assert "kill -CONT" in found.told
            assert "sightline up" not in found.told
        finally:
            process.send_signal(signal.SIGCONT)
        await eventually(lambda: asyncio.run(state_of(rig, VIEW)).ok)
    await eventually(lambda: asyncio.run(state_of(rig, VIEW)).state == "stopped")
    assert "start `sightline up`" in (await state_of(rig, VIEW)).told


async def test_a_silent_worker(rig: Rig) -> None:
    """A process that is there and asks for nothing is silent; two are both named."""
    async with rig.workers(VIEW):
        pass
    with present(rig.settings.data, VIEW):
        found = await state_of(rig, VIEW)
    assert (found.state, found.ok) == ("silent", False)
    assert f"process {os.getpid()} of {platform.node()} is there and asks for nothing" in found.reason


def test_who_is_there(tmp_path: Path) -> None:
    """Each worker's own processes while they exist; what one left that was killed is nobody, and is cleared."""
    (tmp_path / PLACE).mkdir()
    left = tmp_path / PLACE / f"register@{platform.node()}.999999999"
    left.touch()
    assert processes(tmp_path, "register") == []
    with ExitStack() as stack:
        stack.enter_context(present(tmp_path, "register"))
        assert processes(tmp_path, "register") == [Present(platform.node(), os.getpid(), suspended=False)]
        assert processes(tmp_path, "notices") == []
        (tmp_path / PLACE / f"register@{platform.node()}.{os.getpid()}").rename(
            tmp_path / PLACE / "register@else.where.1"
        )
        assert processes(tmp_path, "register") == [Present("else.where", 1, suspended=None)]
        (tmp_path / PLACE / "register@else.where.1").unlink()
        assert not left.exists()
    assert processes(tmp_path, "register") == []


def test_a_folder_that_takes_no_file(tmp_path: Path) -> None:
    """Where it cannot be written down, the work goes on all the same."""
    (tmp_path / PLACE).touch()
    with present(tmp_path, "register"):
        assert processes(tmp_path, "register") == []
