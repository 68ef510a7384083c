"""What health names: whatever halts, delays or is damaged, with the way out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from nats.aio.msg import Msg

from events.audits import AuditSubmitted
from events.errors import Unavailable
from events.imports import ImportOpened
from events.subjects import published_stream, stream_name, timer_stream
from projections.owed import Faulty
from services.imports import import_aggregate
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, RECORDING, Rig
from tests.workers.test_faults import put_back, state_of
from workers.due import timekeeper
from workers.health import surroundings
from workers.health.lag import lag
from workers.health.whole import health, look, settled
from workers.kept import halts
from workers.parts import looking
from workers.parts.standing import WorkerHealth
from workers.processes.together import beside
from workers.running.preparing import prepare


async def looked_at(rig: Rig, worker: str) -> WorkerHealth:
    """The worker as a look finds it, whether it runs or not."""
    client = await rig.system.connect()
    found = await look(rig.system, client)
    await client.close()
    (one,) = [each for each in found if each.worker == worker]
    return one


async def test_a_view_that_does_not_keep_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view whose oldest event has waited for too long is late, with the seconds; a moment's delay is none."""
    async with rig.workers("register"):
        pass
    rig.record("A-1", allocated(due=None))
    assert (await looked_at(rig, "register")).state == "behind"
    monkeypatch.setattr(looking, "LATE_AFTER", 0.0)
    found = await looked_at(rig, "register")
    assert (found.state, found.ok, found.behind) == ("late", False, 1)
    assert 0 < found.late_by < 60
    assert f"waited {found.late_by:.0f} s" in found.told


async def test_an_escalator_that_does_not_keep_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timers that wait are late as well, and so are events that nobody works out."""
    async with rig.workers("escalator", "timekeeper"):
        pass
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("timekeeper"):
        await rig.until(lambda: asyncio.run(looked_at(rig, "escalator")).waiting > 0)
    assert (await looked_at(rig, "escalator")).state == "behind"
    monkeypatch.setattr(looking, "LATE_AFTER", 0.0)
    assert (await looked_at(rig, "escalator")).state == "late"


async def test_an_import_that_was_given_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import under way is no fault; one that nobody ends holds notices for ever, so it is named with the way out."""
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=import_aggregate("I-1"))
    async with rig.workers("timekeeper"):
        await rig.drained("timekeeper")
        assert (await state_of(rig, "timekeeper")).ok
        monkeypatch.setattr(timekeeper, "OPEN_TOO_LONG", timedelta())
        found = await state_of(rig, "timekeeper")
    assert (found.state, found.ok) == ("holding", False)
    assert "I-1" in found.reason
    assert "`sightline import FILE`" in found.told


