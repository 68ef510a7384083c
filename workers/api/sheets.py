"""Rows as a person takes them along: CSV and a workbook, in which no text is ever a formula."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from projections.view import Row
from services.clock import LONDON

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for something to be worked out."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Comma-separated, UTF-8 with the mark by which spreadsheets know it. A text that would be a formula is quoted."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([not_a_formula(row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet. A text is a text, whatever it begins with."""
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


def not_a_formula(held: Any) -> Any:
    """A cell of a CSV file as no spreadsheet takes it for something to be worked out."""
    text = _text(held)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


def _cell(sheet: Any, held: Any) -> Any:
    text = _text(held)
    if not isinstance(text, str):
        return text
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    cell.data_type = "s"
    return cell


def _text(held: Any) -> Any:
    """What stands in a cell: numbers and words as they are, instants as England's clocks show them."""
    match held:
        case datetime():
            return held.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
        case date():
            return held.isoformat()
        case bool():
            return "yes" if held else "no"
        case dict() | list():
            return orjson.dumps(held).decode()
    return held
