"""A paper as CSV, one line for each cell, and as JSON with all that is in it."""

import csv
from io import StringIO

import orjson

from workers.asking.spreadsheets import not_a_formula
from workers.reports.page import Figure, Narrative, Report, Table
from workers.reports.plain import text
from workers.reports.rendering.paper import Paper

HEADS = ("section", "block", "row", "column", "key", "value", "unit", "among", "of", "mark", "text")


def as_csv(paper: Paper) -> bytes:
    """One line for each cell, text and note, for whoever reckons on: UTF-8 with its mark, no text a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    lines: list[tuple[object, ...]] = [("", "copy", *[""] * 8, paper.kind)]
    lines += [("", fact.term, *[""] * 8, fact.said) for fact in paper.facts]
    lines += [("", "note", *[""] * 8, note.text) for note in paper.notes]
    lines += [
        (each.title, "link", *[""] * 8, f"{link.title}: {link.to}") for each in paper.contents for link in each.links
    ]
    for section in paper.sections:
        for block in section.blocks:
            match block:
                case Table():
                    lines += _cells(section.title, block)
                case Narrative():
                    lines.append((section.title, block.title, "", "", block.key, *[""] * 5, text(block)))
                case _:
                    lines.append((section.title, "note", *[""] * 8, block.text))
    writer.writerows([not_a_formula(each) for each in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _cells(section: str, table: Table) -> list[tuple[object, ...]]:
    return [
        (section, table.title, row.title, column.title)
        + (
            (cell.key, cell.value, cell.unit, cell.among, cell.of, cell.mark, "")
            if isinstance(cell, Figure)
            else ("", *[""] * 5, cell.text)
        )
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]


def as_json(held: Paper | Report) -> bytes:
    """All of it, with sorted keys: the same paper gives the same bytes."""
    return orjson.dumps(held.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
