"""Archives: written, verified and read, beside one raw batched read of the same events from the stream."""

from pathlib import Path

from services.store.archives.file import Archive
from tests.bench.importing import council
from tests.bench.rebuilding import EACH, raw_read
from tests.bench.report import Row, rate_row, seconds
from tests.histories import batches, history, months_of_auditing
from tests.stores import Store
from workers.histories.archiving import archives_of, make_archive, verified


def archives(store: Store, folder: Path, *, events: int = 50_000) -> list[Row]:
    """An archive of all of a history: made, verified whole, and read from its first event to its last."""
    with council(store, folder) as (system, authority):
        facts = history(months_of_auditing(-(-events // EACH)), authority=authority)[:events]
        for batch in batches(facts, 1_000):
            system.history(authority).append(*batch)
        raw = events / seconds(lambda: raw_read(system, authority))
        took = {
            "written": seconds(lambda: make_archive(system, authority, system.clock(), _unheard)),
            "verified": seconds(lambda: verified(system, authority, _unheard)),
        }
        [archive], _ = archives_of(system, authority)
        took["read"] = seconds(lambda: _read(archive, events))
        rows = [
            rate_row(f"archive of {events:,} events, {what}", events / each, raw, goal=None, of="one raw read")
            for what, each in took.items()
        ]
        return [*rows, Row("the same, in its file", f"{archive.size / events:.0f} bytes an event")]


def _read(archive: Archive, events: int) -> None:
    assert sum(1 for _ in archive.messages(1, events + 1)) == events


def _unheard(_position: int) -> None:
    """Nobody asks how far it is."""
