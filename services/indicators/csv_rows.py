"""Rows of a CSV file as people save it: every cell with its row and column, and what cannot be read told as such."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from events.errors import Refused

UNREADABLE = "\ufffd"
"""What stands in place of a byte that is no UTF-8."""

LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that was not used: its row (the header is row 1), its column, and why."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its number, and its cells by the heading of their column, stripped; blank cells are left out."""

    number: int
    cells: Mapping[str, str]


class CsvFile:
    """A CSV file with its header read. Refused where there is none that could be read.

    Headings are taken in lower case, with `_` for spaces.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._reader = csv.reader(
            (line.decode("utf-8", "replace").replace("\0", UNREADABLE) for line in lines), strict=True
        )
        try:
            heading = next(self._reader, [])
        except csv.Error as error:
            raise Refused("file", f"row 1 is not valid CSV: {error}") from error
        self.header = tuple("_".join(each.removeprefix("\ufeff").strip().lower().split()) for each in heading)
        named = [each for each in self.header if each]
        for number, each in enumerate(named):
            if each in named[:number]:
                raise Refused("file", f"row 1 names the column {each} twice")

    def rows(self) -> Iterator[CsvRow | Fault]:
        """Every row that is not blank, or a fault for one that is no row. They are counted as a spreadsheet does."""
        number = 1
        while True:
            number += 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield Fault(number, "", f"is not valid CSV: {error}")
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> CsvRow | Fault:
        if any(cell.strip() for cell in cells[len(self.header) :]):
            return Fault(number, "", f"has {len(cells)} cells, and the header has {len(self.header)}")
        held: dict[str, str] = {}
        for column, cell in zip(self.header, cells, strict=False):
            text = cell.strip()
            if not column or not text:
                continue
            if UNREADABLE in text:
                return Fault(number, column, "holds a character that is not valid UTF-8; save the file as CSV UTF-8")
            if len(text) > LONGEST_CELL:
                return Fault(number, column, f"is longer than {LONGEST_CELL} characters")
            held[column] = text
        return CsvRow(number, held)
