"""Sheets of Annex A: headings in any dress, one case for each child, and everything else named with its place."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.errors import Refused
from services.cases.lists import LISTS
from services.cases.refs import Refs, read_refs
from services.cases.workbook import open_workbook
from tests.services.cases.books import AS_OF, HEADINGS, SAMPLE, Read, plain_name, sheet, write_book

BORN = date(2015, 5, 5)
TEAM, WORKER = "Locality 4\xa0Team", "Some\xa0Body"


def test_one_case_of_many_rows() -> None:
    """A child on three lists is one case: team and worker of the most intensive open one, open since the earliest."""
    read = Read(
        [
            sheet("List 3", [HEADINGS["referrals"], ["7", "Male", BORN, date(2026, 3, 1), "T-9", "P-9"]]),
            sheet("List 6", [HEADINGS["need"], [7, "a) Male", BORN, "1 Feb 2025", None, "T-1", "P-1"]]),
            sheet("List 7", [HEADINGS["plans"], [7.0, "M", "5/5/15", date(2025, 9, 1), None, "T-2", "P-2"]]),
            sheet("List 8", [HEADINGS["care"], ["7 ", "", None, date(2024, 1, 1), date(2024, 6, 1), "T-3", "P-3"]]),
        ]
    )
    assert read.findings == []
    case = read.cases["7"]
    assert case.lists == ("children cared for", "child protection plans", "children in need", "referrals")
    assert (case.team, case.worker) == ("T-2", "P-2")
    assert case.open_since == date(2025, 2, 1)
    assert case.age == 10


def test_allocation_comes_from_one_row() -> None:
    """A row without a team gives way to one with a team, and no worker is put beside another row's team."""
    read = Read(
        [
            sheet("List 7", [HEADINGS["plans"], [7, None, None, date(2025, 9, 1), None, "#N/A", "#N/A"]]),
            sheet("List 6", [HEADINGS["need"], [7, None, None, date(2025, 2, 1), None, "T-1", None]]),
            sheet("List 3", [HEADINGS["referrals"], [7, None, None, date(2025, 1, 1), "T-9", "P-9"]]),
        ]
    )
    assert (read.cases["7"].team, read.cases["7"].worker) == ("T-1", None)
    assert read.places == [("List 7", 2, "F", "cell"), ("List 7", 2, "G", "cell")]


def test_what_has_ended_is_not_open() -> None:
    """A child whose case has ended stands on the list, open since no day; an end to come ends nothing."""
    rows = [HEADINGS["plans"], [7, None, None, "1/1/26", AS_OF, "T-1", "P-1"], [8, None, None, "1/1/26", "1/4/26"]]
    read = Read([sheet("CPP", rows)])
    assert read.cases["7"].open_since is None
    assert read.cases["8"].open_since == date(2026, 1, 1)


def test_moments_date_a_case_only_alone() -> None:
    """A contact dates the case where there is nothing else, the latest one; beside a plan it does not."""
    contacts = [HEADINGS["contacts"], *([7, None, None, None, on] for on in (date(2026, 1, 5), date(2026, 2, 5)))]
    plans = [HEADINGS["plans"], [7, None, None, date(2026, 1, 9), None]]
    assert Read([sheet("List 1", contacts)]).cases["7"].open_since == date(2026, 2, 5)
    assert Read([sheet("List 1", contacts), sheet("List 7", plans)]).cases["7"].open_since == date(2026, 1, 9)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([7, "Male", date(2014, 5, 5)], "date of birth"),
        ([7, "Female", BORN], "gender"),
        ([7, "b) Female", date(2014, 5, 5)], "date of birth"),
    ],
)
def test_two_children_under_one_number(row: list[Any], reason: str) -> None:
    """Two children under one number are both left out, with the place of each row; nobody can say whose case it is."""
    first = [HEADINGS["referrals"], [7, "Male", BORN], [8, "Male", BORN]]
    read = Read([sheet("List 3", first), sheet("List 6", [HEADINGS["need"], row, [7, "Male", BORN]])])
    assert set(read.cases) == {"8"}
    assert read.left_out == 3
    assert {each.column for each in read.findings} == {reason}
    assert [each[:2] for each in read.places] == [("List 3", 2), ("List 6", 2), ("List 6", 3)]
    assert [each.see for each in read.findings] == ["row 2 of List 6", "row 2 of List 3", "row 2 of List 3"]
    assert all("two children under one number" in each.reason for each in read.findings)


