"""A history that was cut, put back or deleted: nobody writes on it, and giving it up is an act that stands in it."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from events.audits import AuditSubmitted
from events.errors import HistoryLost, Refused, RolledBack
from events.losses import LossAccepted
from events.subjects import key_bucket, snapshot_stream, stream_name, timer_stream
from projections.generations import last_events
from projections.store import CHECKPOINTS, writing
from services.nats_server import NatsServer, embedded_server
from services.settings import Settings
from services.store.provisioner import provision
from services.store.reading import read_pages
from services.store.source import api
from tests.cluster import kept_port
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.conftest import MakeRig
from tests.workers.own_server import COUNCIL, running, settings_in
from tests.workers.rig import LOWEST, Rig
from workers.health.whole import health
from workers.histories.accepting import accept_loss
from workers.histories.rebuilding import departure_of, rebuild_view, verify_stream
from workers.kept.witnesses import read
from workers.parts.registry import WORKERS
from workers.running.preparing import prepare
from workers.running.process import working
from workers.running.supervisor import server_for
from workers.system import System

ACT = {"reason": "the disk is gone", "actor": "P-OPS"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


async def recorded(settings: Settings, *audits: str) -> None:
    """Record two events of each of these audits, and let the register read them."""
    async with running(settings, "register") as rig:
        for audit in audits:
            rig.record(audit, allocated(), AuditSubmitted(grade=LOWEST))
        end = rig.system.history(COUNCIL).position()
        await rig.until(lambda: rig.reached("register") == end)


def jetstream(settings: Settings) -> Path:
    return settings.data / "jetstream"


def truncate_a_block(settings: Settings) -> None:
    """Lose the end of the event stream's block and its index, as a disk that died: the server says nothing of it."""
    (messages,) = jetstream(settings).glob(f"**/{stream_name(COUNCIL)}/msgs")
    block = messages / "1.blk"
    block.write_bytes(block.read_bytes()[: block.stat().st_size * 2 // 3])
    (messages / "index.db").unlink()


@pytest.mark.parametrize("damage", ["truncated", "older"])
async def test_nobody_writes_on_a_history_that_lost_its_end(settings: Settings, damage: str, tmp_path: Path) -> None:
    """With its end cut off, or an older folder put back, no worker starts, and nothing was written by any of them."""
    await recorded(settings, "A-1", "A-2")
    shutil.copytree(jetstream(settings), tmp_path / "backup")
    await recorded(settings, "A-3")
    if damage == "truncated":
        truncate_a_block(settings)
    else:
        shutil.rmtree(jetstream(settings))
        shutil.copytree(tmp_path / "backup", jetstream(settings))
    with embedded_server(settings.data), System(settings) as system:
        before = system.history(COUNCIL).position()
        assert before < 6
        for name in WORKERS:
            with pytest.raises(RolledBack, match=r"view register has read event 6, but it ends at .*accept-loss"):
                async with working(system, name):
                    pass
        with pytest.raises(RolledBack):
            await asyncio.to_thread(rebuild_view, system, "register", lambda *_: None)
        assert system.history(COUNCIL).position() == before
        (told,) = [each for each in await asyncio.to_thread(health, settings) if each.worker == "history"]
        assert (told.state, told.ok, told.authority) == ("refused", False, COUNCIL)
        assert "accept-loss council" in told.reason


async def test_a_history_that_grew_again_is_told_by_its_events(settings: Settings, tmp_path: Path) -> None:
    """Put back and grown past what was read of it, a history is long enough and sound, and still not the same."""
    await recorded(settings, "A-1")
    shutil.copytree(jetstream(settings), tmp_path / "backup")
    await recorded(settings, "A-2")
    shutil.rmtree(jetstream(settings))
    shutil.copytree(tmp_path / "backup", jetstream(settings))
    with embedded_server(settings.data), System(settings) as system:
        Rig(settings, system, COUNCIL).record("B-1", allocated(), AuditSubmitted(grade=LOWEST))
        assert (await asyncio.to_thread(verify_stream, system, COUNCIL, lambda *_: None)).sound
        assert "stands there now" in (await asyncio.to_thread(departure_of, system, COUNCIL) or "")
        with pytest.raises(RolledBack, match="has read event 4 as"):
            async with working(system, "escalator"):
                pass


async def test_a_running_projector_notices_that_its_history_was_exchanged(rig: Rig) -> None:
    """Exchanged under a projector for one of the same length, the history halts its view."""
    async with rig.workers("register"):
        rig.record("A-1", allocated(), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: rig.reached("register") == 2)
        with writing(rig.system.engine) as db:  # stands for another history: the one read was of other events
            db.execute(update(CHECKPOINTS).where(CHECKPOINTS.c.authority == rig.authority).values(fingerprint="0" * 64))
        client = await rig.system.connect()  # and it has no consumers, as a stream that was put back has none
        stream = stream_name(rig.authority)
        for each in await client.jetstream().consumers_info(stream):
            await client.jetstream().delete_consumer(stream, each.name)
        await client.close()
        await rig.until(lambda: rig.halts("register") == [2])


@pytest.mark.parametrize("name", ["timekeeper", "escalator"])
async def test_a_worker_stops_when_its_history_was_put_back(settings: Settings, name: str, tmp_path: Path) -> None:
    """Started again under a running worker on an older history, the server is not written to by it."""
    await recorded(settings, "A-1")
    shutil.copytree(jetstream(settings), tmp_path / "backup")
    await recorded(settings, "A-2")

    async def put_back(server: NatsServer, again: NatsServer, system: System) -> None:
        async with working(system, name), asyncio.timeout(PATIENCE):
            await asyncio.to_thread(server.stop)
            shutil.rmtree(jetstream(settings))
            shutil.copytree(tmp_path / "backup", jetstream(settings))
            await asyncio.to_thread(again.start)
            await asyncio.Event().wait()

    with (
        kept_port() as port,
        embedded_server(settings.data, port=port) as server,
        System(settings) as system,
    ):
        again = embedded_server(settings.data, port=port)
        try:
            with pytest.raises(RolledBack, match="has read event 4"):
                await put_back(server, again, system)
            assert system.history(COUNCIL).position() == 2
        finally:
            again.stop()


async def test_what_is_given_up_stands_in_the_history(settings: Settings) -> None:
    """Accepting the loss records who gave up what and why, folds the views to what there is, and lets work go on."""
    await recorded(settings, "A-1", "A-2", "A-3")
    truncate_a_block(settings)
    with embedded_server(settings.data), System(settings) as system:
        left = system.history(COUNCIL).position()
        given = await asyncio.to_thread(accept_loss, system, COUNCIL, progress=lambda *_: None, **ACT)
        assert given.views == ("register",)
        with pytest.raises(Refused, match="nothing of council is lost"):
            await asyncio.to_thread(accept_loss, system, COUNCIL, progress=lambda *_: None, **ACT)
    async with running(settings, "register", "escalator") as rig:
        assert rig.reached("register") == left + 1
        rig.record("B-1", allocated())
        await rig.until(lambda: rig.reached("register") > left + 1)
        client = await rig.system.connect()
        pages = read_pages(client, COUNCIL)
        (loss,) = [each async for page in pages for each in page if isinstance(each.fact, LossAccepted)]
        await client.close()
    assert loss.fact == LossAccepted(what="history", ended_at=left, once_at=6, reason=ACT["reason"])
    assert (loss.envelope.actor, loss.envelope.role) == (ACT["actor"], "operator")


async def delete(rig: Rig, *streams: str) -> None:
    client = await rig.system.connect()
    for stream in streams:
        await api(client, f"STREAM.DELETE.{stream}", within=PATIENCE)
    await client.close()


def streams(authority: str) -> dict[str, str]:
    return {
        "events": stream_name(authority),
        "keys": f"KV_{key_bucket(authority)}",
        "timers": timer_stream(authority),
        "snapshots": snapshot_stream(authority),
    }


@pytest.mark.parametrize(
    "gone", [("events",), ("keys",), ("events", "keys"), ("events", "keys", "timers", "snapshots")]
)
async def test_what_is_gone_is_never_made_anew_in_silence(settings: Settings, gone: tuple[str, ...]) -> None:
    """A deleted event stream or key bucket, or all at once, is an alarm that names it; accepted, it is made."""
    await recorded(settings, "A-1")
    names = streams(COUNCIL)
    with embedded_server(settings.data), System(settings) as system:
        rig = Rig(settings, system, COUNCIL)
        client = await system.connect()
        await client.jetstream().publish(f"$KV.{key_bucket(COUNCIL)}.C-1", b"a key")
        await delete(rig, *(names[each] for each in gone))
        with pytest.raises(HistoryLost, match="accept-loss council") as lost:
            await prepare(settings)
        essential = {names[each] for each in gone if each in {"events", "keys"}}
        assert set(lost.value.missing) == essential
        there = (await api(client, "STREAM.NAMES", {}, within=PATIENCE))["streams"] or ()
        assert not set(there) & essential
        await provision(client, [COUNCIL], system.layout, witnessed=read(system.views), accept_loss=True)
        with pytest.raises(HistoryLost, match="nobody has recorded"):
            await system.check(client)
        given = await asyncio.to_thread(accept_loss, system, COUNCIL, progress=lambda *_: None, **ACT)
        assert set(given.streams) == essential
        assert given.views == (("register",) if "events" in gone else ())
        await system.check(client)
        await client.close()


async def test_timers_alone_are_made_anew(settings: Settings) -> None:
    """Timers and snapshots are worked out again, so their streams are remade, and said to be."""
    await recorded(settings, "A-1")
    names = streams(COUNCIL)
    with embedded_server(settings.data), System(settings) as system:
        await delete(Rig(settings, system, COUNCIL), names["timers"], names["snapshots"])
        assert set(await prepare(settings)) == {names["timers"], names["snapshots"]}
        client = await system.connect()
        await system.check(client)
        await client.close()


async def test_a_first_start_that_was_cut_short_is_completed(make_rig: MakeRig) -> None:
    """With part of an authority's streams there, and nothing ever written, provisioning goes on where it stopped."""
    rig = make_rig()
    names = streams(rig.authority)
    await delete(rig, names["events"], names["snapshots"])
    client = await rig.system.connect()
    assert set(await provision(client, [rig.authority], rig.system.layout)) == {names["events"], names["snapshots"]}
    await client.close()


async def test_checkpoints_of_before_are_believed_once(rig: Rig) -> None:
    """A checkpoint that does not say what event it stands at is filled in at the next start, and held to it then."""
    async with rig.workers("register"):
        rig.record("A-1", allocated())
        await rig.until(lambda: rig.reached("register") == 1)

    def fingerprints() -> list[str | None]:
        return [each.fingerprint for each in last_events(rig.system.engine) if each.authority == rig.authority]

    (kept,) = fingerprints()
    assert kept
    with writing(rig.system.engine) as db:
        db.execute(update(CHECKPOINTS).values(event_id=None, fingerprint=None))
    client = await rig.system.connect()
    await rig.system.check(client)
    await client.close()
    assert fingerprints() == [kept]


async def test_the_server_alone_for_a_look(settings: Settings) -> None:
    """Where no server runs, the folder's own is started for the block and stopped after it, and no worker with it."""
    await recorded(settings, "A-1")

    def look() -> int:
        with server_for(settings), server_for(settings), System(settings) as system:
            return verify_stream(system, COUNCIL, lambda *_: None).events

    assert await asyncio.to_thread(look) == 2
    with embedded_server(settings.data):  # nobody holds the folder any more
        pass
