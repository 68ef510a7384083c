"""Reading whole streams for the rebuild of a view and for the checker, from code that is not asynchronous."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import islice

from events.errors import BrokenHistory, Drifted, HistoryLost, NotProvisioned, RolledBack, Unavailable
from events.recorded import Recorded
from events.subjects import key_bucket
from projections.differences import Compared
from projections.moments import past_events
from projections.rebuild import rebuild
from projections.rebuild_all import All, rebuild_all
from services.adoption.proving import Rulebook
from services.folding import Folds
from services.keyring import JetStreamBucket
from services.keyring.entries import ERASED, KEPT
from services.keyring.told import Told
from services.store.link import close_link
from services.store.verify import LISTED, Finding, Verification, verify
from workers.histories.sharing import sharing
from workers.histories.streams import gathered, reader, unread
from workers.kept import halts
from workers.kept.witnesses import compare, read
from workers.processes.collecting import rarely_collected
from workers.recording.desks import checked
from workers.system import System
from workers.views.made import made, views_of, worked_out_from


def rebuild_view(system: System, name: str, progress: Callable[[str, int], None]) -> dict[str, int]:
    """Replay a view from the first event of every authority; gives the position reached for each.

    The live view is read and kept meanwhile. No notice is sent: only the escalator sends, and it reads no view.
    RolledBack where a view has read what history does not hold any more: its rows may be the only trace of that, and
    nobody gave it up yet (see `workers.histories.accepting`).
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
        readers = {each: reader(link, each, by_runs=True) for each in system.authorities}
        reached = rebuild(view, system.engine, readers, progress, shortened=shortened)
    finally:
        close_link(link)
    for authority in shortened:
        halts.lift(system.engine, name, authority)
    halts.lift_at_the_end(system.engine, name, reached)
    return reached


def rebuild_everything(
    system: System, authorities: Collection[str], progress: Callable[[str, int], None]
) -> list[Compared]:
    """Replay every view at once from the first event of these authorities; what each view shows otherwise than before.

    As `rebuild_view` else, and each event is read once for all views; a long history is filled by a process for each
    core (see `workers.histories.sharing`). Killed, it leaves the live views as they were, and a repeat goes on from
    where it was.
    """
    with checked(system), rarely_collected():
        halts.prepare(system.engine)
        link = system.link()
        try:
            found = rebuild_all(
                All(
                    views=[made(system, name) for name in views_of(system)],
                    engine=system.engine,
                    readers={each: gathered(reader(link, each, by_runs=True)) for each in authorities},
                    unread={each: unread(link, each) for each in authorities},
                    work_out=partial(worked_out_from, system),
                    sharing=sharing(system),
                ),
                progress,
            )
            for name in views_of(system):
                halts.lift_at_the_end(system.engine, name, authorities)
            return found
        finally:
            close_link(link)


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
        for page in reader(link, authority)(0):
            yield from page
    finally:
        close_link(link)


def lengths(system: System) -> Mapping[str, int]:
    """The newest position of every authority's stream, after the start-up checks (see `System.check`)."""
    with checked(system):
        return {authority: system.history(authority).position() for authority in system.authorities}


def verify_stream(system: System, authority: str, progress: Callable[[int, int], None]) -> Verification:
    """Check the whole stream of an authority, and fold each record; it must reach as far as any view has read it.

    Each event must name the rules that the history itself had adopted for its day. What it tells of children's keys is
    held against the key bucket, of which only names are read.
    """
    witnessed = read(system.views).get(authority, 0)
    folds, told = Folds(system.catalogue), Told()

    def take(recorded: Recorded) -> str | None:
        told.take(recorded)
        return folds.take(recorded)

    link = system.link()
    try:  # without the start-up checks, which refuse a broken stream: to find what is broken is the work here
        judge = Rulebook()
        found = link.run(verify(link.client, authority, at_least=witnessed, fold=take, judge=judge, progress=progress))
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
