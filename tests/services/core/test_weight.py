"""What bounds the histories in memory follows what they take there: bytes, and not how many records they are of."""

import gc
import tracemalloc
import weakref
from typing import Any

import orjson
import pytest

from services import importer
from services.core.desk import Desk
from services.core.weight import weight, weight_of
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
    assert taken / 2 < weight(held) < taken * 3
    assert desk.histories.held >= weight(events)


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
    assert desk.histories.held == weight_of(state)
    kept = weakref.ref(desk.store)
    desk.store = MemoryStore()
    gc.disable()
    try:
        desk.forget()
        assert kept() is None, "what is dropped from memory waits for no search for cycles"
    finally:
        gc.enable()


def test_as_many_records_are_kept_as_their_bytes_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are dropped from memory where as many short ones stay; the same is taken of both."""
    dropped, forget = list[Desk](), Desk.forget

    def counted(desk: Desk) -> None:
        dropped.append(desk)
        forget(desk)

    monkeypatch.setattr(Desk, "forget", counted)
    monkeypatch.setattr(importer, "CHUNK", 5)
    monkeypatch.setattr(importer, "LARGEST_MEMORY", 300_000)
    times = []
    for evidence in (SHORT, LONG):
        dropped.clear()
        desk, importing = imported(audits(evidence))
        times.append((len(dropped), importing.summary.accepted))
        assert desk.histories.held < 500_000
    (short, accepted), (long, as_many) = times
    assert (short, accepted) == (1, as_many), "once, when the desk begins"
    assert long > short
