"""Whoever has a suppressed copy and reckons exactly finds nothing that it hides."""

from collections.abc import Iterator, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.attacker import puzzle
from tests.reports.tables import report, table
from workers.reports.page import Behind, Cell, Figure, Report, Table
from workers.reports.suppression import suppressed

NUMBERS = st.integers(min_value=0, max_value=11)
GRIDS = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=3)
)


def repeating(grid: Sequence[Sequence[int]]) -> tuple[Table, dict[str, str]]:
    """The columns' sums of a table once more, in another with a total, each known by its records."""
    sums = [sum(column) for column in zip(*grid, strict=True)]
    again = table("again", [sums], column_totals=False)
    return again, {f"again/0/{across}": f"first/{len(grid)}/{across}" for across in range(len(sums))}


def truth(made: Report, same: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for figure in made.figures():
        if figure.unit == "count" and figure.value is not None:
            yield same.get(figure.key, figure.key), int(figure.value)


def with_records(table: Table, same: Mapping[str, str]) -> Table:
    """Each count with its records behind it: the same ones where it repeats another."""
    rows = []
    for row in table.rows:
        cells: list[Cell] = []
        for cell in row.cells:
            assert isinstance(cell, Figure)
            name = same.get(cell.key, cell.key)
            behind = tuple(Behind(about=f"{name}/{each}") for each in range(int(cell.value or 0)))
            cells.append(cell.model_copy(update={"behind": behind}) if cell.unit == "count" else cell)
        rows.append(row.model_copy(update={"cells": tuple(cells)}))
    return table.model_copy(update={"rows": tuple(rows)})


@settings(max_examples=100, deadline=None)
@given(grid=GRIDS, rows=st.booleans(), columns=st.booleans(), shares=st.booleans(), threshold=st.integers(1, 5))
def test_nothing_hidden_can_be_worked_out(
    grid: list[list[int]],
    rows: bool,  # noqa: FBT001  drawn
    columns: bool,  # noqa: FBT001
    shares: bool,  # noqa: FBT001
    threshold: int,
) -> None:
    """Whoever has the copy, and reckons exactly, finds at least two numbers for each that is hidden."""
    first = table("first", grid, row_totals=rows, column_totals=columns, shares=shares)
    same = {
        f"first/{down}/{name}": "+".join(f"first/{down}/{across}" for across in range(many))
        for down in range(len(first.rows))
        for name, many in [("one.among", 1), ("two.among", 2), ("one.of", len(grid[0])), ("two.of", len(grid[0]))]
    }
    blocks = [first]
    if columns:
        again, repeats = repeating(grid)
        blocks.append(again)
        same |= repeats
    made = report(*(with_records(each, same) for each in blocks))
    copy = suppressed(made, threshold)
    known = dict(truth(made, same))
    attack = puzzle(copy, same)
    for figure in copy.figures():
        name = same.get(figure.key, figure.key)
        if figure.unit == "count" and figure.mark is None:
            assert not 1 <= known[name] <= threshold, "a small number is shown"
        elif figure.unit == "count":
            assert attack.could_be(name, known[name]), "the attacker reckons wrongly"
            assert attack.another(name, known[name]) is not None, f"{name} is given away"
        if figure.unit == "per cent" and figure.among is not None and figure.of is not None:
            assert not any(1 <= part <= threshold for part in (figure.among, figure.of, figure.of - figure.among))


def test_whoever_sees_a_total_finds_what_it_gives_away() -> None:
    """The attack itself works: with one number hidden beside its total, it is found."""
    made = table("t", [[3, 9, 20]], column_totals=False)
    cells = (Figure(key="t/0/0", mark="c"), *made.rows[0].cells[1:])
    given_away = report(made.model_copy(update={"rows": (made.rows[0].model_copy(update={"cells": cells}),)}))
    attack = puzzle(given_away, {})
    assert attack.could_be("t/0/0", 3)
    assert attack.another("t/0/0", 3) is None
