"""Reading whole streams for the rebuild of a view and for the checker, from code that is not asynchronous."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice

from events.errors import BrokenHistory, Drifted, HistoryLost, NotProvisioned, RolledBack, Unavailable
from events.recorded import Recorded
from events.subjects import key_bucket
from projections.differences import Compared
from projections.moments import past_events
from projections.rebuild import Reader, rebuild
from projections.rebuild_all import All, rebuild_all
from projections.view import WorkedOut
from services.folding import Folds
from services.keyring import JetStreamBucket
from services.keyring.entries import ERASED, KEPT
from services.keyring.told import Told
from services.store.link import Link, close_link
from services.store.reading import read_pages
from services.store.verify import LISTED, Finding, Verification, verify
from workers import halts
from workers.made import made, views_of, worked_out
from workers.recording import checked
from workers.system import System
from workers.witnesses import compare, read

GATHERED = 10_000
"""Events that are folded at once where every view is rebuilt."""

BETWEEN_COLLECTIONS = 200_000
"""Objects that may be made before cycles among them are looked for: about as many as a batch of events makes."""


def rebuild_view(system: System, name: str, progress: Callable[[str, int], None]) -> dict[str, int]:
    """Replay a view from the first event of every authority; gives the position reached for each.

    The live view is read and kept meanwhile. No notice is sent: only the escalator sends, and it reads no view.
    RolledBack where a view has read what history does not hold any more: its rows may be the only trace of that, and
    nobody gave it up yet (see `workers.accepting`).
    """
    with checked(system):
        return rebuilt(system, name, progress)


def rebuilt(
    system: System, name: str, progress: Callable[[str, int], None], *, shortened: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Replay a view without the start-up checks; it may become less for the authorities named as `shortened`."""
    view = made(system, name)
    halts.prepare(system.engine)
    link = system.link()
    try:
        readers = {each: _reader(link, each) for each in system.authorities}
        reached = rebuild(view, system.engine, readers, progress, shortened=shortened)
    finally:
        close_link(link)
    for authority in shortened:
        halts.lift(system.engine, name, authority)
    return reached


def rebuild_everything(
    system: System, authorities: Collection[str], progress: Callable[[str, int], None]
) -> list[Compared]:
    """Replay every view at once from the first event of these authorities; what each view shows otherwise than before.

    As `rebuild_view` else, and each event is read and decoded once for all views. Killed, it leaves the live views as
    they were, and a repeat goes on from where it was.
    """
    with checked(system), _rarely_collected():
        halts.prepare(system.engine)
        link = system.link()
        try:
            return rebuild_all(
                All(
                    views=[made(system, name) for name in views_of(system)],
                    engine=system.engine,
                    readers={each: _gathered(_reader(link, each)) for each in authorities},
                    work_out=partial(_worked_out, system),
                ),
                progress,
            )
        finally:
            close_link(link)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for cycles rarely: events and rows hold none, and to look through each batch took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _worked_out(system: System, authority: str, about: str, history: Sequence[Recorded]) -> WorkedOut | None:
    return worked_out(system, authority, about, lambda: history)


def _gathered(reader: Reader) -> Reader:
    """The same in larger batches: of a record, what one of them holds is loaded and written once."""

    def read(after: int) -> Iterator[list[Recorded]]:
        held: list[Recorded] = []
        for page in reader(after):
            held += page
            if len(held) >= GATHERED:
                yield held
                held = []
        if held:
            yield held

    return read


def all_events(system: System, authority: str) -> Iterator[Recorded]:
    """Every event of an authority, in the order of its stream, for an answer that is worked out on asking.

    Of a system as it stood at a moment, those that belong to that, as its timeline holds them. BrokenHistory where one
    is missing, StoreUnavailable when the server does not answer.
    """
    if system.moment is not None:
        yield from past_events(system.live.engine, authority, system.moment)
        return
    link = system.link()
    try:
        for page in _reader(link, authority)(0):
            yield from page
    finally:
        close_link(link)


def lengths(system: System) -> Mapping[str, int]:
    """The newest position of every authority's stream, after the start-up checks (see `System.check`)."""
    with checked(system):
        return {authority: system.history(authority).position() for authority in system.authorities}


def verify_stream(system: System, authority: str, progress: Callable[[int, int], None]) -> Verification:
    """Check the whole stream of an authority, and fold each record; it must reach as far as any view has read it.

    What it tells of children's keys is held against the key bucket, of which only names are read.
    """
    witnessed = read(system.views).get(authority, 0)
    folds, told = Folds(system.catalogue), Told()

    def take(recorded: Recorded) -> str | None:
        told.take(recorded)
        return folds.take(recorded)

    link = system.link()
    try:  # without the start-up checks, which refuse a broken stream: to find what is broken is the work here
        found = link.run(verify(link.client, authority, at_least=witnessed, fold=take, progress=progress))
        _hold_against_keys(found, told, JetStreamBucket(link, authority))
        return found
    finally:
        close_link(link)


def _hold_against_keys(found: Verification, told: Told, bucket: JetStreamBucket) -> None:
    try:
        names = [*bucket.names(ERASED), *bucket.names(KEPT)]
    except Unavailable as error:
        if not told.needed:
            return  # a bucket that is gone is the settings' to tell
        names, reason = [], str(error)
        found.unfinished.append(Finding(0, key_bucket(found.authority), reason))
    for recorded, reason in told.never_done(names):
        found.findings += 1
        if len(found.never_done) < LISTED:
            found.never_done.append(Finding(recorded.position or 0, recorded.originator_id, reason))
    left = (Finding(0, f"child/{child}", reason) for child, reason in told.unfinished(names))
    found.unfinished += islice(left, LISTED)


def departure_of(system: System, authority: str) -> str | None:
    """In what the authority's history is not what the views have read of it; None when it is."""
    link = system.link()
    try:
        link.run(compare(link.client, [authority], system.views))
    except RolledBack as departed:
        return departed.reason
    finally:
        close_link(link)
    return None


def drift_of(system: System, authority: str) -> Drifted | HistoryLost | None:
    """The first setting in which the authority's streams are not as the provisioner made them, or what is gone.

    NotProvisioned where none was ever made: there is nothing to compare.
    """
    try:
        with checked(system, [authority]):
            return None
    except NotProvisioned:
        raise
    except (Drifted, HistoryLost) as drifted:
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
