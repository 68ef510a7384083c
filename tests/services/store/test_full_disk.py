"""A server whose whole storage is used up: refused in one line, nothing lost, and no success that is none."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import Notification

from services.nats_server import NatsServer, ServerConfig
from services.store.errors import StoreUnavailable
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.naming import event_naming
from services.store.recorders import JetStreamApplicationRecorder
from services.store.stored import StoredFact
from tests.stores import Store, recorded

LIMIT = 100_000


def append_of(authority: str, number: int, size: int) -> list[StoredFact]:
    return [fact_to_store(recorded(authority, f"audit/A-{number}", version)) for version in range(1, size + 1)]


def fill(recorder: JetStreamApplicationRecorder, authority: str, size: int, written: list[int]) -> None:
    """Append until it is refused."""
    while True:
        written.extend(recorder.insert_events(append_of(authority, len(written), size)) or [])


def test_single_appends_are_refused(tmp_path: Path) -> None:
    """When nothing fits any more, an append is refused; everything written is there and reads."""
    with NatsServer(ServerConfig(tmp_path, max_file_store=LIMIT)) as server:
        link = open_link(server.url)
        store = Store(server.url, link, replicas=1)
        authority = store.authority()
        recorder = store.recorder(authority)
        written: list[int] = []
        with pytest.raises(StoreUnavailable, match="nothing was written"):
            fill(recorder, authority, 1, written)
        assert [each.id for each in recorder.select_notifications(1, 10_000)] == written
        close_link(link)


def test_batch_that_the_server_kept_in_part_is_no_success(tmp_path: Path) -> None:
    """A batch that is acknowledged but not stored whole is refused; with room again, its repeat finds it whole."""
    with NatsServer(ServerConfig(tmp_path, max_file_store=LIMIT)) as server:
        link = open_link(server.url)
        store = Store(server.url, link, replicas=1)
        authority = store.authority()
        recorder = JetStreamApplicationRecorder(link, event_naming(authority), timeout=2.0)
        written: list[int] = []
        for _ in range(2):  # a repeat is told the same
            with pytest.raises(StoreUnavailable, match="only in part"):
                fill(recorder, authority, 10, written)
        assert len(recorder.select_notifications(1, 10_000)) > len(written)
        close_link(link)
    with NatsServer(ServerConfig(tmp_path)) as server:
        link = open_link(server.url)
        recorder = JetStreamApplicationRecorder(link, event_naming(authority))
        again = recorder.insert_events(append_of(authority, len(written), 10))
        assert again == list(range(len(written) + 1, len(written) + 11))
        assert len(recorder.select_notifications(1, 10_000)) == len(written) + 10
        close_link(link)


def test_crowd_is_told_of_what_is_stored_alone(tmp_path: Path) -> None:
    """Appends that meet as the storage runs out: each that is acknowledged is there whole, and no other's is half."""
    with NatsServer(ServerConfig(tmp_path, max_file_store=LIMIT)) as server:
        link = open_link(server.url)
        store = Store(server.url, link, replicas=1)
        authority = store.authority()
        recorder = JetStreamApplicationRecorder(link, event_naming(authority), timeout=2.0)
        crowd = [append_of(authority, number, 10) for number in range(40)]
        told = link.run(all_at_once(recorder, crowd))
        kinds = {StoreUnavailable if isinstance(each, StoreUnavailable) else type(each) for each in told}
        assert kinds == {list, StoreUnavailable}
        stored = {(each.originator_id, each.originator_version): each.id for each in read(recorder)}
        for events, answer in zip(crowd, told, strict=True):
            if isinstance(answer, list):
                assert [stored[each.originator_id, each.originator_version] for each in events] == answer
        close_link(link)
    with NatsServer(ServerConfig(tmp_path)) as server:  # with room, all that was kept aside comes, or is given again
        link = open_link(server.url)
        recorder = JetStreamApplicationRecorder(link, event_naming(authority))
        again = link.run(all_at_once(recorder, crowd))
        assert [answer for answer, before in zip(again, told, strict=True) if isinstance(before, list)] == [
            before for before in told if isinstance(before, list)
        ]
        assert sorted(sum_of(again)) == list(range(1, 401))
        close_link(link)


async def all_at_once(recorder: JetStreamApplicationRecorder, crowd: list[list[StoredFact]]) -> list[Any]:
    return await asyncio.gather(*(recorder._appender.append(each) for each in crowd), return_exceptions=True)


def read(recorder: JetStreamApplicationRecorder) -> Sequence[Notification]:
    return recorder.select_notifications(1, 10_000)


def sum_of(answers: list[Any]) -> list[int]:
    return [position for answer in answers for position in answer]
