"""Damage that was accepted: everything goes on without it, and over nothing else is passed in silence."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from events import envelope
from events.audits import AuditSubmitted
from events.errors import BrokenHistory, ContractError, Refused
from events.subjects import aggregate_subject, stream_name
from services.nats_server import embedded_server
from services.settings import Settings
from services.store.mapper import fact_to_store
from services.store.source import Source
from tests.histories import allocated
from tests.projections.rebuilt import of_nothing
from tests.stores import recorded
from tests.workers.own_server import COUNCIL, running, settings_in
from tests.workers.rig import LOWEST, Rig
from workers.due.swept import Reading
from workers.health.whole import health
from workers.histories.accepting import By
from workers.histories.damages import Taken, accept_damage, accepted_damage
from workers.histories.rebuilding import rebuild_everything, rebuild_view, verify_stream
from workers.parts.registry import VIEW_NAMES
from workers.system import System
from workers.views import projector

pytestmark = pytest.mark.long

ACT: dict[str, Any] = {"reason": "unknown", "by": By("P-OPS", "qa_team"), "progress": lambda *_: None}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.2)


async def accept(rig: Rig, first: int, last: int | None = None) -> Taken:
    return await asyncio.to_thread(accept_damage, rig.system, rig.authority, (first, last or first), **ACT)


async def write_past(rig: Rig, damage: str) -> int:
    """Write a message on the record of A-1 that no reader takes; its position."""
    version = len(rig.history("A-1")) + 1
    stored = fact_to_store(recorded(rig.authority, "audit/A-1", version, command=f"bad-{rig.authority}"))
    headers, body = dict(stored.headers), stored.state
    match damage:
        case "body":
            body = b'{"grade":12}'
            headers[envelope.TYPE] = AuditSubmitted.stored_name
        case "type":
            headers[envelope.TYPE] = "audit.unheard.v1"
        case "zone":
            headers[envelope.RECORDED] = "2026-03-02T12:00:00"
        case "no event":
            headers, body = {}, b"\xff{"
        case "version":
            headers[envelope.VERSION] = "77"
    headers[envelope.HASH] = "0" * 64 if damage == "digest" else envelope.content_hash(headers, body)
    client = await rig.system.connect()
    try:
        found = await client.jetstream().publish(aggregate_subject(rig.authority, "audit/A-1"), body, headers=headers)
        return found.seq
    finally:
        await client.close()


def shown(rig: Rig) -> dict[str, Any]:
    """What the views hold of the audits."""
    return {"notices": rig.notices(), "reached": {view: rig.reached(view) for view in VIEW_NAMES}}


@pytest.mark.parametrize("damage", ["body", "digest", "zone", "type", "no event", "version"])
async def test_what_was_written_past_the_contracts(rig: Rig, damage: str) -> None:
    """It halts every view; accepted, all go on and equal a rebuild, and the record it stood on takes commands again."""
    async with rig.workers(*VIEW_NAMES, "timekeeper", "escalator"):
        rig.record("A-1", allocated(due=None))
        bad = await write_past(rig, damage)
        if damage != "version":  # views take events in the order of the stream, whatever their records say
            await rig.until(lambda: rig.halts("register") == [bad])
        with pytest.raises((BrokenHistory, ContractError)):
            rig.history("A-1")
        with pytest.raises(Refused, match="event 1 is sound"):
            await accept(rig, 1)
        taken = await accept(rig, bad)
        assert taken.sound
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        rig.record("A-2", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-1")) == len(rig.steps("A-2")) == 3)
        await rig.drained()
        end = rig.system.history(rig.authority).position()
        await rig.until(lambda: {rig.reached(view) for view in VIEW_NAMES} == {end})
        assert [each.originator_version for each in rig.history("A-1")] == [1, 2, 3, 4, 5]
    before = shown(rig)
    for view in VIEW_NAMES:
        await asyncio.to_thread(rebuild_view, rig.system, view, lambda *_: None)
    assert of_nothing(await asyncio.to_thread(rebuild_everything, rig.system, [rig.authority], lambda *_: None))
    assert shown(rig) == before
    await told_and_no_fault(rig, bad)


async def told_and_no_fault(rig: Rig, position: int) -> None:
    found = await asyncio.to_thread(verify_stream, rig.system, rig.authority, lambda *_: None)
    assert (found.sound, found.passed_over) == (True, 1)
    (given,) = found.accepted
    assert (given.fact.position, given.told.actor, given.told.role) == (position, "P-OPS", "qa_team")
    (row,) = [each for each in await asyncio.to_thread(health, rig.settings) if each.worker == "history"]
    assert (row.state, row.ok) == ("damage accepted", True)
    assert str(position) in row.reason
    (kept,) = await asyncio.to_thread(accepted_damage, rig.system, rig.authority)
    assert kept.stands
    client = await rig.system.connect()
    await rig.system.check(client)
    assert await Reading(rig.system, rig.authority, Source(client, stream_name(rig.authority))).read() == ""
    await client.close()


async def test_a_repeat_records_nothing_twice(rig: Rig) -> None:
    """Accepted twice, it is accepted once."""
    rig.record("A-1", allocated())
    bad = await write_past(rig, "digest")
    await accept(rig, bad)
    end = rig.system.history(rig.authority).position()
    assert (await accept(rig, bad)).sound
    assert rig.system.history(rig.authority).position() == end


async def test_what_is_not_damaged_is_not_accepted(rig: Rig) -> None:
    """Sound events, positions beyond the end and numbers that are none are refused, and nothing is recorded."""
    rig.record("A-1", allocated(), AuditSubmitted(grade=LOWEST))
    for first, last in ((1, 1), (1, 2), (3, 3), (0, 0), (2, 1)):
        with pytest.raises(Refused, match="position"):
            await accept(rig, first, last)
    assert rig.system.history(rig.authority).position() == 2


async def test_other_damage_is_not_covered(rig: Rig) -> None:
    """One acceptance is for one place: what is damaged beside it still halts, and the act says that it is left."""
    rig.record("A-1", allocated())
    first = await write_past(rig, "digest")
    second = await write_past_again(rig)
    assert not (await accept(rig, first)).sound
    with pytest.raises(BrokenHistory):
        rig.history("A-1")
    assert (await accept(rig, second)).sound
    assert len(rig.history("A-1")) == 1


async def write_past_again(rig: Rig) -> int:
    client = await rig.system.connect()
    found = await client.jetstream().publish(aggregate_subject(rig.authority, "audit/A-1"), b"{}")
    await client.close()
    return found.seq


# A missing event


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def events_of(settings: Settings) -> Path:
    (found,) = (settings.data / "jetstream").glob(f"**/{stream_name(COUNCIL)}/msgs/1.blk")
    return found


def flip(settings: Settings, event: int) -> None:
    """Change one bit of one event, as a dying disk would: the server passes over it and says nothing."""
    content = bytearray(events_of(settings).read_bytes())
    place = -1
    for _ in range(event):
        place = content.index(b"ce-actor", place + 1)
    content[place + 11] ^= 1
    events_of(settings).write_bytes(content)


async def two_audits(settings: Settings) -> None:
    """Events 1, 3 and 5 are of A-1, the others of A-2; the register has read all."""
    async with running(settings, "register") as rig:
        for fact in (allocated(), AuditSubmitted(grade=LOWEST), AuditSubmitted(grade=LOWEST)):
            for audit in ("A-1", "A-2"):
                rig.record(audit, fact)
        await rig.until(lambda: rig.reached("register") == 6)


@pytest.mark.parametrize(("lost", "left"), [(1, [2, 3]), (3, [1, 3]), (5, [1, 2])])
async def test_an_event_that_cannot_be_read(settings: Settings, lost: int, left: list[int]) -> None:
    """First, in the middle or last of its record: accepted, the record is what is left and takes the next event."""
    await two_audits(settings)
    flip(settings, lost)
    with embedded_server(settings.data), System(settings) as system:
        rig = Rig(settings, system, COUNCIL)
        with pytest.raises(BrokenHistory):
            rig.history("A-1")
        taken = await accept(rig, lost)
        assert (taken.found, taken.sound, "register" in taken.views) == ("missing", True, True)
        assert [each.originator_version for each in rig.history("A-1")] == left
    async with running(settings, *VIEW_NAMES, "timekeeper", "escalator", "sweeper") as rig:
        history = rig.system.history(COUNCIL)
        await rig.drained()
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        await rig.drained()
        await rig.until(lambda: {rig.reached(view) for view in VIEW_NAMES} == {history.position()})
        versions = [each.originator_version for each in rig.history("A-1")]
        assert versions == [*left, *range(left[-1] + 1, left[-1] + 1 + len(versions) - len(left))]
        assert len(versions) > len(left)
        before = shown(rig)
        for view in VIEW_NAMES:
            await asyncio.to_thread(rebuild_view, rig.system, view, lambda *_: None)
        assert of_nothing(await asyncio.to_thread(rebuild_everything, rig.system, [COUNCIL], lambda *_: None))
        assert shown(rig) == before
        assert len(history.recorder.select_notifications(1, 1000)) == history.position()
        await told_and_no_fault(rig, lost)


async def test_damage_that_changes_is_new_damage(settings: Settings) -> None:
    """What was accepted is what stood there then: when something else stands there, everything halts again."""
    async with running(settings) as rig:
        rig.record("A-1", allocated())
        bad = await write_past(rig, "digest")
        assert (await accept(rig, bad)).sound
        assert len(rig.history("A-1")) == 1
    flip(settings, bad)
    with embedded_server(settings.data), System(settings) as system:
        rig = Rig(settings, system, COUNCIL)
        with pytest.raises(BrokenHistory):
            rig.history("A-1")
        with pytest.raises(BrokenHistory):
            await asyncio.to_thread(rebuild_view, system, "register", lambda *_: None)
        assert not (await asyncio.to_thread(verify_stream, system, COUNCIL, lambda *_: None)).sound
        assert [each.stands for each in await asyncio.to_thread(accepted_damage, system, COUNCIL)] == [False]
        assert (await accept(rig, bad)).sound
        assert len(rig.history("A-1")) == 1


async def test_events_that_the_server_knows_to_be_gone(settings: Settings) -> None:
    """No worker starts on a stream that lacks events; accepted, all of them at once, every worker does."""
    await two_audits(settings)
    content = events_of(settings).read_bytes()
    place = -1
    for _ in range(5):
        place = content.index(b"ce-actor", place + 1)
    events_of(settings).write_bytes(content[:place])  # events 5 and 6
    with embedded_server(settings.data), System(settings) as system:
        rig = Rig(settings, system, COUNCIL)
        client = await system.connect()
        with pytest.raises(BrokenHistory, match="2 of 6 messages are missing"):
            await system.check(client)
        with pytest.raises(Refused, match="event 4 is there"):
            await accept(rig, 4, 6)
        assert not (await accept(rig, 5)).sound
        with pytest.raises(BrokenHistory, match="1 of 7 messages are missing"):
            await system.check(client)
        assert (await accept(rig, 5, 6)).sound
        await system.check(client)
        await client.close()
        for audit in ("A-1", "A-2"):
            rig.record(audit, AuditSubmitted(grade=LOWEST))
            assert [each.originator_version for each in rig.history(audit)] == [1, 2, 3]
        assert (await asyncio.to_thread(verify_stream, system, COUNCIL, lambda *_: None)).sound