def test_what_contradicts_nothing() -> None:
    """A gender that is not stated, or a date of birth that is missing, makes nobody another child."""
    rows = [[7, "Male", BORN], [7, "c) Not stated/recorded", None], [7, "", "5 May 2015"]]
    assert set(Read([sheet("List 6", [HEADINGS["need"], *rows])]).cases) == {"7"}


def test_what_cannot_be_used_is_named() -> None:
    """Each cell that cannot be used is named by sheet, row and column with a reason; the rest of the row is taken."""
    rows = [
        ["Children in need as of the end of March"],
        [None],
        HEADINGS["need"],
        [7, "Male", "31/02/2015", date(2026, 4, 2), "soon", "T-1", "P-1"],
        [None, "Male", BORN],
        ["not a number", "Male", BORN],
        [8, "Male", date(1975, 1, 1), "2025-01-01", None, "#REF!", "P-2"],
        ["", "", None],
    ]
    read = Read([sheet("List 6", rows)])
    assert set(read.cases) == {"7", "8"}
    assert read.places == [
        ("List 6", 4, "C", "cell"),
        ("List 6", 4, "E", "cell"),
        ("List 6", 4, "D", "cell"),
        ("List 6", 5, "A", "row"),
        ("List 6", 6, "A", "row"),
        ("List 6", 7, "C", "cell"),
        ("List 6", 7, "F", "cell"),
    ]
    assert read.findings[0].column == "C (Date of Birth)"
    assert not any(word in each.reason for each in read.findings for word in ("not a number", "31/02", "soon", "1975"))
    assert (read.cases["7"].team, read.cases["7"].age, read.cases["7"].open_since) == ("T-1", None, None)
    assert read.cases["8"].worker == "P-2"


def test_an_expected_child() -> None:
    """A child who is expected stands on lists with a date of birth to come, and has no age yet."""
    rows = [HEADINGS["plans"], [7, None, date(2026, 7, 1), date(2026, 3, 1)], [8, None, date(2027, 7, 1)]]
    read = Read([sheet("List 7", rows)])
    assert read.cases["7"].age is None
    assert read.places == [("List 7", 3, "C", "cell")]


def test_sheets_that_are_not_read() -> None:
    """A sheet that is hidden, no list of children, or without a number, is named; so are the lists that are missing."""
    read = Read(
        [
            sheet("List 3", [HEADINGS["referrals"], [7]], hidden=True),
            sheet("List 11", [["Individual adopter identifier"], [1]]),
            sheet("Guidance", [["Read me"]]),
            sheet("List 8", [["Name", "Allocated Team"], ["x", "T-1"]]),
            sheet("List 6", []),
            sheet("List 7", [HEADINGS["plans"], [7]]),
        ]
    )
    assert [each[0] for each in read.places] == ["List 3", "List 11", "Guidance", "List 8", "List 6"]
    lost = {each.sheet: each.lost for each in read.findings}
    assert lost == {each: "sheet of children" if each in {"List 3", "List 8"} else "sheet" for each in lost}
    assert "child protection plans" not in [each.name for each in read.reader.missing()]
    assert len(read.reader.missing()) == len(LISTS) - 1


def test_columns_that_are_missing_or_doubled() -> None:
    """A list that should name team and worker and does not is named, and so is a second column for one thing."""
    read = Read([sheet("List 7", [["Child ID", "Child number", "Plan start date"], [7, 8, "1/1/2026"]])])
    assert set(read.cases) == {"7"}
    assert [(each.column, each.lost) for each in read.findings] == [
        ("B (Child number)", "column"),
        ("Allocated Team", "column"),
        ("Allocated Worker", "column"),
    ]


