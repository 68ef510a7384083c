"""Files of commands, read line by line, however large they are."""

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from events.errors import Refused

LONGEST_LINE = 4_000_000
"""Bytes that a line may have. A submitted audit may hold many long texts; more is no command and must not fill
the memory."""


def measure(file: Path) -> tuple[int, str]:
    """The number of lines and a name for the content. Refused if the file cannot be read or a line is too long."""
    digest = hashlib.sha256()
    lines = 0
    for line in _raw(file):
        digest.update(line)
        lines += 1
    return lines, digest.hexdigest()[:32]


def read_lines(file: Path) -> Iterator[bytes]:
    """Every line, without the mark that some programs put before the first. Refused as `measure` does."""
    for number, line in enumerate(_raw(file)):
        yield line.removeprefix(codecs.BOM_UTF8) if number == 0 else line


def _raw(file: Path) -> Iterator[bytes]:
    with _opened(file) as opened:
        number = 0
        while line := opened.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise Refused("file", f"{file}: line {number} has {LONGEST_LINE} bytes or more; that is no command")
            yield line


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    try:
        with file.open("rb") as opened:
            yield opened
    except OSError as error:
        raise Refused("file", f"{file} cannot be read: {error.strerror}") from error
