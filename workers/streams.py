"""Whole streams, read by code that is not asynchronous."""

from collections.abc import Iterator

from events.recorded import Recorded
from projections.rebuild import Reader
from services.store.link import Link
from services.store.reading import Wanted, every, read_pages

GATHERED = 10_000
"""Events that are folded at once where every view is rebuilt."""


def reader(link: Link, authority: str, *, until: int | None = None, wanted: Wanted = every) -> Reader:
    """Gives the events of an authority, page by page; see `read_pages` for what is `wanted` and for its errors."""

    def read(after: int) -> Iterator[list[Recorded]]:
        pages = read_pages(link.client, authority, after=after, until=until, wanted=wanted)
        try:
            while (page := link.run(_next(pages))) is not None:
                yield page
        finally:
            link.run(pages.aclose())  # type: ignore[attr-defined]  # read_pages is a generator

    return read


async def _next(pages: object) -> list[Recorded] | None:
    return await anext(pages, None)  # type: ignore[call-overload,no-any-return]  # as above


def gathered(read_small: Reader) -> Reader:
    """The same in larger batches: of a record, what one of them holds is loaded and written once."""

    def read(after: int) -> Iterator[list[Recorded]]:
        held: list[Recorded] = []
        for page in read_small(after):
            held += page
            if len(held) >= GATHERED:
                yield held
                held = []
        if held:
            yield held

    return read
