"""The books of an authority, opened for a reader: what they do not need to know stays closed, the rest is on record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from services.core.kept import KeptDirectory
from services.directory.snapshot import directory_of
from services.texts.asking import Reader, Sealed
from workers.asking.texts import texts_of
from workers.recording.desks import keyrings
from workers.story.books import Books, nothing_opened
from workers.system import System


def closed_books(system: System, authority: str) -> Books:
    """The books without any text. Of a system as it stood at a moment, they are those of that moment."""
    return Books(
        source=system.engine,
        authority=authority,
        policies=system.policies[authority],
        catalogue=system.catalogue,
        directory=directory_of(system.history(authority)),
        now=system.clock(),
        opened=nothing_opened,
    )


@contextmanager
def open_books(system: System, authority: str, by: Reader) -> Iterator[Books]:
    """The books with the texts that the reader needs to know, each opening on record before it is read.

    Who may read is asked of today, and recorded today, whatever moment the books are of.
    """
    books, live = closed_books(system, authority), system.live
    with keyrings(live) as (rings, _):
        texts = texts_of(live, authority, rings[authority], KeptDirectory())

        def opened(asked: Sequence[Sealed]) -> Mapping[str, str]:
            return texts.opened(by, asked)

        yield replace(books, opened=opened)
