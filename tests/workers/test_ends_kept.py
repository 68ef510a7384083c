"""Who keeps the ends of histories: over a connection that may not ask for them, and in one loop after another."""

import asyncio
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.nats_server import NatsServer, ServerConfig
from services.store.link import connect
from services.store.quick import QuickClient
from services.store.source import api
from tests.stores import PATIENCE
from tests.workers.rig import eventually
from workers.intake import ends
from workers.intake.ends import NOBODY_ASKS, Ends
from workers.processes.together import either

TIMES = 20


async def test_a_server_that_does_not_list_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal is remembered: nobody waits for an answer that will not come, until the connection is another one."""
    monkeypatch.setattr(ends, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(ends, "WITHIN", 0.5)
    user = '{ user: u, password: p, permissions: { publish: { deny: ["$JS.API.STREAM.LIST"] } } }'
    accounts = f"accounts {{ A: {{ jetstream: enabled, users: [ {user} ] }} }}\nno_auth_user: u\n"
    stop, known, asked = asyncio.Event(), Ends(("torbay",)), list[str]()

    async def asking(client: Client, name: str, *rest: object, **how: float) -> object:
        asked.append(name)
        return await api(client, name, *rest, **how)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(ends, "api", asking)
    with NatsServer(ServerConfig(tmp_path, extra=accounts)) as server:
        client = await connect(server.url)
        assert isinstance(client, QuickClient)
        keeping = asyncio.create_task(known.keep(client, stop))
        await eventually(lambda: known._looks is not None)
        assert known.of("torbay") is None
        await eventually(lambda: known._looks is None)
        refused = len(asked)
        assert [await known.now("torbay") for _ in range(TIMES)] == [None] * TIMES
        assert len(asked) == refused
        client.back.set()  # as once it has another connection
        await eventually(lambda: len(asked) > refused)
        stop.set()
        await asyncio.wait_for(keeping, PATIENCE)
        await client.close()


def test_it_is_kept_in_one_loop_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs a system twice, each time in a loop of its own, is told in the second what is asked for."""
    now = [0.0]
    known = Ends(("torbay",), clock=lambda: now[0])

    async def nothing(*_: object, **__: object) -> object:
        return {"streams": [], "total": 0}

    monkeypatch.setattr(ends, "api", nothing)

    async def counted(*events: asyncio.Event) -> None:
        rests.append(now[0])
        await either(*events)

    rests: list[float] = []
    monkeypatch.setattr(ends, "either", counted)

    async def rest_and_ask() -> None:
        now[0] += NOBODY_ASKS + 1
        stop = asyncio.Event()
        keeping = asyncio.create_task(known.keep(Client(), stop))
        for _ in range(TIMES):  # turns in which it waits until somebody asks, and does nothing else
            await asyncio.sleep(0)
        assert rests.count(now[0]) == 1
        assert known.of("torbay") is None
        await eventually(lambda: known._looked == now[0])
        stop.set()
        await asyncio.wait_for(keeping, PATIENCE)

    for _ in range(2):
        asyncio.run(rest_and_ask())
