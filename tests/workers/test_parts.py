"""Several parts in one process: one that dies, or cannot begin, is begun again, and the others do not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from events.errors import RolledBack, SettingsError
from tests.stores import PATIENCE
from tests.workers.rig import eventually
from workers.processes.together import beside
from workers.running import parts
from workers.running.parts import Part, side_by_side


class Worker:
    """A part that can be told to die in the middle of its work, or not to begin."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.begun = 0
        self.at_work = asyncio.Event()
        self.dies = asyncio.Event()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        self.begun += 1
        if self.error is not None:
            raise self.error

        async def die(stop: asyncio.Event) -> None:
            self.at_work.set()
            waiting = [asyncio.create_task(each.wait()) for each in (self.dies, stop)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for each in waiting:
                each.cancel()
            if self.dies.is_set():
                self.dies.clear()
                raise ValueError("nobody foresaw this")

        try:
            async with beside(die):
                yield
        finally:
            self.at_work.clear()


def named(**workers: Worker) -> dict[str, Part]:
    return {name: each.run for name, each in workers.items()}


async def test_a_part_that_dies_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its neighbour is not begun anew; the log names the part that died, with its error."""
    monkeypatch.setattr(parts, "FIRST_DELAY", 0.01)
    mortal, steady = Worker(), Worker()
    with capture_logs() as logs:
        async with asyncio.timeout(PATIENCE), side_by_side(named(mortal=mortal, steady=steady), asyncio.Event()):
            await mortal.at_work.wait()
            mortal.dies.set()
            await eventually(lambda: mortal.begun == 2)
            await mortal.at_work.wait()
            assert (mortal.begun, steady.begun, steady.at_work.is_set()) == (2, 1, True)
    assert not steady.at_work.is_set()
    (said,) = [each for each in logs if each["event"] == "part ended by itself"]
    assert "nobody foresaw this" in said["reason"]
    assert said["part"] == "mortal"


async def test_a_part_that_cannot_begin_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again and again beside the others; all count as begun once it has begun as well."""
    monkeypatch.setattr(parts, "FIRST_DELAY", 0.01)
    shut, steady = Worker(SettingsError("no such place")), Worker()
    entered = asyncio.Event()

    async def run(stop: asyncio.Event) -> None:
        async with side_by_side(named(shut=shut, steady=steady), stop):
            entered.set()

    async with asyncio.timeout(PATIENCE), beside(run):
        await steady.at_work.wait()
        await eventually(lambda: shut.begun >= 3)
        assert not entered.is_set()
        shut.error = None
        await entered.wait()
        assert steady.begun == 1


async def test_who_is_told_to_stop_waits_for_no_part() -> None:
    """A part that never begins keeps no process from ending."""
    stop = asyncio.Event()
    stop.set()
    shut = Worker(SettingsError("no such place"))
    async with asyncio.timeout(PATIENCE), side_by_side(named(shut=shut), stop):
        pass


async def test_a_history_that_is_refused_ends_all() -> None:
    """What is said of a history is said to every part: the process ends with it."""
    refused, steady = Worker(RolledBack("torbay", "cut off")), Worker()
    with pytest.raises(RolledBack, match="cut off"):
        async with asyncio.timeout(PATIENCE), side_by_side(named(refused=refused, steady=steady), asyncio.Event()):
            await asyncio.Event().wait()
    assert not steady.at_work.is_set()
