"""Damage done to the files of a stopped server: whatever is lost must be noticed, never passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events import subjects
from events.errors import BrokenHistory
from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from services.store.provisioner import Layout, check, provision
from services.store.reading import read_recorded
from services.store.verify import verify
from tests.stores import Store, recorded

AUTHORITY = "torbay"
EVENTS = 30
MARK = b"ce-actor"
"""A header that every event has: a byte is changed just behind it."""


@contextmanager
def running(folder: Path) -> Iterator[Store]:
    with NatsServer(ServerConfig(folder)) as server:
        link = open_link(server.url)
        yield Store(server.url, link, replicas=1)
        close_link(link)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a stopped server with thirty events of five aggregates, six of each."""
    with running(tmp_path) as store:
        store.link.run(provision(store.link.client, [AUTHORITY], Layout()))
        with store.history(AUTHORITY) as history:
            for number in range(EVENTS):
                history.append(recorded(AUTHORITY, f"audit/A-{number % 5}", number // 5 + 1))
    return tmp_path


def stream_files(folder: Path) -> Path:
    (found,) = folder.glob(f"jetstream/**/{subjects.stream_name(AUTHORITY)}/msgs")
    return found


def flip(folder: Path, event: int) -> None:
    """Change one bit of one event, as a dying disk would."""
    block = stream_files(folder) / "1.blk"
    content = bytearray(block.read_bytes())
    place = -1
    for _ in range(event):
        place = content.index(MARK, place + 1)
    content[place + len(MARK) + 3] ^= 1
    block.write_bytes(content)


def cut(folder: Path, event: int) -> None:
    """Lose the end of the block."""
    block = stream_files(folder) / "1.blk"
    block.write_bytes(block.read_bytes()[: block.stat().st_size * event // EVENTS])


async def read_all(store: Store, after: int = 0) -> int:
    return len([each async for each in read_recorded(store.link.client, AUTHORITY, after=after)])


def test_untouched_history_is_sound(folder: Path) -> None:
    """After a restart every event is there and the checker finds nothing."""
    seen: list[tuple[int, int]] = []
    with running(folder) as store:
        result = store.link.run(
            verify(store.link.client, AUTHORITY, at_least=EVENTS, progress=lambda *at: seen.append(at))
        )
        assert store.link.run(read_all(store)) == EVENTS
    assert result.sound
    assert (result.events, result.aggregates, result.last_sequence) == (EVENTS, 5, EVENTS)
    assert seen == [(EVENTS, EVENTS)]


@pytest.mark.parametrize("event", [1, 16, EVENTS])
def test_changed_byte_stops_every_reader(folder: Path, event: int) -> None:
    """One changed bit, first, in the middle or last: each way of reading past it raises, the others' events load."""
    flip(folder, event)
    aggregate = f"audit/A-{(event - 1) % 5}"
    with running(folder) as store, store.history(AUTHORITY) as history:
        with pytest.raises(BrokenHistory):
            history.load(aggregate)
        with pytest.raises(BrokenHistory):
            history.recorder.select_notifications(1, 100)
        with pytest.raises(BrokenHistory):
            store.link.run(read_all(store))
        assert len(history.load("audit/A-2")) == 6
        result = store.link.run(verify(store.link.client, AUTHORITY))
    assert not result.sound
    assert (result.missing, result.first_missing) == (1, event)


def test_damaged_last_event_is_not_overwritten(folder: Path) -> None:
    """Nobody can append the same version again in the place of a damaged one."""
    flip(folder, EVENTS)
    with (
        running(folder) as store,
        store.history(AUTHORITY) as history,
        pytest.raises(BrokenHistory, match="the last event is damaged"),
    ):
        history.append(recorded(AUTHORITY, "audit/A-4", 6, command="again"))


def test_lost_end_of_a_block_is_noticed_at_the_start(folder: Path) -> None:
    """When the server knows that messages are gone, no process starts on that history."""
    cut(folder, 20)
    with running(folder) as store:
        with pytest.raises(BrokenHistory, match="are missing"):
            store.link.run(check(store.link.client, [AUTHORITY], Layout()))
        result = store.link.run(verify(store.link.client, AUTHORITY))
    assert result.first_missing in {20, 21}
    assert result.events + result.missing == EVENTS


def test_silent_truncation_is_noticed_by_whoever_read_further(folder: Path) -> None:
    """A server that rebuilds its index over a changed byte drops all that follows; a position read before tells."""
    flip(folder, 16)
    (stream_files(folder) / "index.db").unlink()
    with running(folder) as store:
        alone = store.link.run(verify(store.link.client, AUTHORITY))
        assert (alone.sound, alone.events) == (
            True,
            15,
        )  # the server shows nothing: hence the witness
        with pytest.raises(BrokenHistory, match="ends at 15"):
            store.link.run(read_all(store, after=EVENTS))
        told = store.link.run(verify(store.link.client, AUTHORITY, at_least=EVENTS))
    assert (told.sound, told.first_missing, told.missing) == (False, 16, 15)


def test_checker_finds_content_that_does_not_fit_its_hash(single_store: Store) -> None:
    """An event whose body is not what its envelope was made for is named, and so is one that cannot be read."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(recorded(authority, "audit/A-1", 1))
    link, js = single_store.link, single_store.link.client.jetstream()
    found = link.run(js.get_msg(subjects.stream_name(authority), 1))
    headers = {name: value for name, value in (found.headers or {}).items() if name.startswith("ce-")}
    subject = subjects.aggregate_subject(authority, "audit/A-1")
    link.run(js.publish(subject, b'{"forged":true}', headers={**headers, "ce-aggregateversion": "2"}))
    link.run(js.publish(subject, b"{}", headers={"unknown": "x"}))
    result = link.run(verify(link.client, authority))
    assert not result.sound
    assert [each.sequence for each in result.hash_mismatches] == [2, 3]
    assert [each.sequence for each in result.version_gaps] == [3]
