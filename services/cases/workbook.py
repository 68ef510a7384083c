"""Opening a workbook that may be anything: what it is, is judged before it is unpacked."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from events.errors import Refused
from services.cases.rows import Book, rows_of
from services.cases.sheets import NumberedRow, Rows, Sheet, bare

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_FILE = 256 * 1024 * 1024
MOST_PARTS = 5_000
LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together. A million rows whose every cell is formatted and empty take half of it."""
LARGEST_WHOLE = 32 * 1024 * 1024
"""Bytes of a part that is held in memory as a whole: every one but the sheets, which are read row by row."""
HIGHEST_RATIO = 150
SMALL_PART = 1024 * 1024
"""A part larger than this may not be packed tighter than the ratio; formatted empty rows come to about 40."""

DAMAGED = (
    *(BadZipFile, zlib.error, ExpatError, ParseError, OSError, EOFError, RuntimeError, NotImplementedError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, RecursionError),
)
"""What the parsers raise on a file that is not what it says."""


def looks_packed(first: bytes) -> bool:
    """Whether a file that begins so is a workbook, or another packed file. Refused if it is locked or too old."""
    if first.startswith(OLE):
        rule = "is a workbook with a password, or one of before 2007; save it as .xlsx without a password"
        raise Refused("file", rule)
    return first.startswith(ZIP)


@contextmanager
def open_workbook(file: Path) -> Iterator[list[Sheet]]:
    """The sheets of a workbook in their order, each read row by row as it is asked for, formulas by their last values.

    Refused for what is no workbook, is locked or damaged, or would unpack to more than the limits; this may come up
    while rows are read.
    """
    # Imported here, for it takes a tenth of the start of every other command and of every worker.
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415
    from openpyxl.styles.stylesheet import apply_stylesheet  # noqa: PLC0415
    from openpyxl.utils.datetime import from_excel  # noqa: PLC0415

    with file.open("rb") as opened:
        with _telling(file):
            _require_bounded(file)
            # The open file is handed over, for of a file's name the library judges the ending.
            reader = ExcelReader(opened, read_only=True, keep_vba=False, data_only=True, keep_links=False)
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            dates: set[int] = reader.wb._date_formats  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells which styles are dates
            epoch = reader.wb.epoch
            book = Book(reader.shared_strings, frozenset(dates), partial(from_excel, epoch=epoch))
            sheets = [
                Sheet(
                    title=bare(sheet.name),
                    rows=Rows(partial(_rows, file, reader.archive, relation.target, book, hidden_rows := list[int]())),
                    epoch=epoch,
                    hidden=sheet.state != "visible",
                    hidden_rows=hidden_rows,
                )
                for sheet, relation in reader.parser.find_sheets()
                if relation.Type.endswith("/worksheet")
            ]
        yield sheets


def _rows(file: Path, archive: ZipFile, part: str, book: Book, hidden: list[int]) -> Iterator[NumberedRow]:
    hidden.clear()
    with _telling(file), archive.open(part) as source:
        yield from rows_of(source, book, hidden)


def _require_bounded(file: Path) -> None:
    size = file.stat().st_size
    if size > LARGEST_FILE:
        raise Refused("file", f"{file} has {_mega(size)}; more than {_mega(LARGEST_FILE)} is not a case list")
    with ZipFile(file) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused("file", f"{file} is packed of {len(parts)} parts; no workbook has more than {MOST_PARTS}")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("file", f"{file} is packed with a password; save it as .xlsx without one")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED:
        raise Refused("file", f"{file} would unpack to {_mega(unpacked)}; the limit is {_mega(LARGEST_UNPACKED)}")
    for part in parts:
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > SMALL_PART and ratio > HIGHEST_RATIO:
            rule = f"{file} is packed {ratio} times over, as no workbook is; the limit is {HIGHEST_RATIO} times"
            raise Refused("file", rule)
        if part.file_size > LARGEST_WHOLE and "/worksheets/" not in part.filename:
            rule = (
                f"{file} holds a part of {_mega(part.file_size)} beside its sheets; the limit is {_mega(LARGEST_WHOLE)}"
            )
            raise Refused("file", rule)
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise Refused("file", f"{file} is a binary workbook; save it as .xlsx")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("file", f"{file} is a packed file, but no workbook; save the lists as .xlsx or .csv")


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Turn what the parsers raise on a damaged file into a refusal."""
    try:
        yield
    except DAMAGED as error:
        raise Refused("file", f"{file} cannot be read as a workbook: it is damaged, or no workbook") from error


def _mega(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"
