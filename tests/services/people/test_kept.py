"""What a desk reads of the directory for a command: what is new in it, and all that is new in it."""

from typing import Any

import pytest

from events.errors import Refused
from events.recorded import Recorded
from services.directory.state import DIRECTORY
from services.rehearsal import MemoryStore
from tests.desks import LONG_AFTER, TestDesk


class CountedStore(MemoryStore):
    """Counts the events of the directory that were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def load(self, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        found = super().load(aggregate_id, after=after)
        self.read += len(found) if aggregate_id == DIRECTORY else 0
        return found


def appoint(person: str, post: str) -> dict[str, Any]:
    act = {"authority": "torbay", "actor": "P-QA", "role": "qa_team"}
    return {**act, "command": "person.appoint", "person": person, "post": post}


def allocate(audit: str) -> dict[str, Any]:
    return {
        "command": "audit.allocate",
        "authority": "torbay",
        "actor": "P-QA",
        "role": "qa_team",
        "audit": audit,
        "child": "C-1",
        "team": "T-1",
        "worker": "P-W1",
        "auditor": "P-AUD2",
        "audit_type": "full",
    }


@pytest.fixture
def desk() -> TestDesk:
    desk = TestDesk()
    counted = CountedStore()
    counted.streams = desk.store.streams  # type: ignore[attr-defined]  # the staffed desk's own memory
    desk.store = counted
    return desk


def read(desk: TestDesk) -> int:
    assert isinstance(desk.store, CountedStore)
    return desk.store.read


def test_a_command_reads_what_is_new(desk: TestDesk) -> None:
    """The second command costs nothing of a directory in which nothing has changed, the third one event."""
    desk.do(allocate("TOR-1"))
    first = read(desk)
    desk.do(allocate("TOR-2"))
    assert (first > 1, read(desk)) == (True, first)
    other = TestDesk()
    other.store = desk.store
    other.do(appoint("P-NEW", "director"))
    before = read(desk)
    desk.do(allocate("TOR-3"))
    assert read(desk) == before + 1


def test_what_another_desk_recorded_is_seen_at_once(desk: TestDesk) -> None:
    """Somebody appointed at another desk may act at this one with the next command."""
    desk.do(allocate("TOR-1"))
    late = {**allocate("TOR-2"), "actor": "P-LATE"}
    with pytest.raises(Refused, match="P-LATE"):
        desk.do(late)
    other = TestDesk()
    other.store = desk.store
    other.do(appoint("P-LATE", "qa_team"))
    assert [each.result for each in desk.do(late)] == ["accepted"]


def test_what_was_refused_of_the_directory_is_not_kept(desk: TestDesk) -> None:
    """An act on the directory that comes to nothing leaves nothing in what later commands are held against."""
    desk.do(allocate("TOR-1"))
    desk.now = LONG_AFTER
    with pytest.raises(Refused):
        desk.do({**appoint("P-ODD", "no_such_post")})
    with pytest.raises(Refused, match="P-ODD"):
        desk.do({**allocate("TOR-2"), "actor": "P-ODD"})
