"""One record that cannot be worked out is one record's failure: all others go on, and health names it until it is."""

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from events.audits import AuditSubmitted
from events.envelope import TYPE, VERSION
from events.imports import ImportClosed, ImportOpened
from events.subjects import aggregate_subject, all_subjects, fired_subject
from services.core.record import Record
from services.escalations.settle import Settlement
from services.escalations.settle import settle as really_settle
from services.imports import import_aggregate
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_faults import state_of
from workers import rules
from workers.due import arming, attending, settling, sweeper
from workers.due.escalator import BATCH as FIRED_AT_ONCE
from workers.due.sweeper import sweeping
from workers.due.timekeeper import BATCH as EVENTS_AT_ONCE
from workers.kept import parked
from workers.kept.sweeps import sweeps

TURNS = 20
"""Turns of the event loop in which a worker hears that it is to stop."""


class Faults:
    """Records whose settlement fails, as by an error that nobody foresaw; how often each record was settled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bad: set[str] = set()
        self.settled: Counter[str] = Counter()
        for module in (arming, settling):
            monkeypatch.setattr(module, "settle", self.settle)

    def settle(self, record: Record, *known: object, **more: object) -> Settlement:
        about = record.aggregate
        self.settled[about] += 1
        if about in self.bad:
            raise ValueError(f"nobody foresaw {about}")
        return really_settle(record, *known, **more)  # type: ignore[arg-type]  # handed on as it came


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    monkeypatch.setattr(attending, "RETRY_EVERY", 0.1)
    return Faults(monkeypatch)


@pytest.mark.parametrize(("fails", "asked"), [((), 4), (("audit/A-1",), 20)])
async def test_an_idle_process_asks_rarely(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, fails: tuple[str, ...], asked: int
) -> None:
    """While nothing is parked the database is asked at every fifth look; what this process parked, at each."""

    async def work(record: str, _: asyncio.Event) -> None:
        raise ValueError(f"nobody foresaw {record}")

    async def turn(_stop: asyncio.Event, _seconds: float) -> bool:
        return next(turns, None) is None

    def counted(*known: object) -> Mapping[tuple[str, str], tuple[parked.Parked, ...]]:
        found.append(known)
        return really_parked(*known)  # type: ignore[arg-type]  # handed on as it came

    turns, found, really_parked = iter(range(20)), list[object](), parked.parked
    monkeypatch.setattr(attending, "unless", turn)
    monkeypatch.setattr(parked, "parked", counted)
    attends = attending.Attending(rig.system, "timekeeper", rig.authority, work)
    for record in fails:
        await attends.one(record, asyncio.Event())
    await attending.retrying(rig.system, "timekeeper", [attends], asyncio.Event())
    assert len(found) == asked


async def test_more_failures_than_a_batch_holds(rig: Rig, faults: Faults) -> None:
    """As many records as the server gives out at once cannot be worked out: the alert about another goes out."""
    bad = [f"B-{number}" for number in range(EVENTS_AT_ONCE)]
    faults.bad = {f"audit/{each}" for each in bad}
    client = await rig.system.connect()
    async with rig.workers("timekeeper", "escalator"):
        for audit in bad:
            rig.record(audit, allocated(due=None))
        for audit in bad[:FIRED_AT_ONCE]:
            await client.jetstream().publish(fired_subject(rig.authority, f"audit/{audit}"))
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
    await client.close()


async def test_what_was_parked_outlives_its_process(rig: Rig, faults: Faults) -> None:
    """A parked record is named by health, tried again by the next process, and gone when it was worked out."""
    faults.bad = {"audit/A-1"}
    async with rig.workers("timekeeper"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: bool(parked.parked(rig.system.engine)))
        found = await state_of(rig, "timekeeper")
        assert (found.state, found.ok) == ("failing", False)
        assert "audit/A-1" in found.reason
        assert "nobody foresaw" in found.reason
        await rig.until(lambda: faults.settled["audit/A-1"] > 1)  # and it is tried again
    faults.bad.clear()
    async with rig.workers("timekeeper", "escalator"):
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
        await rig.until(lambda: not parked.parked(rig.system.engine))
        assert (await state_of(rig, "timekeeper")).ok


def test_each_attempt_is_later(rig: Rig) -> None:
    """The wait doubles with each attempt; one process tries at a time, and what was worked out is named no more."""
    engine = rig.system.engine
    found, waits = [], []
    for _ in range(12):
        asked = datetime.now(UTC)
        found.append(parked.park(engine, "timekeeper", rig.authority, "audit/A-1", "no\0 reason"))
        answered = datetime.now(UTC)
        waits.append((found[-1].again - answered, found[-1].again - asked))
    expected = [min(timedelta(seconds=2**n), parked.LONGEST_DELAY) for n in range(12)]
    assert all(least <= each <= most for each, (least, most) in zip(expected, waits, strict=True)), waits
    assert expected[-1] == parked.LONGEST_DELAY
    ((one,),) = parked.parked(engine, "timekeeper").values()
    assert (one.attempts, one.reason, one.since) == (12, "no reason", found[0].since)
    assert [parked.claim(engine, one), parked.claim(engine, one)] == [True, False]
    parked.release(engine, "timekeeper", rig.authority, "audit/A-1")
    assert parked.parked(engine) == {}


async def test_what_is_to_be_worked_out_once_more_stays_parked(rig: Rig) -> None:
    """As an import at whose release it was time to stop: no message of it comes again, so that it would be lost."""
    found: list[float | None] = [0.5, None]

    async def work(_: str, __: asyncio.Event) -> float | None:
        return found.pop(0)

    async def looked() -> list[parked.Parked]:
        (one,) = parked.parked(engine, "timekeeper").values()
        due = [replace(each, again=each.again - parked.LONGEST_DELAY) for each in one]
        with patch.object(parked, "claim", return_value=True):
            await attends.look(asyncio.Event(), due)
        return [each for known in parked.parked(engine, "timekeeper").values() for each in known]

    engine = rig.system.engine
    attends = attending.Attending(rig.system, "timekeeper", rig.authority, work)
    before = parked.park(engine, "timekeeper", rig.authority, "import/I-1", "the server did not answer")
    asked = datetime.now(UTC)
    (after,) = await looked()
    assert (after.record, after.since) == (before.record, before.since)
    assert asked + timedelta(seconds=0.5) <= after.again <= datetime.now(UTC) + timedelta(seconds=0.5)
    assert await looked() == []


async def test_one_failure_in_an_import_repeats_nothing_else(rig: Rig, faults: Faults) -> None:
    """A closed import is worked out once, but for the audit that fails, which is tried again by itself."""
    faults.bad = {"audit/A-2"}
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=import_aggregate("I-1"))
    for audit in ("A-1", "A-2", "A-3"):
        rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST), imported="I-1")
    rig.record("", ImportClosed(accepted=6, repeated=0, refused=0), aggregate=import_aggregate("I-1"))
    async with rig.workers("timekeeper"):
        await rig.until(lambda: faults.settled["audit/A-2"] > 2)
    assert (faults.settled["audit/A-1"], faults.settled["audit/A-3"]) == (1, 1)


@pytest.mark.parametrize("headers", [{VERSION: "x", TYPE: "audit.submitted.v1"}, {}, {"ce-time": "2026-03-02T09:00"}])
async def test_a_message_that_nobody_foresaw(rig: Rig, headers: dict[str, str]) -> None:
    """A bad version, no envelope, a time without its zone: the message's own record is named, all others go on."""
    client = await rig.system.connect()
    async with rig.workers("timekeeper", "escalator", "sweeper"):
        await client.jetstream().publish(aggregate_subject(rig.authority, "audit/B-1"), b"{}", headers=headers)
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
        await rig.until(lambda: "audit/B-1" in asyncio.run(state_of(rig, "timekeeper")).reason)
        assert not (await state_of(rig, "timekeeper")).ok
    await client.close()


