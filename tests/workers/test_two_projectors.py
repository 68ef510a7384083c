"""Several copies of one projector: one works, the others stand by; whoever dies or stops is followed in seconds."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, select

from events.audits import AuditSubmitted
from projections.generations import generation_row
from projections.registry import VIEWS
from tests import stores
from tests.forks import Process, begin
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig, eventually
from workers.histories.rebuilding import rebuild_view
from workers.kept.leases import Leases, holders
from workers.running.process import working
from workers.running.readiness import NOTIFY_SOCKET, hearing
from workers.running.supervisor import environment
from workers.system import System

pytestmark = pytest.mark.long

VIEW = "register"

BETWEEN = 0.1
"""Seconds between two rounds of work: some thirty events a second are enough to be under way all the time."""


@asynccontextmanager
async def copy_of(rig: Rig) -> AsyncIterator[Process]:
    """A copy of the projector as a process of its own, ready; it may be running still or not when the block ends."""
    ready = asyncio.Event()
    async with hearing(lambda _: ready.set()) as address:
        variables = {**environment(rig.settings), NOTIFY_SOCKET: address}
        process = await asyncio.to_thread(begin, "workers", VIEW, environment=variables)
        try:
            await asyncio.wait_for(ready.wait(), PATIENCE)
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()
            await asyncio.to_thread(process.wait)


def audits(rig: Rig, name: str, many: int = 100) -> None:
    """Append so many audits of three events each, one append after the other."""
    for number in range(many):
        submitted = AuditSubmitted(grade=LOWEST)
        rig.record(f"{name}-{number}", allocated(), submitted, submitted.model_copy())


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Every row of the live tables."""
    view = VIEWS[VIEW]()
    with engine.connect() as db:
        row = generation_row(db, VIEW)
        assert row is not None
        tables = view.shape.tables(row["live"])
        return {name: sorted(map(repr, db.execute(select(table)))) for name, table in tables.items()}


async def reached_in_time(rig: Rig) -> None:
    end = rig.system.history(rig.authority).position()
    await eventually(lambda: rig.reached(VIEW) == end)


async def same_as_rebuilt(rig: Rig) -> None:
    before = rows(rig.system.engine)
    await asyncio.to_thread(rebuild_view, rig.system, VIEW, lambda *_: None)
    assert rows(rig.system.engine) == before
    assert any(before.values())


async def goes_on(rig: Rig) -> None:
    """Wait until the view holds what the stream holds now, whatever comes meanwhile."""
    end = rig.system.history(rig.authority).position()
    await eventually(lambda: rig.reached(VIEW) >= end)


def active(rig: Rig, copies: Iterable[Process]) -> Process | None:
    """The copy that does the work now; none while nobody shows life."""
    named = holders(rig.system.engine).get(VIEW, "")
    return next((each for each in copies if named.endswith(f"/{each.pid}")), None)


async def one_active(rig: Rig, *copies: Process) -> Process:
    """The copy that does the work, once one does."""
    await eventually(lambda: active(rig, copies) is not None)
    found = active(rig, copies)
    assert found is not None
    return found


async def stand_still(rig: Rig, copy: Process) -> None:
    """Stop a copy between two of its writes: SQLite has one writer, and nobody gets past one that stops as such."""

    def stopped() -> bool:
        try:
            threads = [each.read_text() for each in Path(f"/proc/{copy.pid}/task").glob("*/stat")]
        except OSError:  # a thread has just ended
            return False
        return {each.rpartition(")")[2].split()[0] for each in threads} == {"T"}

    def free() -> bool:
        try:
            with closing(sqlite3.connect(rig.settings.data / "views.sqlite", timeout=2.0)) as db:
                db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True

    def between() -> bool:
        copy.send_signal(signal.SIGSTOP)
        stores.eventually(stopped)
        if free():
            return True
        copy.send_signal(signal.SIGCONT)
        return False

    await eventually(between)


async def test_two_copies_keep_up(rig: Rig) -> None:
    """Two copies from the beginning: a hundred appends of three events each are in the view within seconds."""
    async with copy_of(rig), copy_of(rig):
        await asyncio.to_thread(audits, rig, "A")
        await reached_in_time(rig)
    await same_as_rebuilt(rig)


async def test_nothing_hangs_on_the_lease(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies that both believe the work to be theirs keep one view as one does: all is kept."""
    monkeypatch.setattr(Leases, "_take", lambda each: frozenset(each.held))
    async with AsyncExitStack() as stack:
        for _ in range(2):
            system = stack.enter_context(System(rig.settings))
            await stack.enter_async_context(working(system, VIEW))
        await asyncio.to_thread(audits, rig, "A", 60)
        await reached_in_time(rig)
    await same_as_rebuilt(rig)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda each: each.name)
async def test_the_active_copy_is_followed(rig: Rig, number: signal.Signals) -> None:
    """Killed or told to end in the middle of the work, the active copy is followed by the other in seconds."""
    async with copy_of(rig) as first, copy_of(rig) as second:
        at_work = await one_active(rig, first, second)
        other = second if at_work is first else first
        writing = asyncio.create_task(asyncio.to_thread(audits, rig, "A"))
        await eventually(lambda: rig.reached(VIEW) > 30)
        at_work.send_signal(number)
        await writing
        await reached_in_time(rig)
        await eventually(lambda: active(rig, [first, second]) is other)
    await same_as_rebuilt(rig)


async def test_a_stopped_copy_is_followed_and_wakes_up(rig: Rig) -> None:
    """A copy that stands still is followed in seconds, and does no harm when it wakes up in the middle of the work."""
    async with copy_of(rig) as first, copy_of(rig) as second:
        at_work = await one_active(rig, first, second)
        other = second if at_work is first else first
        await stand_still(rig, at_work)
        await asyncio.to_thread(audits, rig, "A", 30)
        await reached_in_time(rig)
        await eventually(lambda: active(rig, [first, second]) is other)
        writing = asyncio.create_task(asyncio.to_thread(audits, rig, "B"))
        await eventually(lambda: rig.reached(VIEW) > 120)
        at_work.send_signal(signal.SIGCONT)
        await writing
        await reached_in_time(rig)
    await same_as_rebuilt(rig)


async def test_a_rolling_restart(rig: Rig) -> None:
    """Copies that overlap while others come and go, under work all the time: the view never stays behind."""
    over = Event()

    def write() -> None:
        for number in count():
            audits(rig, f"A-{number}", 5)
            if over.wait(BETWEEN):
                return

    writing = asyncio.create_task(asyncio.to_thread(write))
    async with AsyncExitStack() as stack:
        stack.callback(over.set)  # whatever becomes of it, nobody writes for ever
        former = await stack.enter_async_context(copy_of(rig))
        for _ in range(3):
            later = await stack.enter_async_context(copy_of(rig))
            await goes_on(rig)
            former.terminate()
            assert await asyncio.to_thread(former.wait) == 0
            await goes_on(rig)
            former = later
        over.set()
        await writing
        await reached_in_time(rig)
    await same_as_rebuilt(rig)
