"""Whether archives are what they say, follow each other, and hold what the stream still holds as well."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from events import registry, subjects
from events.archives import HistoryArchived
from events.envelope import TYPE
from events.errors import BrokenHistory
from services.store.archives.file import Archive
from services.store.archives.form import as_stored
from services.store.archives.lineage import require_own
from services.store.archives.making import require_as_written
from services.store.continuity import Continuity
from services.store.damage import Damage
from services.store.messages import RawMessage
from services.store.source import Source

PAGE = 1_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found sound: the archives in their order, and how many of their events were compared with the stream."""

    archives: tuple[Archive, ...]
    events: int
    compared: int


def archive_aggregate(archive: Archive) -> str:
    """The record that tells of an archive, from when on the stream may do without its events."""
    return f"archive/{archive.manifest.last}"


async def verify_archives(source: Source, authority: str, progress: Progress = lambda _: None) -> Verified:
    """Read every archive of a stream whole. BrokenHistory for the first thing that is not as it was written.

    Each file is held against its own hashes, and against what the history says of it; positions and the versions of
    every record are unbroken from the first event on; and each event that the stream still holds is compared with what
    it holds. Nothing is changed.
    """
    await require_own(source)
    archives = source.shelf.archives if source.shelf else ()
    first_live = await source.first_live()
    check = Continuity(f"archives of {authority}")
    damage = Damage(source)
    await damage.learn()
    events = compared = 0
    for archive in archives:
        await require_recorded(source, authority, archive)
        for messages in _pages(archive.check()):
            for each in await damage.put_in(check.position, messages):
                check.accept(each)
                if not each.stands_in:
                    require_as_written(each)
            events += len(messages)
            compared += await _compare(source, [each for each in messages if each.sequence >= first_live])
            progress(check.position)
        for each in await damage.lost(check.position, archive.manifest.last + 1):
            check.accept(each)
    return Verified(archives, events, compared)


async def require_recorded(source: Source, authority: str, archive: Archive) -> None:
    """BrokenHistory where the history names another file for that range than this one."""
    subject = subjects.aggregate_subject(authority, archive_aggregate(archive))
    last = await source.last_of(subject)
    if last is None:
        return
    fact = registry.decode(last.headers.get(TYPE, ""), last.data)
    if isinstance(fact, HistoryArchived) and fact.file != archive.fingerprint:
        where = f"archive {archive.path.parent.name}/{archive.path.name}"
        raise BrokenHistory(where, f"it is not the file that was verified ({fact.file})")


async def require_archives(source: Source, authority: str) -> None:
    """What was removed from a stream can be read: every process asks this at its start.

    BrokenHistory where an archive is missing, is cut off or is another one. The blocks are not read; whoever reads one
    holds it against its hash.
    """
    first_live = await source.first_live()
    if first_live == 1:
        return
    if source.shelf is None:
        raise BrokenHistory(f"stream {source.stream}", f"events 1 to {first_live - 1} were archived: name the folder")
    source.shelf.require(first_live)
    for archive in source.shelf.archives:
        if archive.manifest.first < first_live:
            await require_recorded(source, authority, archive)


async def _compare(source: Source, messages: list[RawMessage]) -> int:
    """Compare archived messages with those that the stream still holds; how many there were."""
    start, at = (messages[0].sequence if messages else 0), {each.sequence: each for each in messages}
    left = len(at)
    while left:
        live = (await source.live_page(start, PAGE)).messages
        for each in live:
            archived = at.pop(each.sequence, None)
            if archived is not None and as_stored(each) != archived:
                where = f"{each.subject} at sequence {each.sequence}"
                raise BrokenHistory(where, "the stream and its archive hold different things")
        if len(at) == left:
            raise BrokenHistory(f"stream {source.stream}", f"it does not hold event {min(at)}, which is archived")
        left, start = len(at), live[-1].sequence + 1
    return len(messages)


def _pages(messages: Iterable[RawMessage]) -> Iterator[list[RawMessage]]:
    rest = iter(messages)
    while page := list(islice(rest, PAGE)):
        yield page
