"""A table of ours is laid out as the library's own is, letter by letter, and needs none of it."""

import io
from operator import itemgetter
from random import Random

import pytest
from rich import box
from rich.table import Table
from rich.text import Text

from workers.cli.screens import Screen
from workers.cli.tables import _widths, print_table, words

LETTERS = "abcdefg hij – é 漢字 😀 [bold] /x- 12\n\t"


def _cell(dice: Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(dice.choice([0, 1, 5, 12, 40, 120])))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_table_is_laid_out_as_the_library_does_it(width: int) -> None:
    """Headings at the foot, long texts folded, letters of two columns: the same lines as of the same widths there."""
    dice = Random(width)  # noqa: S311 - texts of a test
    for columns in range(1, 10):
        rows = [[_cell(dice) for _ in range(columns)] for _ in range(5)]
        heads = ["a heading of some length"[: dice.randint(2, 24)] for _ in range(columns)]
        ours, theirs = (Screen(file=io.StringIO(), width=width) for _ in range(2))
        print_table(ours, "title", [(head, itemgetter(at)) for at, head in enumerate(heads)], rows)
        shown = [[words(cell) for cell in row] for row in rows]
        widths = _widths([(head, *cells) for head, cells in zip(heads, zip(*shown, strict=True), strict=True)], width)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        for head, each in zip(heads, widths, strict=True):
            table.add_column(head, width=each, overflow="fold")
        for row in shown:
            table.add_row(*map(Text, row))
        theirs.print("title")
        theirs.print(table)
        assert ours.file.getvalue() == theirs.file.getvalue()  # type: ignore[attr-defined] # they are in memory
