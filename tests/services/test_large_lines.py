"""Lines that give many events, or hold much: an import takes them in batches that the store takes."""

from collections.abc import Mapping

import pytest

from events.recorded import Recorded
from services import importer
from services.import_batches import MOST_EVENTS
from services.rehearsal import MemoryStore
from services.store.attempts import MAX_BATCH
from tests.desks import TestDesk
from tests.lives import Life, Line, people
from tests.services.test_importer import of, run, streams, told

ACTION = {"text": "visit weekly", "owner": "P-SW", "due": "2026-06-01"}


class Strict(MemoryStore):
    """A store that takes as much in one append as the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.appends: list[int] = []

    def append(self, *recorded: Recorded, expected: Mapping[str, int] | None = None) -> tuple[int, ...]:
        assert len(recorded) <= MAX_BATCH
        self.appends.append(len(recorded))
        return super().append(*recorded, expected=expected)


def with_actions(audit: str, actions: int) -> list[Line]:
    """An audit that comes back with so many actions: an event for each, and some for itself."""
    life = Life("torbay", audit, child=f"C-{audit}").allocated("2026-03-02").submitted("2026-03-10")
    submitted: Line = {**list(life)[-1], "actions": [{**ACTION, "action": f"X-{n}"} for n in range(actions)]}
    return [*list(life)[:-1], submitted]


def strict() -> tuple[TestDesk, Strict]:
    store = Strict()
    return of(store), store


@pytest.mark.parametrize("small", [0, 40, 130])
def test_a_line_of_many_events_goes_in_a_batch_of_its_own(small: int) -> None:
    """Wherever it stands, before and behind others, all is taken; a repeat of the file finds all of it done."""
    desk, store = strict()
    before = [line for number in range(small) for line in Life("torbay", f"B-{number}").allocated("2026-03-02")]
    lines = [*people("torbay"), *before, *with_actions("A-1", 950), *with_actions("A-2", 2)]
    summary = run(desk, lines)
    assert (summary.accepted, summary.refused) == (len(lines), 0)
    assert max(store.appends) > 950
    assert [each.line for each in run(desk, lines).rejections] == []
    assert len(told(desk)["audit/A-1"]) > 950


def test_the_same_history_as_in_any_other_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided again on its way into a batch of its own is what it was."""
    lines = [*people("torbay"), *with_actions("A-1", 30), *with_actions("A-2", 30), *with_actions("A-3", 1)]
    plain, _ = strict()
    run(plain, lines)
    monkeypatch.setattr(importer, "BATCH", 44)
    monkeypatch.setattr(importer, "MOST_EVENTS", 45)
    split, store = strict()
    run(split, lines)
    assert told(split) == told(plain)
    assert max(store.appends) <= 46


def test_a_line_of_more_than_an_append_takes_is_refused_by_name() -> None:
    """What no append could take leaves nothing behind, and the lines beside it are taken."""
    desk, _ = strict()
    before = [*people("torbay"), *with_actions("A-1", MOST_EVENTS)]
    lines = [*before, *with_actions("A-2", 1)]
    summary = run(desk, lines)
    (refused,) = summary.rejections
    assert (refused.line, refused.command) == (len(before), "audit.submit")
    assert f"no act leaves more than {MOST_EVENTS}" in refused.reason
    assert all(each.fact.stored_name != "audit.submitted.v1" for each in told(desk)["audit/A-1"])
    assert summary.accepted == len(lines) - 1


def test_what_waits_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with long texts are written before there are as many as a batch takes."""
    monkeypatch.setattr(importer, "LARGEST_CHUNK", 1)
    monkeypatch.setattr("services.import_lines.CHUNK", 2)
    desk, store = strict()
    lines = [*people("torbay"), *with_actions("A-1", 1), *with_actions("A-2", 1)]
    run(desk, lines)
    assert len(store.appends) >= len(lines) // 2
    assert streams(desk)
