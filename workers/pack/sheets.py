"""The tables of a pack as files for a spreadsheet: one for each table, over all pages of its part."""

import csv
import re
from io import TextIOWrapper
from pathlib import Path
from typing import Self

from workers.asking.spreadsheets import not_a_formula
from workers.pack.tables import NOTHING
from workers.reports.page import Cell, Figure, Table


class Sheet:
    """One table over all pages of a part, as CSV: its first column says of which page a row is."""

    def __init__(self, file: Path, table: Table) -> None:
        self._file = TextIOWrapper(file.open("wb"), "utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(["page", *map(harmless, (table.stub, *(each.title for each in table.columns)))])

    def write(self, name: str, table: Table) -> None:
        """Add the rows of a page."""
        for row in table.rows:
            self._writer.writerow([harmless(each) for each in (name, row.title, *map(_bare, row.cells))])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _bare(cell: Cell) -> str:
    if not isinstance(cell, Figure):
        return cell.text
    if cell.mark is not None:
        return cell.mark
    return "" if cell.value is None else str(cell.value)


def harmless(text: str) -> str:
    """The text as a spreadsheet takes it for a text, whatever it begins with. A number stays one."""
    if text == NOTHING:
        return ""
    number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", text)
    return text if number else str(not_a_formula(text))
