"""Appends: all or nothing, never a version twice, and certain even when an answer is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from nats.aio.msg import Msg

from events.audits import AuditClosed
from events.errors import Conflict, Unavailable
from services.store.attempts import MAX_BATCH
from services.store.errors import StoreUnavailable, VersionConflict, WriteRefused
from services.store.link import Link, close_link, open_link
from services.store.mapper import fact_to_store
from services.store.naming import event_naming
from services.store.recorders import JetStreamApplicationRecorder
from services.store.stored import StoredFact
from tests.services.store.faults import Faulty
from tests.stores import PATIENCE, Store, recorded


def facts(authority: str, aggregate: str, *versions: int) -> list[StoredFact]:
    return [fact_to_store(recorded(authority, aggregate, version)) for version in versions]


def test_fact_comes_back_with_its_envelope(store: Store) -> None:
    """What was stored comes back equal, with its headers, its place in the stream and the server's time."""
    authority = store.authority()
    recorder = store.recorder(authority)
    written = facts(authority, "audit/A-17", 1, 2)
    assert recorder.insert_events(written) == [1, 2]
    found = recorder.select_events("audit/A-17")
    assert found == written
    assert [(each.position, each.stored is not None) for each in found if isinstance(each, StoredFact)] == [
        (1, True),
        (2, True),
    ]


def test_version_is_written_once(store: Store) -> None:
    """An existing version and one that leaves a gap are refused, as a conflict in both contracts' words."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder.insert_events(facts(authority, "audit/A-1", 1, 2))
    for version in (1, 2, 4):
        other = fact_to_store(recorded(authority, "audit/A-1", version, command=f"other-{version}"))
        with pytest.raises(VersionConflict, match=f"version {version} was not written, the last one is 2") as refused:
            store.recorder(authority).insert_events([other])
        assert isinstance(refused.value, IntegrityError)
        assert isinstance(refused.value, Conflict)
    with pytest.raises(VersionConflict, match=r"audit\.A-1: version 5 was not written, the last one is 3"):
        recorder.insert_events(facts(authority, "audit/A-1", 3, 5))
    assert recorder.max_notification_id() == 2


def test_who_says_that_nothing_is_there_begins_with_the_first_version(store: Store) -> None:
    """A second version is no beginning, whatever its writer believes of the record: the history would have a hole."""
    authority = store.authority()
    recorder = store.recorder(authority)
    with pytest.raises(VersionConflict, match=r"audit\.A-1: version 2 was not written, the last one is 0"):
        recorder.insert_events(facts(authority, "audit/A-1", 2), expected={"audit/A-1": 0})
    assert recorder.insert_events(facts(authority, "audit/A-1", 1), expected={"audit/A-1": 0}) == [1]


def test_repeat_gives_the_first_positions(store: Store) -> None:
    """The same facts again write nothing and give the positions of the first time, also when others wrote since."""
    authority = store.authority()
    recorder = store.recorder(authority)
    pair = facts(authority, "audit/A-1", 1, 2)
    assert recorder.insert_events(pair) == [1, 2]
    recorder.insert_events(facts(authority, "audit/A-1", 3))
    assert recorder.insert_events(pair) == [1, 2]
    assert store.recorder(authority).insert_events(pair[1:]) == [2]
    assert recorder.max_notification_id() == 3


def test_same_id_with_other_content_is_a_conflict(store: Store) -> None:
    """A message id that was used for something else never passes for a success, wherever it is tried."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", 1, command="c-1"))])
    for aggregate in ("audit/A-1", "audit/A-2"):
        changed = recorded(authority, aggregate, 1, command="c-1", fact=AuditClosed())
        with pytest.raises(VersionConflict):
            recorder.insert_events([fact_to_store(changed)])
    assert recorder.max_notification_id() == 1


