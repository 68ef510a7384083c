"""What the workers do when something is wrong: they say so, they stand still rather than skip, and they go on."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DataError

from events.audits import AuditSubmitted
from events.errors import Drifted, RolledBack
from events.recorded import Recorded
from events.subjects import aggregate_subject, stream_name, timer_stream
from projections import registry
from projections.keeper import keep as really_keep
from projections.register import register
from projections.view import Change, Declared, Held, View
from services.store.provisioner import Layout, provision
from services.store.source import api
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig
from workers.health.whole import health
from workers.histories.accepting import accept_loss
from workers.histories.rebuilding import rebuild_view
from workers.kept import halts, leases
from workers.parts.standing import WorkerHealth
from workers.running.process import working
from workers.system import System
from workers.views import projector


async def state_of(rig: Rig, worker: str) -> WorkerHealth:
    found = await asyncio.to_thread(health, rig.settings)
    (one,) = [each for each in found if each.worker == worker]
    return one


async def test_a_message_that_is_no_event_halts_the_view(rig: Rig) -> None:
    """What cannot be read is never skipped: all before it is kept, health names its position, later events wait."""
    client = await rig.system.connect()
    async with rig.workers("notices", "timekeeper", "escalator"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-1")) == 3)
        poisoned = await client.jetstream().publish(aggregate_subject(rig.authority, "audit/A-2"), b"{}")
        rig.record("A-3", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.steps("A-3")) == 3)  # one audit's fault holds up no other audit's alerts
        await rig.until(lambda: rig.halts("notices") == [poisoned.seq])
        assert rig.reached("notices") == poisoned.seq - 1
        found = await state_of(rig, "notices")
        assert (found.state, found.ok, found.halted_at) == ("halted", False, poisoned.seq)
        assert "envelope" in found.reason
        assert rig.notices("A-3") == []
    await client.close()


async def test_a_halted_view_goes_on_once_the_event_can_be_taken(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that the fold cannot take halts the view; when it can, nothing was lost and health is well again."""
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.3)
    monkeypatch.setattr(leases, "SILENCE", PATIENCE)  # as long as a busy machine may let it wait
    broken = [True]
    real = registry.VIEWS["register"]()

    def step(fact: AuditSubmitted, event: Recorded, held: Held) -> Iterable[Change]:
        if broken and event.reference == "A-2":
            raise ValueError("no fold for this one")
        return real.steps[AuditSubmitted](fact, event, held)

    view = View(real.shape, {**real.steps, AuditSubmitted: step}, real.edition)
    monkeypatch.setitem(registry.DECLARED, "register", Declared(view.shape, lambda: view))
    async with rig.workers("register"):
        for audit in ("A-1", "A-2", "A-3"):
            rig.record(audit, allocated(due=None), AuditSubmitted(grade="Meets Good"))
        await rig.until(lambda: rig.reached("register") == 3)
        await rig.until(lambda: bool(rig.halts("register")))
        assert rig.halts("register") == [4]
        broken.clear()
        await rig.until(lambda: rig.reached("register") == 6)
        assert (await state_of(rig, "register")).state == "up to date"


async def test_a_rebuild_past_what_halted_a_view_lifts_the_halt(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its end the view stands still no more, whether or not anybody is at work, and no further event has to come."""
    real = registry.VIEWS["register"]()

    def step(_fact: AuditSubmitted, _event: Recorded, _: Held) -> Iterable[Change]:
        raise ValueError("no fold for this one")

    view = View(real.shape, {**real.steps, AuditSubmitted: step}, real.edition)
    with monkeypatch.context() as broken:
        broken.setitem(registry.DECLARED, "register", Declared(view.shape, lambda: view))
        async with rig.workers("register"):
            rig.record("A-1", allocated(due=None), AuditSubmitted(grade="Meets Good"))
            await rig.until(lambda: rig.halts("register") == [2])
    await asyncio.to_thread(rebuild_view, rig.system, "register", lambda *_: None)
    assert rig.halts("register") == []


async def test_a_halt_before_an_event_that_was_kept_is_lifted_at_the_start(rig: Rig) -> None:
    """A projector that begins and finds its view at the end of the stream lifts what a process before it left there."""
    async with rig.workers("register"):
        rig.record("A-1", allocated(due=None))
        await rig.until(lambda: rig.reached("register") == 1)
    halts.note(rig.system.engine, halts.Halt("register", rig.authority, 1, "an earlier program", rig.now()))
    async with rig.workers("register"):
        await rig.until(lambda: rig.halts("register") == [])


async def test_a_view_of_another_edition_shows_at_the_start(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health names it, and the rebuild that mends it, before any event comes; rebuilt, all is well before one comes."""
    async with rig.workers("register"):
        rig.record("A-1", allocated(due=None))
        await rig.until(lambda: rig.reached("register") == 1)
    real = registry.VIEWS["register"]()
    newer = View(real.shape, real.steps, edition="another")
    monkeypatch.setitem(registry.DECLARED, "register", Declared(newer.shape, lambda: newer))
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.3)
    async with rig.workers("register"):
        await rig.until(lambda: rig.halts("register") == [2])
        found = await state_of(rig, "register")
        assert (found.state, "run `sightline rebuild register`" in found.reason) == ("halted", True)
        await asyncio.to_thread(rebuild_view, rig.system, "register", lambda *_: None)
        await rig.until(lambda: rig.halts("register") == [])
        assert (await state_of(rig, "register")).state == "up to date"


