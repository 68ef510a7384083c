"""All views in one process: each event is decoded once for all, and what befalls one view holds up no other."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

import pytest
from sqlalchemy import Engine, text

from events.audits import AuditSubmitted
from events.recorded import Recorded
from projections.keeper import keep as really_keep
from projections.store import lock, writing
from projections.view import View
from services.store.messages import RawMessage
from tests.histories import allocated
from tests.postgres import running_postgres
from tests.stores import PATIENCE
from tests.workers.conftest import MakeRig
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_faults import state_of
from workers.intake import delivered
from workers.kept import leases
from workers.kept.leases import holders
from workers.parts.registry import VIEW_NAMES
from workers.parts.shards import shard_of
from workers.running.process import working
from workers.views import feed, lines, projector
from workers.views.feed import Feed
from workers.views.projector import Projector

OTHERS = tuple(sorted(set(VIEW_NAMES) - {"register"}))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that works may be kept waiting by a busy machine, and works all the same."""
    monkeypatch.setattr(leases, "SILENCE", PATIENCE)


def audits(rig: Rig, name: str, many: int = 3) -> int:
    """Record so many audits of two events each; the position of the last one."""
    return max(
        position
        for number in range(many)
        for position in rig.record(f"{name}-{number}", allocated(due=None), AuditSubmitted(grade=LOWEST))
    )


def keeping(rig: Rig, end: int, views: Collection[str] = VIEW_NAMES) -> Callable[[], bool]:
    """Whether these views are kept up to there."""
    return lambda: {rig.reached(view) for view in views} == {end}


async def test_each_event_is_decoded_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever number of views there is, also of what was there before they began."""
    seen: list[int] = []
    real = delivered.decoded

    def counted(messages: Sequence[RawMessage]) -> object:
        seen.extend(each.sequence for each in messages)
        return real(messages)

    monkeypatch.setattr(lines, "decoded", counted)
    audits(rig, "A")
    async with rig.workers("projector"):
        await rig.until(keeping(rig, 6))
        for name in ("B", "C"):
            await rig.until(keeping(rig, audits(rig, name)))
    assert seen == list(range(1, 19))


async def test_a_view_that_fails_holds_up_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw, in the task of one view: health says which and why, and it mends by itself."""
    monkeypatch.setattr(projector, "RETRY_HALTED", 0.3)
    broken = [True]

    def keep(view: View, engine: Engine, authority: str, batch: Sequence[Recorded]) -> int:
        if broken and view.name == "register" and batch[-1].reference == "A-2":
            raise RuntimeError("nobody foresaw this")
        return really_keep(view, engine, authority, batch)

    monkeypatch.setattr(projector, "keep", keep)
    async with rig.workers("projector"):
        end = audits(rig, "A")
        await rig.until(keeping(rig, end, OTHERS))
        await rig.until(lambda: bool(rig.halts("register")))
        found = await state_of(rig, "register")
        assert (found.state, found.ok, "nobody foresaw this" in found.reason) == ("halted", False, True)
        assert (await state_of(rig, "notices")).state == "up to date"
        end = audits(rig, "B")
        await rig.until(keeping(rig, end, OTHERS))
        broken.clear()
        await rig.until(keeping(rig, end))
        await rig.until(lambda: rig.halts("register") == [])


