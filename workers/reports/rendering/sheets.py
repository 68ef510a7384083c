"""A paper as a workbook, by XlsxWriter: a sheet for what it says of itself, and one for each section."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import zip_longest
from typing import Any

from xlsxwriter import Workbook

from workers.reports.page import Cell, Figure, Narrative, Table
from workers.reports.plain import NONE, begun, called, text
from workers.reports.rendering.paper import Paper

MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands as the day on which each workbook was made, so that the same paper gives the same bytes."""

FORMATS = {"count": "#,##0", "per cent": '0.0"%"', "days": "#,##0.0", "pounds": "£#,##0.00", "coefficient": "0.00"}
"""How a number is shown, by its unit; a rate as a coefficient is."""

TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What a cell says is what was said, whatever it begins with."""

LONGEST_NAME = 31
UNUSABLE = re.compile(r"[\[\]:*?/\\']")
LINKS = re.compile(r"(?:[ ,;]+(?:and|or|of|the|a|in|by|for|with))+$")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
WIDEST, NARROWEST = 60, 11

A4, LONGEST_FOOTER = 9, 160
LINE, OVER, LINE_HIGH, MOST_HIGH = 80, 6, 15, 400
"""A text of more letters than one line has is set over so many columns; how high a line is, and a row at most."""


def as_workbook(paper: Paper) -> bytes:
    """The workbook: each table a real one, its heads frozen where it stands alone. The same paper, the same bytes.

    A figure is a number with its format, and a mark or a dash a text. Each share has its two counts in columns of their
    own, so that they can be reckoned with.
    """
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, **TEXT})
    book.set_properties(
        {"title": _clean(paper.title), "subject": paper.council, "comments": paper.kind, "created": MADE}
    )
    styles = _Styles(book)
    names = _names(paper)
    _about(_sheet(book, "Notes", paper), paper, styles)
    for section, name in zip(paper.sections, names, strict=True):
        sheet = _sheet(book, name, paper)
        row = 0
        widths: list[int] = []
        tables = [block for block in section.blocks if isinstance(block, Table)]
        if not any(each.title == section.title for each in tables[:1]):
            sheet.write_string(row, 0, _clean(section.title), styles.head)
            row += 1
        for block in section.blocks:
            if isinstance(block, Table):
                if len(tables) == 1:
                    sheet.freeze_panes(row + 2, 1)
                row = _table(sheet, block, row, styles, widths)
            else:
                told = [block.title, text(block)] if isinstance(block, Narrative) else [block.text]
                for each in told:
                    row = _paragraph(sheet, row, _clean(each), styles)
            row += 1
        for across, wide in enumerate(widths):
            sheet.set_column(across, across, min(WIDEST, max(NARROWEST, wide + 3)))
    book.close()
    return out.getvalue()


def _sheet(book: Any, name: str, paper: Paper) -> Any:
    """A sheet that prints as it is read: across A4, as wide as a side, each side with what it is of."""
    sheet = book.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    of = _clean(f"{paper.council} · {paper.title}").replace("&", "&&")
    sheet.set_footer(f"&L{of[:LONGEST_FOOTER]}&C{paper.copy_} copy&RSide &P of &N")
    return sheet


def _paragraph(sheet: Any, row: int, said: str, styles: "_Styles") -> int:
    """A text over some columns, on as many lines as it needs, and the row beneath it."""
    if len(said) <= LINE and "\n" not in said:
        sheet.write_string(row, 0, said)
        return row + 1
    sheet.merge_range(row, 0, row, OVER - 1, "", styles.wrapped)
    sheet.write_string(row, 0, said, styles.wrapped)
    lines = sum(1 + len(each) // LINE for each in said.split("\n"))
    sheet.set_row(row, min(MOST_HIGH, LINE_HIGH * lines))
    return row + 1


class _Styles:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.right = book.add_format({"align": "right"})
        self.units = {
            (unit, bold): book.add_format({"num_format": form, "bold": bold})
            for unit, form in {**FORMATS, "rate": "0.00"}.items()
            for bold in (False, True)
        }


def _about(sheet: Any, paper: Paper, styles: _Styles) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    lines = [("Council", paper.council), ("Report", paper.title), ("Copy", paper.kind)]
    lines += [(fact.term, fact.said) for fact in paper.facts]
    lines += [("Note", note.text) for note in paper.notes]
    lines += [(group.title, point.said) for group in paper.glance for point in group.points]
    lines += [(each.title, f"{link.title}: {link.to}") for each in paper.contents for link in each.links]
    for row, (term, said) in enumerate(lines):
        sheet.write_string(row, 0, _clean(term), styles.bold)
        sheet.write_string(row, 1, _clean(said), styles.wrapped)


def _names(paper: Paper) -> Iterator[str]:
    """A name for each section's sheet: no two are the same in a spreadsheet's eyes."""
    taken = {"notes", "history"}
    for section in paper.sections:
        base = _short(UNUSABLE.sub(" ", _clean(section.title)).strip()) or "Section"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base[: LONGEST_NAME - 4]} {number}", number + 1
        taken.add(name.casefold())
        yield name


def _short(title: str) -> str:
    """As many whole words of a title as a sheet's name may have, the last no link; of one long word, its beginning."""
    if len(title) <= LONGEST_NAME:
        return title
    whole = title[: LONGEST_NAME + 1].rpartition(" ")[0]
    return LINKS.sub("", whole or title[:LONGEST_NAME]).rstrip(" ,;-")


