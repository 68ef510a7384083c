"""Whatever meets whatever: what was acknowledged is what is stored, once, at its position, in its record's order."""

import asyncio
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats.errors
import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given, settings
from hypothesis.strategies import booleans, integers, lists, sampled_from, tuples
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.nats_server import NatsServer, ServerConfig
from services.store.errors import StoreUnavailable, VersionConflict
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.recorders import JetStreamApplicationRecorder
from services.store.stored import FactNotification
from tests.cluster import kept_port
from tests.services.store.faults import Faulty
from tests.stores import PATIENCE, Store, eventually, recorded

RECORDS = ("audit/A", "audit/B", "audit/C", "audit/D")
LOSSES = sampled_from(("", "", "", "answer", "request"))
WRITERS = lists(
    tuples(
        integers(0, 1),  # which of the two processes
        lists(sampled_from(RECORDS), min_size=1, max_size=2, unique=True),
        integers(1, 3),  # versions of each
        integers(0, 12),  # turns of the loop before it begins
        sampled_from(("", "", "", "repeat", "cancel")),
    ),
    min_size=2,
    max_size=14,
)


class Losing(Faulty):
    """A client that loses what it is told to lose, publish by publish."""

    def __init__(self, client: Client, losses: Sequence[str]) -> None:
        super().__init__(client)
        self._losses = list(losses)

    async def request(self, subject: str, payload: bytes = b"", **options: Any) -> Msg:
        if subject.startswith("sightline."):
            loss = self._losses.pop() if self._losses else ""
            self.lost_requests, self.lost_answers = int(loss == "request"), int(loss == "answer")
        return await super().request(subject, payload, **options)


@dataclass
class Told:
    """What callers were told: the positions of events that were acknowledged, refused ones, and what nobody knows."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    appends: list[list[str]] = field(default_factory=list)


def ids_of(events: Sequence[StoredEvent]) -> list[str]:
    return [each.headers["ce-id"] for each in events]  # type: ignore[attr-defined]  # they are facts


async def next_of(
    recorder: JetStreamApplicationRecorder, authority: str, number: int, records: Sequence[str], versions: int
) -> list[StoredEvent]:
    """The next versions of the records, by what stands there now."""
    events: list[StoredEvent] = []
    for name in records:
        head = await recorder._reader.head(recorder._naming.subject_of(name))
        for version in range(head.version + 1, head.version + versions + 1):
            command = f"w{number}-{name[-1]}-{version}"
            events.append(fact_to_store(recorded(authority, name, version, command=command)))
    return events


async def write(
    recorder: JetStreamApplicationRecorder, authority: str, number: int, told: Told, drawn: tuple[Any, ...]
) -> None:
    _, records, versions, turns, what = drawn
    for _ in range(turns):
        await asyncio.sleep(0)
    events = await next_of(recorder, authority, number, records, versions)
    told.appends.append(ids_of(events))
    task = asyncio.create_task(recorder._appender.append(events))
    if what == "cancel":
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
    for _ in range(2 if what == "repeat" else 1):
        try:
            positions = await task
        except VersionConflict:
            told.refused.update(ids_of(events))
        except (StoreUnavailable, asyncio.CancelledError, nats.errors.Error):
            pass  # nobody knows: all of it or nothing
        else:
            for name, position in zip(ids_of(events), positions, strict=True):
                assert told.acknowledged.setdefault(name, position) == position
        task = asyncio.create_task(recorder._appender.append(events))
    task.cancel()


def check(recorder: JetStreamApplicationRecorder, told: Told) -> None:
    """What is stored is what was acknowledged, and of what nobody knows all or nothing."""
    found = recorder.select_notifications(1, 100_000)
    at = {each.headers["ce-id"]: each.id for each in found if isinstance(each, FactNotification)}
    assert len(at) == len(found)  # nothing is there twice
    assert {name: at.get(name) for name in told.acknowledged} == told.acknowledged
    assert not told.refused & at.keys()
    for append in told.appends:
        assert len(at.keys() & set(append)) in {0, len(append)}
    for record in {str(each.originator_id) for each in found}:
        versions = [each.originator_version for each in found if each.originator_id == record]
        assert versions == list(range(1, len(versions) + 1))


@settings(max_examples=40)
@given(writers=WRITERS, losses=lists(LOSSES, max_size=8), elsewhere=booleans())
def test_what_was_acknowledged_is_what_is_stored(
    single_store: Store, writers: list[tuple[Any, ...]], losses: list[str], *, elsewhere: bool
) -> None:
    """Conflicts, repeats, lost answers and requests, callers that give up, and another authority, in any order."""
    authority = single_store.authority()
    recorders = [single_store.recorder(authority, patience=PATIENCE) for _ in range(2)]
    for each in recorders:
        each._source.client = Losing(single_store.link.client, losses)  # type: ignore[assignment]  # stands in for it
    told, other = Told(), Told()

    async def all_at_once() -> None:
        work = [write(recorders[drawn[0]], authority, number, told, drawn) for number, drawn in enumerate(writers)]
        if elsewhere:
            name = beside._naming.authority
            work += [write(beside, name, number, other, drawn) for number, drawn in enumerate(writers)]
        await asyncio.gather(*work)

    beside = single_store.recorder() if elsewhere else recorders[0]
    single_store.link.run(all_at_once())
    check(single_store.recorder(authority), told)
    if elsewhere:
        check(single_store.recorder(beside._naming.authority), other)


@pytest.mark.parametrize("size", [1, 3])
def test_killed_server_keeps_what_was_acknowledged(tmp_path: Path, size: int) -> None:
    """The server is killed twice under a crowd, and started again: each append is there, whole and once."""
    writers, turns = 30, 12
    with kept_port() as port:
        server = NatsServer(ServerConfig(tmp_path, port=port))
        server.start()
        link = open_link(server.url)
        link.client.options["reconnect_time_wait"] = 0
        store = Store(server.url, link, replicas=1)
        authority, told, written = store.authority(), Told(), []
        recorder = JetStreamApplicationRecorder(link, store.recorder(authority)._naming, timeout=1.0, patience=PATIENCE)

        def work(number: int) -> None:
            for turn in range(turns):
                versions = range(turn * size + 1, turn * size + size + 1)
                events = [fact_to_store(recorded(authority, f"audit/A-{number}", each)) for each in versions]
                told.appends.append(ids_of(events))
                positions = recorder.insert_events(events) or []
                told.acknowledged |= dict(zip(ids_of(events), positions, strict=True))
                written.append(number)

        with ThreadPoolExecutor(writers) as pool:
            crowd = [pool.submit(work, number) for number in range(writers)]
            for share in (3, 2):
                enough = writers * turns // share
                eventually(lambda enough=enough: len(written) >= enough or any(each.done() for each in crowd))  # type: ignore[misc]  # bound at once
                assert server.pid is not None
                os.kill(server.pid, signal.SIGKILL)
                server.stop()
                server = NatsServer(ServerConfig(tmp_path, port=port))
                server.start()
            for each in crowd:
                each.result(PATIENCE)
        assert len(told.acknowledged) == writers * turns * size
        check(store.recorder(authority), told)
        close_link(link)
        server.stop()
