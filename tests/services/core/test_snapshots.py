"""A record that was opened by a snapshot is the record, whatever is asked of it, and decides as it would have."""

import random
from collections.abc import Iterator
from typing import Any, TypeVar

import orjson
import pytest

from events.errors import NotFound, Refused
from events.recorded import Recorded
from services.core.outcome import Outcome
from services.core.record import Record
from services.modules import CATALOGUE
from services.rehearsal import MemoryStore
from services.snapshots import Folding, Opened
from tests.desks import SHIPPED, TestDesk
from tests.lives import Life
from tests.random_entries import random_entries
from tests.random_lives import random_lines

S = TypeVar("S")
AUDITS = 12


class KeptStore(MemoryStore):
    """Opens every record by a snapshot that was made at a random event of it, and counts what is read beside that."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.dice = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
        self.believed = 0
        self.loaded: list[str] = []

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        self.loaded.append(aggregate_id)
        return super().load(aggregate_id, after=after)

    def opened(self, aggregate_id: str, folding: Folding[S]) -> Opened[S]:
        facts = super().load(aggregate_id)
        since = self.dice.randint(0, len(facts))
        state: S | None = None
        for each in facts[:since]:
            state = folding.step(state, each)
        if state is None:
            return Opened(None, 0, facts)
        self.believed += 1
        return Opened(folding.load(folding.dump(state)), since, facts[since:])


def lines(authority: str, seed: int) -> Iterator[dict[str, Any]]:
    """Lives, entries and a programme's acts of a council, each said twice: some with ids, some with days alone."""
    dice = random.Random(seed)  # noqa: S311 - as above
    for number, line in enumerate((*random_lines(seed, authority, AUDITS), *random_entries(seed, authority))):
        named: dict[str, Any] = {"id": f"id-{number}"} if dice.random() < 0.3 else {}
        if named and dice.random() < 0.5:
            named["at"] = None
        yield {**line, **named}
        if {**line, **named}["at"] or named:
            yield {**line, **named}


def said(desk: TestDesk, line: dict[str, Any]) -> Outcome | str:
    """What became of a line, without what differs from desk to desk: nothing does."""
    try:
        (outcome,) = desk.do(line)
    except (Refused, NotFound) as refused:
        return str(refused)
    return Outcome(outcome.result, (), outcome.warnings)


def desks(authority: str, seed: int) -> tuple[TestDesk, TestDesk, KeptStore]:
    """A desk that reads everything, and one that opens by snapshots; ids are counted, so that both give the same."""
    whole, by_snapshots = TestDesk(authority), TestDesk(authority)
    store = KeptStore(seed)
    store.streams, store.length = by_snapshots.store.streams, by_snapshots.store.length  # type: ignore[attr-defined]
    by_snapshots.store = store
    for desk in (whole, by_snapshots):
        numbers = iter(range(10**6))
        desk.new_id = lambda numbers=numbers: f"made-{next(numbers)}"  # type: ignore[misc]  # bound at once
    return whole, by_snapshots, store


@pytest.mark.parametrize("authority", sorted(SHIPPED))
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_decided_is_the_same(authority: str, seed: int) -> None:
    """Every command of a random history, and its repeat, comes to the same with snapshots at random places."""
    whole, by_snapshots, store = desks(authority, seed)
    for line in lines(authority, seed):
        assert said(by_snapshots, line) == said(whole, line), line
    assert isinstance(whole.store, MemoryStore)
    assert store.streams == whole.store.streams
    assert store.believed > AUDITS


@pytest.mark.parametrize("authority", sorted(SHIPPED))
def test_the_record_is_the_same(authority: str) -> None:
    """State, people, commands, escalations and history of every record, from snapshots at random places."""
    whole, _, store = desks(authority, 3)
    for line in lines(authority, 3):
        said(whole, line)
    assert isinstance(whole.store, MemoryStore)
    store.streams = whole.store.streams
    kinds = set()
    for name, events in whole.store.streams.items():
        if not CATALOGUE.knows(name):
            continue
        kinds.add(name.partition("/")[0])
        record, true = CATALOGUE.opened(name, store), CATALOGUE.record(name, events)
        assert (record.state, record.version, record.standing) == (
            *(true.state, true.version),
            true.standing,
        )
        assert record.is_whole == (record.kept == 0)
        for each in ("units", "history", "commands", "refused", "escalations"):
            assert getattr(record, each) == getattr(true, each), (name, each)
        assert record.is_whole
        middle = events[len(events) // 2].envelope.occurred
        assert CATALOGUE.opened(name, store).state_by(middle) == true.state_by(middle)
    assert {"audit", "directory", "files", "month"} <= kinds


def test_every_kind_has_a_form() -> None:
    """The state of every kind of record can be kept and comes back, before its first event already."""
    for kind in CATALOGUE.kinds.values():
        held = kind.folding.load(kind.folding.dump(Record.of(f"{kind.name}/X", kind, ()).standing))
        assert held.state == kind.begin()


def test_nothing_sealed_is_kept_in_clear() -> None:
    """A snapshot holds texts as the events do: sealed, with the key of the child."""
    desk = TestDesk("torbay")
    texts = [{"text": "the very words", "owner": "P-SW", "action": "A-1-1", "due": "2026-03-02"}]
    desk.do(*Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-20", "Meets Good", actions=texts))
    record = CATALOGUE.record("audit/A-1", desk.history("A-1"))
    kept = orjson.dumps(record.kind.form.dump(record.state))
    assert b"A-1-1" in kept
    assert b"the very words" not in kept


def test_a_command_reads_nothing_of_what_came_before() -> None:
    """Neither an act of now, nor a dated one of after the snapshot, has the record read from its beginning."""
    _, desk, store = desks("torbay", 4)
    head = {"authority": "torbay", "actor": "P-QA", "role": "qa_team", "command": "person.train"}
    store.loaded.clear()
    desk.do({**head, "person": "P-1"}, {**head, "person": "P-2", "id": "mine"})
    assert "directory/people" not in store.loaded
    assert [each.result for each in desk.do({**head, "person": "P-2", "id": "mine"})] == ["repeated"]
    with pytest.raises(Refused, match="id of another command"):
        desk.do({**head, "person": "P-3", "id": "mine"})
