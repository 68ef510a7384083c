"""Health shows how far each service has read what is published, and marks those that are far behind."""

import asyncio
from typing import Any

import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from events.subjects import published_stream
from services.store.errors import StoreUnavailable
from services.store.source import api
from tests.stores import PATIENCE
from tests.workers.publishing import until_published
from tests.workers.rig import Rig
from tests.workers.sending import tell
from workers.health.whole import health
from workers.parts.standing import WorkerHealth
from workers.telling.following import Wanted
from workers.telling.subscribers import Subscriber, readers, subscribe

PAGE = 256
"""Consumers of which the server tells in one answer."""


def seen(rig: Rig) -> dict[str, WorkerHealth]:
    """What health says of the subscribers."""
    return {each.worker: each for each in health(rig.settings) if each.worker.startswith("subscriber")}


async def test_each_is_shown_with_what_waits_for_it(rig: Rig) -> None:
    """One that has read all, one that has some in hand, and one that is further behind than the settings allow."""
    client = await rig.system.connect()
    wanted = Wanted(rig.authority, sequence=1)
    for name in ("quick", "slow"):
        await subscribe(client, Subscriber(name), wanted, 1)
    async with rig.workers("publisher"):
        for number in range(3):
            tell(rig, f"A-{number}", "P-TM")
        total = len(await until_published(rig, 6))
    stream = published_stream(rig.authority)
    pull = await client.jetstream().pull_subscribe_bind(Subscriber("quick").user, stream)
    messages = await pull.fetch(total, timeout=PATIENCE)
    for message in messages[:-1]:
        await message.ack_sync(PATIENCE)
    found = await asyncio.to_thread(seen, rig)
    assert {name: (each.state, each.behind, each.unacknowledged) for name, each in found.items()} == {
        "subscriber-quick": ("behind", 1, 1),
        "subscriber-slow": ("behind", total, 0),
    }
    assert all(each.ok and each.authority == rig.authority for each in found.values())
    await messages[-1].ack_sync(PATIENCE)
    rig.settings = rig.settings.model_copy(update={"subscribers_behind": total - 1})
    found = await asyncio.to_thread(seen, rig)
    assert (found["subscriber-quick"].state, found["subscriber-quick"].ok) == ("up to date", True)
    assert (found["subscriber-slow"].state, found["subscriber-slow"].ok) == ("far behind", False)
    assert f"more than {total - 1} messages" in found["subscriber-slow"].told
    await client.close()


async def test_many_are_told_in_few_questions(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hundreds of subscribers cost two questions; other consumers of the stream are nobody's lag."""
    client = await rig.system.connect()
    js, stream = client.jetstream(), published_stream(rig.authority)
    names = [f"subscriber-s-{number:03}" for number in range(PAGE)]
    for name in (*names, "webhook-ours-1"):
        config = ConsumerConfig(durable_name=name, ack_policy=AckPolicy.EXPLICIT, mem_storage=True)
        await js.add_consumer(stream, config=config)
    asked: list[Any] = []

    async def counted(*args: Any, **kwargs: Any) -> Any:
        asked.append(args[1:])
        return await real(*args, **kwargs)

    real = api
    monkeypatch.setattr("workers.telling.subscribers.api", counted)
    assert [each.user for each in await readers(client, rig.authority, within=PATIENCE)] == names
    assert len(asked) == 2
    await client.close()


async def test_a_server_that_does_not_tell(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """That nobody could look is said beside everything else, and is no subscriber that has read all."""

    async def silent(*_args: Any, **_kwargs: Any) -> Any:
        raise StoreUnavailable("JetStream did not answer (TimeoutError)")

    monkeypatch.setattr("workers.telling.subscribers.api", silent)
    (found,) = (await asyncio.to_thread(seen, rig)).values()
    assert (found.worker, found.state, found.ok) == ("subscribers", "not seen", False)
    assert "accounts.conf" in found.told
