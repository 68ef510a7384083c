"""Which of several copies works: one, the next within seconds, and nobody waits for a clock that was set back."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from projections.store import open_store
from tests.postgres import running_postgres
from tests.stores import PATIENCE
from tests.workers.rig import eventually
from workers.kept import leases
from workers.kept.leases import Leases, ever_held, holders
from workers.processes.together import beside


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        engine = open_store(f"sqlite:///{tmp_path}/views.db")
        yield engine
        engine.dispose()
        return
    with running_postgres() as server:
        engine = open_store(server.get_uri())
        yield engine
        engine.dispose()


async def test_one_works_and_the_next_follows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two copies one works; the other follows at once when it ends, and after a while when it falls silent."""
    monkeypatch.setattr(leases, "BEAT", 0.05)
    monkeypatch.setattr(leases, "SILENCE", PATIENCE)  # as long as a busy machine may let a copy that works wait
    leases.prepare(engine)
    connected = [True]
    first = Leases(engine, ["register"], connected=lambda: connected[0])
    second, third = Leases(engine, ["register"]), Leases(engine, ["register"])
    async with AsyncExitStack() as former, AsyncExitStack() as later:
        await former.enter_async_context(beside(second.keep))
        await asyncio.wait_for(second.any_held.wait(), PATIENCE)
        await later.enter_async_context(beside(first.keep))
        await asyncio.wait_for(first.asked.wait(), PATIENCE)
        assert not first.any_held.is_set()
        await former.aclose()
        await asyncio.wait_for(first.any_held.wait(), PATIENCE)  # at once: it was given back
        await former.enter_async_context(beside(third.keep))
        await asyncio.wait_for(third.asked.wait(), PATIENCE)
        assert not third.any_held.is_set()
        connected[0] = False  # a copy that has lost the server gives no sign of life
        await eventually(lambda: not first.any_held.is_set())
        monkeypatch.setattr(leases, "SILENCE", 0.6)
        await asyncio.wait_for(third.any_held.wait(), PATIENCE)
        assert not first.any_held.is_set()
        monkeypatch.setattr(leases, "SILENCE", PATIENCE)
        assert list(holders(engine)) == ["register"]
    assert holders(engine) == {}
    assert ever_held(engine) == {"register"}


def test_each_view_has_its_own(engine: Engine) -> None:
    """Who works on one view keeps nobody from another: a copy of several takes what is free, and no more."""
    leases.prepare(engine)
    assert ever_held(engine) == frozenset()
    one, several = Leases(engine, ["register"]), Leases(engine, ["register", "notices", "actions"])
    assert [sorted(each._take()) for each in (one, several, one)] == [
        ["register"],
        ["actions", "notices"],
        ["register"],
    ]
    one._give_back(["register"])
    assert several._take() == {"register", "notices", "actions"}
    assert one._take() == frozenset()


def test_a_clock_that_was_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of life from what is now the future is none: nobody waits for that future."""
    engine = open_store(f"sqlite:///{tmp_path}/views.db")
    leases.prepare(engine)
    assert Leases(engine, ["register"])._take()
    assert not Leases(engine, ["register"])._take()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    assert Leases(engine, ["register"])._take()
    engine.dispose()
