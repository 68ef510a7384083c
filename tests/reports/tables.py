"""Reports of a few numbers, as the tests of suppression need them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workers.reports.page import Behind, Block, Cell, Column, Figure, Report, Row, Section, Table

THRESHOLD = 5


def report(*blocks: Block) -> Report:
    return Report(
        authority="torbay",
        name="monthly",
        title="Monthly report",
        source=("TOR-1",),
        made_by="qa_lead",
        audience=("board",),
        first=date(2026, 3, 1),
        last=date(2026, 3, 31),
        policy_version="1",
        position=7,
        sections=(Section(key="all", title="All", blocks=blocks),),
    )


def count(key: str, value: int, behind: Sequence[str] = ()) -> Figure:
    return Figure(key=key, value=Decimal(value), behind=tuple(Behind(about=each, positions=(1,)) for each in behind))


def share(key: str, among: int, of: int) -> Figure:
    value = Decimal(100 * among) / of if of else None
    return Figure(key=key, value=value, unit="per cent", among=among, of=of)


def table(
    key: str,
    numbers: Sequence[Sequence[int]],
    *,
    row_totals: bool = True,
    column_totals: bool = True,
    shares: bool = False,
) -> Table:
    """Counts with their totals, and beside each row the shares of its first number and of its first two."""
    rows = [[*row, *([sum(row)] if row_totals else [])] for row in numbers]
    if column_totals:
        rows.append([sum(column) for column in zip(*rows, strict=True)])
    width = len(numbers[0])
    columns = [Column(title=f"c{across}") for across in range(width)]
    columns += [Column(title="all", total=True)] * row_totals + [Column(title="%")] * 2 * shares
    made = []
    for down, row in enumerate(rows):
        cells: list[Cell] = [count(f"{key}/{down}/{across}", value) for across, value in enumerate(row)]
        if shares:
            of = sum(row[:width])
            cells += [share(f"{key}/{down}/one", row[0], of), share(f"{key}/{down}/two", row[0] + row[1], of)]
        made.append(Row(title=f"r{down}", cells=tuple(cells), total=down == len(numbers)))
    return Table(key=key, title=key, columns=tuple(columns), rows=tuple(made), adds_up=True)
