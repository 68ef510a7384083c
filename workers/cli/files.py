"""Files of commands, read line by line, however large they are."""

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from events.errors import Refused
from services.core.command import Command
from services.record_command import FORMERLY

HEAD = (*Command.model_fields, "audit", "record", "dispute", "entry", "round", "on", "month")
OPEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:+-]{0,63}")
"""What a line says of itself in words that are never sealed: references, roles and times."""

LONGEST_LINE = 4_000_000
"""Bytes that a line may have. A return may hold many long texts; more is no command and must not fill
the memory."""


def measure(file: Path) -> tuple[int, str]:
    """The number of lines and a name for the content. Refused if the file cannot be read or a line is too long.

    What is measured is read again later, so that a pipe is refused: it would be empty by then.
    """
    if file.is_fifo():
        raise Refused("file", f"{file} is a pipe, and gives its lines once: write them to a file, and name that")
    digest = hashlib.sha256()
    lines = 0
    for line in _raw(file):
        digest.update(line)
        lines += 1
    return lines, digest.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Measured:
    """The files of one history: how many lines they have, and the name under which their import is told of.

    `former` has for each the name that imports of it had at first.
    """

    lines: int
    name: str
    former: tuple[str, ...]


def measure_history(files: Sequence[Path]) -> Measured:
    """Measure the files of a history. Refused as `measure` does.

    The name stands in the stream for ever, so it hangs on nothing that is sealed there: only on which commands the
    lines name, about what, by whom and when. A hash of the whole would let a text be tried out.
    """
    measured = [measure(file) for file in files]
    heads = hashlib.sha256()
    for file in files:
        for line in _raw(file):
            heads.update(_head(line) + b"\n")
        heads.update(b"\0")
    lines = sum(count for count, _ in measured)
    return Measured(lines, heads.hexdigest()[:32], tuple(former for _, former in measured))


def _head(line: bytes) -> bytes:
    try:
        held = orjson.loads(line)
    except orjson.JSONDecodeError:
        return b""
    if not isinstance(held, dict):
        return b""
    held.setdefault("record", held.get(FORMERLY))
    words = (held.get(name) for name in HEAD)
    return b" ".join(each.encode() if isinstance(each, str) and OPEN.fullmatch(each) else b"" for each in words)


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
                raise Refused("file", f"{file}: line {number} has {LONGEST_LINE} bytes or more; that is not a command")
            yield line


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    try:
        with file.open("rb") as opened:
            yield opened
    except OSError as error:
        raise Refused("file", f"{file} cannot be read: {error.strerror}") from error