async def test_a_feed_that_fails_is_seen_and_holds_up_nobody(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it each view reads by itself; it is begun again."""
    monkeypatch.setattr(feed, "AGAIN", 0.2)
    broken = [True]
    real = Feed._hand_out

    async def hand_out(one: Feed, messages: Sequence[RawMessage], stop: asyncio.Event) -> None:
        if broken:
            raise RuntimeError("nobody foresaw this")
        await real(one, messages, stop)

    monkeypatch.setattr(Feed, "_hand_out", hand_out)
    async with rig.workers("projector"):
        await rig.until(keeping(rig, audits(rig, "A")))
        broken.clear()
        await rig.until(keeping(rig, audits(rig, "B")))


async def test_a_slow_view_holds_up_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its line has no room for is not waited for by the others, and read from the stream once it goes on.

    While much is left to be read it takes no part again: what came meanwhile would have no room.
    """
    monkeypatch.setattr(lines, "ROOM", 4)
    monkeypatch.setattr(lines, "NEAR", 2)
    monkeypatch.setattr(lines, "PATIENT", 0.01)
    part: list[tuple[bool, bool]] = []
    read_on = Projector._read_on

    async def noted(one: Projector, end: int, stop: asyncio.Event) -> None:
        if one.view.name == "register":
            part.append((end - one.reached() > lines.NEAR, one._line._is_open))
        await read_on(one, end, stop)

    monkeypatch.setattr(Projector, "_read_on", noted)
    held = [True]
    loop = asyncio.get_running_loop()
    go = asyncio.Event()

    def keep(view: View, engine: Engine, authority: str, batch: Sequence[Recorded]) -> int:
        if held and view.name == "register":
            asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        return really_keep(view, engine, authority, batch)

    monkeypatch.setattr(projector, "keep", keep)
    async with rig.workers("projector"):
        for name in ("A", "B", "C", "D"):  # the others get the last one once C is given up for the slow one
            end = audits(rig, name)
            await rig.until(keeping(rig, end, OTHERS))
        assert rig.reached("register") == 0
        held.clear()
        go.set()
        await rig.until(keeping(rig, end))
    assert part
    assert all(is_open is not far for far, is_open in part)


@pytest.fixture
def postgres() -> Iterator[str]:
    """A database of the test's own."""
    with running_postgres() as server:
        yield server.get_uri()


async def test_a_rebuild_and_a_lost_connection(make_rig: MakeRig, postgres: str) -> None:
    """While a rebuild keeps a view to itself all others go on; connections that the database ends are made again."""
    rig = make_rig(database=postgres)
    async with rig.workers("projector"):
        await rig.until(keeping(rig, audits(rig, "A")))
        with writing(rig.system.engine) as db:
            lock(db, "register")  # as the switch of a rebuild holds it
            end = audits(rig, "B", 10)
            await rig.until(keeping(rig, end, OTHERS))
            assert rig.reached("register") < end
        await rig.until(keeping(rig, end))
        with writing(rig.system.engine) as db:
            ended = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            db.execute(text(ended))  # once they are gone: one that is about to go might still take a question
        await rig.until(keeping(rig, audits(rig, "C")))


async def test_a_view_alone_beside_all_views(rig: Rig) -> None:
    """Who keeps one view alone has its lease; all others are with the process of all, which follows when it ends."""
    async with working(rig.system, "register"):
        alone = holders(rig.system.engine)["register"]
        async with rig.workers("projector"):
            found = holders(rig.system.engine)
            assert found["register"] == alone
            assert {found[view] for view in OTHERS} == {found["notices"]} != {alone}
            await rig.until(keeping(rig, audits(rig, "A")))
    async with rig.workers("projector", "projector"):
        await rig.until(keeping(rig, audits(rig, "B")))


async def test_shards(make_rig: MakeRig) -> None:
    """Each process keeps the authorities of its shard and no other; health knows them as one that keeps all."""
    rig = make_rig(projector_shards=2)
    mine = shard_of(rig.authority, 2)
    async with rig.workers(f"projector-{3 - mine}"):
        end = audits(rig, "A")
        async with rig.workers(f"projector-{mine}"):
            await rig.until(keeping(rig, end))
            assert {(await state_of(rig, view)).state for view in ("register", "owed")} == {"up to date"}
    await asyncio.to_thread(partial(audits, rig, "B"))
    async with rig.workers("register"):  # alone: of every shard
        await rig.until(keeping(rig, end + 6, ["register"]))
    assert rig.reached("notices") == end


def test_a_shard_stays_with_its_authority() -> None:
    """Another council moves no other one, and every shard has some of many."""
    councils = [f"council-{number}" for number in range(150)]
    found = {each: shard_of(each, 4) for each in councils}
    assert set(found.values()) == {1, 2, 3, 4}
    assert {shard_of(each, 1) for each in councils} == {1}
    assert found["council-7"] == shard_of("council-7", 4)
