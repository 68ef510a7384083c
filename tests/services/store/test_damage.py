"""Damage done to the files of a stopped server: whatever is lost must be noticed, never passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from events import envelope, subjects
from events.actions import ActionRedated
from events.errors import BrokenHistory
from events.recorded import Recorded
from services.folding import Folds
from services.nats_server import NatsServer, ServerConfig
from services.store.link import close_link, open_link
from services.store.mapper import fact_to_store
from services.store.provisioner import Layout, check, provision
from services.store.reading import read_recorded
from services.store.source import Source
from services.store.verify import Verification, _Checker, verify
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


@pytest.mark.parametrize("event", range(EVENTS - 4, EVENTS + 1))
def test_a_record_whose_newest_event_is_damaged_is_not_new(folder: Path, event: int) -> None:
    """The server can give no event of it, and yet it is never taken for one of which there is nothing."""
    flip(folder, event)
    names = [f"audit/A-{number}" for number in range(5)]
    with running(folder) as store, store.history(AUTHORITY) as history:
        assert history.unwritten([*names, "audit/B-1"]) <= {"audit/B-1"}


def published(store: Store, authority: str, *events: tuple[Recorded, dict[str, str]]) -> Verification:
    """What the checker says of events that were written past the store, with some headers changed and hashed again."""
    js = store.link.client.jetstream()
    for each, change in events:
        stored = fact_to_store(each)
        headers = dict(stored.headers) | change
        headers[envelope.HASH] = envelope.content_hash(headers, stored.state)
        subject = subjects.aggregate_subject(authority, each.originator_id)
        store.link.run(js.publish(subject, stored.state, headers=headers))
    return store.link.run(verify(store.link.client, authority, fold=Folds().take))


def test_checker_finds_an_event_written_on_another(single_store: Store) -> None:
    """An append names the event of its record that it follows; where another one stands before it, that is told."""
    authority = single_store.authority()
    with single_store.history(authority) as history:
        history.append(*[recorded(authority, "audit/A-1", version) for version in (1, 2)])
        history.append(recorded(authority, "audit/B-1", 1), recorded(authority, "audit/A-1", 3))
        assert single_store.link.run(verify(single_store.link.client, authority)).sound
    checker = _Checker(Verification(authority, 2), None, moved=False)
    for message in (single_store.link.run(history_source(single_store, authority).at(each)) for each in (1, 4)):
        assert message is not None
        checker.take(message)
    (found,) = checker.result.expectations
    assert (found.sequence, found.reason) == (
        4,
        "it was written after event 2 of its record, but 1 stands before it",
    )


def history_source(store: Store, authority: str) -> Source:
    return Source(store.link.client, subjects.stream_name(authority))


def test_checker_folds_every_record(single_store: Store) -> None:
    """A record whose events no longer make a state is named, once, and so is every other one."""
    authority = single_store.authority()
    redated = ActionRedated(action="X-9", due=date(2026, 5, 1), agreed_by="P-1")
    result = published(
        single_store,
        authority,
        (recorded(authority, "audit/A-1", 1, fact=redated), {}),
        (recorded(authority, "audit/A-1", 2, fact=redated), {}),
        (recorded(authority, "audit/A-2", 1), {}),
    )
    assert not result.sound
    assert [each.sequence for each in result.unfolded] == [1]
    assert "audit/A-1 cannot be folded further" in result.unfolded[0].reason


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({envelope.VERSION: "x"}, "versions"),
        ({envelope.RECORDED: "2026-03-02T12:00:00"}, "contracts"),
        ({envelope.TYPE: "audit.unheard.v1"}, "contracts"),
    ],
)
def test_checker_names_what_no_reader_takes(single_store: Store, change: dict[str, str], kind: str) -> None:
    """A version that is no number, a time without a zone and a name nobody knows are findings, never a traceback."""
    authority = single_store.authority()
    result = published(single_store, authority, (recorded(authority, "audit/A-1", 1), change))
    assert not result.sound
    assert [each.sequence for each in result.kinds[kind]] == [1]


def test_checker_names_a_message_on_no_events_subject(single_store: Store) -> None:
    """What stands where no record can is named like any other damage."""
    authority = single_store.authority()
    stored = fact_to_store(recorded(authority, "audit/A-1", 1))
    js = single_store.link.client.jetstream()
    single_store.link.run(js.publish(f"sightline.{authority}.stray", stored.state, headers=dict(stored.headers)))
    result = single_store.link.run(verify(single_store.link.client, authority, fold=Folds().take))
    assert [each.sequence for each in result.unreadable] == [1]


def test_checker_tells_of_a_clock_that_was_off(single_store: Store) -> None:
    """Events of real history dated far from the server's time are told of; they count as sound."""
    link = single_store.link
    link.run(provision(link.client, ["dated"], Layout()))
    with single_store.history("dated") as history:
        history.append(recorded("dated", "audit/A-1", 1))
    result = link.run(verify(link.client, "dated"))
    assert result.sound
    assert [each.sequence for each in result.clocks] == [1]