async def test_rows_that_the_database_refuses(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that the database refuses halts at the very event, with the database's reason."""
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.3)
    refused = [True]

    def keep(view: View, engine: Engine, authority: str, batch: Sequence[Recorded]) -> int:
        if refused and any(each.reference == "A-2" for each in batch):
            raise DataError("INSERT", {}, ValueError("a NUL in a text"))
        return really_keep(view, engine, authority, batch)

    monkeypatch.setattr(projector, "keep", keep)
    for audit in ("A-1", "A-2", "A-3"):
        rig.record(audit, allocated(due=None))
    async with rig.workers("register"):
        await rig.until(lambda: rig.halts("register") == [2])
        assert rig.reached("register") == 1
        found = await state_of(rig, "register")
        assert (found.state, "a NUL in a text" in found.reason) == ("halted", True)
        refused.clear()
        await rig.until(lambda: rig.reached("register") == 3)


async def test_a_consumer_deleted_on_the_server_is_made_again(rig: Rig) -> None:
    """Deleting the consumers loses nothing: within seconds they are there again and go on where they stood."""
    client = await rig.system.connect()
    js = client.jetstream()
    async with rig.workers("notices", "timekeeper", "escalator"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-1")) == 3)
        for stream in (stream_name(rig.authority), timer_stream(rig.authority)):
            for each in await js.consumers_info(stream):
                await js.delete_consumer(stream, each.name)
        rig.record("A-2", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-2")) == 3)
        assert len(rig.notices("A-1")) == 3
        made = {each.name.partition("-")[0]: each for each in await js.consumers_info(stream_name(rig.authority))}
        assert made.keys() == {"views", "timekeeper"}
        assert made["views"].config.opt_start_seq == 6  # not from the beginning: two facts and three steps were kept
    await client.close()


async def test_a_dropped_view_is_filled_again(rig: Rig) -> None:
    """A database that lost the view is noticed: the consumer is ahead of it and begins again from its checkpoint."""
    async with rig.workers("notices", "timekeeper", "escalator"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-1")) == 3)
        rig.drop("notices")
        await rig.until(lambda: len(rig.notices("A-1")) == 3)


async def put_back(rig: Rig) -> None:
    """Put an older backup back: the stream is there again with nothing of what it held."""
    client = await rig.system.connect()
    await client.jetstream().delete_stream(stream_name(rig.authority))
    await provision(client, [rig.authority], Layout())
    await client.close()


async def test_a_view_ahead_of_its_stream_takes_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back under a running view, the stream halts it, even grown past it; accepting the loss mends it."""
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.3)
    async with rig.workers("register"):
        for audit in ("A-1", "A-2", "A-3"):
            rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: rig.reached("register") == 6)
        await put_back(rig)
        await rig.until(lambda: rig.halts("register") == [1])
        found = await state_of(rig, "register")
        assert (found.state, found.ok, found.halted_at) == ("halted", False, 1)
        assert "accept-loss" in found.reason
        for audit in ("C-1", "C-2", "C-3", "C-4"):
            rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
        looks = Counter[str]()

        def looked(engine: Engine, view: str) -> Collection[str]:
            looks[view] += 1
            return ahead(engine, view)

        ahead = halts.ahead
        monkeypatch.setattr(halts, "ahead", looked)
        await rig.until(lambda: looks["register"] >= 3)  # it has looked at the grown stream, and again
        assert rig.reached("register") == 6
        with pytest.raises(RolledBack):
            await asyncio.to_thread(rebuild_view, rig.system, "register", lambda *_: None)
        given = partial(accept_loss, reason="no backup", actor="P-OPS", progress=lambda *_: None)
        await asyncio.to_thread(given, rig.system, rig.authority)
        rig.record("D-1", allocated(due=None))
        await rig.until(lambda: rig.reached("register") == 10)  # eight, the loss, and this one
        await rig.until(lambda: rig.halts("register") == [])
    names = {row.audit for row in register(rig.system.engine, rig.authority)}
    assert names == {"C-1", "C-2", "C-3", "C-4", "D-1"}


async def test_health_tells_who_does_not_run(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that was never started is missing, one that was stopped is stopped, one that runs is up to date."""
    monkeypatch.setattr(leases, "SILENCE", PATIENCE)  # as long as a busy machine may let it wait
    async with rig.workers("notices"):
        pass
    async with rig.workers("register"):
        found = {each.worker: each for each in await asyncio.to_thread(health, rig.settings)}
    assert found["register"].state == "up to date"
    assert found["register"].ok
    assert found["notices"].state == "stopped"
    assert found["actions"].state == "missing"
    assert not found["notices"].ok


async def test_no_worker_starts_on_a_stream_that_was_changed(rig: Rig) -> None:
    """A stream that is not as it was provisioned is refused, with the setting's name."""
    client = await rig.system.connect()
    stream = timer_stream(rig.authority)
    info = await api(client, f"STREAM.INFO.{stream}", within=PATIENCE)
    await api(client, f"STREAM.UPDATE.{stream}", {**info["config"], "max_age": 3600 * 10**9}, within=PATIENCE)
    await client.close()
    with System(rig.settings) as system, pytest.raises(Drifted, match="max_age"):
        async with working(system, "notices"):
            pass


def test_settings_travel_to_the_workers_in_the_environment(rig: Rig) -> None:
    """Whatever a supervisor was set to, its workers read back the same."""
    from services.settings import Settings  # noqa: PLC0415 - read under a changed environment below
    from workers.running.supervisor import environment  # noqa: PLC0415 - beside it

    settings = rig.settings.model_copy(update={"clock_offset": timedelta(days=-3, microseconds=5), "replicas": 3})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(settings).items():
            patch.setenv(name, value)
        assert Settings() == settings
