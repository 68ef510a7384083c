"""The copy of a report for boards: nobody can be told from a small number in it, nor from what adds up to one."""

from collections.abc import Iterator, Sequence

from workers.reports.counted import Counted, Place
from workers.reports.page import Block, Cell, Cited, Figure, Narrative, Note, Report, Section, Table, Words

LEFT_OUT = "left out"
"""Stands where a name stood."""

MARK = "c"
"""Stands where a number is hidden."""


def suppressed(report: Report, threshold: int) -> Report:
    """The copy for boards: what it hides is not in it at all, and its first note says what it is.

    Hidden are the numbers from 1 to `threshold`, each share or mean of which a part is so small, and as many others as
    would give one of these away: by a total, a share beside its whole, or the same number in another place. Names are
    left out, each row that stands for one record, and the note of a table that hides something. A suppressed copy is
    given back as it is.
    """
    if report.copy_ == "suppressed":
        return report
    counted = Counted()
    sections = tuple(_without_rows(section) for section in report.sections)
    for section, block in _blocks(sections):
        if isinstance(block, Table):
            counted.take(section.key, block)
    gone = counted.gone(threshold)
    return report.model_copy(
        update={
            "copy_": "suppressed",
            "notes": (Note(text=what_it_is(threshold)), *report.notes),
            "sections": tuple(
                section.model_copy(update={"blocks": tuple(_covered(section, block, gone) for block in section.blocks)})
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


def _covered(section: Section, block: Block, gone: frozenset[Place]) -> Block:
    match block:
        case Table():
            rows = tuple(
                row.model_copy(
                    update={
                        "cells": tuple(
                            _cell(cell, hide=(section.key, block.key, down, across) in gone)
                            for across, cell in enumerate(row.cells)
                        )
                    }
                )
                for down, row in enumerate(block.rows)
            )
            told = block.note if not any(where[:2] == (section.key, block.key) for where in gone) else ""
            return block.model_copy(update={"rows": rows, "note": told})
        case Narrative():
            return block.model_copy(update={"written_by": None})
    return block


def _cell(cell: Cell, *, hide: bool) -> Cell:
    match cell:
        case Words(names=True):
            return Words(text=LEFT_OUT)
        case Cited():
            return Words(text=cell.text)
        case Figure() if hide and cell.value == 0:
            return Figure(key=cell.key, unit=cell.unit, value=cell.value)
        case Figure() if hide:
            return Figure(key=cell.key, unit=cell.unit, mark=MARK)
        case Figure():
            return cell.model_copy(update={"behind": ()})
    return cell
