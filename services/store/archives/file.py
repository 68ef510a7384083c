"""One archive file: opened, it gives a message, a record or a range without reading the rest, and checks all of it."""

import hashlib
import os
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from events.errors import BrokenHistory
from services.store.archives.form import (
    FOOTER_BYTES,
    Footer,
    Manifest,
    Part,
    footer_in,
    messages_in,
    packed_message,
    range_in,
    subjects_in,
    unsqueeze,
)
from services.store.messages import RawMessage

KEPT = 16
"""Parts that are kept unpacked: a record's events often stand close together, and its subject is asked for again."""


FEW = 100
"""Questions for a record that are answered from the pages of the index. Who asks more often, as an import does, has the
short hashes of all names made: 8 bytes for each record, and a name that is not among them costs no page."""


def _short(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


class Archive:
    """An archive file that is open. BrokenHistory names the file for whatever is not as it was written.

    What is read of it is held against the hashes each time; `check` reads all of it. Close it; twice changes nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks: OrderedDict[int, list[RawMessage]] = OrderedDict()
        self._pages: OrderedDict[int, dict[str, list[int]]] = OrderedDict()
        self._lock = Lock()
        self._names: array[int] | None = None
        self._asked = 0
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise BrokenHistory(self._where, f"it cannot be read: {error.strerror}") from error
        try:
            self._footer = self._read_footer()
            self.manifest = self._read_manifest()
        except BaseException:
            self.close()
            raise
        self._missing = frozenset(self.manifest.missing)
        self._block_keys = [int(each.key) for each in self.manifest.blocks]
        self._page_keys = [str(each.key) for each in self.manifest.pages]

    @property
    def fingerprint(self) -> str:
        """The hash of the manifest, which names the hashes of all else."""
        return self._footer.fingerprint

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return os.fstat(self._file).st_size

    @property
    def _where(self) -> str:
        return f"archive {self.path.parent.name}/{self.path.name}"

    def close(self) -> None:
        """Give the file back."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def __del__(self) -> None:
        self.close()

    def is_still_there(self) -> bool:
        """Whether the file that is open is the one that stands in its place."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._file))
        except OSError:
            return False

    def at(self, position: int) -> RawMessage | None:
        """The message at a position of the range; None where nothing was there."""
        if position in self._missing:
            return None
        block = self._block(bisect_right(self._block_keys, position) - 1)
        index = bisect_left(block, position, key=lambda each: each.sequence)
        if index < len(block) and block[index].sequence == position:
            return block[index]
        raise BrokenHistory(self._where, f"event {position} is not in it")

    def messages(self, start: int, end: int) -> Iterator[RawMessage]:
        """The messages from a position on, before another one."""
        for number in range(max(bisect_right(self._block_keys, start) - 1, 0), len(self._block_keys)):
            if self._block_keys[number] >= end:
                return
            yield from (each for each in self._block(number) if start <= each.sequence < end)

    def positions(self, subject: str) -> list[int]:
        """Where the messages of a subject are; empty where there is none."""
        number = bisect_right(self._page_keys, subject) - 1
        if not self._may_hold(subject):
            return []
        return self._page(number).get(subject, []) if number >= 0 else []

    def _may_hold(self, subject: str) -> bool:
        """False for a subject of which the file surely holds nothing: most that are asked for are new records."""
        if self._names is None:
            self._asked += 1
            if self._asked <= FEW:
                return True
            self._names = array("Q", sorted(_short(name) for name, _ in self.subjects("")))
        short = _short(subject)
        at = bisect_left(self._names, short)
        return at < len(self._names) and self._names[at] == short

    def subjects(self, prefix: str) -> Iterator[tuple[str, list[int]]]:
        """Every subject that begins so, with its positions."""
        for number in range(max(bisect_right(self._page_keys, prefix) - 1, 0), len(self._page_keys)):
            if self._page_keys[number] > prefix and not self._page_keys[number].startswith(prefix):
                return
            yield from ((name, at) for name, at in self._page(number).items() if name.startswith(prefix))

    def check(self) -> Iterator[RawMessage]:
        """Every message, while all of the file is held against the manifest; it is sound where this ends."""
        manifest = self.manifest
        content, events, position = hashlib.sha256(), 0, manifest.first - 1
        found: dict[str, list[int]] = {}
        offset = 0
        for number, part in enumerate(manifest.blocks):
            self._require(part.offset == offset, "parts of it do not follow each other")
            offset += part.length
            for message in self._unpacked(number):
                position = self._next(position, message.sequence)
                content.update(packed_message(message))
                found.setdefault(message.subject, []).append(message.sequence)
                events += 1
                yield message
        self._require(self._next(position, manifest.last + 1) == manifest.last + 1, "its end is missing")
        self._require(content.hexdigest() == manifest.content, "its content is not what its hash was made of")
        self._require((events, len(found)) == (manifest.events, manifest.records), "its counts do not fit")
        for part in manifest.pages:
            self._require(part.offset == offset, "parts of it do not follow each other")
            offset += part.length
            for subject, positions in subjects_in(self._bytes(part)).items():
                self._require(found.pop(subject, None) == positions, f"its index is wrong about {subject}")
        self._require(not found, "its index lacks records")
        self._require(offset == self._footer.offset, "parts of it do not follow each other")
        self._require(offset + self._footer.length + FOOTER_BYTES == self.size, "it is longer than it says")

    def _next(self, position: int, sequence: int) -> int:
        """The position, if all between is known to be missing."""
        lacking = [each for each in range(position + 1, sequence) if each not in self._missing]
        self._require(sequence > position and not lacking, f"event {lacking[0] if lacking else sequence} is missing")
        return sequence

    def _require(self, kept: bool, reason: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not kept:
            raise BrokenHistory(self._where, reason)

    def _block(self, number: int) -> list[RawMessage]:
        with self._lock:
            block = self._blocks.pop(number, None) or self._unpacked(number)
            self._blocks[number] = block
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
            return block

    def _page(self, number: int) -> dict[str, list[int]]:
        with self._lock:
            page = self._pages.pop(number, None) or subjects_in(self._bytes(self.manifest.pages[number]))
            self._pages[number] = page
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
            return page

    def _unpacked(self, number: int) -> list[RawMessage]:
        return list(messages_in(self._bytes(self.manifest.blocks[number])))

    def _bytes(self, part: Part) -> bytes:
        return unsqueeze(self._pread(part.length, part.offset), part, self._where)

    def _pread(self, length: int, offset: int) -> bytes:
        try:
            return os.pread(self._file, length, offset)
        except OSError as error:
            raise BrokenHistory(self._where, f"it cannot be read: {error.strerror}") from error

    def _read_footer(self) -> Footer:
        return footer_in(self._pread(FOOTER_BYTES, max(self.size - FOOTER_BYTES, 0)), self._where)

    def _read_manifest(self) -> Manifest:
        footer = self._footer
        part = Part(key=0, offset=footer.offset, length=footer.length, sha256=footer.fingerprint)
        try:
            manifest = Manifest.model_validate_json(self._bytes(part))
        except ValidationError as error:
            raise BrokenHistory(self._where, f"its manifest is none: {error.errors()[0]['msg']}") from error
        if range_in(self.path) not in {None, (manifest.first, manifest.last)}:
            raise BrokenHistory(self._where, f"it holds events {manifest.first} to {manifest.last}, not those it names")
        return manifest
