"""What bounds the histories in memory follows what they take there: bytes, and not how many records they are of."""

import gc
import tracemalloc
import weakref
from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from events.recorded import Recorded
from services import import_lines, importer
from services.core.weight import RECORD, weight, weight_of
from services.directory.state import DIRECTORY
from services.importer import Importer
from services.rehearsal import MemoryStore
from services.snapshots import Folding, Opened
from services.store.mapper import EnvelopeMapper, fact_to_store
from tests.desks import TestDesk
from tests.lives import Life, Line, people

SHORT, LONG = "seen today", "seen today, and much was said. " * 400


def audits(evidence: str) -> list[Line]:
    lives = [Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05") for number in range(12)]
    for each in lives:
        each.act("audit.raise_safety_concern", "2026-01-06", "P-AUD", "auditor", concern=evidence)
    return [*people("torbay"), *(line for each in lives for line in each)]


def imported(lines: list[Line]) -> tuple[Any, Importer]:
    desk: Any = TestDesk("torbay", staffed=False)
    importing = Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1")
    summary = importing.run(map(orjson.dumps, lines))
    assert not summary.rejections
    return desk, importing


@pytest.mark.parametrize("evidence", [SHORT, LONG])
def test_a_weight_is_about_what_the_events_take(evidence: str) -> None:
    """Read anew from what is stored, they take between a third of it and twice as much."""
    desk, _ = imported(audits(evidence))
    events = [each for record in desk.histories.records.values() for each in record.history]
    stored, mapper = [fact_to_store(each) for each in events], EnvelopeMapper.__new__(EnvelopeMapper)
    for each in stored:  # what is made once for each kind of event is no event's
        mapper.to_domain_event(each)
    tracemalloc.start()
    try:
        held = [mapper.to_domain_event(each) for each in stored]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 2 < weight(*held) < taken * 3
    assert desk.histories.held >= weight(*events)


def test_a_state_of_a_snapshot_weighs_as_well() -> None:
    """It takes between a third of its weight and twice as much; a record that is opened by it holds that."""
    people_of = [Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05") for number in range(60)]
    desk, _ = imported([*people("torbay"), *(line for each in people_of for line in each)])
    (month,) = (each for name, each in desk.histories.records.items() if name.startswith("month/"))
    folding = month.kind.folding
    body = folding.dump(month.standing)
    folding.load(body)  # what is made once is no state's
    tracemalloc.start()
    try:
        state = folding.load(body)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 2 < weight_of(state) < taken * 3

    class Kept(MemoryStore):
        def opened(self, aggregate_id: str, folding: Folding[Any]) -> Opened[Any]:
            assert (aggregate_id, folding.kind) == (month.aggregate, month.kind.folding.kind)
            return Opened(state, month.version, ())

    desk.store = Kept()
    desk.forget()
    desk.histories.record(month.aggregate)
    assert desk.histories.held == RECORD + weight_of(state)
    kept = weakref.ref(desk.store)
    desk.store = MemoryStore()
    gc.disable()
    try:
        desk.forget()
        assert kept() is None, "what is dropped from memory waits for no search for cycles"
    finally:
        gc.enable()


class Counted(MemoryStore):
    """A store that counts how often each record was read from it, and the events of each append."""

    def __init__(self) -> None:
        super().__init__()
        self.read = Counter[str]()
        self.batches: list[int] = []

    def opened(self, aggregate_id: str, folding: Folding[Any]) -> Opened[Any]:
        self.read[aggregate_id] += 1
        return super().opened(aggregate_id, folding)

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        self.batches.append(len(recorded))
        return super().append(*recorded, expected=expected)


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_lines, "CHUNK", 5)
    monkeypatch.setattr(importer, "BATCH", 5)
    monkeypatch.setattr(importer, "LARGEST_MEMORY", 300_000)


@pytest.mark.usefixtures("little_memory")
def test_as_many_records_are_kept_as_their_bytes_allow() -> None:
    """Long texts are dropped from memory where as many short ones stay; the same is taken of both."""
    kept, taken = [], []
    for evidence in (SHORT, LONG):
        desk, importing = imported(audits(evidence))
        taken.append(importing.summary.accepted)
        kept.append([each for each in desk.histories.records if each.startswith("audit/")])
        assert desk.histories.held < 500_000
    short, long = kept
    assert taken[0] == taken[1]
    assert len(short) == 12
    assert 0 < len(long) < 12
    assert long == short[-len(long) :], "what was written last is kept"


@pytest.mark.usefixtures("little_memory")
def test_what_is_at_work_is_not_dropped() -> None:
    """However often memory is full: no audit is read again while its lines follow each other, nor the people."""
    store = Counted()
    lives = [Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05") for number in range(40)]
    for each in lives:
        each.act("audit.raise_safety_concern", "2026-01-06", "P-AUD", "auditor", concern=LONG)
        each.act("audit.prepare", "2026-01-07", "P-AUD", "auditor")
    desk: Any = TestDesk("torbay", staffed=False)
    desk.store = store
    lines = [*people("torbay"), *(line for each in lives for line in each)]
    summary = Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1").run(map(orjson.dumps, lines))
    assert len([each for each in desk.histories.records if each.startswith("audit/")]) < 40, "some were dropped"
    assert summary.accepted > 80
    assert {each: often for each, often in store.read.items() if often > 1} == {}


def test_records_of_which_nothing_is_written_weigh_as_well() -> None:
    """A file may name any number of audits that there are not: refused line by line, they are dropped like others."""
    desk: Any = TestDesk("torbay")
    desk.forget()
    desk.histories.directory()
    before, known = desk.histories.held, set(desk.histories.records)
    tracemalloc.start()
    try:
        desk.histories.expect(f"audit/A-{number}" for number in range(50))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 2 < 50 * RECORD < taken * 2
    for number in range(50, 100):
        assert not desk.histories.record(f"audit/A-{number}").history
    assert desk.histories.held == before + 100 * RECORD
    desk.histories.shed(before)
    assert set(desk.histories.records) == known


def test_what_is_not_written_yet_is_never_dropped() -> None:
    """What waits to be written, what was handed over last, and the people stay, however little may be kept."""
    desk: Any = TestDesk("torbay")
    desk.forget()

    def decided(number: int) -> None:
        [line] = Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05")
        desk.decide(desk.catalogue.parse(orjson.dumps(line)))

    def audits_held() -> set[str]:
        return {each for each in desk.histories.records if each.startswith("audit/")}

    decided(1)
    desk.flush()
    decided(2)
    on_its_way = desk.handed_over()
    decided(3)
    assert audits_held() == {"audit/A-1", "audit/A-2", "audit/A-3"}
    full = desk.histories.held
    desk.histories.shed(0)
    assert audits_held() == {"audit/A-2", "audit/A-3"}
    assert DIRECTORY in desk.histories.records
    assert desk.histories.held < full
    on_its_way()
    desk.flush()
    desk.histories.shed(0)
    assert audits_held() == {"audit/A-3"}


def test_what_was_written_longest_ago_is_dropped_first() -> None:
    """Whatever was opened first: an audit that was written to since stays longer than one that was not."""
    desk: Any = TestDesk("torbay")
    desk.forget()
    lives = [Life("torbay", f"A-{number}", child=f"C-{number}").allocated("2026-01-05").lines[0] for number in range(3)]
    concern = Life("torbay", "A-0").act("audit.raise_safety_concern", "2026-01-06", "P-AUD", "auditor", concern=LONG)
    for line in (*lives, *concern, *Life("torbay", "A-9", child="C-9").allocated("2026-01-05")):
        desk.decide(desk.catalogue.parse(orjson.dumps(line)))
        desk.flush()
    desk.histories.shed(desk.histories.held - 1)
    assert [each for each in desk.histories.records if each.startswith("audit/")] == [
        *("audit/A-2", "audit/A-0", "audit/A-9"),
    ]


def test_batches_are_full_whatever_was_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are read three at a time; each batch but the last has as many events as are worth one."""
    monkeypatch.setattr(import_lines, "CHUNK", 3)
    monkeypatch.setattr(importer, "BATCH", 20)
    desk: Any = TestDesk("torbay", staffed=False)
    desk.store = store = Counted()
    importing = Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1")
    assert not importing.run(map(orjson.dumps, audits(SHORT))).rejections
    *batches, _, closing = store.batches
    assert closing == 1, "that the import is closed"
    assert len(batches) > 2
    assert all(20 <= each < 30 for each in batches)


def test_lines_that_give_no_event_wait_for_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is imported again is counted as it goes, and is not kept in memory until its end."""
    desk, importing = imported(audits(SHORT))
    monkeypatch.setattr(import_lines, "CHUNK", 4)
    monkeypatch.setattr(importer, "MOST_LINES", 6)
    again = Importer({"torbay": desk}, {"torbay": desk.keys}, "I-1")
    counted: list[int] = []
    again.run(map(orjson.dumps, audits(SHORT)), lambda _: counted.append(again.summary.repeated))
    assert again.summary.repeated == importing.summary.accepted
    behind = [4 * (number + 1) - each for number, each in enumerate(counted[:-1])]
    assert max(behind) < 2 * 6 + 4
