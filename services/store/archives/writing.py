"""Writing an archive: as a draft beside its place, then renamed. It is there whole, or not at all."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from events.envelope import ID
from events.errors import Conflict, Refused
from services.store.archives.form import (
    BLOCK_BYTES,
    PAGE_SUBJECTS,
    Footer,
    Manifest,
    Part,
    as_stored,
    file_name,
    packed_message,
    packed_subjects,
    squeeze,
)
from services.store.messages import RawMessage

DRAFT = ".draft"


@contextmanager
def only_maker(folder: Path) -> Iterator[None]:
    """The folder for one maker of archives at a time, made if it is missing. Conflict while another one has it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused("archives", f"nothing can be written in {folder}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"archives {folder}: another process is making or removing one; try again") from None
        for left in folder.glob(f"*{DRAFT}"):  # of one that was killed
            left.unlink()
        yield
    finally:
        os.close(lock)


class Draft:
    """An archive that is being written, from one position on. `finish` puts it in its place; else nothing is there.

    Memory holds the positions of each record, and one block.
    """

    def __init__(self, folder: Path, authority: str, *, first: int, previous: str) -> None:
        self._folder = folder
        self._authority = authority
        self._first = first
        self._previous = previous
        self._path = folder / f"{first:012d}{DRAFT}"
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")
        self._offset = 0
        self._block: list[bytes] = []
        self._block_bytes = 0
        self._block_key = first
        self._content = hashlib.sha256()
        self._blocks: list[Part] = []
        self._positions: dict[str, list[int]] = {}
        self._missing: list[int] = []
        self._oldest: RawMessage | None = None
        self._newest: RawMessage | None = None
        self._events = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, message: RawMessage) -> None:
        """Take the next message of the stream."""
        stored = as_stored(message)
        packed = packed_message(stored)
        if not self._block:
            self._block_key = stored.sequence
        self._block.append(packed)
        self._block_bytes += len(packed)
        self._content.update(packed)
        self._positions.setdefault(stored.subject, []).append(stored.sequence)
        self._oldest, self._newest = self._oldest or stored, stored
        self._events += 1
        if self._block_bytes >= BLOCK_BYTES:
            self._end_block()

    def lack(self, position: int) -> None:
        """Note a position at which nothing is, by an accepted damage."""
        self._missing.append(position)

    def finish(self) -> Path:
        """End the file, have it on the disk, and put it in its place. Refused where nothing was added."""
        if self._oldest is None or self._newest is None:
            raise Refused("before", "there is nothing to archive")
        self._end_block()
        pages = self._write_index()
        manifest = Manifest(
            authority=self._authority,
            first=self._first,
            last=max(self._newest.sequence, *self._missing, 0),
            events=self._events,
            missing=tuple(self._missing),
            records=len(self._positions),
            first_time=self._oldest.time,
            last_time=self._newest.time,
            last_event=self._newest.headers.get(ID, ""),
            previous=self._previous,
            content=self._content.hexdigest(),
            blocks=tuple(self._blocks),
            pages=tuple(pages),
        )
        part = self._write(0, manifest.model_dump_json().encode())
        self._file.write(Footer(part.offset, part.length, part.sha256).packed())
        self._file.flush()
        os.fsync(self._file.fileno())
        place = self._folder / file_name(manifest.first, manifest.last)
        self._path.rename(place)
        _sync_folder(self._folder)
        return place

    def _end_block(self) -> None:
        if self._block:
            self._blocks.append(self._write(self._block_key, b"".join(self._block)))
            self._block, self._block_bytes = [], 0

    def _write_index(self) -> list[Part]:
        subjects = sorted(self._positions.items())
        pages = (subjects[start : start + PAGE_SUBJECTS] for start in range(0, len(subjects), PAGE_SUBJECTS))
        return [self._write(page[0][0], packed_subjects(page)) for page in pages]

    def _write(self, key: int | str, data: bytes) -> Part:
        packed = squeeze(data)
        part = Part(key=key, offset=self._offset, length=len(packed), sha256=hashlib.sha256(packed).hexdigest())
        self._file.write(packed)
        self._offset += len(packed)
        return part


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
