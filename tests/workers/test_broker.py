"""The broker of the workers: without a server it ends, and one whose connection is lost stops like any other."""

import asyncio

import pytest

from services.store.errors import StoreUnavailable
from tests.cluster import held_port
from tests.stores import Store
from workers.intake import broker
from workers.intake.broker import QuickBroker


async def test_without_a_server_a_broker_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started where nobody answers, it says so in time, instead of holding up its worker for ever."""
    monkeypatch.setattr(broker, "WITHIN", 0.2)
    with held_port() as nobody:
        host, port = nobody.getsockname()
        with pytest.raises(StoreUnavailable, match="no connection"):
            await QuickBroker([f"nats://{host}:{port}"], inbox_prefix="_INBOX", logger=None).start()


@pytest.mark.parametrize("steps", range(6))
async def test_a_broker_stops_without_its_server(single_store: Store, steps: int) -> None:
    """Stopped in the moment in which its connection is lost, it is stopped, and its connection is closed."""
    found = QuickBroker([single_store.url], inbox_prefix="_INBOX", logger=None)
    found.subscriber("lost")(print)
    await found.start()
    client = await found.connect()
    await client._process_op_err(OSError("lost"))
    for _ in range(steps):
        await asyncio.sleep(0)
    await found.stop()
    assert client.is_closed
