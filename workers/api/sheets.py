"""Rows as a person takes them along: CSV and a workbook, in which no text is ever a formula."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from projections.view import Row
from workers.asking.spreadsheets import WORKBOOK, as_text, not_a_formula


def as_csv(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Comma-separated, UTF-8 with the mark by which spreadsheets know it. A text that would be a formula is quoted."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([not_a_formula(row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet. A text is a text, whatever it begins with."""
    from openpyxl import Workbook  # noqa: PLC0415 - eight megabytes, for whoever takes a workbook along

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    sheet.append(list(names))
    for row in rows:
        sheet.append([_cell(sheet, row[name]) for name in names])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


FORMS: Mapping[str, tuple[str, Callable[[Sequence[str], Iterable[Row]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (WORKBOOK, as_workbook),
}
"""The forms for a person, by the word that asks for each: its media type, and what makes it."""


def _cell(sheet: Any, held: Any) -> Any:
    text = as_text(held)
    if not isinstance(text, str):
        return text
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 - as above

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    cell.data_type = "s"
    return cell
