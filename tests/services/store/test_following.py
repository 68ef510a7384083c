"""Following the stream, large pages, and a cluster that loses its leader."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from eventsourcing.persistence import StoredEvent

from events import subjects
from events.errors import BrokenHistory
from services.store import subscription
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.source import Page, Source, api
from tests.cluster import Cluster
from tests.stores import PATIENCE, Store, eventually, has_leader, recorded


def test_subscription_follows_what_is_written(store: Store) -> None:
    """A subscription gives what is there and then every new event, in order and once."""
    authority = store.authority()
    recorder = store.recorder(authority)
    recorder.insert_events([fact_to_store(recorded(authority, f"audit/A-{each}", 1)) for each in range(1, 701)])
    with recorder.subscribe(gt=100) as following, ThreadPoolExecutor(1) as pool:
        writing = pool.submit(
            lambda: [
                recorder.insert_events([fact_to_store(recorded(authority, "audit/B-1", version))])
                for version in range(1, 101)
            ]
        )
        assert [each.id for each in islice(following, 700)] == list(range(101, 801))
        writing.result()


def test_subscription_survives_the_loss_of_its_consumer(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the server no longer has the consumer, another is made from where the reading stands."""
    monkeypatch.setattr(subscription, "WAIT", 0.1)
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    link, stream = single_store.link, subjects.stream_name(authority)

    def consumers() -> list[str]:
        return list(link.run(api(link.client, f"CONSUMER.NAMES.{stream}", {}, within=PATIENCE)).get("consumers") or [])

    def write(version: int) -> None:
        recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", version))])

    write(1)
    with recorder.subscribe() as following, ThreadPoolExecutor(1) as pool:
        assert next(following).id == 1
        waiting = pool.submit(next, following)
        eventually(lambda: len(consumers()) == 1)
        link.run(api(link.client, f"CONSUMER.DELETE.{stream}.{consumers()[0]}", within=PATIENCE))
        write(2)
        assert waiting.result(timeout=PATIENCE).id == 2


def test_stop_ends_a_waiting_subscription(single_store: Store) -> None:
    """A reader that waits for the next event is released by `stop` from another thread."""
    following = single_store.recorder().subscribe()
    with ThreadPoolExecutor(1) as pool, following:
        waiting = pool.submit(list, following)
        following.stop()
        following.stop()
        assert waiting.result(timeout=PATIENCE) == []


def test_subscription_stops_at_a_hole(single_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower that meets a missing sequence raises instead of passing over it."""
    authority = single_store.authority()
    recorder = single_store.recorder(authority)
    recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", each)) for each in (1, 2, 3)])
    complete = Source.page

    async def with_hole(self: Source, start: int, count: int, subject: str | None = None) -> Page:
        page = await complete(self, start, count, subject)
        return page._replace(messages=[each for each in page.messages if each.sequence != 2])

    monkeypatch.setattr(Source, "page", with_hole)
    with recorder.subscribe() as following, pytest.raises(BrokenHistory, match="sequence 2 is missing"):
        next(following)


def test_large_events_come_in_smaller_pages(single_store: Store) -> None:
    """Events of many megabytes are all read, although no page holds all of them."""
    recorder = single_store.recorder()
    body = os.urandom(3_000_000)
    for version in range(1, 9):
        recorder.insert_events([StoredEvent("audit/A-1", version, "large", body)])
    assert len(recorder.select_notifications(1, 100)) == 8
    assert [each.originator_version for each in recorder.select_events("audit/A-1")] == list(range(1, 9))


def test_killed_leader_loses_nothing(tmp_path: Path) -> None:
    """The leader of the stream is killed in the middle of appends: each acknowledged one is there, once, in order."""
    with Cluster(tmp_path / "failing") as cluster:
        link = open_link(cluster.url)
        eventually(lambda: has_leader(link))
        store = Store(cluster.url, link, replicas=3)
        authority = store.authority()
        recorder = store.recorder(authority, patience=60)
        positions: list[int] = []
        for version in range(1, 201):
            if version == 100:
                info = link.run(api(link.client, f"STREAM.INFO.{subjects.stream_name(authority)}", within=PATIENCE))
                (leader,) = [each for each in cluster.nodes if each.name == info["cluster"]["leader"]]
                assert leader.pid is not None
                os.kill(leader.pid, signal.SIGKILL)
            positions += recorder.insert_events([fact_to_store(recorded(authority, "audit/A-1", version))]) or []
        assert positions == list(range(1, 201))
        assert [each.originator_version for each in recorder.select_events("audit/A-1")] == positions
        close_link(link)
