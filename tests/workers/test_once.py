"""One record of each step, however often its timer fires and whoever is killed in between."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from events.audits import AuditSubmitted
from events.subjects import timer_stream
from services.obligations.steps import identity_of
from tests.forks import begin
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, ROOT, Rig
from workers.due.timers import Timers
from workers.health.whole import settled
from workers.intake import consuming
from workers.intake.pulling import consumer_info
from workers.parts.registry import VIEW_NAMES
from workers.running.process import working
from workers.running.supervisor import environment
from workers.system import System

pytestmark = pytest.mark.long

KILLED_AFTER_APPEND = """
import asyncio, os, signal
from services.settings import read_settings
from services.store.application import History
from workers.due.escalator import escalating
from workers.system import System

append = History.append

def append_and_die(self, *events, **known):
    append(self, *events, **known)
    os.kill(os.getpid(), signal.SIGKILL)

History.append = append_and_die

async def main():
    async with escalating(System(read_settings())):
        await asyncio.Event().wait()

asyncio.run(main())
"""


def assert_once(rig: Rig, audit: str, count: int) -> None:
    recorded = Counter(identity_of(step) for step in rig.steps(audit))
    assert len(recorded) == count
    assert set(recorded.values()) == {1}


@pytest.mark.covers("ALL-C4")
async def test_a_timer_that_fires_many_times(rig: Rig) -> None:
    """Poked ten times and worked out by the timekeeper twice, an audit has one record of each step."""
    async with rig.workers("timekeeper", "escalator"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
        client = await rig.system.connect()
        timers = Timers(client, rig.authority, timedelta())
        for _ in range(10):
            await timers.poke("audit/A-1")
        await client.jetstream().delete_consumer(f"SIGHTLINE_{rig.authority.upper().replace('-', '_')}", "timekeeper")
        await rig.drained()
        await client.close()
    assert_once(rig, "A-1", 3)


async def test_two_escalators_at_once(rig: Rig) -> None:
    """Two escalators share the timers, and two of one audit at the same moment leave one record of each step."""
    async with AsyncExitStack() as stack:
        systems = [stack.enter_context(System(rig.settings)) for _ in range(2)]
        for system in systems:
            await stack.enter_async_context(working(system, "escalator"))
        await stack.enter_async_context(working(systems[0], "timekeeper"))
        client = await rig.system.connect()
        timers = Timers(client, rig.authority, timedelta())
        for number in range(15):
            rig.record(f"A-{number}", allocated(due=None), AuditSubmitted(grade=LOWEST))
            await asyncio.gather(*(timers.poke(f"audit/A-{number}") for _ in range(4)))
        await rig.until(lambda: all(len(rig.steps(f"A-{number}")) == 3 for number in range(15)))
        await rig.drained()
        await client.close()
    for number in range(15):
        assert_once(rig, f"A-{number}", 3)


async def test_killed_between_append_and_acknowledgement(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An escalator killed after its append: the timer comes again, and the next escalator finds nothing to add."""
    monkeypatch.setattr(consuming, "ACK_WAIT", 1.0)
    async with rig.workers("timekeeper", "escalator"):
        pass  # it makes the consumers, with that time
    async with rig.workers("timekeeper"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        program = [sys.executable, "-c", KILLED_AFTER_APPEND]
        killed = await asyncio.to_thread(
            subprocess.run, program, cwd=ROOT, env=environment(rig.settings), check=False, timeout=120
        )
    assert killed.returncode == -signal.SIGKILL
    assert_once(rig, "A-1", 3)
    client = await rig.system.connect()
    info = await consumer_info(client.jetstream(), timer_stream(rig.authority), "escalator")
    assert info is not None
    assert info.num_ack_pending
    async with rig.workers("escalator"):
        await rig.drained()
    await client.close()
    assert_once(rig, "A-1", 3)


async def test_a_projector_killed_and_started_again(rig: Rig) -> None:
    """Killed at any moment, a projector goes on from its checkpoint at once: no row twice and none missing."""
    audits = [f"A-{number}" for number in range(30)]
    async with rig.workers("timekeeper", "escalator"):
        for number, audit in enumerate(audits):
            rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
            if number % 10 == 0:
                process = await asyncio.to_thread(begin, "workers", "notices", environment=environment(rig.settings))
                await rig.until(lambda audit=audit: len(rig.notices(audit)) == 3)  # type: ignore[misc]  # mypy cannot type a lambda with a default
                process.kill()
                await asyncio.to_thread(process.wait)
    async with rig.workers(*VIEW_NAMES, "timekeeper", "escalator", "publisher"):
        await settled(rig.system, within=PATIENCE)
        assert Counter(notice.audit for notice in rig.notices()) == dict.fromkeys(audits, 3)
