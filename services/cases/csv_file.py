"""A case list as a CSV with a heading row, read row by row."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from events.errors import Refused
from services.cases.sheets import NumberedRow, Rows, Sheet

LONGEST_LINE = 100_000
"""Characters in a line: more is no case list, and must not fill the memory."""

PIECE = 1024 * 1024


@contextmanager
def open_plain(file: Path) -> Iterator[list[Sheet]]:
    """The one sheet of a CSV: in UTF-8 in UTF-16 with its mark or, if it is neither, as Windows writes it.

    Cells stand between commas, semicolons, tabs or upright strokes.

    Refused for a file that is no text, or for a line without end; the latter may come up while rows are read.
    """
    encoding, lines = _measure(file)
    rows = Rows(partial(_rows, file, encoding))
    yield [Sheet(title=file.suffix.lstrip(".").lower() or "csv", rows=rows, plain=True, size=lines)]


def _measure(file: Path) -> tuple[str, int]:
    """How the text is encoded, and about how many rows it has."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, lines = "utf-8-sig", 0
    with file.open("rb") as opened:
        if opened.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16", opened.read().count(b"\n")
        opened.seek(0)
        while piece := opened.read(PIECE):
            if b"\0" in piece:
                raise Refused("file", f"{file} is neither a workbook nor text; save the lists as .xlsx or .csv")
            lines += piece.count(b"\n")
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    return encoding, lines


def _rows(file: Path, encoding: str) -> Iterator[NumberedRow]:
    with file.open(encoding=encoding, newline="") as opened:
        yield from _rows_of(file, opened)


def _rows_of(file: Path, opened: IO[str]) -> Iterator[NumberedRow]:
    lines = _lines(file, opened)
    number = 1
    try:
        first = next(lines, "")
        marks = {mark: first.count(mark) for mark in ",;\t|"}
        mark = max(marks, key=lambda each: marks[each])
        records = csv.reader(_after(first, lines), delimiter=mark if marks[mark] else ",", strict=True)
        for record in records:
            if any(record):
                yield number, record
            number = records.line_num + 1
    except csv.Error as error:
        raise Refused("file", f"{file}: row {number} is not valid CSV: {error}") from error
    except UnicodeDecodeError as error:
        raise Refused("file", f"{file} is text in no encoding that is known here; save it as CSV UTF-8") from error


def _after(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(file: Path, opened: IO[str]) -> Iterator[str]:
    number = 0
    while line := opened.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Refused(
                "file", f"{file}: row {number} has {LONGEST_LINE} characters or more; that is not a case list"
            )
        yield line