def _table(sheet: Any, table: Table, top: int, styles: _Styles, wide: list[int]) -> int:
    """Writes a table under its title, makes `wide` enough for it, and gives the row beneath it."""
    sheet.write_string(top, 0, _clean(table.title), styles.bold)
    shares = [_has_counts(table, across) for across in range(len(table.columns))]
    heads = [begun(table.stub) or " "]
    for column, counts in zip(table.columns, shares, strict=True):
        title = begun(column.title)
        heads += [title, *([f"{title}: count", f"{title}: of"] if counts else [])]
    heads = _apart([_clean(each) for each in heads])
    first = top + 1
    if table.rows:
        sheet.add_table(
            first,
            0,
            first + len(table.rows),
            len(heads) - 1,
            {"columns": [{"header": each} for each in heads], "style": "Table Style Light 1", "autofilter": False},
        )
    widths = [len(each) for each in heads]
    for down, row in enumerate(table.rows, start=first + 1):
        title = _clean(called(row))
        sheet.write_string(down, 0, title, styles.bold if row.total else None)
        widths[0] = max(widths[0], len(title))
        across = 1
        for cell, counts in zip(row.cells, shares, strict=True):
            widths[across] = max(widths[across], _write(sheet, down, across, cell, row.total, styles))
            across += 1
            if counts:
                for part in (cell.among, cell.of) if isinstance(cell, Figure) else (None, None):
                    if part is not None:
                        sheet.write_number(down, across, part, styles.units["count", row.total])
                    across += 1
    wide[:] = [max(pair) for pair in zip_longest(wide, widths, fillvalue=0)]
    beneath = first + len(table.rows) + 1
    if table.note:
        sheet.write_string(beneath, 0, _clean(table.note))
        beneath += 1
    return beneath


def _write(sheet: Any, down: int, across: int, cell: Cell, total: bool, styles: _Styles) -> int:  # noqa: FBT001  a cell has that many sides
    if isinstance(cell, Figure) and cell.mark is None and cell.value is not None:
        sheet.write_number(down, across, cell.value, styles.units[cell.unit, total])
        return len(f"{cell.value:,.1f}")
    if isinstance(cell, Figure):
        sheet.write_string(down, across, cell.mark or NONE, styles.right)
        return 1
    sheet.write_string(down, across, _clean(cell.text), styles.wrapped)
    return len(cell.text)


def _has_counts(table: Table, across: int) -> bool:
    cells = [row.cells[across] for row in table.rows]
    return any(isinstance(cell, Figure) and cell.of is not None for cell in cells)


def _apart(heads: list[str]) -> list[str]:
    """A table's heads: a spreadsheet takes no two that are the same."""
    taken: set[str] = set()
    apart = []
    for head in heads:
        name, number = head, 2
        while name.casefold() in taken:
            name, number = f"{head} {number}", number + 1
        taken.add(name.casefold())
        apart.append(name)
    return apart


def _clean(said: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", said)
