"""Workers that begin anew when all of the history was archived and removed: nothing is told twice, nothing is lost."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from events.audits import AuditModerated, AuditSubmitted
from events.deliveries import DeliveryAttempted, DeliveryDelivered
from events.directory import PersonAppointed
from events.escalations import NoticeSent
from events.imports import ImportOpened
from events.published.message import MSG_ID, read
from events.subjects import stream_name, timer_stream
from services.directory.state import DIRECTORY
from services.imports import import_aggregate
from tests.histories import allocated, sealed
from tests.workers.publishing import until_all_published
from tests.workers.receiver import receiving
from tests.workers.rig import LOWEST, Rig
from tests.workers.sending import became, in_folder, staff
from tests.workers.test_webhooks import QUICK, set_webhook, waiting
from workers.due import timekeeper
from workers.health.whole import look
from workers.histories import archiving
from workers.histories.accepting import By
from workers.parts import looking
from workers.parts.standing import WorkerHealth
from workers.system import System

MakeRig = Callable[..., Rig]
REMOVER = PersonAppointed(person="P-QA", role="qa_team", unit="S-1")
DUE = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def archive_all(rig: Rig) -> int:
    """Archive and remove everything up to now; what the live history begins with from then on."""
    with System(rig.settings.model_copy(update={"archive_overlap": 0})) as system:
        archiving.make_archive(system, rig.authority, system.clock(), lambda _: None)
        removed = archiving.remove_archived(system, rig.authority, By("P-QA", "qa_team"), lambda _: None)
        return removed.through + 1


async def begin_anew(rig: Rig) -> None:
    """Lose all that the workers kept beside the history: their consumers and their database."""
    client = await rig.system.connect()
    js = client.jetstream()
    for each in await js.consumers_info(stream_name(rig.authority)):
        await js.delete_consumer(stream_name(rig.authority), each.name)
    await client.close()
    rig.system.close()
    for file in rig.settings.data.glob("views.sqlite*"):
        file.unlink()


async def test_nothing_is_told_twice(make_rig: MakeRig) -> None:
    """What was published, sent and posted before stays once; what comes next goes out as ever, with its past known."""
    rig = make_rig(**QUICK)
    names = ("publisher", "timekeeper", "escalator", "sender", "webhooks", "sweeper")
    staff(rig, "P-TM")
    rig.record("", REMOVER, aggregate=DIRECTORY)
    async with receiving() as receiver:
        await asyncio.to_thread(set_webhook, rig, receiver.url)
        async with rig.workers(*names):
            await asyncio.to_thread(rig.record, "A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
            await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
            await rig.drained()
            before = await until_all_published(rig)
            await rig.until(lambda: set(receiver.ids) == {each.headers[MSG_ID] for each in before})
            await rig.until(lambda: waiting(rig) == 0)
        past, told = rig.history("A-1"), in_folder(rig)
        first_live = await asyncio.to_thread(archive_all, rig)
        await begin_anew(rig)
        async with rig.workers(*names):
            moderated = AuditModerated(moderator="P-3", outcome="changed", grade="Meets Good", rationale=sealed())
            await asyncio.to_thread(rig.record, "A-1", moderated)
            await asyncio.to_thread(rig.record, "A-2", allocated(due=None), AuditSubmitted(grade=LOWEST))
            await became(rig, "P-TM", *[DeliveryAttempted, DeliveryDelivered] * 2)
            await rig.drained()
            after = await until_all_published(rig)
            await rig.until(lambda: set(receiver.ids) == {each.headers[MSG_ID] for each in after})
    assert first_live > (past[-1].position or 0), "all that had happened to it is archived"
    assert rig.history("A-1")[: len(past)] == past
    taken = [(type(each), each.obligation, each.step) for each in rig.steps("A-1")]
    assert len(taken) == len(set(taken))
    assert len(in_folder(rig)) == len(told) + 1
    (changed,) = [read(each.data)["data"]["changes"] for each in after if each.subject.endswith("grade.changed")]
    assert [each["before"] for each in changed] == [LOWEST]
    assert [each.data for each in after[: len(before)]] == [each.data for each in before]
    assert len(receiver.ids) == len(set(receiver.ids))


async def test_health_of_what_is_archived(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import left open is named although it is archived; an archived event keeps no worker waiting, but a view."""
    staff(rig)
    rig.record("", REMOVER, aggregate=DIRECTORY)
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=import_aggregate("I-1"))
    async with rig.workers("timekeeper", "register"):
        await rig.drained("timekeeper")
        await rig.until(lambda: rig.reached("register") == rig.system.history(rig.authority).position())
    (archived,) = rig.record("A-1", allocated(due=None))
    live = await asyncio.to_thread(archive_all, rig)
    rig.record("A-2", allocated(due=None))
    monkeypatch.setattr(timekeeper, "OPEN_TOO_LONG", timedelta())
    monkeypatch.setattr(looking, "_since", lambda first: float(first.sequence) if first else 0.0)
    found = {each.worker: each for each in await looks(rig)}
    assert (found["timekeeper"].open_imports, found["timekeeper"].waiting) == (("I-1",), 2), "the removal and A-2"
    assert found["timekeeper"].late_by == live
    assert found["register"].late_by == archived, "a view reads what is archived"
    async with rig.workers("timekeeper"):
        await rig.drained("timekeeper")
        (found["timekeeper"],) = [each for each in await looks(rig) if each.worker == "timekeeper"]
    assert (found["timekeeper"].state, "I-1" in found["timekeeper"].reason) == ("holding", True)


async def looks(rig: Rig) -> list[WorkerHealth]:
    client = await rig.system.connect()
    try:
        return await look(rig.system, client)
    finally:
        await client.close()


async def test_timers_of_records_that_are_archived_fire(make_rig: MakeRig) -> None:
    """With the timers and every consumer lost: each reminder goes out at its time, once."""
    rig = make_rig(clock_offset=DUE - timedelta(hours=1) - datetime.now(UTC))
    staff(rig)
    rig.record("", REMOVER, aggregate=DIRECTORY)
    async with rig.workers("timekeeper", "escalator"):
        rig.record("A-1", allocated(due=date(2026, 3, 16)))
        await rig.drained()
    assert rig.steps("A-1") == [], "it is not due yet"
    await asyncio.to_thread(archive_all, rig)
    await begin_anew(rig)
    client = await rig.system.connect()
    await client.jetstream().purge_stream(timer_stream(rig.authority))
    await client.close()
    rig = make_rig(authority=rig.authority, clock_offset=DUE - timedelta(seconds=3) - datetime.now(UTC))
    async with rig.workers("timekeeper", "escalator", "sweeper"):
        await rig.until(lambda: bool(rig.steps("A-1")))
    (sent,) = rig.steps("A-1")
    assert isinstance(sent, NoticeSent)
    assert rig.history("A-1")[-1].envelope.occurred >= DUE
