"""A message that came back, in memory: the directory may change just when the address is to be taken back."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from events.deliveries import DeliveryAttempted, DeliveryBounced, DeliveryDelivered, Told
from events.directory import AddressDoubted, PersonAppointed
from events.recorded import Recorded
from services.deliveries.index import Index
from services.deliveries.recording import as_recorded, record_of
from services.deliveries.transports import Fate
from services.directory.state import DIRECTORY, fold_directory
from services.rehearsal import MemoryStore
from tests.desks import LONG_AFTER, SHIPPED, ReadableKeys
from workers.telling.courier import ASKED_FOR, Courier

TORBAY = "torbay"
MESSAGE = "m-1"
TOLD = Told(notice="n-1", about="audit/A-1")


class Moving(MemoryStore):
    """A store in which the directory may get one more event just before what doubts an address is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.moves = 0

    def each(self, aggregate_id: str, *, after: int = 0) -> Iterator[Recorded]:
        return iter(self.load(aggregate_id, after=after))

    def state(self, aggregate_id: str, _folding: object) -> Any:
        return SimpleNamespace(state=SimpleNamespace(state=fold_directory(self.load(aggregate_id))))

    def append(self, *recorded: Recorded, **named: Any) -> tuple[int, ...]:
        if self.moves and any(isinstance(each.fact, AddressDoubted) for each in recorded):
            self.moves -= 1
            self.keep(DIRECTORY, PersonAppointed(person=f"P-{self.length}", role="team_manager", unit="T-1"))
        return super().append(*recorded, **named)

    def keep(self, aggregate: str, *facts: Any) -> None:
        before = len(self.load(aggregate))
        numbered = [(aggregate, before + number, fact) for number, fact in enumerate(facts, start=1)]
        policy = SHIPPED[TORBAY].newest
        super().append(*as_recorded(numbered, authority=TORBAY, cause="", policy=policy, now=LONG_AFTER))


class Way:
    """A service that says of every message what became of it."""

    name, patience = "notify", 1.0

    def __init__(self) -> None:
        self.says: Fate = "came back"

    async def fate(self, _identity: str) -> Fate:
        return self.says


@pytest.fixture
def store() -> Moving:
    """A message to one person was handed over."""
    made = Moving()
    made.keep(DIRECTORY, PersonAppointed(person="P-TM", role="team_manager", unit="T-1"))
    head: dict[str, Any] = {"recipient": "P-TM", "role": "team_manager", "unit": "T-1", "kind": "escalation"}
    head |= {"obligation": "audit_return", "step": "overdue_1", "told": (TOLD,)}
    attempted = DeliveryAttempted(**head, transport="notify", number=1)
    made.keep(record_of(MESSAGE), attempted, DeliveryDelivered(transport="notify", number=1))
    return made


@pytest.fixture
def courier(store: Moving) -> Courier:
    """It watches the message for coming back."""
    settings = SimpleNamespace(send_link=None)
    now = LONG_AFTER + timedelta(minutes=1)
    system: Any = SimpleNamespace(history=lambda _: store, policies=SHIPPED, clock=lambda: now, settings=settings)
    ring: Any = ReadableKeys()
    way: Any = Way()
    return Courier(system, TORBAY, ring, way, Index(watched={MESSAGE: LONG_AFTER}))


def recorded_of(store: Moving) -> list[type]:
    return [type(each.fact) for each in (*store.load(record_of(MESSAGE)), *store.load(DIRECTORY))]


async def test_a_change_of_the_directory_in_between(courier: Courier, store: Moving) -> None:
    """What could not be recorded is asked about again, and recorded then: once, in both records or in none."""
    store.moves = 1
    await courier.ask_of_taken()
    assert not any(each in recorded_of(store) for each in (DeliveryBounced, AddressDoubted))
    assert MESSAGE in courier.index.watched
    await courier.ask_of_taken()
    assert [recorded_of(store).count(each) for each in (DeliveryBounced, AddressDoubted)] == [1, 1]
    assert courier.index.watched == {}
    await courier.ask_of_taken()
    assert recorded_of(store).count(AddressDoubted) == 1


async def test_it_is_not_given_up_for_its_age(courier: Courier, store: Moving) -> None:
    """A message that came back, and of which that stands nowhere, is no old one that nobody needs to ask about."""
    courier.index.watched[MESSAGE] = LONG_AFTER - ASKED_FOR
    store.moves = 1
    await courier.ask_of_taken()
    assert MESSAGE in courier.index.watched


@pytest.mark.parametrize(("says", "age", "watched"), [("arrived", 0, 0), ("on its way", 0, 1), ("on its way", 1, 0)])
async def test_how_long_it_is_asked_about(courier: Courier, store: Moving, says: Fate, age: int, watched: int) -> None:
    """Until it arrived, and no longer than the service can tell."""
    way: Any = courier.way
    way.says = says
    courier.index.watched[MESSAGE] = LONG_AFTER - age * ASKED_FOR
    before = recorded_of(store)
    await courier.ask_of_taken()
    assert (len(courier.index.watched), recorded_of(store)) == (watched, before)
