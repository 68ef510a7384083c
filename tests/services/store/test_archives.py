"""The older part of a stream in archives: whoever reads sees one history, and nobody sees less of it in silence."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from events.errors import BrokenHistory, Conflict, Refused
from events.subjects import aggregate_subject, stream_name
from services.store.archives.verifying import verify_archives
from services.store.errors import VersionConflict
from services.store.link import Link, close_link, open_link
from services.store.provisioner import check
from services.store.source import Source
from services.store.verify import verify
from tests.shelves import EVENTS, THROUGH, Shelved, answers, shelved_in
from tests.stores import Store, recorded


@pytest.fixture
def shelved(single_store: Store, tmp_path: Path) -> Iterator[Shelved]:
    """Forty events, of which thirty will be archived."""
    with shelved_in(single_store, tmp_path) as found:
        yield found


def test_everything_reads_the_same(store: Store, tmp_path: Path) -> None:
    """Each way of reading gives the same before there is an archive, beside it, and when its events were removed.

    In a cluster too, where whichever copy answers may not have removed them yet.
    """
    with shelved_in(store, tmp_path) as shelved:
        reads_the_same(shelved)


def reads_the_same(shelved: Shelved) -> None:
    before = answers(shelved)
    shelved.make()
    assert answers(shelved) == before
    assert shelved.remove() == THROUGH
    assert shelved.first_live() == THROUGH + 1
    assert answers(shelved) == before
    shelved.link.run(check(shelved.link.client, [shelved.authority], shelved.store.layout))
    sound = shelved.link.run(verify_archives(shelved.source, shelved.authority))
    assert (sound.events, sound.compared) == (THROUGH, 0)


def test_the_next_archive_follows_the_first(shelved: Shelved) -> None:
    """A second file goes on where the first one ends and names it; what both hold is read in one go."""
    before = answers(shelved)
    first = shelved.make(12)
    shelved.remove(12)
    second = shelved.make(THROUGH)
    assert (second.manifest.first, second.manifest.previous) == (13, first.fingerprint)
    shelved.remove(THROUGH)
    assert answers(shelved) == before
    with pytest.raises(Refused, match="after event 30"):
        shelved.make(THROUGH)


def test_the_same_range_gives_the_same_bytes(shelved: Shelved) -> None:
    """Nothing of the making is in the file."""
    shelved.make()
    (file,) = shelved.files
    first = file.read_bytes()
    file.unlink()
    shelved.make()
    assert file.read_bytes() == first
    assert file.stat().st_mode & 0o077 == 0


def test_a_record_that_is_archived_goes_on(shelved: Shelved) -> None:
    """The next version is taken, once; the first one again is not, nor is an id a second time."""
    shelved.make()
    shelved.remove()
    authority = shelved.authority
    with shelved.history() as history, shelved.history() as other:
        last = history.load("audit/A-0")[-1]
        again = recorded(authority, "audit/A-0", 1, command="other")
        with pytest.raises(Conflict):
            history.append(again, expected={"audit/A-0": 0})
        with pytest.raises(Conflict):
            history.append(again)
        following = recorded(authority, "audit/A-0", last.originator_version + 1)
        positions = history.append(following, expected={"audit/A-0": last.position or 0})
        assert positions == (EVENTS + 1,)
        assert other.append(following) == positions, "a repeat of the same facts"
        with pytest.raises(Conflict):
            other.append(recorded(authority, "audit/A-0", last.originator_version + 1, command="second"))
        assert other.load("audit/A-0")[-1].position == EVENTS + 1
    assert shelved.link.run(verify(shelved.link.client, authority)).sound


def test_one_of_two_writers_wins(shelved: Shelved) -> None:
    """Two processes that write the same next version of a record that is archived: one is stored, always."""
    shelved.make()
    shelved.remove()
    links = [Link(shelved.store.url, None, 5.0, shelved.folder) for _ in range(2)]
    try:
        for version in range(9, 14):
            outcomes: list[object] = []

            def write(number: int, version: int = version, outcomes: list[object] = outcomes) -> None:
                with shelved.history() as history:
                    fact = recorded(shelved.authority, "audit/A-1", version, command=f"w{number}-{version}")
                    try:
                        outcomes.append(history.append(fact))
                    except VersionConflict as conflict:
                        outcomes.append(conflict)

            threads = [Thread(target=write, args=(number,)) for number in range(2)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            assert sorted(type(each) is tuple for each in outcomes) == [False, True]
    finally:
        for link in links:
            link.shut()


def test_less_is_never_read_in_silence(shelved: Shelved) -> None:
    """Without the file, or without the folder, whoever would read less halts: at the start, and in each read."""
    shelved.make()
    shelved.remove()
    (file,) = shelved.files
    away = file.rename(file.with_suffix(".away"))
    bare = open_link(shelved.store.url)
    try:
        for client in (shelved.link.client, bare.client):
            with pytest.raises(BrokenHistory, match="archive"):
                shelved.link.run(check(shelved.link.client, [shelved.authority], shelved.store.layout))
            source = Source(client, stream_name(shelved.authority))
            run = shelved.link.run if client is shelved.link.client else bare.run
            for subject in ("A-0", "A-9"):
                with pytest.raises(BrokenHistory):
                    run(source.last_of(aggregate_subject(shelved.authority, f"audit/{subject}")))
            with pytest.raises(BrokenHistory):
                run(source.page(1, 10))
    finally:
        close_link(bare)
    with shelved.history() as history:
        for record in ("audit/A-0", "audit/A-2"):
            with pytest.raises(BrokenHistory):
                history.load(record)
        with pytest.raises(BrokenHistory):
            history.recorder.select_notifications(1, EVENTS)
    with pytest.raises(BrokenHistory):
        shelved.reading()
    away.rename(file)
    assert len(shelved.reading()) == EVENTS
