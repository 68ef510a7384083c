"""A report in a few lines: by whom and for whom, and under each heading a line for each table and each text."""

from collections.abc import Iterator

from workers.reports.page import Block, Cell, Figure, Narrative, Note, Report, Row, Table, Unmade

ROWS = 7
"""So many rows of a table are told; of those in which there is nothing but noughts, none."""

COMPARED = "Compared with"


def as_told(report: Report) -> list[str]:
    """The lines of a report."""
    sides = f", on {report.sides} sides" if report.sides else ""
    return [f"by {report.made_by}, for {'; '.join(report.audience)}{sides}", *_sections(report)]


def _sections(report: Report) -> Iterator[str]:
    for section in report.sections:
        yield section.title
        yield from (f"  {_block(each)}" for each in section.blocks)


def _block(block: Block) -> str:
    match block:
        case Narrative():
            return f"{block.title}: text of the {block.role}"
        case Note() | Unmade():
            return f"({block.text})"
    return _table(block)


def _table(table: Table) -> str:
    kept = [number for number, each in enumerate(table.columns) if each.title != COMPARED]
    heads = ", ".join(table.columns[number].title for number in kept)
    rows = [f"{row.title} {' '.join(_cell(row.cells[number]) for number in kept)}" for row in table.rows if _says(row)]
    shown = rows if len(rows) <= ROWS else rows[:1]
    more = [f"{len(table.rows)} rows"] if len(shown) < len(table.rows) else []
    note = f" ({table.note})" if table.note else ""
    return f"{table.title} | {table.stub or 'All'}: {heads} | {'; '.join([*shown, *more])}{note}"


def _says(row: Row) -> bool:
    """Whether there is more in the row than noughts and words that somebody wrote about noughts."""
    figures = [each for each in row.cells if isinstance(each, Figure)]
    return not figures or any(each.value for each in figures)


def _cell(cell: Cell) -> str:
    if not isinstance(cell, Figure):
        return cell.text or "."
    return "." if cell.value is None else f"{cell.value}{'%' if cell.unit == 'per cent' else ''}"
