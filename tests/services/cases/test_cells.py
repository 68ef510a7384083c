"""Cells as people write them: what is understood, and what is refused with a reason that quotes nothing."""

from datetime import date, datetime
from typing import Any

import pytest

from services.cases.cells import Unusable, age_on, child_number, day, text, years
from services.cases.refs import same
from services.cases.sheets import SPREADSHEET_EPOCH

DAY = date(2021, 3, 9)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (9212044, "9212044"),
        (9212044.0, "9212044"),
        (" 9212044\xa0", "9212044"),
        ("0012345", "0012345"),
        ("CH-12345/2", "CH-12345/2"),
        (None, ""),
        ("", ""),
        (" n/a ", ""),
    ],
)
def test_numbers_of_children(cell: Any, number: str) -> None:
    """A child's number is taken as it is written, without odd blanks; leading noughts belong to it."""
    assert child_number(cell) == number


@pytest.mark.parametrize("mark", ["\u200e", "\u202a", "\u2066", "\u00ad", "\ufeff", "\u200b"])
def test_marks_that_nobody_sees(mark: str) -> None:
    """What comes along unseen with a copied text changes neither a number, nor a date, nor which team it is."""
    assert child_number(f"{mark}9212044{mark}") == "9212044"
    assert day(f"{mark}09/03/2021", SPREADSHEET_EPOCH) == DAY
    assert text(f"Some {mark}Team") == "Some Team"
    assert same(f"Some {mark}Team") == same("Some Team")


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u202d"])
def test_characters_that_a_screen_obeys(character: str) -> None:
    """A control character is no part of a cell, and is named without the rest of the cell."""
    for read in (text, child_number, years, lambda value: day(value, SPREADSHEET_EPOCH)):
        with pytest.raises(Unusable, match=rf"^holds the control character U\+{ord(character):04X}$"):
            read(f"9{character}212044")


@pytest.mark.parametrize(
    "cell",
    [12.5, -3, 0, True, float("nan"), float("inf"), 1e15, date(2020, 1, 1), "no digit", "12 34", "#N/A", "1" * 41],
)
def test_what_is_no_number(cell: Any) -> None:
    """What cannot be a child's number is refused, and so is one whose last digits the spreadsheet has lost."""
    with pytest.raises(Unusable) as refusal:
        child_number(cell)
    assert str(cell) not in str(refusal.value) or cell in {"#N/A", 0, True}


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2021, 3, 9, 14, 30),  # noqa: DTZ001
        DAY,
        44264,
        44264.75,
        "09/03/2021",
        "9/3/2021",
        "9/3/21",
        "09-03-2021",
        "09.03.2021",
        "9 3 2021",
        " 09/03/2021\xa0",
        "2021-03-09",
        "2021/03/09",
        "2021-03-09 00:00:00",
        "2021-03-09T10:11:12Z",
        "20210309",
        "9 March 2021",
        "9th March 2021",
        "9-Mar-21",
        "9 mar 2021",
        "Tue 9 Mar 2021",
        "Tuesday, 9 March 2021",
    ],
)
def test_dates_in_every_form(cell: Any) -> None:
    """Dates, a spreadsheet's count of days, and dates as text in the forms that are met, day before month."""
    assert day(cell, SPREADSHEET_EPOCH) == DAY


@pytest.mark.parametrize(
    "cell",
    ["31/02/2020", "02/25/2020", "soon", "2020", "#VALUE!", True, -5, float("nan"), 5_000_000, "1/1/0020", "May 2020"],
)
def test_what_is_no_date(cell: Any) -> None:
    """What is no date is refused: nothing is guessed, and month before day is not read as the other way round."""
    with pytest.raises(Unusable):
        day(cell, SPREADSHEET_EPOCH)


@pytest.mark.parametrize("cell", ["", None, " ", "N/A", "-", "not known"])
def test_no_date_at_all(cell: Any) -> None:
    """A cell that says nothing is no mistake."""
    assert day(cell or "", SPREADSHEET_EPOCH) is None


@pytest.mark.parametrize(
    ("cell", "age"), [(6.138, 6), (17, 17), ("7", 7), ("7 years", 7), ("12.9 yrs old", 12), ("unborn", None), (0.2, 0)]
)
def test_ages(cell: Any, age: int | None) -> None:
    """An age is counted in full years."""
    assert years(cell) == age


@pytest.mark.parametrize("cell", ["seven", -1, float("nan"), "#REF!", True])
def test_what_is_no_age(cell: Any) -> None:
    """What is no age is refused."""
    with pytest.raises(Unusable):
        years(cell)


def test_age_on_a_day() -> None:
    """A child is a year older on the birthday; one born on 29 February on 1 March; one not born yet has no age."""
    assert [age_on(date(2015, 4, 1), on) for on in (date(2026, 3, 31), date(2026, 4, 1))] == [10, 11]
    assert [age_on(date(2016, 2, 29), on) for on in (date(2026, 2, 28), date(2026, 3, 1))] == [9, 10]
    assert age_on(date(2026, 4, 1), date(2026, 3, 31)) is None


@pytest.mark.parametrize(
    ("cell", "found"),
    [("a) Male", "Male"), ("s)  NOBT", "NOBT"), ("Locality\xa04  Team ", "Locality 4 Team"), ("n/a", ""), (12, "12")],
)
def test_texts(cell: Any, found: str) -> None:
    """Texts lose odd blanks and the code in front."""
    assert text(cell) == found
