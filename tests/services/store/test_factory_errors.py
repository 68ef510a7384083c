"""What the library's own callers are told by the factory and by a subscription that ends: the library's errors."""

import pytest
from eventsourcing.persistence import OperationalError

from events.errors import Unavailable
from services.store.errors import StoreUnavailable
from services.store.factory import Factory
from tests.stores import Store

NOBODY = {"NATS_URL": "nats://127.0.0.1:1", "NATS_AUTHORITY": "torbay", "NATS_TIMEOUT": "1"}


@pytest.mark.parametrize("asked", ["application_recorder", "aggregate_recorder"])
def test_a_server_that_is_not_there(asked: str) -> None:
    """Who asks the factory for a recorder hears of it by the library's error, which is ours as well."""
    factory = Factory(NOBODY)
    with pytest.raises(OperationalError) as refused:
        getattr(factory, asked)()
    assert isinstance(refused.value, StoreUnavailable)
    assert isinstance(refused.value, Unavailable)


def test_a_subscription_that_cannot_end(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does who stops a subscription whose connection is closed."""
    recorder = single_store.recorder(single_store.authority())
    subscription = recorder.subscribe()

    def closed(work: object) -> None:
        work.close()  # type: ignore[attr-defined] # as the link does with what it refuses
        raise StoreUnavailable("the connection is closed")

    monkeypatch.setattr(subscription, "_link", type("Closed", (), {"run": staticmethod(closed)}))
    with pytest.raises(OperationalError):
        subscription.stop()