async def test_a_record_whose_debts_are_not_known(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that the view of what is owed could not work out is named, with why; before there is a view, nothing."""
    assert (await looked_at(rig, "owed")).state == "missing"
    rig.record("A-1", allocated(due=None))
    async with rig.workers("owed"):
        await rig.until(lambda: not asyncio.run(looked_at(rig, "owed")).behind)
    assert (await looked_at(rig, "owed")).ok
    unknown = Faulty(about="audit/A-2", fault="its policy is gone")
    monkeypatch.setattr(looking, "faulty", lambda _engine, _authority: [unknown])
    found = await looked_at(rig, "owed")
    assert (found.state, found.ok, found.parked) == ("failing", False, ("audit/A-2",))
    assert "audit/A-2 not worked out: its policy is gone" in found.told


def test_a_disk_that_is_nearly_full(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room where the data lie is a line of its own, and enough is none."""
    assert [each for each in health(rig.settings) if each.worker == "disk"] == []
    monkeypatch.setattr(surroundings, "LEAST_FREE", 2**60)
    (found,) = [each for each in health(rig.settings) if each.worker == "disk"]
    assert (found.state, found.ok) == ("nearly full", False)
    assert str(rig.settings.data) in found.reason


def test_a_history_that_is_nearly_as_large_as_it_may_be(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with the setting that gives it more; one without a limit, or far from it, is not."""
    rig.record("A-1", allocated())

    def full(most: float, allowed: int) -> list[WorkerHealth]:
        monkeypatch.setattr(surroundings, "MOST_USED", most)
        settings = rig.settings.model_copy(update={"history_bytes": allowed})
        asyncio.run(prepare(settings))
        return [each for each in health(settings) if each.state == "nearly full"]

    assert full(0.9, 10**9) == []
    (found,) = full(0.0, 10**9)
    assert (found.worker, found.authority, found.ok) == ("history", rig.authority, False)
    assert "of the 1000000000 bytes that SIGHTLINE_HISTORY_BYTES allows" in found.told
    asyncio.run(prepare(rig.settings))
    assert [each for each in health(rig.settings) if each.state == "nearly full"] == []


def test_a_server_that_cannot_be_watched(rig: Rig) -> None:
    """Where an account may see how servers write, a server that does not say so is a fault."""
    settings = rig.settings.model_copy(update={"nats_watcher": rig.settings.nats})
    (found,) = [each for each in health(settings) if each.worker == "server"]
    assert (found.state, found.ok) == ("unsafe", False)
    assert "it must be the system account" in found.reason


async def test_what_show_says_of_a_view(rig: Rig) -> None:
    """A view that lacks events, stands still or is ahead of its stream is not shown without a word."""

    def told() -> str | None:
        return lag(rig.system, rig.authority, "register")

    async with rig.workers("register"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: rig.reached("register") == 2)
        assert told() is None
    rig.record("A-2", allocated(due=None))
    assert "lacks the newest 1 of 3 events" in (told() or "")
    await put_back(rig)
    assert "ahead of its stream: it was kept up to event 2, and the stream ends at 0" in (told() or "")
    # as a projector that ran meanwhile leaves it; none starts on such a history
    halts.note_ahead(rig.system.engine, halts.Halt("register", rig.authority, 1, "put back", rig.now()))
    rig.record("B-1", allocated(due=None), AuditSubmitted(grade=LOWEST), AuditSubmitted(grade=LOWEST))
    assert "stands still before event 1 of 3: put back; " in (told() or "")
    # a view whose tables other code made has missed nothing yet, and takes nothing more
    halts.note(rig.system.engine, halts.Halt("register", rig.authority, 4, "made by others", rig.now()))
    assert "stands still and takes no further event: made by others; " in (told() or "")


async def test_no_task_dies_unseen() -> None:
    """Work beside a block that fails ends the block and the other work, with its own error."""
    ended = []

    async def steady(stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        finally:
            ended.append("steady")

    async def dies(_stop: asyncio.Event) -> None:
        await asyncio.sleep(0)
        raise ValueError("nobody foresaw this")

    works: tuple[Callable[[asyncio.Event], Awaitable[None]], ...] = (steady, dies)
    with pytest.raises(ValueError, match="nobody foresaw this"):
        async with beside(*works):
            await asyncio.Event().wait()
    assert ended == ["steady"]
    async with beside(steady):
        pass
    assert ended == ["steady", "steady"]


async def test_some_workers_are_waited_for_and_no_others(rig: Rig) -> None:
    """Once those that are named have nothing left to do, whatever becomes of the rest, which is told of else."""
    async with rig.workers(*RECORDING):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await settled(rig.system, within=PATIENCE, of=RECORDING)
        assert len(rig.steps("A-1")) == 3
        with pytest.raises(Unavailable, match="register"):
            await settled(rig.system, within=0)


async def test_a_look_asks_each_stream_once(rig: Rig) -> None:
    """However many views there are: where the history ends is asked with the workers, and once more for all views."""
    client, watcher = await rig.system.connect(), await rig.system.connect()
    rig.record("A-1", allocated(due=None))
    async with rig.workers("timekeeper", "escalator", "publisher"):
        await rig.drained("timekeeper", "escalator", "publisher")
        asked: list[tuple[str, str]] = []

        async def note(message: Msg) -> None:
            asked.append((message.reply, message.subject.rpartition(".")[2]))

        await watcher.subscribe("$JS.API.STREAM.INFO.*", cb=note)
        await watcher.flush()
        found = await look(rig.system, client, whole=False)
        await watcher.flush()
    own = bytes(client._resp_sub_prefix or b"").decode()
    mine = Counter(stream for reply, stream in asked if own and reply.startswith(own))
    await client.close()
    await watcher.close()
    assert len(found) > mine.total()
    assert mine == {stream_name(rig.authority): 2, timer_stream(rig.authority): 1, published_stream(rig.authority): 1}
