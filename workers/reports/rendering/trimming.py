"""Which columns of a table are set on a page, and which way round: what is left out is seen elsewhere."""

from collections.abc import Iterator, Sequence

from workers.reports.page import Cell, Cited, Column, Figure, Row, Table, Words
from workers.reports.plain import NONE, begun

DIRECTION = "Direction"

PERIODS = 7
"""So many rows of periods, with the way at the end, have room side by side."""

ALIKE = 3
"""From so many rows on a column that says the same in each of them is said once."""

COUNT_AND_SHARE = 2

Held = tuple[Table, tuple[Row, ...]]
Trimmed = tuple[Table, tuple[Row, ...], tuple[Row, ...]]
"""A table as it is set, its rows, and rows of the cells that are not shown."""


def trimmed(held: Sequence[Held]) -> list[Trimmed]:
    """Tables under the same heads as they are set, each with the rows that are shown of it."""
    held = [(table, _that_moved(rows)) for table, rows in held]
    if len(held) == 1 and _stands_better(held[0][0]):
        return [_turned(*held[0])]
    rows = [row for _, rows in held for row in rows]
    whole, count = held[0][0], len(held[0][0].columns)
    kept = [at for at in range(count) if not _says_nothing(rows, at)]
    if count == COUNT_AND_SHARE and all(doubled(table) for table, _ in held):
        kept = [at for at in kept if at]
    said = {at: _said_once(rows, at) for at in kept} if len(held) == 1 else {}
    kept = [at for at in kept if not said.get(at)]
    note = "; ".join(filter(None, (whole.note, _of_each(whole, {at: text for at, text in said.items() if text}))))
    return [_with(table, rows, kept, note) for table, rows in held]


def _that_moved(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Without the row of the ways where it says none, as where the numbers are hidden."""
    silent = bool(rows) and rows[-1].title == DIRECTION and all(_is_none(each) for each in rows[-1].cells)
    return rows[:-1] if silent else rows


def doubled(table: Table) -> bool:
    """Whether its two columns are a count and the share that it is, so that the share says both."""
    return len(table.columns) == COUNT_AND_SHARE and all(_is_share_of(*row.cells) for row in table.rows)


def _is_share_of(count: Cell, share: Cell) -> bool:
    if not isinstance(count, Figure) or not isinstance(share, Figure) or share.unit != "per cent":
        return False
    if share.mark is not None:
        return count.mark is not None
    if share.of is None:  # of a whole that is hidden
        return share.value == 0 and count.value == 0
    return share.of is not None and count.mark is None and count.value == share.among


def _says_nothing(rows: Sequence[Row], at: int) -> bool:
    cells = [row.cells[at] for row in rows]
    return bool(cells) and all(map(_is_none, cells))


def _is_none(cell: Cell) -> bool:
    return isinstance(cell, Words) and cell.text in {"", NONE}


def _said_once(rows: Sequence[Row], at: int) -> str:
    """What a column of a list says in each of its rows; nothing where they differ."""
    cells = [row.cells[at] for row in rows]
    if len(rows) < ALIKE or not all(row.names for row in rows):
        return ""
    texts = {each.text for each in cells if isinstance(each, Words) and not isinstance(each, Cited)}
    return texts.pop() if len(texts) == 1 and all(type(each) is Words for each in cells) else ""


def _of_each(table: Table, said: dict[int, str]) -> str:
    told = "; ".join(f"{begun(table.columns[at].title)}: {text}" for at, text in said.items())
    return f"in each row – {told}" if told else ""


def _with(table: Table, rows: Sequence[Row], kept: Sequence[int], note: str) -> Trimmed:
    if len(kept) == len(table.columns) or not kept:
        return table, tuple(rows), ()
    gone = [at for at in range(len(table.columns)) if at not in kept]
    less = table.model_copy(update={"columns": tuple(table.columns[at] for at in kept), "note": note})
    return less, tuple(_only(row, kept) for row in rows), tuple(_only(row, gone) for row in rows)


def _only(row: Row, kept: Sequence[int]) -> Row:
    return row.model_copy(update={"cells": tuple(row.cells[at] for at in kept)})


def _stands_better(table: Table) -> bool:
    """Whether its rows are periods, and more than its columns."""
    moves = bool(table.rows) and table.rows[-1].title == DIRECTION
    return moves and len(table.columns) < len(table.rows) <= PERIODS


def _turned(table: Table, rows: Sequence[Row]) -> Trimmed:
    """Each period as a column."""
    heads = tuple(Column(title=row.title) for row in rows)
    turned = tuple(Row(title=column.title, cells=cells) for column, cells in _columns(table, rows))
    return table.model_copy(update={"columns": heads, "stub": "", "rows": turned}), turned, ()


def _columns(table: Table, rows: Sequence[Row]) -> Iterator[tuple[Column, tuple[Cell, ...]]]:
    return ((column, tuple(row.cells[at] for row in rows)) for at, column in enumerate(table.columns))
