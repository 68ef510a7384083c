"""Inspection outcomes from a file: an authority beside its neighbours, its region and England."""

from decimal import Decimal
from pathlib import Path

import pytest

from events.errors import Refused
from services.indicators.csv_rows import Fault
from services.indicators.outcomes import Outcomes, neighbourhood, read_outcomes
from tests.beside import lying_beside
from tests.desks import SHIPPED

REAL = lying_beside("data/ofsted-ilacs-outcomes.csv") or Path("ofsted-ilacs-outcomes.csv")
HEADER = (
    "urn,la_code,region_code,local_authority,stat_neighbours,overall_effectiveness_grade,in_care_grade,"
    "inspection_start_date,inspection_end_date,publication_date"
)
ROWS = (
    "1,101,NN,north shire,102 103,good,outstanding,11/09/2023,15/09/2023,27/10/23",
    "2,102,NN,midland & marsh,101 103,requires improvement,good,09/06/2025,13/06/2025,05/08/25",
    "3,103,SS,southton,102 101,inadequate,inadequate,01/02/2024,05/02/2024,01/03/2024",
    "4,104,SS,westbury,103,nan,inspection_pre_dates_judgement,,,",
)


def outcomes(*rows: str, header: str = HEADER) -> Outcomes:
    return read_outcomes(f"{line}\n".encode() for line in (header, *rows))


@pytest.mark.covers("TOR-122", "SOU-106")
def test_beside_its_neighbours() -> None:
    """The own row, the neighbours in the order of their likeness, and how each group was judged."""
    found = neighbourhood(outcomes(*ROWS), "north-shire")
    assert found.own.judgements == {"overall_effectiveness_grade": "good", "in_care_grade": "outstanding"}
    assert [each.name for each in found.neighbours] == ["midland & marsh", "southton"]
    groups = {each.group: each for each in found.shares if each.judgement == "overall_effectiveness_grade"}
    assert groups["own"].counts["good"] == 1
    assert groups["statistical neighbours"].share("inadequate") == Decimal("50.0")
    assert groups["region"].share("good") == Decimal("50.0")
    assert (groups["england"].judged, groups["england"].share("good")) == (3, Decimal("33.3"))


def test_who_was_not_judged_counts_nowhere() -> None:
    """An authority without the judgement is in no share, and a group of none has no share at all."""
    found = neighbourhood(outcomes(ROWS[3]), "westbury")
    assert {each.judged for each in found.shares} == {0}
    assert {each.share("good") for each in found.shares} == {None}
    assert found.own.good_or_outstanding("in_care_grade") is None


@pytest.mark.covers("TOR-122")
def test_good_or_outstanding_neighbours() -> None:
    """Of each neighbour it is told whether it is good or outstanding."""
    held = outcomes(*ROWS).authorities
    assert [each.good_or_outstanding("overall_effectiveness_grade") for each in held.values()] == [
        True,
        False,
        False,
        None,
    ]


def test_dates_of_two_and_four_digits() -> None:
    """Dates are read with a year of four digits, and of two."""
    own = outcomes(*ROWS).authorities["101"]
    assert [str(day) for day in own.dates.values()] == ["2023-09-11", "2023-09-15", "2023-10-27"]


def test_a_name_spelt_otherwise() -> None:
    """An authority is found by its name in any spelling of blanks and signs, or by its code; else it is refused."""
    held = outcomes(*ROWS)
    assert neighbourhood(held, "midland-and-marsh").own.la_code == "102"
    assert neighbourhood(held, "somewhere", "103").own.name == "southton"
    for code in (None, "999"):
        with pytest.raises(Refused, match="file: has no"):
            neighbourhood(held, "somewhere", code)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("9,,NN,x,,good,good,,,", "la_code", "is blank; the row was not used"),
        ("9,abc,NN,x,,good,good,,,", "la_code", "abc is not a code of three digits; the row was not used"),
        ("9,101,NN,x,,good,good,,,", "la_code", "101 is row 2's already; the row was not used"),
        ("9,109,NN,,,good,good,,,", "local_authority", "is blank; the row was not used"),
        ("9,109,,x,,good,good,,,", "region_code", "is blank; the row was not used"),
        ("9,109,NN,x,,splendid,good,,,", "overall_effectiveness_grade", "splendid is not a valid judgement"),
        ("9,109,NN,x,,good,good,31/02/2024,,", "inspection_start_date", "31/02/2024 is not a valid date"),
        ("9,109,NN,x,,good,good,2024-02-01,,", "inspection_start_date", "2024-02-01 is not a valid date"),
        ("9,109,NN,x,,good,good,05/02/2024,01/02/2024,", "inspection_end_date", "2024-02-01 is before the start"),
        ("9,109,NN,x,101 1O2,good,good,,,", "stat_neighbours", "1O2 is not the code of another"),
        ("9,109,NN,x,109,good,good,,,", "stat_neighbours", "109 is not the code of another authority"),
        (
            "9,109,NN,x,101 101,good,good,,,",
            "stat_neighbours",
            "101 is not the code of another authority, or stands twice",
        ),
        ("9,109,NN,x,888,good,good,,,", "stat_neighbours", "888 is not the la_code of a row that could be used"),
        ("9,109,NN,x,,good,good,,,,,", "", "has 12 cells"),
    ],
)
def test_a_row_that_is_wrong(row: str, column: str, reason: str) -> None:
    """What cannot be used is told by row and column with the reason, and everything else is used."""
    held = outcomes(*ROWS[:3], row if "12 cells" not in reason else f"{row}x")
    [fault] = held.faults
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column) == (5, column)
    assert fault.reason.startswith(reason)
    assert {"101", "102", "103"} <= held.authorities.keys()


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("", "row 1 lacks the column la_code"),
        (HEADER.replace("stat_neighbours,", ""), "row 1 lacks the column stat_neighbours"),
        (HEADER.replace("_grade", "_verdict"), "row 1 has no column that ends in _grade"),
    ],
)
def test_another_file(header: str, rule: str) -> None:
    """A file without the columns is refused as a whole."""
    with pytest.raises(Refused, match=rule):
        outcomes(*ROWS, header=header)


@pytest.mark.skipif(not REAL.exists(), reason="the sample file of outcomes does not lie here")
@pytest.mark.covers("TOR-122")
def test_real_neighbours() -> None:
    """In the sample of real outcomes every shipped authority has ten neighbours, and no row is at fault."""
    held = read_outcomes(REAL.read_bytes().splitlines(keepends=True))
    assert held.faults == ()
    assert len(held.judgements) == 5
    for authority in SHIPPED:
        found = neighbourhood(held, authority)
        assert len(found.neighbours) == 10
        assert all(each.judged > 140 for each in found.shares if each.group == "england")
