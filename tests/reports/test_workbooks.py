"""A report as a workbook: numbers as numbers in real tables, to be reckoned with, read on a screen and printed."""

from io import BytesIO

from openpyxl import load_workbook

from tests.reports.papers import MONTHLY, report
from workers.reports.page import Column, Narrative, Row, Section, Table, Words
from workers.reports.rendering.formats import FORMATS
from workers.reports.rendering.paper import of_report
from workers.reports.suppression import suppressed


def test_a_workbook() -> None:
    """A sheet for notes and one for each section, real tables with heads that stay, numbers as numbers."""
    book = load_workbook(BytesIO(FORMATS["xlsx"].make(of_report(MONTHLY))))
    assert book.sheetnames == ["Notes", "How good the work is", "What was done about it", "Concerns for safety"]
    sheet = book["How good the work is"]
    assert (sheet["A1"].value, sheet.freeze_panes) == ("How good the work is", "B4")
    (table,) = sheet.tables.values()
    assert table.ref == "A3:I10"
    assert [cell.value for cell in sheet[3]][-3:] == ["Good or better", "Good or better: count", "Good or better: of"]
    assert [cell.value for cell in sheet[4]] == ["Assessment East", 2, 9, 7, 1, 19, 57.9, 11, 19]
    assert sheet["G4"].number_format == '0.0"%"'
    notes = [cell.value for row in book["Notes"] for cell in row]
    assert "Named copy: for inspectors and those who may know whom it is about" in notes


def test_a_workbook_is_read_and_printed() -> None:
    """Sheets are named in whole words and headed in full, columns are wide enough for each table, sides fit A4."""
    long = "Completed, exempt and outstanding audits of the month"
    few = Table(
        key="t",
        title="T",
        stub="team",
        columns=(Column(title="times"),),
        rows=(Row(title="all of it", cells=(Words(text="w" * 40),)),),
    )
    less = few.model_copy(update={"key": "u", "rows": (Row(title="a", cells=(Words(text="w"),)),)})
    told = Narrative(key="n", title="What it means", role="Lead", text="So it is. " * 30)
    made = report("Long", (Section(key="s", title=long, blocks=(few, less, told)),))
    sheet = load_workbook(BytesIO(FORMATS["xlsx"].make(of_report(made)))).worksheets[1]
    assert (sheet.title, sheet["A1"].value) == ("Completed, exempt", long)
    assert [cell.value for cell in sheet[3][:2]] == ["Team", "Times"]
    assert sheet["A4"].value == "All of it"
    assert sheet.column_dimensions["B"].width > 40
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A11:F11"]
    assert sheet["A11"].alignment.wrap_text


def test_a_suppressed_workbook() -> None:
    """A hidden share is hidden with both its counts."""
    sheet = load_workbook(BytesIO(FORMATS["xlsx"].make(of_report(suppressed(MONTHLY, 5)))))["How good the work is"]
    hidden = [[cell.value for cell in row][-3:] for row in sheet.iter_rows(min_row=4) if row[6].value == "c"]
    assert hidden
    assert all(each == ["c", None, None] for each in hidden)