def test_several_aggregates_are_written_whole_or_not_at_all(store: Store) -> None:
    """One conflict in a batch leaves every aggregate of it as it was."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder.insert_events(facts(authority, "audit/A-1", 1))
    taken = fact_to_store(recorded(authority, "audit/A-1", 1, command="late"))
    with pytest.raises(VersionConflict):
        recorder.insert_events([*facts(authority, "audit/A-2", 1, 2), taken])
    assert recorder.select_events("audit/A-2") == []
    assert recorder.insert_events([*facts(authority, "audit/A-2", 1, 2), *facts(authority, "audit/A-1", 2)]) == [
        2,
        3,
        4,
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_lost_answer_is_found_out(store: Store, size: int) -> None:
    """When the answer is lost, the append finds its own events and succeeds; they are there once."""
    authority = store.authority()
    recorder = store.recorder(authority)
    faulty = recorder._source.client = Faulty(store.link.client, lost_answers=1)  # type: ignore[assignment]  # stands in for the client
    written = recorder.insert_events(facts(authority, "audit/A-1", *range(1, size + 1)))
    assert written == list(range(1, size + 1))
    assert faulty.asked == 1
    assert recorder.max_notification_id() == size


@pytest.mark.parametrize("size", [1, 3])
def test_lost_request_is_sent_again(store: Store, size: int) -> None:
    """When the request itself is lost, it is sent again and the events are there once."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder._source.client = Faulty(store.link.client, lost_requests=2)  # type: ignore[assignment]  # stands in for the client
    assert recorder.insert_events(facts(authority, "audit/A-1", *range(1, size + 1))) == list(range(1, size + 1))
    assert recorder.max_notification_id() == size


@pytest.mark.parametrize("size", [1, 3])
def test_retry_after_a_lost_answer_is_recognised(store: Store, size: int) -> None:
    """The same append sent again on the wire, as a retry would, is answered with the first positions."""
    authority = store.authority()
    recorder = store.recorder(authority)
    events = facts(authority, "audit/A-1", *range(1, size + 1))
    written = recorder.insert_events(events)
    appender = recorder._appender
    again = store.link.run(appender._prepare(events, {"audit/A-1": 0}))
    again.expected["sightline." + authority + ".audit.A-1"] = 0
    assert store.link.run(appender._write(appender._group.turn(again, monotonic() + PATIENCE))) == 1
    assert written == list(range(1, size + 1))
    assert recorder.max_notification_id() == size


def test_lost_answer_with_another_writer_behind_it(store: Store) -> None:
    """Our event is found even when somebody else appended after it before we could ask."""
    authority = store.authority()
    recorder, other = store.recorder(authority), store.recorder(authority)

    class Overtaken(Faulty):
        async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
            try:
                return await super().request(subject, payload, **options)
            except TimeoutError:
                await other._appender.append(facts(authority, "audit/A-1", 2))
                raise

    recorder._source.client = Overtaken(store.link.client, lost_answers=1)  # type: ignore[assignment]  # stands in for the client
    assert recorder.insert_events(facts(authority, "audit/A-1", 1)) == [1]
    assert [each.originator_version for each in recorder.select_events("audit/A-1")] == [1, 2]


@pytest.mark.parametrize("size", [1, 2])
def test_two_writers_never_both_win(store: Store, size: int) -> None:
    """Of two writers of the same version, over connections of their own, exactly one wins, a hundred times."""
    authority = store.authority()
    links = [Link(url, None, 5.0) for url in (store.url.split(",")[0], store.url.split(",")[-1])]
    recorders = [JetStreamApplicationRecorder(link, event_naming(authority), patience=20) for link in links]

    def write(number: int, turn: int) -> bool:
        versions = range(turn * size + 1, turn * size + size + 1)
        mine = [recorded(authority, "audit/A-1", each, command=f"w{number}-{each}") for each in versions]
        try:
            recorders[number].insert_events([fact_to_store(each) for each in mine])
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for turn in range(50):
            assert sorted(pool.map(write, (0, 1), (turn, turn))) == [False, True]
    assert store.recorder(authority).max_notification_id() == 50 * size
    for link in links:
        link.shut()


def test_more_than_a_batch_holds_is_refused(single_store: Store) -> None:
    """More events than one atomic batch can hold are refused before anything is sent."""
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    with pytest.raises(WriteRefused, match="at most 1000"):
        recorder.insert_events(facts(authority, "audit/A-1", *range(1, MAX_BATCH + 2)))
    assert recorder.max_notification_id() is None


@pytest.mark.parametrize(
    "bad", ["audit/*", "audit/>", "audit", "audit/a.b", "audit/a b", "", "aggregate/x", "audit/a/b"]
)
def test_id_that_is_no_literal_subject_is_refused(single_store: Store, bad: str) -> None:
    """An id that could reach another aggregate's subject, or many, is refused."""
    with pytest.raises(WriteRefused, match="originator_id"):
        single_store.recorder().insert_events([StoredEvent(bad, 1, "topic", b"")])


def test_envelope_of_another_event_is_refused(single_store: Store) -> None:
    """An envelope that names another aggregate or version than its event is refused before it can do harm."""
    authority = single_store.authority()
    (right,) = facts(authority, "audit/A-1", 1)
    for change in ({"originator_id": "audit/A-2"}, {"originator_version": 2}):
        with pytest.raises(WriteRefused, match="envelope"):
            single_store.recorder(authority).insert_events([replace(right, **change)])


