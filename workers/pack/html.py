"""A page of a pack as HTML: one file, readable without a network, each table with its caption and its headings."""

from collections.abc import Iterator
from html import escape

from services.clock import day_in_words
from workers.pack.tables import NOTHING
from workers.reports.page import Block, Cell, Figure, Narrative, Note, Report, Table

STYLE = (
    "body{font:16px/1.45 system-ui,'DejaVu Sans',sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;margin:1rem 0 2rem;width:100%;font-size:.88rem}"
    "caption{text-align:left;font-weight:600;padding:.4rem 0}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;white-space:pre-line;"
    "overflow-wrap:break-word}.wide{font-size:.72rem}.wide th,.wide td{padding:.2rem .3rem}caption{break-after:avoid}"
    "thead th{background:#eef1f4}.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".total{font-weight:600}h1{font-size:1.6rem}h2{font-size:1.25rem;border-bottom:2px solid #1d4e89;padding-top:1rem}"
    "a{color:#1d4e89}.said{color:#333}@page{size:A4 landscape;margin:1.5cm}"
    "@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}"
)
MANY = 7
"""Columns beside the first above which a table is set smaller, so that no word of it is broken."""

UNITS = {"per cent": "\N{NO-BREAK SPACE}%"}


def page(report: Report, up: str = "") -> str:
    """The report as a page; `up` is the way to the page that lists all others."""
    return "".join(_page(report, up))


def document(title: str, body: Iterator[str] | list[str]) -> Iterator[str]:
    """A whole document around its body."""
    yield '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>\n"
    yield from body
    yield "</main></body></html>\n"


def _page(report: Report, up: str) -> Iterator[str]:
    yield from document(f"{report.title} – {report.authority}", _body(report, up))


def _body(report: Report, up: str) -> Iterator[str]:
    if up:
        yield f'<p><a href="{escape(up)}">All parts of the pack</a></p>\n'
    yield f"<h1>{escape(report.title)}</h1>\n"
    yield f'<p class="said">{escape(spoken_of(report))}</p>\n'
    for note in report.notes:
        yield f"<p>{escape(note.text)}</p>\n"
    for section in report.sections:
        yield f"<h2>{escape(section.title)}</h2>\n"
        for block in section.blocks:
            yield from _block(block)


def spoken_of(report: Report) -> str:
    """Of which council and time the page speaks, in which copy, and up to which event."""
    told = [f"{report.authority}, {day_in_words(report.first)} to {day_in_words(report.last)}", f"{report.copy_} copy"]
    if report.as_at.happened_by is not None:
        told.append(f"as it was on {day_in_words(report.as_at.happened_by)}")
    if report.as_at.known_by is not None:
        told.append(f"as it was known on {day_in_words(report.as_at.known_by)}")
    return f"{'; '.join(told)}; up to event {report.position}, framework version {report.policy_version}."


def _block(block: Block) -> Iterator[str]:
    match block:
        case Note(text=text):
            yield f"<p>{escape(text)}</p>\n"
        case Narrative(title=title, text=text, role=role):
            yield f"<h3>{escape(title)}</h3><p>{escape(text or f'to be written by {role}')}</p>\n"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"<p><strong>{escape(table.title)}</strong>: nothing to show.</p>\n"
        if table.note:
            yield f"<p>{escape(table.note)}</p>\n"
        return
    wide = ' class="wide"' if len(table.columns) > MANY else ""
    yield f'<table{wide}><caption>{escape(table.title)}</caption><thead><tr><th scope="col">{escape(table.stub)}</th>'
    yield "".join(f'<th scope="col">{escape(each.title)}</th>' for each in table.columns)
    yield "</tr></thead><tbody>\n"
    for row in table.rows:
        total = ' class="total"' if row.total else ""
        yield f'<tr{total}><th scope="row">{escape(row.title)}</th>'
        yield "".join(map(_cell, row.cells))
        yield "</tr>\n"
    yield "</tbody></table>\n"
    if table.note:
        yield f"<p>{escape(table.note)}</p>\n"


def _cell(cell: Cell) -> str:
    number = ' class="n"' if isinstance(cell, Figure) else ""
    return f"<td{number}>{escape(said(cell))}</td>"


def said(cell: Cell) -> str:
    """What a cell says, as a person reads it."""
    if not isinstance(cell, Figure):
        return cell.text
    if cell.mark is not None:
        return cell.mark
    return NOTHING if cell.value is None else f"{cell.value}{UNITS.get(cell.unit, '')}"
