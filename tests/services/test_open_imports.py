"""Which imports hold a record's notices back, asked for many records after one another."""

from dataclasses import replace

from events.base import Fact
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from services.imports import Imports, import_aggregate
from tests.histories import allocated, recorded

OPENED = ImportOpened(file_hash="I-1")
ENDED = ImportClosed(accepted=1, repeated=0, refused=0)


class Store:
    """A history whose events stand in the order in which they are given, and how often it was asked."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self.asked: list[str] = []

    def record(self, aggregate: str, fact: Fact, *, imported: str = "") -> None:
        version = len(self._of(aggregate)) + 1
        event = recorded(fact, about=aggregate, version=version, position=len(self.events) + 1)
        self.events.append(replace(event, envelope=replace(event.envelope, imported=imported)))

    def _of(self, aggregate: str) -> tuple[Recorded, ...]:
        return tuple(each for each in self.events if each.originator_id == aggregate)

    def load(self, aggregate_id: str) -> tuple[Recorded, ...]:
        self.asked.append(aggregate_id)
        return self._of(aggregate_id)


def test_an_import_that_has_ended_is_asked_for_once() -> None:
    """While it is open it is asked for each time; after its end once, for as many records as it brought in."""
    store = Store()
    imports = Imports(store)
    about = import_aggregate("I-1")
    store.record(about, OPENED)
    for number in range(20):
        store.record(f"audit/A-{number}", allocated(), imported="I-1")
    records = [store._of(f"audit/A-{number}") for number in range(20)]
    assert [imports.behind(each) for each in records[:3]] == [{"I-1"}] * 3
    store.record(about, ENDED)
    store.asked.clear()
    assert {imports.behind(each) for each in records} == {frozenset()}
    assert store.asked == [about]


def test_an_import_that_is_begun_again_holds_what_it_brings_in_then() -> None:
    """A record with events from after the former end waits for the next one, whatever was known before."""
    store = Store()
    imports = Imports(store)
    about = import_aggregate("I-1")
    for aggregate, fact, name in (
        (about, OPENED, ""),
        ("audit/A-1", allocated(), "I-1"),
        ("audit/A-2", allocated(), "I-1"),
        (about, ENDED, ""),
    ):
        store.record(aggregate, fact, imported=name)
    assert imports.behind(store._of("audit/A-1")) == frozenset()
    store.record(about, OPENED)
    store.record("audit/A-1", allocated(), imported="I-1")
    assert imports.behind(store._of("audit/A-1")) == {"I-1"}
    store.record(about, ENDED)
    assert imports.behind(store._of("audit/A-1")) == frozenset()
    assert imports.behind(store._of("audit/A-2")) == frozenset()
