"""Writing together: what arrives while a commit is under way goes as one batch, and each hears what it would alone."""

import asyncio
from itertools import chain
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from services.store import grouping
from services.store.attempts import MAX_BATCH
from services.store.errors import IdTaken, StoreUnavailable, VersionConflict, WriteRefused
from services.store.grouping import SIDE_BY_SIDE
from services.store.link import Link
from services.store.naming import event_naming
from services.store.recorders import JetStreamApplicationRecorder
from tests.services.store.faults import Cutting, Holding, Stumbling
from tests.services.store.scenes import Scene, facts, scene, until
from tests.stores import PATIENCE, Store


def test_what_arrives_meanwhile_is_one_batch(store: Store) -> None:
    """While one batch is under way, others wait; then they are stored as one, in the order in which they came."""
    found = scene(store)
    others = [facts(found.authority, f"audit/B-{number}", *range(1, 1 + number)) for number in (1, 2, 3)]
    assert found.run(facts(found.authority, "audit/A", 1, 2), *others) == [[1, 2], [3], [4, 5], [6, 7, 8]]
    assert found.client.sizes == [2, 6]
    assert found.stored()[2:6] == ["audit/B-1 1", "audit/B-2 1", "audit/B-2 2", "audit/B-3 1"]
    assert found.recorder.insert_events(facts(found.authority, "audit/B-2", 3)) == [9]


def test_few_single_events_go_side_by_side(single_store: Store) -> None:
    """Single events wait for nobody while there are few of them; what is beyond that waits, and goes as one batch."""
    found = scene(single_store)
    many = [facts(found.authority, f"audit/A-{number}", 1) for number in range(3 * SIDE_BY_SIDE)]
    written = found.run(*many)
    assert sorted(written) == [[each] for each in range(1, len(many) + 1)]
    assert found.client.sizes[:SIDE_BY_SIDE] == [1] * SIDE_BY_SIDE
    assert found.client.sizes[SIDE_BY_SIDE] > SIDE_BY_SIDE
    assert sum(found.client.sizes) == len(many)


