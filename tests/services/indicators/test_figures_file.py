"""Figures from a CSV file: what each row becomes, and what is told of a row that cannot be used."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from events.errors import Refused
from services.indicators.commands import CompareIndicator, RecordIndicator
from services.indicators.csv_rows import Fault
from services.indicators.figures_file import FiguresFile, Sender
from services.modules import CATALOGUE

SENDER = Sender("swindon", "P-1", "qa_team", "5eed")
UNITS = {"rereferrals": "per cent", "costs_avoided": "pounds", "care_applications": "count"}
PLAIN = "indicator,month,value\n"


def read(text: str | bytes) -> FiguresFile:
    raw = text if isinstance(text, bytes) else text.encode()
    return FiguresFile(raw.splitlines(keepends=True), SENDER, UNITS)


def commands(text: str | bytes) -> Sequence[object]:
    return [each if isinstance(each, Fault) else each[1] for each in read(text).commands(CATALOGUE.parse)]


def test_a_row_is_a_command() -> None:
    """Each row is one command in the sender's name, with an id of the file's content and the row."""
    [one, two] = commands(
        "indicator,month,level,ref,value,source\nrereferrals,2026-03,,,21.5,return\n\nrereferrals,2026-03,Team,T-1,9,"
    )
    assert one == RecordIndicator(
        command="indicator.record",
        id="csv-5eed-2",
        authority="swindon",
        actor="P-1",
        role="qa_team",
        indicator="rereferrals",
        month="2026-03",
        value=Decimal("21.5"),
        source="return",
    )
    assert isinstance(two, RecordIndicator)
    assert (two.id, two.level, two.ref) == ("csv-5eed-4", "team", "T-1")


def test_comparators() -> None:
    """The other header gives comparators, for a month or for a year."""
    rows = "rereferrals,England,,2025,22%\nrereferrals,statistical  neighbours,2026-01,,20"
    [one, two] = commands(f"Indicator,Comparator,Month,Year,Value\n{rows}")
    assert isinstance(one, CompareIndicator)
    assert isinstance(two, CompareIndicator)
    assert (one.comparator, one.year, one.value) == ("england", 2025, Decimal(22))
    assert (two.comparator, two.month) == ("statistical neighbours", "2026-01")


@pytest.mark.parametrize("written", ["2026-03", "03/2026", "Mar-26", "Mar 2026", "March 2026", "mar-2026", "2026-3"])
def test_months_as_people_write_them(written: str) -> None:
    """A month is read in the forms that spreadsheets leave behind."""
    [command] = commands(f"{PLAIN}rereferrals,{written},21.5")
    assert isinstance(command, RecordIndicator)
    assert command.month == "2026-03"


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("rereferrals,2026-03,12.5%", "12.5"),
        ('costs_avoided,2026-03,"£1,234,567.80"', "1234567.80"),
        ("costs_avoided,2026-03,-£20", "-20"),
        ('care_applications,2026-03,"1,200"', "1200"),
        ("care_applications,2026-03,0", "0"),
    ],
)
def test_numbers_as_people_write_them(row: str, value: str) -> None:
    """A per cent sign, a pound sign and thousands are read where the unit has them; a nought is a value."""
    [command] = commands(PLAIN + row)
    assert isinstance(command, RecordIndicator)
    assert str(command.value) == value


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("rereferrals,2026-03,", "value", "is blank: a month without a value is left out"),
        ("rereferrals,2026-03,#N/A", "value", "#N/A is not a valid number"),
        ("rereferrals,2026-03,c", "value", "c is not a valid number"),
        ("rereferrals,2026-03,nan", "value", "nan is not a valid number"),
        ("rereferrals,2026-03,1e3", "value", "1e3 is not a valid number"),
        ("care_applications,2026-03,5%", "value", "5% is not a valid number"),
        ('rereferrals,2026-03,"1,23"', "value", "1,23 is not a valid number"),
        ("rereferrals,March,5", "month", "March is not a valid month"),
        ("rereferrals,,5", "line", "is needed"),
        (",2026-03,5", "indicator", "is needed"),
        ("Re-referrals,2026-03,5", "indicator", "is not a valid key of the policy"),
        ("rereferrals,2026-03,5,6", "", "has 4 cells, and the header has 3"),
        ('rereferrals,2026-03,"5', "", "is not valid CSV"),
    ],
)
def test_a_row_that_cannot_be_used(row: str, column: str, reason: str) -> None:
    """Each is told with its row, its column and the reason, and the rows around it are used."""
    before = f"{PLAIN}rereferrals,2026-01,20\n"
    [first, fault, *_] = commands(f"{before}{row}\nrereferrals,2026-02,21\n")
    assert isinstance(first, RecordIndicator)
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column) == (3, "month" if column == "line" else column)
    assert fault.reason.startswith(reason)


def test_bytes_that_are_no_text() -> None:
    """A character of another encoding is told, not guessed; the mark before the first heading is passed over."""
    [fault, fine] = commands(
        b"\xef\xbb\xbfindicator,month,value\ncosts_avoided,2026-03,\xa320\nrereferrals,2026-03,5\n"
    )
    assert isinstance(fault, Fault)
    assert (fault.row, fault.column) == (2, "value")
    assert isinstance(fine, RecordIndicator)


def test_columns_that_are_not_read() -> None:
    """A column that means nothing here is told once, at the header."""
    assert list(read("indicator,month,value,remarks,\n").unused) == [
        Fault(1, "remarks", "is not a column of figures and was not read")
    ]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "month,value\n", "indicator,value\n", "indicator,month\n", "indicator,month,numerator\n", "PK\x03\x04"],
)
def test_no_file_of_figures(text: str) -> None:
    """A file without a header that could be used is refused as a whole."""
    with pytest.raises(Refused, match="row 1 must be a header"):
        read(text)


def test_a_column_twice() -> None:
    """Two columns of one name are refused: nobody could tell which one counts."""
    with pytest.raises(Refused, match="names the column value twice"):
        read("indicator,month,value,Value\n")


def test_an_endless_cell() -> None:
    """A cell that no figure could have is told, and the file goes on behind it."""
    [fault, fine] = commands(f"{PLAIN}rereferrals,2026-03,{'9' * 200_000}\nrereferrals,2026-03,5\n")
    assert isinstance(fault, Fault)
    assert isinstance(fine, RecordIndicator)
