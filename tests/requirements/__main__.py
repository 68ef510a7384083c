"""How far the frameworks are carried: `make coverage-of-requirements`, and `--refresh` to keep the tables true."""

import argparse
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.requirements.marks import collected
from tests.requirements.table import STATUSES, TABLES, Row, counts, read, write, write_digests

WIDTH = 150


def main() -> None:
    """Print the counts, or do what the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirements", description=__doc__)
    parser.add_argument("--missing", action="store_true", help="list what is carried in part, and what is missing")
    parser.add_argument("--refresh", action="store_true", help="fill in the tests from the marks in the tests")
    parser.add_argument("--digests", type=Path, metavar="FOLDER", help="keep the hashes of the catalogues in FOLDER")
    options = parser.parse_args()
    if options.digests:
        write_digests(options.digests)
    if options.refresh:
        refresh()
    console = Console(width=WIDTH, highlight=False)
    rows = read("table")
    if options.missing:
        console.print(missing(rows))
    console.print(summary(rows))


def refresh() -> None:
    """Write the tests of every row anew, as they are marked now."""
    found = collected()
    for table in TABLES:
        write(table, [replace(row, tests=tuple(found.get(row.id, ()))) for row in read(table)])


def summary(rows: list[Row]) -> Table:
    """How many requirements of each authority have each status."""
    table = Table("authority", title="what becomes of the requirements")
    for status in (*STATUSES, "total"):
        table.add_column(status, justify="right")
    totals = [0] * (len(STATUSES) + 1)
    for authority, by_status in counts(rows):
        figures = [*by_status.values(), sum(by_status.values())]
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        table.add_row(authority, *map(str, figures))
    table.add_section()
    table.add_row("all", *map(str, totals))
    return table


def missing(rows: list[Row]) -> Table:
    """The requirements that are carried in part, with what is missing."""
    table = Table("id", "what is missing", title="carried in part")
    for row in rows:
        if row.status == "partly":
            table.add_row(row.id, row.reason)
    return table


if __name__ == "__main__":
    main()