async def test_a_message_on_no_events_subject(rig: Rig) -> None:
    """It ends neither timekeeper nor sweeper, and it halts the views, where health names its position."""
    client = await rig.system.connect()
    strange = await client.jetstream().publish(all_subjects(rig.authority).replace(">", "strange"), b"{}")
    async with rig.workers("timekeeper", "escalator", "sweeper", "register"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
        await rig.until(lambda: bool(sweeps(rig.system.engine)[rig.authority].whole))
        await rig.until(lambda: rig.halts("register") == [strange.seq])
        found = await state_of(rig, "register")
        assert (found.state, found.halted_at) == ("halted", strange.seq)
        assert (await state_of(rig, "sweeper")).ok
    await client.close()


async def test_a_sweep_goes_past_what_it_cannot_read(rig: Rig) -> None:
    """With a bad event in the stream and no timekeeper, what comes behind it is still found by the sweep alone."""
    client = await rig.system.connect()
    await client.jetstream().publish(aggregate_subject(rig.authority, "audit/B-1"), b"{}", headers={VERSION: "x"})
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("escalator", "sweeper"):
        await rig.until(lambda: len(rig.steps("A-1")) == 3)
        await rig.until(lambda: "audit/B-1" in asyncio.run(state_of(rig, "sweeper")).reason)
        assert (await state_of(rig, "sweeper")).state == "failing"
    await client.close()


async def test_a_worker_ends_within_moments(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to stop in the middle of a long sweep and a long batch, a worker ends after the record in hand."""
    begun, over = threading.Event(), threading.Event()
    settled: list[object] = []
    loop = asyncio.get_running_loop()

    async def turns() -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)

    def slow(*known: object, **more: object) -> Settlement:
        settled.append(known[0])
        begun.set()
        over.wait(PATIENCE)  # as long as it takes to be told, and never for good
        asyncio.run_coroutine_threadsafe(turns(), loop).result(PATIENCE)  # in which the worker is told, on any machine
        return really_settle(*known, **more)  # type: ignore[arg-type]  # handed on as it came

    for number in range(200):
        rig.record(f"A-{number}", allocated(due=None))
    monkeypatch.setattr(arming, "settle", slow)
    for module, pause in ((attending, "RETRY_EVERY"), (rules, "LOOK_EVERY")):
        monkeypatch.setattr(module, pause, PATIENCE)  # a look that was under way would end before the worker is told
    for worker in ("sweeper", "timekeeper"):
        settled.clear()
        begun.clear()
        over.clear()
        async with rig.workers(worker):
            await asyncio.to_thread(begun.wait, PATIENCE)
            assert settled  # it is in the middle of the first few of two hundred
            asyncio.get_running_loop().call_soon(over.set)  # once it is told to stop, just after this block
        assert len(settled) < 20  # and began few more


async def test_the_sweeper_has_a_heartbeat(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health says since when a sweeper that runs no more has swept nothing; one that never ran is missing."""
    assert (await state_of(rig, "sweeper")).state == "missing"
    async with sweeping(rig.system):
        await rig.until(lambda: bool(sweeps(rig.system.engine)[rig.authority].whole))
        assert (await state_of(rig, "sweeper")).state == "up to date"
    monkeypatch.setattr(sweeper, "SWEEP_SLACK", timedelta())
    rig.settings = rig.settings.model_copy(update={"sweep_seconds": 0.01})
    found = await state_of(rig, "sweeper")
    assert (found.state, found.ok) == ("stopped", False)
    assert "swept last at" in found.reason
