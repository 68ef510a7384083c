"""Dates of bare numbers as text: a column is judged as a whole, and what cannot be judged is said or refused."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.errors import Refused
from services.cases.csv_file import open_plain
from services.cases.orders import way_of
from services.cases.reading import Finding
from services.cases.workbook import open_workbook
from tests.services.cases.books import HEADINGS, Read, sheet, write_book

TWO_WAY = "03/04/2025"


def need(*starts: Any) -> list[Sequence[Any]]:
    """A list of children in need who are 1, 2, 3 …, with these starts."""
    rows = [[number, None, None, start, None, "T-1", "P-1"] for number, start in enumerate(starts, start=1)]
    return [HEADINGS["need"], *rows]


def starts(read: Read) -> list[date | None]:
    return [read.cases[number].open_since for number in sorted(read.cases)]


def remarks(read: Read) -> list[Finding]:
    return [each for each in read.findings if each.row is None]


@pytest.mark.parametrize(
    ("cell", "way"),
    [
        *((TWO_WAY, "either"), ("3-4-25", "either"), ("03.04.2025 10:15", "either")),
        *(("25/04/2025", "day"), ("29/02/2024", "day"), ("04/25/2025", "month"), ("2/29/24 9:05 AM", "month")),
        *(("05/05/2025", None), ("2025-04-03", None), ("3 Apr 2025", None), ("13/13/2025", None), ("02/29/2025", None)),
        *(("#N/A", None), ("", None), (date(2025, 4, 3), None), (45000, None), ("1/2/325", None)),
    ],
)
def test_what_can_stand_first(cell: Any, way: str | None) -> None:
    """Only a date of bare numbers as text has a way round, and only where its two ways are different days."""
    assert way_of(cell) == way


@pytest.mark.parametrize("last", ["04/25/2025", "4-25-25"])
def test_the_month_first(last: str) -> None:
    """One date that can only be meant so turns every other of its column, whichever row it stands in; it is said."""
    read = Read([sheet("List 6", need(TWO_WAY, "05/05/2025", date(2025, 4, 3), "2025-04-03", last))])
    april = date(2025, 4, 3)
    assert starts(read) == [date(2025, 3, 4), date(2025, 5, 5), april, april, date(2025, 4, 25)]
    (said,) = remarks(read)
    assert (said.sheet, said.column[0], said.lost) == ("List 6", "D", "nothing")
    assert "the month before the day" in said.reason


def test_the_day_first() -> None:
    """Where a date shows that the day stands first, nothing needs to be said."""
    read = Read([sheet("List 6", need(TWO_WAY, "25/04/2025"))])
    assert (starts(read), read.findings) == ([date(2025, 4, 3), date(2025, 4, 25)], [])


def test_nobody_can_tell() -> None:
    """Where every date can be meant both ways it is read as England does, and said once with their number."""
    read = Read([sheet("List 6", need(TWO_WAY, "05/06/2025", "05/05/2025", None))])
    assert starts(read)[:2] == [date(2025, 4, 3), date(2025, 6, 5)]
    (said,) = read.findings
    assert said.reason.startswith("2 dates could be meant either way")
    assert (said.column[0], said.lost) == ("D", "nothing")


def test_both_ways() -> None:
    """A column that contradicts itself is refused with its name and a row of each kind."""
    with pytest.raises(Refused, match=r"List 6, column D .*: row 4 puts the day first and row 3 the month"):
        Read([sheet("List 6", need(TWO_WAY, "04/25/2025", "25/04/2025"))])


def test_each_column_by_itself() -> None:
    """What one column shows says nothing of another one, nor of the same column of another sheet."""
    rows = [HEADINGS["need"], [1, None, "03/04/2015", "04/25/2025", None, "T-1", "P-1"]]
    read = Read([sheet("List 6", rows), sheet("List 7", [HEADINGS["plans"], *need(TWO_WAY)[1:]])])
    assert sorted((each.sheet, each.column[0]) for each in remarks(read)) == [
        ("List 6", "C"),
        ("List 6", "D"),
        ("List 7", "D"),
    ]
    assert read.cases["1"].age == 10
    assert read.cases["1"].open_since == date(2025, 4, 3)


def test_rows_about_nobody() -> None:
    """A row that is about no child, such as a note below the list, decides nothing."""
    read = Read([sheet("List 6", [*need(TWO_WAY), [None, None, None, "04/25/2025"]])])
    assert starts(read) == [date(2025, 4, 3)]


def test_files_of_both_kinds(tmp_path: Path) -> None:
    """A workbook and a CSV are gone through twice from their first row; hidden rows are still counted once."""
    book = write_book(tmp_path / "book.xlsx", {"List 6": need(TWO_WAY, "04/25/2025")})
    with open_workbook(book) as sheets:
        assert starts(Read(sheets)) == [date(2025, 3, 4), date(2025, 4, 25)]
    plain = tmp_path / "list.csv"
    plain.write_text(f"Child number,Open since\n1,{TWO_WAY}\n,04/25/2025,\n2,04/25/2025\n")
    with open_plain(plain) as sheets:
        assert starts(Read(sheets)) == [date(2025, 3, 4), date(2025, 4, 25)]
