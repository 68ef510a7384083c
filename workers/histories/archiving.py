"""What is old goes from a live history into archives: made, verified, and only then removed, on the record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from nats.aio.client import Client

from events.archives import HistoryArchived
from events.errors import Refused
from events.subjects import stream_name
from services.archives.module import REMOVE
from services.archives.retention import kept_since, old_before
from services.clock import at_local, local_date
from services.policy.model import Policy
from services.store.archives.file import Archive
from services.store.archives.making import make
from services.store.archives.removing import Stage, remove_through, reopen, require_right
from services.store.archives.verifying import Verified, archive_aggregate, verify_archives
from services.store.archives.writing import only_maker
from services.store.link import Link, close_link, open_link
from services.store.source import Source
from workers.histories.accepting import By, record, require_power
from workers.recording.desks import checked
from workers.system import System

Progress = Callable[[int], None]
"""Called now and then with the position reached."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did: how many events it took out, and the position through which they are archived alone."""

    events: int
    through: int
    archives: int


def make_archive(system: System, authority: str, named: date | datetime | None, progress: Progress) -> Archive:
    """Write an archive of what is old enough by the policy, or was recorded before the day or instant that is named.

    Nothing of the history changes. Refused where nothing is that old, or the policy keeps it live; see `make`.
    """
    before = named
    if named is not None and not isinstance(named, datetime):
        before = at_local(named, time())
    policy = _policy(system, authority)
    instant = old_before(policy, local_date(system.clock()), before, system.clock())  # type: ignore[arg-type]  # an instant by now
    stored = instant.astimezone(UTC) - system.settings.clock_offset  # the server's clock is not moved in a rehearsal
    with checked(system, [authority]) as link:
        return link.run(make(_source(link, authority), authority, stored, progress))


def archives_of(system: System, authority: str) -> tuple[tuple[Archive, ...], int]:
    """The archives of an authority in their order, and the first position that its stream still holds itself.

    BrokenHistory for a file that is damaged, or does not follow the one before it.
    """
    with _linked(system) as link:
        source = _source(link, authority)
        return _archives(source), link.run(source.first_live())


def verified(system: System, authority: str, progress: Progress) -> Verified:
    """Read every archive of an authority whole, and compare it with the stream where that holds it too.

    BrokenHistory for the first thing that is not as it was written, Refused where there is no archive.
    """
    with _linked(system) as link:
        source = _source(link, authority)
        if not _archives(source):
            raise _none_of(authority)
        return link.run(verify_archives(source, authority, progress))


def remove_archived(
    system: System, authority: str, by: By, progress: Progress, stage: Stage = lambda _: None
) -> Removed:
    """Take out of the live history what is archived, but for the newest `archive_overlap` events of it.

    The policy must give `archive.remove` to the role, and the directory the role to the person. Every archive is
    verified first, then it is recorded who does this with which file, and only then anything is removed. Unavailable,
    with nothing recorded, where the account may not change the stream. A repeat after a kill, at any moment, goes on
    with it; where nothing but the stream's own settings was left to put back, it says that it removed 0. Refused where
    nothing is left to remove, or where the policy keeps live what is archived; BrokenHistory where an archive is not
    sound: then nothing is removed.
    """
    config = system.layout.events(authority)
    with _linked(system) as link, _provisioner(system, link) as (run, client):
        source = _source(link, authority)
        if source.shelf is None or not source.shelf.archives:
            raise _none_of(authority)
        require_power(system, authority, REMOVE, by)
        with only_maker(source.shelf.folder):
            mended = run(reopen(client, config))
            run(require_right(client, config))
            link.run(system.check(link.client, [authority]))
            through = source.shelf.through - system.settings.archive_overlap
            first = link.run(source.first_live())
            taken = [each for each in source.shelf.archives if first <= through and each.manifest.first <= through]
            if through < first and mended:
                return Removed(0, first - 1, len(source.shelf.archives))
            if through < first:
                rest = f"the newest {system.settings.archive_overlap} archived events stay in it as well"
                raise Refused("archives", f"nothing archived is left in the live history of {authority}; {rest}")
            _require_old(system, authority, source, through)
            link.run(verify_archives(source, authority, progress))
            stage("verified")
            for archive in taken:
                _record(system, authority, archive, by)
            stage("recorded")
            removal = remove_through(client, config, through, spare=source.shelf.through - through, stage=stage)
            return Removed(run(removal), through, len(source.shelf.archives))


def _record(system: System, authority: str, archive: Archive, by: By) -> None:
    """Record from which file the range is read; once, whatever is removed of it when."""
    aggregate = archive_aggregate(archive)
    if system.history(authority).load(aggregate):
        return  # of this very file: it was verified against that
    manifest = archive.manifest
    fact = HistoryArchived(
        first=manifest.first,
        last=manifest.last,
        events=manifest.events,
        file=archive.fingerprint,
        content=manifest.content,
    )
    record(system, authority, aggregate, fact, by)


def _require_old(system: System, authority: str, source: Source, through: int) -> None:
    """Refused where what would be removed is younger than the policy's period, which may have been given since."""
    since = kept_since(_policy(system, authority), local_date(system.clock()))
    if since is None or source.shelf is None:
        return
    newest = next(iter(source.shelf.messages(through, through + 1)), None)
    until = at_local(since, time()) - system.settings.clock_offset
    if newest is not None and datetime.fromisoformat(newest.time) >= until:
        raise Refused("archives", f"the policy keeps live what was recorded since {since}, and event {through} was")


def _none_of(authority: str) -> Refused:
    return Refused("archives", f"there is none of {authority}: `sightline archive make {authority}` makes one")


def _policy(system: System, authority: str) -> Policy:
    return system.policies[authority].in_force(local_date(system.clock()))


def _archives(source: Source) -> tuple[Archive, ...]:
    return source.shelf.archives if source.shelf else ()


def _source(link: Link, authority: str) -> Source:
    return Source(link.client, stream_name(authority))


@contextmanager
def _linked(system: System) -> Iterator[Link]:
    """The process's connection without the start-up checks, which refuse what is to be looked at, or finished, here."""
    link = system.link()
    try:
        yield link
    finally:
        close_link(link)


@contextmanager
def _provisioner(system: System, link: Link) -> Iterator[tuple[Callable[..., int], Client]]:
    """The connection of the account that may change streams, and how work is run on it."""
    url = system.settings.nats_provisioner
    if url is None:
        yield link.run, link.client
        return
    own = open_link(url)
    try:
        yield own.run, own.client
    finally:
        close_link(own)
