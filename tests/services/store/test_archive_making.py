"""Making archives: whole or not at all, the same bytes twice, and whatever is changed in one is noticed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.errors import BrokenHistory, Conflict, Refused
from events.subjects import aggregate_subject, stream_name
from services.store.archives.file import FEW, Archive
from services.store.archives.making import make
from services.store.archives.verifying import verify_archives
from services.store.archives.writing import only_maker
from services.store.mapper import fact_to_store
from services.store.provisioner import provision
from tests.shelves import EVENTS, THROUGH, Shelved, shelved_in
from tests.stores import Store, recorded


@pytest.fixture
def shelved(single_store: Store, tmp_path: Path) -> Iterator[Shelved]:
    """Forty events, of which thirty will be archived."""
    with shelved_in(single_store, tmp_path) as found:
        yield found


def test_every_byte_counts(shelved: Shelved) -> None:
    """One bit changed anywhere in the file, or its end cut off, and it is called damaged, by name."""
    shelved.make()
    (file,) = shelved.files
    sound = file.read_bytes()
    for place in [*range(0, len(sound), 7), len(sound) - 1]:
        changed = bytearray(sound)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(BrokenHistory, match=file.name):
            list(Archive(file).check())
    for length in (0, 10, len(sound) // 2, len(sound) - 1):
        file.write_bytes(sound[:length])
        with pytest.raises(BrokenHistory, match=file.name):
            Archive(file)
    file.write_bytes(sound)
    assert len(list(Archive(file).check())) == THROUGH


def test_a_record_is_found_however_often_one_asks(shelved: Shelved) -> None:
    """Who asks often is answered from the names in short, from which none that is held may be lacking."""
    archive = shelved.make()
    held = {name for name, _ in archive.subjects("")}
    others = [aggregate_subject(shelved.authority, f"audit/N-{number}") for number in range(FEW)]
    positions = {name: archive.positions(name) for name in held}
    assert sorted(each for found in positions.values() for each in found) == list(range(1, THROUGH + 1))
    for _ in range(2):
        assert [name for name in others if archive.positions(name)] == []
        assert {name: archive.positions(name) for name in held} == positions


def test_damage_is_not_archived(shelved: Shelved) -> None:
    """An event whose content is not that of its hash stops the making: nothing is written."""
    fact = fact_to_store(recorded(shelved.authority, "audit/A-7", 1))
    headers = {**fact.headers, "ce-actor": "somebody-else"}
    subject = aggregate_subject(shelved.authority, "audit/A-7")
    shelved.link.run(shelved.link.client.jetstream().publish(subject, fact.state, headers=headers))
    with pytest.raises(BrokenHistory, match="hash"):
        shelved.link.run(make(shelved.source, shelved.authority, datetime.now(UTC) + timedelta(hours=1)))
    assert not shelved.files
    assert not list(shelved.folder.glob("*/*.draft"))


def test_archives_of_a_stream_that_was_lost(shelved: Shelved) -> None:
    """Made anew under the same name, a stream is not archived after the files of the lost one: they are named."""
    store, authority = shelved.store, shelved.authority
    shelved.make()
    (old,) = shelved.files
    shelved.link.run(shelved.link.client.jetstream().delete_stream(stream_name(authority)))
    shelved.link.run(provision(shelved.link.client, [authority], store.layout, accept_loss=True))
    with shelved.history() as history:
        for version in range(1, EVENTS + 1):
            history.append(recorded(authority, "audit/B-1", version, command=f"anew-{version}"))
    for asked in (
        lambda: shelved.make(THROUGH + 1),
        lambda: shelved.link.run(verify_archives(shelved.source, authority)),
    ):
        with pytest.raises(BrokenHistory, match=f"{old.name}: of a stream that was lost.*Move all of them"):
            asked()
    assert shelved.files == [old]
    old.rename(shelved.folder / old.name)
    made = shelved.make()
    assert (made.manifest.first, made.manifest.records, made.manifest.previous) == (1, 1, "")
    assert shelved.remove() == THROUGH
    found = shelved.link.run(verify_archives(shelved.source, authority))
    assert (found.events, len(shelved.reading())) == (THROUGH, EVENTS), "what was removed is in it, and it is its own"


def test_nothing_is_old_enough(shelved: Shelved) -> None:
    """Where nothing was recorded before the day, there is no file."""
    with pytest.raises(Refused, match="no event was recorded before"):
        shelved.link.run(make(shelved.source, shelved.authority, datetime(2001, 1, 1, tzinfo=UTC)))
    assert not shelved.files


def test_one_maker_at_a_time(shelved: Shelved) -> None:
    """While one process is at it, another one is told so; a draft that a killed one left is swept away."""
    shelved.make(10)
    draft = shelved.files[0].with_name("000000000011.draft")
    draft.write_bytes(b"half")
    with only_maker(shelved.files[0].parent), pytest.raises(Conflict, match="another process"):
        shelved.make()
    shelved.make()
    assert not draft.exists()
    assert len(shelved.files) == 2
