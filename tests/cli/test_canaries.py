"""Marked names in every column of every kind of list: no file that is left holds one, and nothing that was printed."""

import csv
import logging
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.cases.lists import LISTS
from tests.cli.council import Council, staffed
from tests.cli.program import Said
from tests.cli.test_erasing import council, find  # noqa: F401 - a fixture
from tests.services.cases.books import write_book

COLUMNS = (
    *("Child Unique ID", "Child's name", "Gender", "Date of Birth", "Age", "Ethnicity", "Lists", "Service", "Strand"),
    *("Allocated Team", "Allocated Worker", "CIN Start Date", "CIN Closure Date", "Open since", "Closed", "Postcode"),
    *("Child Protection Plan Start Date", "Date Started to be Looked After", "Date of Contact", "Date of Referral"),
)
"""Every heading that is read, under one name or another, and some that are not."""

SHEETS = ("List 1", "List 2", "List 3", "List 4", "List 5", "List 6", "List 7", "List 8", "List 9", "List 10", "Kids")

NUMBERS = 99_000_000_000_000
"""So long that no hash and no instant holds such digits by chance: with seven of them one did."""


class Canaries:
    """Names that are nobody's, each different, so that one that got through says where it stood."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.names: list[str] = []

    def name(self, where: str) -> str:
        self.names.append(f"Canary{next(self._numbers)}x")
        return f"{self.names[-1]}{where}" if where else self.names[-1]

    def rows(self, first: int) -> list[list[Any]]:
        """A good row for each column with a name in it, one of names alone, and one with numbers in wrong places."""
        rows = []
        for place in range(len(COLUMNS)):
            row: list[Any] = [None] * len(COLUMNS)
            row[0] = first + place
            row[place] = self.name("")
            rows.append(row)
        rows.append([self.name("") for _ in COLUMNS])
        rows.append([first + 90, *(f"{NUMBERS + first + place}" for place in range(1, len(COLUMNS)))])
        self.names += [f"{NUMBERS + first + place}" for place in range(1, len(COLUMNS))]
        return rows


def take(council: Council, file: Path, *more: str) -> Said:  # noqa: F811 - the fixture
    arguments = ("cases", "import", str(file), "--authority", "torbay", "--as-of", "2026-03-31", *more)
    return staffed(council).program.run(*arguments)


def nothing_got_out(council: Council, names: list[str], printed: str) -> None:  # noqa: F811 - the fixture
    left = [name for name in names if find(council.system.settings.data, name.encode())]
    assert left == []
    assert [name for name in names if name in printed] == []


def test_a_workbook(council: Council, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    """Every sheet of Annex A and one that is none, with a name in each column in turn."""
    caplog.set_level(logging.DEBUG)
    canaries = Canaries()
    assert len(SHEETS) > len(LISTS)
    sheets = {title: [COLUMNS, *canaries.rows(number * 100)] for number, title in enumerate(SHEETS, start=1)}
    file = write_book(tmp_path / "book.xlsx", sheets, hidden=["List 3"])
    report = tmp_path / "report.csv"
    said = take(council, file, "--report", str(report))
    assert said.code == 1
    council.know("case-lists")
    shown = council.program.run("cases", "show", "torbay")
    assert shown.code == 0
    printed = said.out + said.err + shown.out + shown.err + caplog.text + report.read_text()
    nothing_got_out(council, canaries.names, printed)


@pytest.mark.parametrize("mark", [",", ";", "|"])
def test_a_plain_list(mark: str, council: Council, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    """The same in one list, with a name in two parts that moves the columns, and rows that are too short."""
    canaries = Canaries()
    file = tmp_path / "list.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened, delimiter=mark)
        rows.writerow(COLUMNS)
        rows.writerows(canaries.rows(100))
    good = ["7", *[""] * (len(COLUMNS) - 1)]
    moved = [mark.join(["8", canaries.name(f"{mark}{canaries.name('')}"), *good[2:]]) for _ in range(3)]
    short = [mark.join(["9", *(canaries.name("") for _ in range(length))]) for length in range(1, len(COLUMNS) - 1)]
    with file.open("a") as opened:
        opened.write("\n".join([mark.join(good), *moved, *short]) + "\n")
    said = take(council, file, "--json")
    assert said.code == 1
    assert said.json["taken"] >= len(COLUMNS) - 1
    assert said.json["left_out"] >= len(moved) + len(short)
    council.know("case-lists")
    shown = council.program.run("cases", "show", "torbay", "--json")
    nothing_got_out(council, canaries.names, said.out + said.err + shown.out)
