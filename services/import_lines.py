"""A file of a history, and its lines as they are read: as many together as pay, and never more than memory bears."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CHUNK = 500
"""Lines that are read together: of all of them it is asked at once which keys and which records there are."""

LARGEST_CHUNK = 8 * 2**20
"""Bytes of lines at which a chunk ends, however few they are."""


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """One file of a history, as it is named to who handed it in.

    `former` is the name under which imports of that content were told of at first, if it is to be looked for.
    """

    name: str
    lines: Iterable[bytes]
    former: str = ""


def chunks(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """The lines with their numbers, as many together as are read at once."""
    chunk, size = list[tuple[int, bytes]](), 0
    for numbered in enumerate(lines, start=1):
        chunk.append(numbered)
        size += len(numbered[1])
        if len(chunk) >= CHUNK or size >= LARGEST_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