def test_names_become_references(tmp_path: Path) -> None:
    """No name is kept: the same name gives the same keyed reference, but for those that the user ties to references."""
    file = tmp_path / "refs.csv"
    file.write_text("text,ref\nlocality 4 TEAM,T-44\n", encoding="utf-8")
    refs = Refs("torbay", plain_name, known={"P-SW"}, given=read_refs(file))
    who = [WORKER, "some body", "P-SW", "Surname"]
    rows = [HEADINGS["need"], *([number, *[None] * 4, TEAM, each] for number, each in enumerate(who, 1))]
    cases = Read([sheet("List 6", rows)], refs=refs).cases
    assert {case.team for case in cases.values()} == {"T-44"}
    workers = [cases[str(number)].worker for number in range(1, 5)]
    assert workers[0] == workers[1]
    assert workers[2] == "P-SW"
    assert all(worker.startswith("worker-") for worker in (workers[0], workers[3]) if worker)
    assert "Surname" not in str(workers)
    assert len(refs.unknown["worker"]) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,id\nx,T-1\n", "row 1 needs the headings text and ref"),
        ("text,ref\nx,not a ref\n", "row 2: ref"),
        ("text,ref\nx,T-1\nX ,T-2\n", "row 3: text"),
        ("text,ref\nx\n", "row 2: ref"),
        ("text,ref\n\xe9,T-1\n", "not valid CSV in UTF-8"),
    ],
)
def test_bad_references(tmp_path: Path, content: str, reason: str) -> None:
    """A file of references that cannot be right is refused with its row."""
    file = tmp_path / "refs.csv"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(Refused, match=reason):
        read_refs(file)


def test_strands_are_the_frameworks() -> None:
    """A strand is one of the framework, however it is written; another is named and not taken."""
    rows = [["Child ID", "Strand", "Service"], [7, "b) adoption", " North "], [8, "Fun", "n/a"]]
    read = Read([sheet("x", rows, plain=True)], strands=("Help and protection", "Adoption"))
    assert (read.cases["7"].strand, read.cases["7"].service) == ("Adoption", "North")
    assert (read.cases["8"].strand, read.cases["8"].service) == (None, None)
    assert read.places == [("x", 3, "B", "cell")]


def test_lists_of_a_plain_file() -> None:
    """A plain list says in a column on which lists a child stands, one or several."""
    rows = [["Child ID", "Lists"], [7, "CIN; Child protection plans"], [8, "List 8"], [9, "holidays"], [10, None]]
    read = Read([sheet("x", rows, plain=True)])
    assert [read.cases[str(n)].lists for n in (7, 8, 9, 10)] == [
        ("child protection plans", "children in need"),
        ("children cared for",),
        (),
        (),
    ]
    assert read.places == [("x", 4, "B", "cell")]


def test_a_real_workbook_of_every_list(tmp_path: Path) -> None:
    """A workbook in a file says the same as its sheets, dates and errors as a spreadsheet keeps them."""
    need = [HEADINGS["need"], [7, "a) Male", BORN, date(2025, 2, 1), None, "#N/A", WORKER], [None, None]]
    file = write_book(tmp_path / "book.xlsx", {"List 6": need, "Contacts ": [HEADINGS["contacts"], [8]]})
    with open_workbook(file) as sheets:
        read = Read(sheets)
    assert set(read.cases) == {"7", "8"}
    assert (read.cases["7"].open_since, read.cases["7"].age) == (date(2025, 2, 1), 10)
    assert read.places == [("List 6", 2, "F", "cell"), ("Notes", None, "", "sheet")]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample workbook does not lie here")
def test_the_sample_workbook() -> None:
    """Of the sample every list is read; five numbers are of two children each, and what is not there is named."""
    with open_workbook(SAMPLE) as sheets:
        read = Read(sheets, as_of=date(2021, 3, 16))
    assert read.reader.missing() == []
    assert (len(read.cases), read.left_out, read.reader.read) == (43, 10, 54)
    lost = [each[:2] for each in read.places if each[3] == "row"]
    assert sorted(lost) == sorted((f"List {n}", row) for n in (9, 10) for row in range(2, 7))
    assert [each for each in read.places if each[3] == "cell"] == [
        ("List 6", row, column, "cell") for row in range(2, 7) for column in ("M", "N")
    ]
    shared = read.cases["6537810"]
    assert shared.lists == ("section 47 enquiries", "referrals")
    assert all(case.age is not None for case in read.cases.values())
