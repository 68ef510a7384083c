"""A report as lines of text, for a terminal: headings, tables and texts, the same figures as on any other paper."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from workers.reports.page import Cell, Figure, Narrative, Report, Row, Table

NONE = "–"

FEW = 10
"""A share of fewer is told by its two counts alone: a percentage of them would say more than they do."""

UNITS = {"per cent": "%", "days": " days"}


def figure(each: Figure) -> str:
    """A figure as it is read: `13`, `61.5% (8 of 13)`, `2 of 3`; its mark where hidden, a dash where there is none."""
    if each.mark is not None:
        return each.mark
    if each.value is None:
        return NONE
    if each.unit == "pounds":
        return f"{'-' if each.value < 0 else ''}£{number(abs(each.value))}"
    if each.unit == "per cent" and each.among is not None and each.of is not None and each.of < FEW:
        return f"{each.among} of {each.of}"
    return f"{number(each.value)}{UNITS.get(each.unit, '')}{_counts(each)}"


def _counts(each: Figure) -> str:
    if each.of is None:
        return ""
    return f" (of {each.of})" if each.among is None else f" ({each.among} of {each.of})"


def number(value: Decimal) -> str:
    """To two places at most, without noughts at the end; thousands apart."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text or "0"


def cell(each: Cell) -> str:
    """A cell of a table as text."""
    return figure(each) if isinstance(each, Figure) else each.text or NONE


def begun(title: str) -> str:
    """A title as a line of its own: `yes` as `Yes`; what has a digit or a sign in its first word is a reference."""
    first = title.partition(" ")[0].rstrip(",;:")
    return title[:1].upper() + title[1:] if re.fullmatch(r"[a-z]+(?:[-'][a-z]+)*", first) else title


def asked(title: str) -> str:
    """A title before what is said of it on the same line: a question ends as it is."""
    return title if title.endswith(("?", ".", ":")) else f"{title}:"


def called(row: Row) -> str:
    """The title of a row as it is shown: of one that stands for a record, as it is."""
    return row.title if row.names else begun(row.title)


def heading(report: Report) -> Iterator[str]:
    """What stands above the sections: whose, of when, by whom and for whom, and what it is of."""
    yield f"{report.title}, {report.first:%-d %B %Y} to {report.last:%-d %B %Y}"
    unit = f", {report.unit}" if report.unit else ""
    yield f"{report.authority}{unit}: made by {report.made_by}, for {', '.join(report.audience)}"
    yield f"Framework version {report.policy_version}; history up to event {report.position}"
    as_at = report.as_at
    if as_at.happened_by:
        yield f"As it had happened by {as_at.happened_by:%-d %B %Y}"
    if as_at.known_by:
        yield f"As it was known on {as_at.known_by:%-d %B %Y}"
    yield from (each.text for each in report.notes)


def text(narrative: Narrative) -> str:
    """What was written, or by whom it is still to be written."""
    if narrative.text is None:
        return f"[{narrative.role} has not written this yet]"
    return narrative.text


def titles(table: Table) -> list[str]:
    """The heads of the columns, the first of them over the rows' own titles."""
    return [table.stub, *(each.title for each in table.columns)]


def line(told: Iterable[tuple[str, Figure]], note: str) -> str:
    """Figures in a line: each with what it is, and a note."""
    return "; ".join([*(f"{what} {figure(each)}" for what, each in told), *([note] if note else [])])


def cells(row: Row) -> list[str]:
    """A row with its title."""
    return [called(row), *(cell(each) for each in row.cells)]
