"""Reading whole streams for the rebuild of a view and for the checker, from code that is not asynchronous."""

from collections.abc import Callable, Iterator, Mapping

from events.errors import BrokenHistory, Drifted
from events.recorded import Recorded
from projections.generations import positions
from projections.rebuild import Reader, rebuild
from services.store.link import Link, close_link, open_link
from services.store.reading import read_pages
from services.store.verify import Verification, verify
from workers import halts
from workers.made import VIEW_NAMES, made
from workers.recording import checked
from workers.system import System


def rebuild_view(system: System, name: str, progress: Callable[[str, int], None]) -> dict[str, int]:
    """Replay a view from the first event of every authority; gives the position reached for each.

    The live view is read and kept meanwhile. No notice is sent: only the escalator sends, and it reads no view.
    Where a projector halted because the view is ahead of its stream, the view becomes what the stream holds, and the
    projector goes on. Unavailable where nobody has said so yet: the rows may be the only trace of what was lost.
    """
    view = made(system, name)
    halts.prepare(system.engine)
    shortened = halts.ahead(system.engine, name)
    with checked(system) as link:
        readers = {each: _reader(link, each) for each in system.authorities}
        reached = rebuild(view, system.engine, readers, progress, shortened=shortened)
    for authority in shortened:
        halts.lift(system.engine, name, authority)
    return reached


def all_events(system: System, authority: str) -> Iterator[Recorded]:
    """Every event of an authority, in the order of its stream, for an answer that is worked out on asking.

    BrokenHistory where one is missing, StoreUnavailable when the server does not answer.
    """
    link = open_link(system.url, credentials=system.settings.nats_credentials)
    try:
        for page in _reader(link, authority)(0):
            yield from page
    finally:
        close_link(link)


def lengths(system: System) -> Mapping[str, int]:
    """The newest position of every authority's stream."""
    return {authority: system.history(authority).position() for authority in system.authorities}


def verify_stream(system: System, authority: str, progress: Callable[[int, int], None]) -> Verification:
    """Check the whole stream of an authority; it must reach as far as any view has read it."""
    witnessed = max(positions(system.engine, name).get(authority, 0) for name in VIEW_NAMES)
    link = open_link(system.url, credentials=system.settings.nats_credentials)
    try:  # without the start-up checks, which refuse a broken stream: to find what is broken is the work here
        return link.run(verify(link.client, authority, at_least=witnessed, progress=progress))
    finally:
        close_link(link)


def drift_of(system: System, authority: str) -> Drifted | None:
    """The first setting in which the authority's streams are not as the provisioner made them."""
    try:
        with checked(system, [authority]):
            return None
    except Drifted as drifted:
        return drifted
    except BrokenHistory:
        return None  # what is missing is the verification's to tell, and more exactly


def _reader(link: Link, authority: str) -> Reader:
    def read(after: int) -> Iterator[list[Recorded]]:
        pages = read_pages(link.client, authority, after=after)
        try:
            while page := link.run(_next(pages)):
                yield page
        finally:
            link.run(pages.aclose())  # type: ignore[attr-defined]  # read_pages is a generator

    return read


async def _next(pages: object) -> list[Recorded]:
    return await anext(pages, [])  # type: ignore[call-overload,no-any-return]  # as above
