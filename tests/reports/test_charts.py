"""What of a table is drawn, and when nothing is."""

import re
from decimal import Decimal

import pytest

from tests.reports.tables import count, share
from workers.reports.page import Chart, Column, Figure, Row, Table
from workers.reports.rendering.charts import LETTER, chart
from workers.reports.rendering.drawn import drawn


def table(kind: str, *rows: tuple[int, int, int]) -> Table:
    """Returned, good, and the share of good among the returned, by month."""
    made = tuple(
        Row(title=f"m{at}", cells=(count(f"{at}.r", of), count(f"{at}.g", good), share(f"{at}.s", among, of)))
        for at, (of, good, among) in enumerate(rows)
    )
    heads = (Column(title="Returned"), Column(title="Good"), Column(title="Share"))
    drawn_as = Chart.model_validate({"kind": kind})
    return Table(key="t", title="T", columns=heads, rows=made, chart=drawn_as)


def test_a_line_draws_shares() -> None:
    """Where a table has shares its line is of them, up to all; bars are of what was counted."""
    months = ((20, 10, 10), (30, 10, 10), (40, 10, 10))
    assert [title for title, _ in drawn(table("line", *months)).series] == ["Share"]
    assert [title for title, _ in drawn(table("bars", *months)).series] == ["Returned", "Good"]
    assert ">100%<" in str(chart(table("line", *months)))


@pytest.mark.parametrize(
    "nothing",
    [
        table("line", (20, 10, 10)),
        table("line", (20, 0, 5), (20, 3, 5), (0, 0, 0)),
        table("bars", (3, 0, 0), (0, 0, 0)),
        table("bars", (3, 2, 1), (3, 2, 1), (3, 2, 1)),
        table("stacked bars", (3, 2, 1), (4, 2, 1)),
        table("stacked bars", (2, 1, 1), (1, 0, 0), (3, 1, 1)),
    ],
)
def test_a_drawing_of_next_to_nothing(nothing: Table) -> None:
    """A line of two points, and bars that are alike, short or two, say no more than the table: none is drawn."""
    assert chart(nothing) is None


def test_a_stack_that_lacks_a_part_is_no_stack() -> None:
    """Where most of them hide a part they would be as long as what is shown: the table says it. One of three may."""
    stacks = table("stacked bars", (6, 2, 1), (9, 3, 1), (12, 4, 1), (15, 5, 1))
    few, most = (
        stacks.model_copy(
            update={"rows": tuple(hiding(row) if at < many else row for at, row in enumerate(stacks.rows))}
        )
        for many in (1, 3)
    )
    assert chart(few) is not None
    assert chart(most) is None


def hiding(row: Row) -> Row:
    return row.model_copy(update={"cells": (row.cells[0], Figure(key="h", mark="c"), *row.cells[2:])})


def test_a_value_stands_clear_of_the_axis() -> None:
    """What is written above the first point of a line does not run into the numbers of the axis."""
    text = str(chart(table("line", (16, 10, 10), (30, 10, 10), (40, 10, 10))))
    axis = max(float(each.split('"')[0]) for each in text.split('<text x="')[1:] if 'text-anchor="end"' in each)
    first = next(each for each in text.split('<text x="')[1:] if "62.5%" in each)
    assert float(first.split('"')[0]) - len("62.5%") * LETTER / 2 >= axis


@pytest.mark.parametrize(("most", "top"), [(1, "1"), (3, "3"), (21, "25"), (41, "50"), (100, "100"), (101, "150")])
def test_the_axis_ends_at_a_round_number(most: int, top: str) -> None:
    """Lines of the axis stand at whole numbers, the last of them not far above the largest value."""
    rows = tuple(Row(title=str(at), cells=(count(str(at), at),)) for at in (0, 0, most))
    text = str(chart(Table(key="t", title="T", columns=(Column(title="N"),), rows=rows, chart=Chart(kind="line"))))
    ticks = [each.split("<")[0] for each in text.split('text-anchor="end"')[1:]]
    assert [each.rpartition(">")[2] for each in ticks][-1] == top
    assert all(Decimal(each.rpartition(">")[2]) % 1 == 0 for each in ticks)


def test_rows_without_anything_are_no_bars() -> None:
    """A hidden number is something, and keeps its place."""
    bars = table("bars", (4, 2, 2), (0, 0, 0), (3, 1, 1))
    hidden = Row(title="hidden", cells=tuple(Figure(key=f"h{at}", mark="c") for at in range(3)))
    assert drawn(bars.model_copy(update={"rows": (*bars.rows, hidden)})).axis == ("m0", "m2", "Hidden")


def test_a_value_is_clear_of_the_line() -> None:
    """It stands over its point, and under one to which the line comes down."""
    text = str(chart(table("line", (20, 0, 10), (20, 0, 1), (20, 0, 9), (20, 0, 19))))
    points = [float(each) for each in re.findall(r"translate\([0-9]+\.[0-9] ([0-9.]+)\)", text)]
    said = [float(y) for y in re.findall(r'y="([0-9.]+)" text-anchor="middle" fill="[^"]*">[0-9]+%<', text)]
    assert [y > point for y, point in zip(said, points, strict=True)] == [False, True, False, False]
