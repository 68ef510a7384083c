"""A council's books without a server: the events of a desk, folded into views in a file of SQLite."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from events.recorded import Recorded
from projections.keeper import keep
from projections.registry import DECLARED
from projections.store import open_store
from services.directory.state import DIRECTORY, fold_directory
from services.modules import CATALOGUE
from services.texts.asking import Sealed
from tests.desks import TestDesk
from tests.histories import batches
from workers.story.books import Books

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def events_of(desk: TestDesk) -> list[Recorded]:
    """Every event of the desk, in the order of its stream."""
    streams: Iterable[list[Recorded]] = desk.store.streams.values()  # type: ignore[attr-defined]  # a store in memory
    return sorted((each for stream in streams for each in stream), key=lambda each: each.position or 0)


def views_of(folder: Path, events: Sequence[Recorded], authority: str) -> Engine:
    """Every view that is folded, kept from these events."""
    engine = open_store(f"sqlite:///{folder}/views.db")
    for declared in DECLARED.values():
        if not declared.by_rules:
            view = declared.make()
            keep(view, engine, authority, [])
            for batch in batches(list(events), 1000):
                keep(view, engine, authority, batch)
    return engine


def books_of(desk: TestDesk, folder: Path, now: datetime = NOON, **more: object) -> Books:
    """The desk's books; every text of them is opened."""

    def opened(asked: Sequence[Sealed]) -> dict[str, str]:
        return {each.sealed: str(desk.keys.unseal(each.sealed, each.field)) for each in asked}

    return Books(
        **{
            "source": views_of(folder, events_of(desk), desk.authority),
            "authority": desk.authority,
            "policies": desk.policies,
            "catalogue": CATALOGUE,
            "directory": fold_directory(desk.store.load(DIRECTORY)),
            "now": now,
            "opened": opened,
            **more,
        }  # type: ignore[arg-type]  # as a test names them
    )
