"""What the process that appends is told of beforehand, and what becomes of one that stands still."""

import os
from collections.abc import Sequence

import pytest
from eventsourcing.persistence import Notification

from tests.workers.besides import is_gone, of, processes_of, system, writes, writing
from workers.recording import beside
from workers.recording.batches import Batch, Order
from workers.recording.beside import WritesBeside
from workers.system import System

__all__ = ["system", "writes"]


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """How many events each order found foretold, and whether it brought its own."""
    found: list[tuple[int, bool]] = []

    class Heard(Order):
        def __reduce__(self) -> tuple[type[Order], tuple[int, Batch | None]]:
            found.append((self.foretold, self.batch is not None))
            return Order, (self.foretold, self.batch)

    monkeypatch.setattr(beside, "Order", Heard)
    return found


def test_what_was_foretold_is_ordered_without_being_told_again(
    writes: WritesBeside, system: System, orders: list[tuple[int, bool]]
) -> None:
    """Part by part, while the append before is under way or not; and what was foretold is written only by an append."""
    first = [of(system, "audit/A-0", version) for version in (2, 3, 4)]
    second = [of(system, "audit/A-1", version) for version in (1, 2)]
    writes.append(of(system, "audit/A-9", 1))
    writes.foretell(first[:2])
    writes.foretell(first[2:])
    writes.foretell(second[:1])
    assert len(writes.load("audit/A-0")) == 1
    writes.append(*first)
    writes.foretell(second[1:])
    writes.append(*second)
    assert orders == [(0, True), (3, False), (2, False)]
    assert [each.originator_version for each in writes.load("audit/A-0")] == [1, 2, 3, 4]
    assert [each.originator_version for each in writes.load("audit/A-1")] == [1, 2]


def test_what_is_appended_is_what_it_was_given(
    writes: WritesBeside, system: System, orders: list[tuple[int, bool]]
) -> None:
    """Whatever was foretold: something else, more in front of it, or nothing. Afterwards both are in step again."""
    writes.append(of(system, "audit/A-9", 1))
    given_up, opening, told = (of(system, record, 1) for record in ("audit/A-1", "audit/A-2", "audit/A-3"))
    untold, later = of(system, "audit/A-4", 1), of(system, "audit/A-5", 1)
    writes.foretell([given_up, told])
    writes.append(untold)
    writes.append(opening, told)
    writes.foretell([later])
    writes.append(later)
    assert orders == [(0, True), (0, True), (2, True), (1, False)]
    found = {each.originator_id for each in everything(system)}
    assert found == {"audit/A-0", "audit/A-9", "audit/A-4", "audit/A-2", "audit/A-3", "audit/A-5"}


def everything(system: System) -> Sequence[Notification]:
    [authority] = system.authorities
    return system.history(authority).recorder.select_notifications(start=1, limit=10_000)


@pytest.mark.parametrize("foretold", [0, 6_000])
def test_one_that_is_stopped(foretold: int, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that neither answers nor takes anything is waited for so long, and then done without."""
    monkeypatch.setattr(beside, "ANSWER_SECONDS", 0.5)
    with writing(system, monkeypatch) as writes:
        writes.append(of(system, "audit/A-0", 2))
        [process] = processes_of(os.getpid())
        process.suspend()
        writes.foretell([of(system, "audit/A-1", version) for version in range(1, foretold + 1)])
        writes.append(of(system, "audit/A-0", 3))
        assert not writes.is_beside
        assert is_gone(process)
        writes.foretell([of(system, "audit/A-0", 4)])
        writes.append(of(system, "audit/A-0", 4))
        assert [each.originator_version for each in writes.load("audit/A-0")] == [1, 2, 3, 4]
