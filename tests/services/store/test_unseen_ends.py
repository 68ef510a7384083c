"""The server acknowledges a batch and is away before its end is seen, as when it is killed just then."""

import nats.errors
import pytest
from nats.aio.msg import Msg

from services.store.errors import StoreUnavailable
from tests.services.store.faults import Holding
from tests.services.store.scenes import Scene, facts
from tests.stores import PATIENCE, Store


class Away(Holding):
    """A client that hears no answer to so many questions for a message, once an event was acknowledged."""

    def __init__(self, client: object, unheard: int) -> None:
        super().__init__(client)  # type: ignore[arg-type]  # stands in for the client
        self.unheard = unheard

    async def request(self, subject: str, payload: bytes = b"", **options: object) -> Msg:
        if self.sizes and self.unheard and subject.startswith("$JS.API.STREAM.MSG.GET"):
            self.unheard -= 1
            raise nats.errors.TimeoutError
        return await super().request(subject, payload, **options)


def away(store: Store, unheard: int, patience: float = PATIENCE) -> Scene:
    authority = store.authority()
    recorder = store.recorder(authority, patience=patience)
    client = recorder._source.client = Away(store.link.client, unheard)  # type: ignore[assignment]  # as above
    return Scene(store, authority, recorder, client)


@pytest.mark.parametrize("unheard", [1, 3])
def test_the_end_of_a_batch_is_looked_for_until_it_is_seen(store: Store, unheard: int) -> None:
    """It is told as written once that is certain, and stands there once."""
    found = away(store, unheard)
    found.client.go.set()
    assert found.recorder.insert_events(facts(found.authority, "audit/A", 1, 2, 3)) == [1, 2, 3]
    assert found.recorder.insert_events(facts(found.authority, "audit/A", 4, 5)) == [4, 5]
    assert found.stored() == [f"audit/A {version}" for version in range(1, 6)]


@pytest.mark.parametrize("unheard", [2, 5])
def test_each_of_a_batch_looks_for_its_own(store: Store, unheard: int) -> None:
    """All who went together are told as if they had gone alone: none of them is given up for one question."""
    found = away(store, unheard)
    others = [facts(found.authority, f"audit/B-{number}", *range(1, 1 + number)) for number in (1, 2, 3)]
    assert found.run(facts(found.authority, "audit/A", 1, 2), *others) == [[1, 2], [3], [4, 5], [6, 7, 8]]
    assert len(found.stored()) == len(set(found.stored())) == 8


def test_who_never_sees_the_end_is_told_in_time(single_store: Store) -> None:
    """With the patience over nothing is certain: that is said, and a repeat finds what was written."""
    found = away(single_store, 10_000, patience=0.5)
    found.client.go.set()
    with pytest.raises(StoreUnavailable):
        found.recorder.insert_events(facts(found.authority, "audit/A", 1, 2))
    again = single_store.recorder(found.authority)
    assert again.insert_events(facts(found.authority, "audit/A", 1, 2)) == [1, 2]
