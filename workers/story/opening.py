"""The books of an authority, opened for a reader: what they do not need to know stays closed, the rest is on record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from services.core.kept import KeptDirectory
from services.directory.snapshot import directory_of
from services.texts.opening import Reader, Sealed
from workers.recording import keyrings
from workers.story.books import Books, nothing_opened
from workers.system import System
from workers.texts import texts_of


def closed_books(system: System, authority: str, *, source: Engine | None = None, now: datetime | None = None) -> Books:
    """The books without any text. `source` holds the views of a past day, of which `now` is the end."""
    return Books(
        source=source or system.engine,
        authority=authority,
        policies=system.policies[authority],
        catalogue=system.catalogue,
        directory=directory_of(system.history(authority)),
        now=now or system.clock(),
        opened=nothing_opened,
    )


@contextmanager
def open_books(
    system: System, authority: str, by: Reader, *, source: Engine | None = None, now: datetime | None = None
) -> Iterator[Books]:
    """The books with the texts that the reader needs to know, each opening on record before it is read."""
    books = closed_books(system, authority, source=source, now=now)
    with keyrings(system) as (rings, _):
        texts = texts_of(system, authority, rings[authority], KeptDirectory())

        def opened(asked: Sequence[Sealed]) -> Mapping[str, str]:
            return texts.opened(by, asked)

        yield replace(books, opened=opened)
