"""A server whose whole storage is used up: refused in one line, nothing lost, and no success that is none."""

from pathlib import Path

import pytest

from services.nats_server import NatsServer, ServerConfig
from services.store.errors import StoreUnavailable
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.messages import StoredFact
from services.store.naming import event_naming
from services.store.recorders import JetStreamApplicationRecorder
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
