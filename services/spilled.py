"""What is found line by line of a file that may have millions: told in order, and only a part of it held in memory."""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice
from operator import eq, itemgetter
from typing import Any, Generic, TypeVar
from weakref import finalize

from events.errors import Unavailable

T = TypeVar("T")

HELD = 10_000
"""How many are held in memory: more than anybody reads, and a few megabytes."""

BLOCK = 65_536
"""Bytes that are read at once of what was put aside."""

Row = list[Any]
_ORDER = itemgetter(0, 1, 2)
"""A row begins with the file's number, the line, and how many came before."""


class Spilled(Generic[T]):
    """All that was added, by file and line, whatever was added first; the files are in the order of their first one.

    `values` gives what is kept of one, in words and numbers, and `make` makes it again of those. Beyond
    `HELD` they are put aside, in order, in a temporary file that has no name and goes with this. For one thread alone.
    """

    def __init__(
        self, place: Callable[[T], tuple[str, int]], values: Callable[[T], Row], make: Callable[[Row], T]
    ) -> None:
        self._place, self._values, self._make = place, values, make
        self._files: dict[str, int] = {}
        self._rows: list[Row] = []
        self._runs: list[tuple[int, int]] = []
        self._file: int | None = None
        self._count = 0

    def append(self, found: T) -> None:
        """Add one. Unavailable where there is no room to put aside what is held."""
        file, line = self._place(found)
        number = self._files.setdefault(file, len(self._files))
        self._rows.append([number, line, self._count, self._values(found)])
        self._count += 1
        if len(self._rows) >= HELD:
            self._put_aside()

    def extend(self, found: Iterable[T]) -> None:
        """Add each. Unavailable as above."""
        for each in found:
            self.append(each)

    @property
    def files(self) -> frozenset[str]:
        """The files in which any was found."""
        return frozenset(self._files)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        for *_, values in merge(*map(self._read, self._runs), sorted(self._rows, key=_ORDER), key=_ORDER):
            yield self._make(values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Spilled):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # what can still be added to has none

    def __repr__(self) -> str:
        first = [*islice(self, 3)]
        return f"{first} of {self._count}" if self._count > len(first) else str(first)

    def _put_aside(self) -> None:
        self._rows.sort(key=_ORDER)
        written = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in self._rows).encode()
        try:
            if self._file is None:
                self._file, name = tempfile.mkstemp(prefix="sightline-")
                finalize(self, os.close, self._file)
                os.unlink(name)  # noqa: PTH108 - the file stays for as long as it is open, for nobody else
            start = os.lseek(self._file, 0, os.SEEK_END)
            left = memoryview(written)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise Unavailable(f"what is to be told of so many lines cannot be kept: {error.strerror}") from error
        self._runs.append((start, start + len(written)))
        self._rows = []

    def _read(self, run: tuple[int, int]) -> Iterator[Row]:
        at, end = run
        rest = b""
        while at < end and self._file is not None:
            block = os.pread(self._file, min(BLOCK, end - at), at)
            at += len(block)
            *lines, rest = (rest + block).split(b"\n")
            yield from map(json.loads, lines)
