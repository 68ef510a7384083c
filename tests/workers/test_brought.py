"""What an import brought in, message by message: what is held of it, what is left, and what goes first."""

import pytest

from events import envelope
from services.store.messages import RawMessage
from workers.due import brought
from workers.due.brought import Brought

MOST = 100


def message(audit: str, version: int | str, *, imported: str = "I-1", stands_in: bool = False) -> RawMessage:
    headers = {envelope.VERSION: str(version), envelope.IMPORTED: imported}
    return RawMessage(f"sightline.torbay.audit.{audit}", 1, headers, b"{}", "", stands_in)


def taken(*messages: RawMessage) -> Brought:
    found = Brought("I-1", ("audit/",))
    found.take(messages)
    return found


def handed_out(found: Brought, most: int = MOST) -> dict[str, list[int]]:
    return {record: [each.version for each in messages] for record, messages in found.hand_out(most).items()}


def test_whole_records_are_held_with_the_acts_of_others_among_them() -> None:
    """An act that came live meanwhile belongs to the history; a record that nothing was brought in of is nobody's."""
    found = taken(
        message("A-1", 1), message("A-2", 1), message("A-1", 2, imported=""), message("A-3", 1, imported="I-2")
    )
    assert handed_out(found) == {"audit/A-2": [1], "audit/A-1": [1, 2]}
    assert not found.left
    assert found.is_empty


def test_what_is_not_whole_is_left() -> None:
    """A record from before the import, with a hole, with something lost that was accepted, with no version, anew."""
    found = taken(
        message("A-1", 4),
        *(message("A-2", version) for version in (1, 3, 4)),
        *(message("A-3", 1), message("A-3", 2, stands_in=True), message("A-3", 3)),
        message("A-4", 1, stands_in=True),
        *(message("A-5", 1), message("A-5", "x")),
        *(message("A-6", 1) for _ in range(3)),
    )
    assert list(found.left) == [f"audit/A-{number}" for number in range(1, 7)]
    assert found.is_empty


def test_what_was_not_touched_for_longest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes to it afterwards is left; it is not held again."""
    monkeypatch.setattr(brought, "HELD", 3 * brought.HEADERS)
    found = taken(message("A-1", 1), message("A-2", 1), message("A-1", 2))
    assert found.is_full
    assert handed_out(found, 1) == {"audit/A-2": [1]}
    assert not found.is_full
    found.take([message("A-2", 2)])
    assert list(found.left) == ["audit/A-2"]
    assert handed_out(found) == {"audit/A-1": [1, 2]}
    found.take([message("A-3", 1), message("A-3", 2)])
    assert not found.is_full, "what is held no more weighs nothing"
