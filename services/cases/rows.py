"""The rows of a workbook's sheet, one at a time, in memory that no sheet can make grow.

The library that reads the rest of a workbook keeps something of every row, and a million empty rows are ordinary: a
column was formatted down to the end. So a sheet's XML goes straight through the parser here, and only rows that hold
something come out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from events.errors import Refused
from services.cases.sheets import NumberedRow

PIECE = 64 * 1024
LONGEST_TOKEN = 1024 * 1024
"""Bytes that one tag may have."""
LONGEST_CELL = 32_767
LAST_ROW = 1_048_576
LAST_COLUMN = 256
"""Columns that are looked at. Annex A has 34 at most; what a sheet holds far to the right are notes."""


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of every sheet share: texts, the styles that show dates, and the date that a count of days means.

    `dated` raises ValueError or OverflowError for a count that means none.
    """

    texts: Sequence[str] = ()
    dates: frozenset[int] = frozenset()
    dated: Callable[[float], Any] = float


@dataclass(slots=True)
class _Reader:
    """Takes in the tags of a sheet and collects its rows."""

    book: Book
    rows: list[NumberedRow] = field(default_factory=list)
    number: int = 0
    column: int = 0
    cells: dict[int, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    collecting: bool = False
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    unseen: bool = False
    hidden: list[int] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self.number = int(attributes["r"]) if "r" in attributes else self.number + 1
            if not 1 <= self.number <= LAST_ROW:
                raise Refused("file", f"a sheet names row {self.number}; a workbook has {LAST_ROW}")
            self.column, self.cells = -1, {}
            self.unseen = attributes.get("hidden") in {"1", "true"}
        elif tag == "c":
            self.column = _place(attributes["r"]) if "r" in attributes else self.column + 1
            self.attributes, self.pieces, self.length = attributes, [], 0
        elif tag in {"v", "t"}:
            self.collecting = self.column < LAST_COLUMN

    def text(self, piece: str) -> None:
        if self.collecting:
            self.length += len(piece)
            if self.length > LONGEST_CELL:
                raise Refused("file", f"a cell of row {self.number} holds more than {LONGEST_CELL} characters")
            self.pieces.append(piece)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"v", "t"}:
            self.collecting = False
        elif tag == "c" and self.pieces:
            self.cells[self.column] = self._value("".join(self.pieces))
        elif tag == "row" and self.cells:
            width = max(self.cells) + 1
            self.rows.append((self.number, [self.cells.get(each) for each in range(width)]))
            if self.unseen:
                self.hidden.append(self.number)
            self.cells = {}

    def _value(self, raw: str) -> Any:
        match self.attributes.get("t", "n"):
            case "s":
                return self.book.texts[int(raw)]
            case "b":
                return raw == "1"
            case "n":
                return self._number(float(raw))
            case _:
                return raw

    def _number(self, found: float) -> Any:
        if int(self.attributes.get("s", 0)) in self.book.dates:
            try:
                return self.book.dated(found)
            except (OverflowError, ValueError):
                return found  # it is shown as a date and is none: whoever reads the column says so
        return int(found) if found.is_integer() else found


def rows_of(source: IO[bytes], book: Book, hidden: list[int] | None = None) -> Iterator[NumberedRow]:
    """Every row of a sheet's XML that holds something, with its number; those that are hidden go into `hidden` as well.

    Refused for XML that no spreadsheet writes: a document type, a tag without end, a row or a cell beyond the limits.
    `expat.ExpatError`, ValueError or IndexError for damaged XML.
    """
    reader = _Reader(book, hidden=[] if hidden is None else hidden)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_document_type
    fed = 0
    while piece := source.read(PIECE):
        parser.Parse(piece, False)  # noqa: FBT003 - the parser's own signature
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
            raise Refused("file", f"a sheet holds a tag of more than {LONGEST_TOKEN} bytes")
        yield from reader.rows
        reader.rows.clear()
    parser.Parse(b"", True)  # noqa: FBT003 - as above
    yield from reader.rows


def _no_document_type(*_: object) -> None:
    raise Refused("file", "a sheet declares a document type, which no spreadsheet writes")


def _place(coordinate: str) -> int:
    """The column of a coordinate such as AB12, from 0."""
    place = 0
    for letter in coordinate:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1