def test_known_sequences_save_the_reading(store: Store) -> None:
    """A caller who knows the last sequences is believed, and refused like anybody else when they are not the last."""
    authority = store.authority()
    store.recorder(authority).insert_events(facts(authority, "audit/A-1", 1))
    fresh = store.recorder(authority)
    assert fresh.insert_events(facts(authority, "audit/A-1", 2), expected={"audit/A-1": 1}) == [2]
    late = fact_to_store(recorded(authority, "audit/A-1", 2, command="late"))
    with pytest.raises(VersionConflict, match=r"audit\.A-1: version 2 was not written, the last one is 2"):
        store.recorder(authority).insert_events([late], expected={"audit/A-1": 1})


@pytest.mark.parametrize("size", [1, 2])
def test_a_caller_who_knows_too_much_is_put_right(single_store: Store, size: int) -> None:
    """Who expects a later sequence than there is writes all the same: the true end is looked up once it was refused."""
    authority = single_store.authority()
    single_store.recorder(authority).insert_events(facts(authority, "audit/A-1", 1))
    fresh = single_store.recorder(authority, patience=5)
    events = facts(authority, "audit/A-1", *range(2, size + 2))
    assert fresh.insert_events(events, expected={"audit/A-1": 9}) == list(range(2, size + 2))
    gap = fact_to_store(recorded(authority, "audit/A-1", size + 3))
    with pytest.raises(
        VersionConflict, match=rf"audit\.A-1: version {size + 3} was not written, the last one is {size + 1}"
    ):
        single_store.recorder(authority, patience=5).insert_events([gap], expected={"audit/A-1": 9})


@pytest.mark.parametrize("size", [1, 20])
def test_full_stream_refuses_and_writes_nothing(store: Store, size: int) -> None:
    """A stream at its limit refuses with one line in both contracts' words; nothing is trimmed or half written."""
    authority = store.authority(max_bytes=6_000)
    recorder = store.recorder(authority)
    written = 0

    def fill() -> None:
        nonlocal written
        while True:
            recorder.insert_events(facts(authority, f"audit/A-{written}", *range(1, size + 1)))
            written += size

    with pytest.raises(StoreUnavailable, match=r": nothing was written: maximum bytes exceeded$") as refused:
        fill()
    assert isinstance(refused.value, Unavailable)
    assert isinstance(refused.value, OperationalError)
    assert "\n" not in str(refused.value)
    assert (recorder.max_notification_id() or 0) == written
    assert len(recorder.select_notifications(1, 1000)) == written


def test_server_that_went_away_is_unavailable_in_time(single_store: Store) -> None:
    """Without any answer an append ends as unavailable when its patience is over, and may be repeated then."""
    authority = single_store.authority()
    recorder = single_store.recorder(authority, patience=0.3)
    recorder._source.client = Faulty(single_store.link.client, lost_requests=10_000)  # type: ignore[assignment]  # stands in for the client
    with pytest.raises(StoreUnavailable, match="not confirmed"):
        recorder.insert_events(facts(authority, "audit/A-1", 1))
    assert single_store.recorder(authority).insert_events(facts(authority, "audit/A-1", 1)) == [1]


def test_many_batches_at_once_all_arrive(store: Store) -> None:
    """More batches than the server keeps open at once are waited for, not lost."""
    authority = store.authority()
    link = open_link(store.url)
    recorders = [JetStreamApplicationRecorder(link, event_naming(authority), patience=30) for _ in range(4)]
    work = [
        link.submit(recorders[number % 4]._appender.append(facts(authority, f"audit/A-{number}", 1, 2)))
        for number in range(120)
    ]
    sequences = sorted(sequence for each in work for sequence in each.result())
    assert sequences == list(range(1, 241))
    close_link(link)


@pytest.mark.parametrize("size", [1, 2])
def test_event_too_large_for_a_message_is_refused(single_store: Store, size: int) -> None:
    """An event beyond the server's limit is refused by name, alone or in a batch, and nothing of it is written."""
    recorder = single_store.recorder()
    events = [StoredEvent("audit/A-1", version, "large", bytes(5_000_000)) for version in range(1, size + 1)]
    with pytest.raises(WriteRefused, match="larger than a message may be"):
        recorder.insert_events(events)
    assert recorder.max_notification_id() is None