@pytest.mark.parametrize("size", [1, 2])
def test_who_writes_alone_waits_for_nobody(single_store: Store, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after another each goes at once: as itself, and without a wait for a crowd that never was."""
    found = scene(single_store)
    found.client.go.set()
    monkeypatch.setattr(grouping, "CROWD", PATIENCE)
    for number in range(5):
        assert len(found.run(facts(found.authority, f"audit/A-{number}", *range(1, size + 1)))[0]) == size
    assert found.client.sizes == [size] * 5


def test_a_crowd_is_waited_for(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who were told together are expected together: the first that comes again goes with the last of them."""
    found = scene(single_store)
    first, second = (
        [facts(found.authority, f"audit/{each}", *versions) for each in "ABC"] for versions in ((1, 2), (3, 4))
    )
    found.run(*first)
    monkeypatch.setattr(grouping, "CROWD", PATIENCE)

    async def again() -> list[list[int]]:
        found.recorder._appender._group._end_batch(3)  # as if it were just now, however busy the machine
        tasks = []
        for events in second:
            tasks.append(asyncio.create_task(found.recorder._appender.append(events)))
            for _ in range(20):  # turns of the loop in which nothing is sent while one is missing
                await asyncio.sleep(0)
        return await asyncio.gather(*tasks)

    written = found.store.link.run(again())
    assert sorted(chain.from_iterable(written)) == list(range(7, 13))
    assert found.client.sizes == [2, 4, 6]


def test_one_conflict_does_not_harm_the_others(store: Store) -> None:
    """In a batch with a conflict, a repeat and a taken id, those are told so and the others are stored."""
    found = scene(store)
    authority = found.authority
    other = store.recorder(authority)
    other.insert_events(facts(authority, "audit/taken", 1, command="early"))
    repeat = facts(authority, "audit/repeat", 1, 2)
    assert other.insert_events(repeat) == [2, 3]
    foreign = facts(authority, "audit/elsewhere", 1, command="early")
    told = found.run(
        facts(authority, "audit/A", 1, 2),
        facts(authority, "audit/B", 1, 2),
        facts(authority, "audit/taken", 1, command="late"),
        repeat,
        foreign,
        facts(authority, "audit/C", 1),
    )
    assert told[0] == [4, 5]
    assert sorted([*told[1], *told[5]]) == [6, 7, 8]
    assert [type(each) for each in (told[2], told[4])] == [VersionConflict, IdTaken]
    assert told[3] == [2, 3]
    assert found.client.sizes[:2] == [2, 7]
    assert len(found.stored()) == 8


def test_appends_to_one_record_keep_their_order(store: Store) -> None:
    """Two that would write the same version are never in one batch: the first is stored, the second a conflict."""
    found = scene(store)
    authority = found.authority
    told = found.run(
        facts(authority, "audit/A", 1, 2),
        [*facts(authority, "audit/B", 1), *facts(authority, "audit/C", 1)],
        facts(authority, "audit/B", 1, 2, command="late"),
        facts(authority, "audit/D", 1),
    )
    assert (told[0], told[1], told[3]) == ([1, 2], [3, 4], [5])
    assert isinstance(told[2], VersionConflict)
    assert found.client.sizes[:2] == [2, 3]
    assert found.stored() == ["audit/A 1", "audit/A 2", "audit/B 1", "audit/C 1", "audit/D 1"]


@pytest.mark.parametrize("losses", [{"lost_answers": 2}, {"lost_requests": 2}, {"lost_answers": 1, "lost_requests": 1}])
def test_what_is_lost_of_a_batch_is_found_out_for_each(store: Store, losses: dict[str, int]) -> None:
    """When the answer or the batch itself is lost, each finds out what became of it: all is there, and once."""
    found = scene(store, **losses)
    plain = [StoredEvent("audit/P", version, "topic", b"state") for version in (1, 2, 3)]
    others = [facts(found.authority, "audit/B", 1, 2), plain, facts(found.authority, "audit/C", 1)]
    written = found.run(facts(found.authority, "audit/A", 1, 2), *others)
    assert [len(each) for each in written] == [2, 2, 3, 1]
    names = found.stored()
    assert len(names) == len(set(names)) == 8
    for events, positions in zip([facts(found.authority, "audit/A", 1, 2), *others], written, strict=True):
        assert [names[each - 1] for each in positions] == [f"{e.originator_id} {e.originator_version}" for e in events]


def test_a_lost_connection_is_told_to_each(single_store: Store) -> None:
    """The connection breaks with a batch on its way: each of it is stored once, whatever became of the answer."""
    link = Link(single_store.url, None, 5.0)
    link.client.options["reconnect_time_wait"] = 0
    authority = single_store.authority()
    recorder = JetStreamApplicationRecorder(link, event_naming(authority), timeout=0.5, patience=PATIENCE)
    client = recorder._source.client = Holding(link.client)  # type: ignore[assignment]  # stands in for the client
    found = Scene(single_store, authority, recorder, client)

    async def broken() -> list[Any]:
        tasks = await found.arrive(*(facts(authority, f"audit/A-{number}", 1, 2) for number in range(5)))
        client.go.set()
        await until(lambda: len(client.sizes) == 2)
        await link.client._process_op_err(OSError("lost"))
        return await asyncio.gather(*tasks)

    written = link.run(broken())
    assert sorted(chain.from_iterable(written)) == list(range(1, 11))
    assert len(set(found.stored())) == 10
    link.shut()


def test_who_gives_up_is_not_waited_for(single_store: Store) -> None:
    """Cancelled while it waits, an append is not stored; cancelled in a batch, it does not hold up the others."""
    found = scene(single_store)
    authority = found.authority

    async def cancelled() -> list[Any]:
        tasks = await found.arrive(*(facts(authority, f"audit/{each}", 1, 2) for each in "ABCD"))
        tasks[1].cancel()
        await asyncio.wait([tasks[1]])
        found.client.go.set()
        await until(lambda: len(found.client.sizes) == 2)
        tasks[2].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    told = found.store.link.run(cancelled())
    assert (told[0], told[3]) == ([1, 2], [5, 6])
    assert [type(each) for each in told[1:3]] == [asyncio.CancelledError] * 2
    assert "audit/B 1" not in found.stored()
    assert found.recorder.insert_events(facts(authority, "audit/B", 1)) == [7]


def test_the_first_of_all_gives_up(single_store: Store) -> None:
    """The others do not wait for ever when the one whose commit is under way is cancelled."""
    found = scene(single_store)

    async def cancelled() -> list[Any]:
        tasks = await found.arrive(*(facts(found.authority, f"audit/{each}", 1, 2) for each in "ABC"))
        tasks[0].cancel()
        found.client.go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert found.store.link.run(cancelled())[1:] == [[1, 2], [3, 4]]


def test_who_waits_too_long_is_told_so(single_store: Store) -> None:
    """A wait that outlasts the patience ends as unavailable, and nothing of that append is stored."""
    found = scene(single_store, patience=0.3)

    async def waited() -> Any:
        tasks = await found.arrive(facts(found.authority, "audit/A", 1, 2), facts(found.authority, "audit/B", 1, 2))
        await asyncio.wait([tasks[1]])
        found.client.go.set()
        await asyncio.wait(tasks)
        return tasks[1].exception()

    assert isinstance(found.store.link.run(waited()), StoreUnavailable)
    assert not [each for each in found.stored() if "audit/B" in each]


def test_what_is_too_large_goes_alone(single_store: Store) -> None:
    """An event that no message can hold is refused alone; one that is heavy is stored alone; the others together."""
    found = scene(single_store)
    authority = found.authority
    told = found.run(
        facts(authority, "audit/A", 1, 2),
        facts(authority, "audit/B", 1, 2),
        [StoredEvent("audit/heavy", 1, "topic", bytes(1_500_000))],
        [StoredEvent("audit/large", 1, "topic", bytes(5_000_000))],
        facts(authority, "audit/C", 1, 2),
    )
    assert [len(each) for each in (told[0], told[1], told[2], told[4])] == [2, 2, 1, 2]
    assert isinstance(told[3], WriteRefused)
    assert sorted({each.split()[0] for each in found.stored()}) == ["audit/A", "audit/B", "audit/C", "audit/heavy"]
    assert found.client.sizes[:2] == [2, 4]


def test_a_batch_holds_no_more_than_the_server_takes(single_store: Store) -> None:
    """What waits is parted where it is more than one batch may hold."""
    found = scene(single_store)
    size = MAX_BATCH // 2 - 1
    others = [facts(found.authority, f"audit/B-{number}", *range(1, size + 1)) for number in range(3)]
    written = found.run(facts(found.authority, "audit/A", 1, 2), *others)
    assert [len(each) for each in written] == [2, size, size, size]
    assert found.client.sizes == [2, 2 * size, size]


def test_each_stream_has_batches_of_its_own(single_store: Store) -> None:
    """While one authority's commit is held, another authority's append goes at once."""
    held, free = scene(single_store), single_store.recorder()

    async def both() -> list[int]:
        tasks = await held.arrive(facts(held.authority, "audit/A", 1, 2), facts(held.authority, "audit/B", 1, 2))
        beside = await free._appender.append([StoredEvent("audit/A", 1, "topic", b"")])
        assert not any(each.done() for each in tasks)
        held.client.go.set()
        await asyncio.gather(*tasks)
        return beside

    assert held.store.link.run(both()) == [1]
    assert held.client.sizes == [2, 2]


def test_who_tries_again_holds_up_nobody(single_store: Store) -> None:
    """While a batch that failed is tried again others are stored, but what would write to its subject waits for it."""
    found = scene(single_store)
    authority = found.authority
    client = found.recorder._source.client = Stumbling(single_store.link.client, "audit.A")  # type: ignore[assignment]
    append = found.recorder._appender.append

    async def beside() -> list[Any]:
        again = asyncio.create_task(append(facts(authority, "audit/A", 1, 2)))
        await until(lambda: client.tried == 2)
        behind = asyncio.create_task(append(facts(authority, "audit/A", 1, command="late")))
        try:
            async with asyncio.timeout(PATIENCE):
                written = [
                    await append(facts(authority, "audit/B", 1, 2)),
                    await append(facts(authority, "audit/C", 1)),
                ]
            assert (again.done(), behind.done(), client.tried) == (False, False, 2)
        finally:
            client.go.set()
        return [*written, await again, *await asyncio.gather(behind, return_exceptions=True)]

    *written, late = single_store.link.run(beside())
    assert written == [[1, 2], [3], [4, 5]]
    assert isinstance(late, VersionConflict)


def test_of_a_batch_that_is_kept_in_part_each_hears_what_is_there(store: Store) -> None:
    """A full server acknowledges a batch and keeps its beginning: only who is all there is told that it is stored."""
    found = scene(store)
    authority = found.authority
    found.client = found.recorder._source.client = Cutting(store.link.client, kept=3)  # type: ignore[assignment]
    found.recorder._source.timeout = 1.0
    whole, half, none = (
        facts(authority, "audit/B", 1, 2),
        facts(authority, "audit/C", 1, 2),
        facts(authority, "audit/D", 1),
    )
    told = found.run(facts(authority, "audit/A", 1, 2), whole, half, none)
    assert found.client.sizes[:2] == [2, 5]
    assert told[:2] == [[1, 2], [3, 4]]
    assert [type(each) for each in told[2:]] == [StoreUnavailable] * 2
    assert ["sequence 5" in str(told[2]), "sequence 7" in str(told[3])] == [True, True]
    assert told[2] is not told[3]
    assert found.stored() == ["audit/A 1", "audit/A 2", "audit/B 1", "audit/B 2", "audit/C 1"]
