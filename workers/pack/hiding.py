"""The pages of a suppressed copy, hidden together: no page gives away what another one hides."""

from collections.abc import Sequence

from workers.reports.page import Block, Cell, Figure, Report, Section, Table
from workers.reports.suppression import suppressed


def hide(pages: Sequence[Report], threshold: int) -> list[Report]:
    """The same pages without small numbers, names and rows of one record each, as one report would hide them."""
    if not pages:
        return []
    sections = tuple(_placed(section, number) for number, page in enumerate(pages) for section in page.sections)
    whole = suppressed(pages[0].model_copy(update={"copy_": "named", "sections": sections}), threshold)
    left = {section.key: section for section in whole.sections}
    return [
        page.model_copy(
            update={
                "copy_": "suppressed",
                "notes": whole.notes,
                "sections": tuple(left[f"{number}.{section.key}"] for section in page.sections),
            }
        )
        for number, page in enumerate(pages)
    ]


def _placed(section: Section, number: int) -> Section:
    """The section under keys that no other page has."""
    blocks = tuple(_block(block, number) for block in section.blocks)
    return section.model_copy(update={"key": f"{number}.{section.key}", "blocks": blocks})


def _block(block: Block, number: int) -> Block:
    if not isinstance(block, Table):
        return block
    rows = tuple(
        row.model_copy(update={"cells": tuple(_cell(cell, number) for cell in row.cells)}) for row in block.rows
    )
    return block.model_copy(update={"rows": rows})


def _cell(cell: Cell, number: int) -> Cell:
    return cell.model_copy(update={"key": f"{number}.{cell.key}"}) if isinstance(cell, Figure) else cell
