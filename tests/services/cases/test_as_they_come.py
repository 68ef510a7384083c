"""Files as councils hand them in: other words, other encodings, hidden rows, numbers that lost their zeros."""

from pathlib import Path

import openpyxl
import pytest

from events.errors import Refused
from services.cases.csv_file import open_plain
from services.cases.headings import MEANINGS
from services.cases.lists import of_title, plain_words
from services.cases.own import Own, own_words
from services.cases.reading import Finding
from services.cases.workbook import open_workbook
from tests.services.cases.books import HEADINGS, Read, Taking, sheet, write_book

NEED = [HEADINGS["need"], [7, "Male", None, "1 Feb 2025", None, "T-1", "P-1"]]


@pytest.mark.parametrize(
    "heading",
    [
        *("ChildID", "Child ID", "Person ID", "PersonID", "ICS ID", "ICS No", "Mosaic ID", "MosaicID", "Eclipse ID"),
        *("LCS Number", "Liquidlogic ID", "Client No.", "Young Person ID", "Service User ID", "CareFirst Number"),
    ],
)
def test_headings_of_the_number(heading: str) -> None:
    """What the systems of social care call a child's number is known."""
    assert MEANINGS["number"].fullmatch(plain_words(heading))


@pytest.mark.parametrize("heading", ["UPN", "Unique Pupil Number UPN", "NHS Number", "Family identifier", "Team ID"])
def test_other_numbers(heading: str) -> None:
    """A number of school or health is not the one by which social care knows the child: not every child has one."""
    assert not MEANINGS["number"].fullmatch(plain_words(heading))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        *(("CiC", "children cared for"), ("EH", "early help"), ("6 month contacts", "contacts")),
        *(("12 months referrals", "referrals"), ("6 CIN", "children in need"), ("List 6", "children in need")),
    ],
)
def test_titles(title: str, name: str) -> None:
    """Short names of lists are known, and a span of time is no number of a list."""
    assert getattr(of_title(title), "name", None) == name


def test_a_sheet_of_children_that_is_skipped() -> None:
    """A sheet that holds children and is not read is told from one that does not."""
    read = Read([sheet("Kids", NEED), sheet("Notes", [["to do"]]), sheet("CIN", NEED, hidden=True), sheet("CPP", NEED)])
    assert {each.sheet: each.lost for each in read.findings if each.row is None and not each.column} == {
        "Kids": "sheet of children",
        "Notes": "sheet",
        "CIN": "sheet of children",
    }


def test_words_of_the_users_own() -> None:
    """A tab and a heading that nobody else uses are read as the user says."""
    own = own_words(["Our kids = children looked after"], ["Our Ref=child number", "Locality=team"])
    read = Read([sheet("OUR KIDS", [["Our ref", "locality"], ["7", "T-1"]])], own=own)
    assert (read.cases["7"].lists, read.cases["7"].team) == (("children cared for",), "T-1")
    assert own.named() == own_words(["Our kids=cla"], ["Locality=team", "Our Ref=Child ID"]).named() != Own().named()


@pytest.mark.parametrize(
    ("tabs", "headings", "reason"),
    [
        (["Kids=fun"], [], "tab: 'fun' is not a list of Annex A; known: adoption"),
        (["Kids"], [], "tab: 'Kids' says nothing"),
        ([], ["Our Ref=shoe size"], "heading: 'shoe size' is nothing that is read; known: child number"),
    ],
)
def test_words_that_say_nothing(tabs: list[str], headings: list[str], reason: str) -> None:
    """What a tab or a heading is said to mean must be something that is read."""
    with pytest.raises(Refused, match=reason):
        own_words(tabs, headings)


def test_hidden_rows(tmp_path: Path) -> None:
    """Rows that a filter or a person has hidden are read like the others, and said with their number and sheet."""
    file = write_book(tmp_path / "book.xlsx", {"List 6": [*NEED, *([each] for each in (8, 9, 10))]})
    book = openpyxl.load_workbook(file)
    for row in (3, 5):
        book["List 6"].row_dimensions[row].hidden = True
    book.save(file)
    with open_workbook(file) as sheets:
        read = Read(sheets)
    assert set(read.cases) == {"7", "8", "9", "10"}
    said = [each for each in read.findings if each.lost == "nothing"]
    assert said == [
        Finding("List 6", 3, "", "2 rows are hidden or filtered out; they were read like the others", "nothing")
    ]


def test_numbers_that_lost_their_zeros() -> None:
    """A number with and without zeros in front is one child's, and said; two children under it are both left out."""
    need, plans = HEADINGS["need"], HEADINGS["plans"]
    read = Read([sheet("CIN", [need, ["0123", "Male"]]), sheet("CPP", [plans, [123, "Male"], ["00123"], [1230]])])
    assert {each: read.cases[each].lists for each in read.cases} == {
        "0123": ("child protection plans", "children in need"),
        "1230": ("child protection plans",),
    }
    assert [(each.sheet, each.row) for each in read.findings if each.lost == "nothing"] == [("CPP", 2)]
    two = Read([sheet("CIN", [need, ["0123", "Male"]]), sheet("CPP", [plans, [123, "Female"]])])
    assert (two.cases, two.left_out) == ({}, 2)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("mark", ["|", "\t"])
def test_other_plain_files(encoding: str, mark: str, tmp_path: Path) -> None:
    """A file in UTF-16, as spreadsheets save Unicode text, is read, and one between upright strokes."""
    file = tmp_path / "list.txt"
    file.write_bytes("Child ID|Team|Age\n7|Équipe|9\n8||\n".replace("|", mark).encode(encoding))
    with open_plain(file) as sheets:
        read = Read(sheets)
    assert (set(read.cases), read.cases["7"].age, read.findings) == ({"7", "8"}, 9, [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,Canary, Jane,T-1,North", "5 cells under 4 headings, the first too many is E"),
        ("7,Canary", "2 cells under 4 headings, the first that is missing is C"),
    ],
)
def test_rows_whose_columns_moved(row: str, reason: str, tmp_path: Path) -> None:
    """A row of a CSV that is wider or narrower than its headings is left out, with the column from which it differs."""
    file = tmp_path / "list.csv"
    file.write_text(f"Child ID,Worker,Team,Service\n{row}\n8,P-1,T-1,North\n")
    taking = Taking()
    report = taking.take(file)
    assert (report.taken, report.left_out) == (1, 1)
    ((sheet_title, number, _, said, lost, _),) = report.kept
    assert (sheet_title, number, lost, said.startswith(reason)) == ("csv", 2, "row", True)
