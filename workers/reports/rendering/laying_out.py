"""How the blocks of a section are set on a page that is read: what says nothing takes a line, and not a table.

A table without anything in it is named in one line with others like it, as is a text that nobody has written yet; rows
without anything are named beneath their table; a table of one row is a line; and tables under the same heads are one
table in groups. Sheets, CSV and JSON keep every table as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from workers.reports.page import Block, Cell, Figure, Narrative, Note, Row, Section, Table, Unmade
from workers.reports.plain import called
from workers.reports.rendering.charts import chart
from workers.reports.standards import is_standard

FEW, MANY = 3, 15
"""From so many on, rows of noughts are named beneath their table; more than so many are counted there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table, with the rows that have something to say, and those that have not."""

    table: Table
    rows: tuple[Row, ...]
    silent: tuple[Row, ...] = ()

    @property
    def left_out(self) -> str:
        """What is said of the rows that have nothing to say: their names, unless they are too many."""
        figures = (cell for row in self.silent for cell in row.cells if isinstance(cell, Figure))
        lead = _lead(figures, otherwise="Nothing")
        if len(self.silent) > MANY:
            return f"{lead} for {len(self.silent)} others, which a workbook of this report lists."
        return f"{lead} for: {'; '.join(called(each) for each in self.silent)}"


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables under the same heads: one table, in groups where there are several."""

    parts: tuple[Part, ...]
    type: Literal["tables"] = "tables"

    @property
    def table(self) -> Table:
        """The first of them, which has the heads and the note of them all."""
        return self.parts[0].table


@dataclass(frozen=True, slots=True)
class Single:
    """A table of one row: its figures in a line."""

    table: Table
    type: Literal["single"] = "single"

    @property
    def row(self) -> Row:
        """Its row."""
        return self.table.rows[0]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Tables that have nothing to show."""

    tables: tuple[Table, ...]
    type: Literal["nothing"] = "nothing"


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Texts that one role has still to write."""

    role: str
    narratives: tuple[Narrative, ...]
    type: Literal["unwritten"] = "unwritten"


Laid = Tables | Single | Nothing | Unwritten | Narrative | Note | Unmade


def laid_out(section: Section) -> tuple[Laid, ...]:
    """The blocks of a section as they are set, in their order."""
    laid: list[Laid] = []
    for block in section.blocks:
        new = _laid(block)
        if laid and (joined := _joined(laid[-1], new)) is not None:
            laid[-1] = joined
        else:
            laid.append(new)
    return tuple(laid)


def _laid(block: Block) -> Laid:
    match block:
        case Narrative(text=None):
            return Unwritten(block.role, (block,))
        case Table() if _is_blank(block):
            return Nothing((block,))
        case Table() if _is_single(block):
            return Single(block)
        case Table():
            return Tables((_part(block),))
    return block


def _joined(before: Laid, new: Laid) -> Laid | None:
    """Both as one; None where each stands for itself."""
    match before, new:
        case Nothing(), Nothing():
            return Nothing((*before.tables, *new.tables))
        case Unwritten(), Unwritten() if before.role == new.role:
            return Unwritten(before.role, (*before.narratives, *new.narratives))
        case Tables(), Tables() if _heads(before.table) == _heads(new.table) and not _draws(before.table, new.table):
            return Tables((*before.parts, *new.parts))
    return None


def _heads(table: Table) -> tuple[object, ...]:
    return table.stub, table.columns, table.note


def _draws(*tables: Table) -> bool:
    return any(chart(each) is not None for each in tables)


def _is_blank(table: Table) -> bool:
    figures = any(isinstance(cell, Figure) for row in table.rows for cell in row.cells)
    return not table.rows or (figures and not any(_says(cell) for row in table.rows for cell in row.cells))


def _is_single(table: Table) -> bool:
    return (
        len(table.rows) == 1
        and not table.rows[0].names
        and all(isinstance(cell, Figure) for cell in table.rows[0].cells)
        and not _draws(table)
    )


def _says(cell: Cell) -> bool:
    """Whether a cell has something to say: a number other than nought, a mark, or words with a number in them."""
    if isinstance(cell, Figure):
        return bool(cell.value) or cell.mark is not None
    return any(each.isdigit() for each in cell.text)


def _part(table: Table) -> Part:
    if table.chart is not None and table.chart.kind == "line":
        return Part(table, table.rows)
    silent = [row for row in table.rows if _is_silent(row)]
    without = [row for row in silent if all(cell.value is None for cell in row.cells if isinstance(cell, Figure))]
    named = silent if len(silent) >= FEW else without
    return Part(table, tuple(_others(table.rows, named)), tuple(named))


def _is_silent(row: Row) -> bool:
    figures = any(isinstance(cell, Figure) for cell in row.cells)
    return figures and not row.total and not row.names and not any(_says(cell) for cell in row.cells)


def _others(rows: Sequence[Row], named: Sequence[Row]) -> Iterator[Row]:
    return (row for row in rows if not any(row is each for each in named))


def remark(nothing: Nothing) -> str:
    """What is said of tables without anything: each by its name, with the number that the framework asks for.

    One alone says what its note says, if that tells why there is nothing.
    """
    alone = nothing.tables[0]
    if len(nothing.tables) == 1 and not alone.rows and alone.note:
        return f"{alone.title}: {alone.note}"
    figures = (cell for table in nothing.tables for row in table.rows for cell in row.cells if isinstance(cell, Figure))
    return f"{_lead(figures, otherwise='Nothing to show')}: {'; '.join(_named(each) for each in nothing.tables)}"


def _lead(figures: Iterable[Figure], *, otherwise: str) -> str:
    values = [each.value for each in figures]
    return "No figure is recorded" if values and all(each is None for each in values) else otherwise


def _named(table: Table) -> str:
    return f"{table.title} ({table.note})" if is_standard(table.note) else table.title
