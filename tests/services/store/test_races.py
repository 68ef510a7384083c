"""Readers beside writers: what comes into being between two questions is never taken for damage."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from events import subjects
from events.audits import AuditClosed
from services.store.errors import VersionConflict
from services.store.link import Link
from services.store.mapper import fact_to_store
from services.store.naming import event_naming
from services.store.recorders import JetStreamApplicationRecorder
from services.store.source import Source
from tests.services.store.faults import Meddling
from tests.stores import PATIENCE, Store, recorded

DESKS = 4
TURNS = 150


def test_record_made_between_two_questions_is_no_damage(store: Store) -> None:
    """Nothing is found, then somebody creates the record, then it is counted: the reader gets the new event."""
    authority = store.authority()
    recorder = store.recorder(authority)
    other = JetStreamApplicationRecorder(store.link, event_naming(authority))
    created = fact_to_store(recorded(authority, "audit/A-1", 1))
    recorder._source.client = Meddling(  # type: ignore[assignment]  # stands in for the client
        store.link.client, "STREAM.INFO", lambda: other._appender.append([created])
    )
    subject = subjects.aggregate_subject(authority, "audit/A-1")
    found = store.link.run(recorder._source.last_of(subject))
    assert found is not None
    assert (found.sequence, found.version) == (1, 1)


def test_desks_that_create_and_load_at_once_see_no_damage(single_store: Store) -> None:
    """Four desks create the same new records and load them at once: each is there once, and none is called damaged."""
    authority = single_store.authority()
    links = [Link(single_store.url, None, 5.0) for _ in range(DESKS)]
    recorders = [JetStreamApplicationRecorder(link, event_naming(authority), patience=PATIENCE) for link in links]
    together = Barrier(DESKS, timeout=PATIENCE)

    def desk(number: int) -> int:
        try:
            return work(number)
        except BaseException:
            together.abort()
            raise

    def work(number: int) -> int:
        won = 0
        for turn in range(TURNS):
            aggregate = f"audit/A-{turn}"
            together.wait()
            if not recorders[number].select_events(aggregate):
                try:
                    mine = recorded(authority, aggregate, 1, command=f"d{number}-{turn}", fact=AuditClosed())
                    recorders[number].insert_events([fact_to_store(mine)])
                    won += 1
                except VersionConflict:
                    pass
            assert len(recorders[number].select_events(aggregate)) == 1
        return won

    with ThreadPoolExecutor(DESKS) as pool:
        assert sum(pool.map(desk, range(DESKS))) == TURNS
    for link in links:
        link.shut()


def test_closed_source_leaves_nothing_behind(single_store: Store) -> None:
    """A source that is opened and closed again and again, as each sweep does, leaves no subscription and no task."""
    authority = single_store.authority()
    single_store.recorder(authority).insert_events([fact_to_store(recorded(authority, "audit/A-1", 1))])
    client = single_store.link.client

    async def read_and_close() -> None:
        source = Source(client, subjects.stream_name(authority))
        assert len((await source.page(1, 10)).messages) == 1
        await source.close()
        await source.close()

    single_store.link.run(read_and_close())
    before = len(client._subs)
    for _ in range(20):
        single_store.link.run(read_and_close())
    assert len(client._subs) == before
