"""Titles and headings in any dress: which list a sheet is, and which column holds what."""

import pytest

from services.cases.headings import letters, read_headings
from services.cases.lists import ADOPTERS, LISTS, CaseSheet, of_title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        *[(f"List {each.number}", each.name) for each in LISTS],
        *[(each.name.title(), each.name) for each in LISTS],
        ("list08", "children cared for"),
        ("LIST  7 - CP", "child protection plans"),
        ("6_CIN", "children in need"),
        ("CLA", "children cared for"),
        ("Early Help Assessments", "early help"),
        ("S47 & ICPC", "section 47 enquiries"),
        ("Looked After Children", "children cared for"),
    ],
)
def test_titles_of_sheets(title: str, name: str) -> None:
    """A sheet is known by the number of its list or by the words of its title."""
    found = of_title(title)
    assert isinstance(found, CaseSheet)
    assert found.name == name


def test_other_sheets() -> None:
    """The list of adopters is told from those of children; other sheets are none."""
    assert of_title("List 11") == of_title("Prospective adopters") == ADOPTERS
    assert [of_title(title) for title in ("Guidance", "Sheet1", "List 12", "")] == [None] * 4


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("Child Unique ID", "number"),
        (" CHILD\u2019S  Unique\nID ", "number"),
        ("Child ID", "number"),
        ("Mosaic ID", "number"),
        ("D.O.B.", "birth"),
        ("Age of Child (Years)", "age"),
        ("Allocated Social Worker", "worker"),
        ("Case-holding team", None),
        ("Family identifier", None),
        ("UPN", None),
        ("Child's Name", None),
        ("CIN Start Date", "start"),
        ("CIN Closure Date", "end"),
        ("Date Child Was Last Seen", None),
    ],
)
def test_headings(heading: str, what: str | None) -> None:
    """Headings are known in any spelling that is met; a heading that only shares words with one is not."""
    need = next(each for each in LISTS if each.name == "children in need")
    columns = read_headings([*(["x"] * 3), heading, "Child number"], need)
    assert columns is not None
    place = 3 if what else None
    assert next((what for what, at in columns.places.items() if at == 3), None) == what
    assert columns.places.get("number") == (3 if what == "number" else 4)
    assert (place in columns.names) is bool(what)


def test_letters_of_columns() -> None:
    """A column is named as a spreadsheet names it."""
    assert [letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
