"""How the blocks of a section are set on a page that is read: what says nothing takes a line, and not a table.

A table without anything in it is named in one line with others like it, as is a text that nobody has written yet; rows
without anything are named beneath their table; a table of one row is a line, as are a few answers to a question; and
tables under the same heads are one table in groups. Periods stand side by side where that is shorter, and a column that
says nothing, or the same in each row, or what the next one says as well, is left out (`trimming`). Sheets, CSV and JSON
keep every table as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workers.reports.counting import TOTAL
from workers.reports.page import Block, Cell, Figure, Narrative, Note, Row, Section, Table, Unmade
from workers.reports.plain import called
from workers.reports.rendering.charts import chart
from workers.reports.rendering.trimming import doubled, trimmed
from workers.reports.standards import is_standard

FEW, MANY = 3, 15
"""From so many on, rows of noughts are named beneath their table; more than so many are counted there."""

ANSWERS, LETTERS = 6, 110
"""So many answers to a question, with so many letters in all, are set in a line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table, with the rows that have something to say, and those that have not.

    `apart` are the cells of columns that are not shown: what stands behind them can be opened all the same.
    """

    table: Table
    rows: tuple[Row, ...]
    silent: tuple[Row, ...] = ()
    apart: tuple[Row, ...] = ()

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
    """Tables under the same heads: one table, in groups where there are several; a chart is of what is `drawn`."""

    parts: tuple[Part, ...]
    drawn: Table
    type: Literal["tables"] = "tables"

    @property
    def table(self) -> Table:
        """The first of them, which has the heads and the note of them all."""
        return self.parts[0].table

    @property
    def stub(self) -> str:
        """The head over the titles of the rows; none where each group has another."""
        stubs = {each.table.stub for each in self.parts}
        return stubs.pop() if len(stubs) == 1 else ""

    @property
    def turned(self) -> bool:
        """Whether what was a row is a column."""
        return self.table.stub != self.drawn.stub


@dataclass(frozen=True, slots=True)
class Single:
    """A table in a line: each of its figures with what it is, and the rows that have nothing to say."""

    table: Table
    told: tuple[tuple[str, Figure], ...]
    silent: tuple[Row, ...] = ()
    apart: tuple[Row, ...] = ()
    type: Literal["single"] = "single"

    @property
    def left_out(self) -> str:
        """What is said of the rows that have nothing to say."""
        return Part(self.table, (), self.silent).left_out if self.silent else ""


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
    return tuple(_shortened(each) if isinstance(each, Tables) else each for each in laid)


def _shortened(tables: Tables) -> Tables:
    held = [(each.table, each.rows) for each in tables.parts]
    parts = zip(tables.parts, trimmed(held), strict=True)
    return replace(tables, parts=tuple(Part(table, rows, old.silent, apart) for old, (table, rows, apart) in parts))


def _laid(block: Block) -> Laid:
    match block:
        case Narrative(text=None):
            return Unwritten(block.role, (block,))
        case Table() if _is_blank(block):
            return Nothing((block,))
        case Table() if _is_line(block):
            return Single(block, tuple(_in_a_line(block)))
        case Table() if _is_few_answers(part := _part(block)):
            told = tuple((called(row), row.cells[1]) for row in part.rows if isinstance(row.cells[1], Figure))
            return Single(block, told, part.silent, tuple(_first_alone(row) for row in part.rows))
        case Table():
            return Tables((_part(block),), block)
    return block


def _in_a_line(table: Table) -> Iterator[tuple[str, Figure]]:
    """The figures of the one row, under the heads; one alone that stands for something, under what it stands for."""
    (row,) = table.rows
    figures = [cell for cell in row.cells if isinstance(cell, Figure)]
    if _stands_for_all(table):
        yield from zip((each.title for each in table.columns), figures, strict=True)
    else:
        yield called(row), figures[-1]


def _first_alone(row: Row) -> Row:
    return row.model_copy(update={"cells": row.cells[:1]})


def _joined(before: Laid, new: Laid) -> Laid | None:
    """Both as one; None where each stands for itself."""
    match before, new:
        case Nothing(), Nothing():
            return Nothing((*before.tables, *new.tables))
        case Unwritten(), Unwritten() if before.role == new.role:
            return Unwritten(before.role, (*before.narratives, *new.narratives))
        case Tables(), Tables() if _heads(before.table) == _heads(new.table) and not _draws(before.table, new.table):
            return Tables((*before.parts, *new.parts), before.drawn)
    return None


def _heads(table: Table) -> tuple[object, ...]:
    return table.columns, table.note


def _draws(*tables: Table) -> bool:
    return any(chart(each) is not None for each in tables)


def _is_blank(table: Table) -> bool:
    figures = any(isinstance(cell, Figure) for row in table.rows for cell in row.cells)
    bare = not table.rows or not table.columns
    return bare or (figures and not any(_says(cell) for row in table.rows for cell in row.cells))


def _is_line(table: Table) -> bool:
    """Whether it is one row of figures: of all, or one figure of what the row stands for."""
    return (
        len(table.rows) == 1
        and not table.rows[0].names
        and all(isinstance(cell, Figure) for cell in table.rows[0].cells)
        and (_stands_for_all(table) or len(table.columns) == 1)
        and not _draws(table)
    )


def _stands_for_all(table: Table) -> bool:
    return not table.stub or table.rows[0].total or table.rows[0].title == TOTAL


def _is_few_answers(part: Part) -> bool:
    """Whether each row is a count with its share, and all of them fit into a line."""
    return (
        doubled(part.table)
        and len(part.rows) <= ANSWERS
        and sum(len(row.title) for row in part.rows) <= LETTERS
        and not any(row.total or row.names for row in part.rows)
        and not _draws(part.table)
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
    return f"{_lead(figures, otherwise='Nothing to show')}: {'; '.join(map(_named, _by_themselves(nothing.tables)))}"


def _by_themselves(tables: Iterable[Table]) -> Iterator[Table]:
    """Those that are not a part of the one before, such as the answers to the questions of a register."""
    whole: Table | None = None
    for table in tables:
        if whole is None or not table.key.startswith(f"{whole.key}."):
            whole = table
            yield table


def _lead(figures: Iterable[Figure], *, otherwise: str) -> str:
    values = [each.value for each in figures]
    return "No figure is recorded" if values and all(each is None for each in values) else otherwise


def _named(table: Table) -> str:
    return f"{table.title} ({table.note})" if is_standard(table.note) else table.title
