"""All archives of one stream, one following the other from its first position on."""

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from events.errors import BrokenHistory
from events.subjects import stream_name
from services.store.archives.file import Archive
from services.store.archives.form import range_in
from services.store.messages import RawMessage


class Shelf:
    """The archives in the folder of a stream, as they are at each question: a file that comes or goes is noticed.

    BrokenHistory for a file that is damaged, or does not follow the one before it.
    """

    def __init__(self, folder: Path, stream: str) -> None:
        self.folder = folder
        self._stream = stream
        self._seen = -1
        self._archives: tuple[Archive, ...] = ()
        self._lock = Lock()

    @property
    def archives(self) -> tuple[Archive, ...]:
        """The files in their order."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        except OSError as error:
            raise BrokenHistory(f"archives {self.folder}", f"they cannot be read: {error.strerror}") from error
        with self._lock:
            if changed != self._seen:
                self._archives = self._opened() if changed else ()
                self._seen = changed
            return self._archives

    @property
    def through(self) -> int:
        """The last position that is archived; 0 for none."""
        archives = self.archives
        return archives[-1].manifest.last if archives else 0

    @property
    def last_fingerprint(self) -> str:
        """The hash of the newest file, which the next one names; "" where there is none."""
        archives = self.archives
        return archives[-1].fingerprint if archives else ""

    def at(self, position: int) -> RawMessage | None:
        """The message at an archived position; None where nothing was there."""
        for archive in self.archives:
            if position <= archive.manifest.last:
                return archive.at(position)
        raise self.lacking(position)

    def messages(self, start: int, end: int) -> Iterator[RawMessage]:
        """The messages from a position on and before another one; BrokenHistory where no file holds them."""
        if end - 1 > self.through:
            raise self.lacking(max(start, self.through + 1))
        for archive in self.archives:
            if archive.manifest.last >= start and archive.manifest.first < end:
                yield from archive.messages(start, end)

    def positions(self, subject: str, before: int) -> list[int]:
        """Where the archived messages of a subject are, before a position."""
        found = [each for archive in self.archives for each in archive.positions(subject)]
        return found[: bisect_left(found, before)]

    def subjects(self, prefix: str, before: int) -> dict[str, int]:
        """How many archived messages each subject has that begins so, before a position."""
        found: dict[str, int] = {}
        for archive in self.archives:
            for subject, positions in archive.subjects(prefix):
                if count := bisect_left(positions, before):
                    found[subject] = found.get(subject, 0) + count
        return found

    def missing(self, before: int) -> list[int]:
        """The archived positions at which nothing was there."""
        return [each for archive in self.archives for each in archive.manifest.missing if each < before]

    def require(self, before: int) -> None:
        """BrokenHistory unless every position before this one is archived."""
        if self.through < before - 1:
            raise self.lacking(self.through + 1, before - 1)

    def lacking(self, first: int, last: int | None = None) -> BrokenHistory:
        """What is neither in the stream nor here."""
        which = f"events {first} to {last}" if last and last > first else f"event {first}"
        return BrokenHistory(
            f"stream {self._stream}", f"{which} was archived, and no archive in {self.folder} holds it: put it back"
        )

    def _opened(self) -> tuple[Archive, ...]:
        known = {each.path.name: each for each in self._archives}
        found: list[Archive] = []
        for file in sorted(each for each in self.folder.iterdir() if range_in(each)):
            archive = known.get(file.name)
            if archive is None or not archive.is_still_there():
                archive = Archive(file)
            self._require_next(found, archive)
            found.append(archive)
        return tuple(found)

    def _require_next(self, before: list[Archive], archive: Archive) -> None:
        manifest = archive.manifest
        where = f"archive {self.folder.name}/{archive.path.name}"
        if stream_name(manifest.authority) != self._stream:
            raise BrokenHistory(where, f"it is of {manifest.authority}")
        wanted = before[-1].manifest.last + 1 if before else 1
        if manifest.first != wanted:
            raise BrokenHistory(where, f"it begins with event {manifest.first}, but event {wanted} was to come next")
        if manifest.previous != (before[-1].fingerprint if before else ""):
            raise BrokenHistory(where, "it does not follow the file before it: that is not the one it was made after")


_shelves: dict[tuple[Path, str], Shelf] = {}
_making = Lock()


def shelf_of(archives: Path | None, stream: str) -> Shelf | None:
    """The one shelf of a stream in this process; None where no folder of archives was named."""
    if archives is None:
        return None
    with _making:
        folder = archives.absolute() / stream
        return _shelves.setdefault((folder, stream), Shelf(folder, stream))
