"""A trend: the totals of another block over the last periods, with the direction of travel."""

from collections.abc import Sequence
from dataclasses import replace

from projections.indicator_months import Better, standing
from services.obligations.periods import key_of
from services.policy.blocks.trend import Trend
from workers.reports.blocks.grades import reached
from workers.reports.counting import table
from workers.reports.material import Material
from workers.reports.page import Block, Chart, Column, Figure, Row, Table, Words

MAKES = Trend


def make(block: Trend, key: str, material: Material) -> tuple[Block, ...]:
    """A row for each period, the oldest first, and one that says how each figure moved."""
    from workers.reports.blocks import makers  # noqa: PLC0415 - the blocks are found, this one among them

    maker, year_start = makers()[type(block.line)], material.policy.calendar.year_start
    every = block.every or material.asked.every
    rows: list[Row] = []
    heads: Sequence[Column] = ()
    for back in reversed(range(block.periods)):
        asked = material.before(back, every)
        called = key_of(every, asked.period.last, year_start)
        of_then = replace(material, asked=asked)
        (made, *_) = maker(block.line, f"{key}.{called}", of_then)
        if not isinstance(made, Table) or not made.rows:
            continue
        heads = [Column(title=each.title) for each in made.columns]
        rows.append(Row(title=asked.period.in_words(), cells=made.rows[-1].cells))
    moved = Row(title="Direction", cells=tuple(_moved(block, each, rows, material) for each in range(len(heads))))
    made = table(key, block.title or "Trend", (*rows, moved), heads, stub="Period")
    return (made.model_copy(update={"chart": Chart(kind="line"), "adds_up": False}),)


def _moved(block: Trend, column: int, rows: Sequence[Row], material: Material) -> Words:
    figures = [cell for row in rows[-2:] if isinstance(cell := row.cells[column], Figure)]
    values = [each.value for each in figures if each.value is not None]
    if len(values) < 2:  # noqa: PLR2004 - a way needs two
        return Words(text="")
    before, last = values
    up = "up" if last > before else "down"
    shares = any(isinstance(each, Figure) and each.unit == "per cent" for each in rows[-1].cells)
    way = standing(_better(block, rows[-1].cells[column], material, shares=shares), last, before)
    said = {"same": "same", "better": f"better ({up})", "worse": f"worse ({up})"}.get(way, up)
    return Words(text=said, told_of=tuple(each.key for each in figures))


def _better(block: Trend, cell: object, material: Material, *, shares: bool) -> Better:
    """Which way is better: as the policy says; of a share of grades, by the end of the scale that it holds.

    Where there are shares, what the policy says is of them: of how many there were in all no way is better.
    """
    if block.better is not None:
        return block.better if not shares or (isinstance(cell, Figure) and cell.unit == "per cent") else "neither"
    line = block.line
    if line.block == "grades" and isinstance(cell, Figure) and cell.unit == "per cent":
        scale = material.policy.grades.overall if line.of == "overall" else material.policy.grades.sections
        best, worst = scale[0] in reached(line, material), scale[-1] in reached(line, material)
        return "higher" if best and not worst else "lower" if worst and not best else "neither"
    return "neither"
