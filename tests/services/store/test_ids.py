"""Ids and batches that stand already: told at once and named for what they are."""

from time import monotonic

import pytest

from services.store import appending, ids
from services.store.errors import IdTaken, StoreUnavailable, VersionConflict, WriteRefused
from services.store.mapper import fact_to_store
from services.store.stored import StoredFact
from tests.stores import PATIENCE, Store, recorded


def facts(authority: str, aggregate: str, *versions: int) -> list[StoredFact]:
    return [fact_to_store(recorded(authority, aggregate, version)) for version in versions]


@pytest.mark.parametrize("size", [1, 3])
def test_id_of_another_record_is_refused_at_once_and_named(store: Store, size: int) -> None:
    """An id that another record's event has is a conflict that names both, at once, alone and within a batch."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", 1, command="c-1"))])
    again = recorded(authority, "audit/A-2", 1, command="c-1")
    others = facts(authority, "audit/A-3", *range(1, size))
    began = monotonic()
    with pytest.raises(IdTaken) as taken:
        recorder.insert_events([*others, fact_to_store(again)])
    assert monotonic() - began < 3
    assert (taken.value.event_id, taken.value.holder) == ("c-1.0", "audit/A-1")
    assert recorder.max_notification_id() == 1


def test_of_a_single_event_the_server_names_the_holder(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server says at which sequence an id stands, that is looked at, however far back it is."""
    monkeypatch.setattr(ids, "SEARCHED", 0)
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", 1, command="c-1"))])
    recorder.insert_events(facts(authority, "audit/A-3", 1))
    with pytest.raises(IdTaken) as taken:
        recorder.insert_events([fact_to_store(recorded(authority, "audit/A-2", 1, command="c-1"))])
    assert taken.value.holder == "audit/A-1"


@pytest.mark.parametrize(("sure_after", "told"), [(0.0, IdTaken), (PATIENCE, StoreUnavailable)])
def test_an_id_whose_holder_is_not_found(
    single_store: Store, monkeypatch: pytest.MonkeyPatch, sure_after: float, told: type[Exception]
) -> None:
    """It is another's once our own batch cannot be on its way any more, and until then nobody can say."""
    monkeypatch.setattr(ids, "SEARCHED", 0)
    monkeypatch.setattr(appending, "SURELY_TAKEN", sure_after)
    authority = single_store.authority()
    recorder = single_store.recorder(authority, patience=1.0)
    recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", 1, command="c-1"))])
    again = fact_to_store(recorded(authority, "audit/A-2", 1, command="c-1"))
    with pytest.raises(told):
        recorder.insert_events([*facts(authority, "audit/A-3", 1), again])
    assert recorder.max_notification_id() == 1


def test_one_id_twice_in_one_append_is_refused(single_store: Store) -> None:
    """Two events of one append that share an id could never both be stored: refused by name before anything is sent."""
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    pair = [fact_to_store(recorded(authority, f"audit/A-{each}", 1, command="c-1")) for each in (1, 2)]
    with pytest.raises(WriteRefused, match=r"c-1\.0 stands twice"):
        recorder.insert_events(pair)
    assert recorder.max_notification_id() is None


def test_batch_whose_first_fact_stands_already_is_a_conflict(store: Store) -> None:
    """An append that begins with what stands already and goes on with what is new is a conflict, never a full disk."""
    authority = store.authority()
    recorder = store.recorder(authority)
    first, second = facts(authority, "audit/A-1", 1, 2)
    recorder.insert_events([first])
    began = monotonic()
    told = r"audit\.A-1: version 1 was not written, the last one is 1"
    with pytest.raises(VersionConflict, match=told):
        recorder.insert_events([first, second])
    assert monotonic() - began < 3
    recorder.insert_events(facts(authority, "audit/B-1", 1))  # now something else follows the first
    with pytest.raises(VersionConflict, match=told):
        store.recorder(authority).insert_events([first, second], expected={"audit/A-1": 0})
    assert recorder.max_notification_id() == 2


def test_batch_that_begins_as_another_one_did_is_a_conflict(store: Store) -> None:
    """What stands at its end is another record's event: the words are of the record that was to go on."""
    authority = store.authority()
    recorder = store.recorder(authority)
    own = facts(authority, "audit/A-1", 1, 2, 3)
    recorder.insert_events([*own[:2], *facts(authority, "audit/B-1", 1)])
    with pytest.raises(VersionConflict, match=r"audit\.A-1: version 3 was not written, the last one is 2"):
        store.recorder(authority).insert_events(own, expected={"audit/A-1": 0})
    assert recorder.max_notification_id() == 3
