"""Removing what is archived: exactly that, with writers beside it, and whoever is killed at it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from events.errors import BeingArchived
from services.store.archives.removing import reopen
from services.store.provisioner import check
from services.store.verify import verify
from tests.shelves import EVENTS, THROUGH, Shelved, answers, shelved_in
from tests.stores import Store, recorded


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def shelved(single_store: Store, tmp_path: Path) -> Iterator[Shelved]:
    """Forty events, of which thirty will be archived."""
    with shelved_in(single_store, tmp_path) as found:
        yield found


@pytest.mark.parametrize("killed_at", ["closed", "removed"])
def test_killed_while_removing(shelved: Shelved, killed_at: str) -> None:
    """Whoever is killed there leaves a stream that takes nothing and says so; the repeat finishes it."""
    before = answers(shelved)
    shelved.make()

    def stage(reached: str) -> None:
        if reached == killed_at:
            raise KilledError

    with pytest.raises(KilledError):
        shelved.remove(stage=stage)
    assert shelved.reading() == before["pages"], "nothing is lost"
    with pytest.raises(BeingArchived, match="archive remove"):
        shelved.link.run(check(shelved.link.client, [shelved.authority], shelved.store.layout))
    config = shelved.store.layout.events(shelved.authority)
    assert shelved.link.run(reopen(shelved.link.client, config))
    assert not shelved.link.run(reopen(shelved.link.client, config))
    shelved.remove()
    assert answers(shelved) == before
    shelved.link.run(check(shelved.link.client, [shelved.authority], shelved.store.layout))


def test_writers_beside_a_removal(store: Store, tmp_path: Path) -> None:
    """What is written while events are removed is stored, in its order, and none of it is removed."""
    with shelved_in(store, tmp_path) as shelved:
        written_beside(shelved)


def written_beside(shelved: Shelved) -> None:
    shelved.make()
    written: list[int] = []
    halfway, done = [False], [False]

    def write() -> None:
        with shelved.history() as history:
            version = 0
            while not done[0] or version < 20:
                version += 1
                written.extend(history.append(recorded(shelved.authority, "audit/W-1", version)))

    writer = Thread(target=write)
    writer.start()
    try:
        shelved.remove(stage=lambda reached: halfway.append(reached == "removed"))
    finally:
        done[0] = True
        writer.join()
    assert any(halfway)
    assert shelved.first_live() == THROUGH + 1, "exactly what was asked for"
    assert written == sorted(set(written))
    assert len(shelved.reading()) == EVENTS + len(written)
    assert shelved.link.run(verify(shelved.link.client, shelved.authority)).sound
