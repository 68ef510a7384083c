"""The copy of a report for boards: nobody can be told from a small number in it, nor from what adds up to one."""

from collections.abc import Iterator, Sequence

from workers.reports.counted import Counted, Place
from workers.reports.page import Block, Cell, Figure, Narrative, Note, Report, Row, Section, Table, Words

LEFT_OUT = "left out"
"""Stands where a name stood."""

MARK = "c"
"""Stands where a number is hidden."""


def suppressed(report: Report, threshold: int) -> Report:
    """The copy for boards: what it hides is not in it at all, and its first note says what it is.

    Hidden are the numbers from 1 to `threshold`, each share or mean of which a part is so small, and as many others as
    would give one of these away: by a total, a share beside its whole, or the same number in another place. So is what
    is told of a hidden number: which way it went, on which side of another it lies, and its place among rows that stand
    by size. Names are left out, each row that stands for one record, and the note of a table that hides something. A
    suppressed copy is given back as it is.
    """
    if report.copy_ == "suppressed":
        return report
    counted = Counted()
    sections = tuple(_without_rows(section) for section in report.sections)
    for section, block in _blocks(sections):
        if isinstance(block, Table):
            counted.take(section.key, block)
    gone = counted.gone(threshold)
    hidden = _keys(sections, gone)
    return report.model_copy(
        update={
            "copy_": "suppressed",
            "notes": (Note(text=what_it_is(threshold)), *report.notes),
            "sections": tuple(
                section.model_copy(
                    update={"blocks": tuple(_covered(section, block, gone, hidden) for block in section.blocks)}
                )
                for section in sections
            ),
        }
    )


def what_it_is(threshold: int) -> str:
    """What a suppressed copy says of itself."""
    return (
        f"This is a suppressed copy: {MARK} stands for a number from 1 to {threshold}, and for any other number by "
        "which one of these could be worked out. Nought is shown. Names, and lists of single records, are left out."
    )


def _blocks(sections: Sequence[Section]) -> Iterator[tuple[Section, Block]]:
    return ((section, block) for section in sections for block in section.blocks)


def _without_rows(section: Section) -> Section:
    return section.model_copy(update={"blocks": tuple(_unlisted(block) for block in section.blocks)})


def _unlisted(block: Block) -> Block:
    """A block without the rows that stand for one record or one person; a table of nothing else is a note.

    What totals are left add up nothing that is seen, and a note may say how many rows there were.
    """
    if not isinstance(block, Table) or not any(row.names for row in block.rows):
        return block
    rows = tuple(row for row in block.rows if not row.names)
    if not rows:
        return Note(text=f"{block.title}: a list of single records, which is in the named copy alone.")
    left = tuple(row.model_copy(update={"total": False}) for row in rows)
    return block.model_copy(update={"rows": left, "note": ""})


def _keys(sections: Sequence[Section], gone: frozenset[Place]) -> frozenset[str]:
    """What the hidden figures are called, by the names that they had before those that are alike were numbered."""
    return frozenset(
        _unnumbered(cell.key)
        for section, block in _blocks(sections)
        if isinstance(block, Table)
        for down, row in enumerate(block.rows)
        for across, cell in enumerate(row.cells)
        if isinstance(cell, Figure) and (section.key, block.key, down, across) in gone
    )


def _unnumbered(key: str) -> str:
    return key.partition("~")[0]


def _covered(section: Section, block: Block, gone: frozenset[Place], hidden: frozenset[str]) -> Block:
    match block:
        case Table():
            rows = tuple(
                row.model_copy(
                    update={
                        "cells": tuple(
                            _cell(cell, hidden, hide=(section.key, block.key, down, across) in gone)
                            for across, cell in enumerate(row.cells)
                        )
                    }
                )
                for down, row in enumerate(block.rows)
            )
            told = block.note if not any(where[:2] == (section.key, block.key) for where in gone) else ""
            return block.model_copy(update={"rows": _in_order(rows) if block.by_size else rows, "note": told})
        case Narrative():
            return block.model_copy(update={"written_by": None})
        case Note(otherwise=said) if said:
            return Note(text=said)
    return block


def _in_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows that stand by size: those of which something is hidden after the others, by their titles, before totals."""
    hidden = [row for row in rows if not row.total and _hides(row)]
    shown = [row for row in rows if not row.total and not _hides(row)]
    totals = [row for row in rows if row.total]
    return (*shown, *sorted(hidden, key=lambda row: row.title), *totals)


def _hides(row: Row) -> bool:
    return isinstance(row.cells[0], Figure) and row.cells[0].mark is not None


def _cell(cell: Cell, hidden: frozenset[str], *, hide: bool) -> Cell:
    if isinstance(cell, Words):
        return Words(text=_text(cell, hidden))
    if not hide:
        return cell.model_copy(update={"behind": ()})
    if cell.value == 0:
        return Figure(key=cell.key, unit=cell.unit, value=cell.value)
    return Figure(key=cell.key, unit=cell.unit, mark=MARK)


def _text(words: Words, hidden: frozenset[str]) -> str:
    if words.names:
        return LEFT_OUT
    return words.otherwise if hidden.intersection(map(_unnumbered, words.told_of)) else words.text
