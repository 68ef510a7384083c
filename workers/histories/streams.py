"""Whole streams, read by code that is not asynchronous."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import TypeVar

from events.recorded import Recorded, Unread
from projections.rebuild import Reader
from projections.shares import ReadUnread
from services.store.link import Link
from services.store.reading import read_pages, unread_pages

T = TypeVar("T")

GATHERED = 10_000
"""Events that are folded at once where every view is rebuilt."""


def reader(link: Link, authority: str, *, by_runs: bool = False) -> Reader:
    """Gives the events of an authority, page by page; see `read_pages` for its errors."""

    def read(after: int) -> Iterator[list[Recorded]]:
        return _pages(link, read_pages(link.client, authority, after=after, by_runs=by_runs))

    return read


def unread(link: Link, authority: str) -> ReadUnread:
    """Gives the events of an authority with no body read, in larger batches; see `unread_pages` for its errors."""

    def read(after: int, until: int | None) -> Iterator[list[Unread]]:
        return _gathered(_pages(link, unread_pages(link.client, authority, after=after, until=until)))

    return read


def gathered(read_small: Reader) -> Reader:
    """The same in larger batches: of a record, what one of them holds is loaded and written once."""

    def read(after: int) -> Iterator[list[Recorded]]:
        return _gathered(read_small(after))

    return read


def _pages(link: Link, pages: AsyncIterator[list[T]]) -> Iterator[list[T]]:
    try:
        while (page := link.run(_next(pages))) is not None:
            yield page
    finally:
        link.run(pages.aclose())  # type: ignore[attr-defined]  # they are generators


async def _next(pages: AsyncIterator[list[T]]) -> list[T] | None:
    return await anext(pages, None)


def _gathered(pages: Iterable[Sequence[T]]) -> Iterator[list[T]]:
    held: list[T] = []
    for page in pages:
        held += page
        if len(held) >= GATHERED:
            yield held
            held = []
    if held:
        yield held
