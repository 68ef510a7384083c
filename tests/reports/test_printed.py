"""A report as a tagged PDF, read back side by side."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

import workers.demo
from tests.reports.made import History
from tests.reports.papers import COMPENDIUM, MONTHLY, report, trend
from tests.reports.printing import printed
from workers.reports import plain
from workers.reports.page import Column, Row, Section, Table, Words
from workers.reports.rendering import pdf
from workers.reports.rendering.paper import of_report

pytestmark = printed

DEMO = Path(workers.demo.__file__).parent


@pytest.fixture(scope="module")
def compendium() -> Iterator[PdfDocument]:
    """The compendium as it is printed, once for all that is asked of it."""
    document = PdfDocument(pdf.as_pdf(of_report(COMPENDIUM)))
    yield document
    document.close()


def said_in(document: PdfDocument) -> str:
    return " ".join(" ".join(side.get_textpage().get_text_range() for side in document).split())


def test_a_pdf_is_tagged_and_says_all(compendium: PdfDocument) -> None:
    """The PDF has its title, language and tags, and every figure in words; heads are repeated on each side."""
    assert compendium.is_tagged()
    assert compendium.get_metadata_dict()["Title"] == "Performance compendium, Torbay: named copy"
    said = said_in(compendium)
    assert all(plain.figure(each) in said for each in COMPENDIUM.figures())
    heads = sum("Audit Team Theme" in " ".join(side.get_textpage().get_text_range().split()) for side in compendium)
    assert heads >= 2
    assert f"side 2 of {len(compendium)}" in said


def test_more_sides_than_asked_for(compendium: PdfDocument) -> None:
    """A report that is too long says so, with how many sides it has; one that is not says nothing."""
    assert f"This report is {len(compendium)} sides long: the framework asks for at most 1." in said_in(compendium)
    assert "sides long" not in said_in(PdfDocument(pdf.as_pdf(of_report(MONTHLY))))


@pytest.mark.parametrize("rows", [8, 12])
def test_no_head_stands_alone(rows: int) -> None:
    """Beneath each head stands a row of its table; a short table is not broken at all."""
    short = trend().model_copy(update={"chart": None, "rows": trend().rows[-rows:]})
    blocks = tuple(short.model_copy(update={"key": f"t{each}", "note": f"of {each}"}) for each in range(8))
    document = PdfDocument(pdf.as_pdf(of_report(report("Many", (Section(key="s", title="All", blocks=blocks),)))))
    sides = [" ".join(side.get_textpage().get_text_range().split()) for side in document]
    assert len(sides) > 1
    head = "Month Good or better Returned in time"
    assert all(each.count(head) == len(re.findall(head + r" [A-Z]\w\w \d+%", each)) for each in sides)
    assert rows > 8 or all(each.count(head) == each.count("Mar 68%") for each in sides)


def test_a_month_of_a_council_is_three_sides() -> None:
    """What goes to a board each month is read, so it is short: the fullest month of the demo, with every name."""
    lines = [json.loads(line) for name in ("torbay", "torbay-answers") for line in (DEMO / f"{name}.jsonl").open()]
    history = History("torbay", *sorted((each for each in lines if each.get("at")), key=lambda each: str(each["at"])))
    made = history.report("audit_highlight", "2025-10").report
    document = PdfDocument(pdf.as_pdf(of_report(made)))
    assert len(document) <= 3
    said = said_in(document)
    assert all(each.title in said for each in made.sections)
    assert "Framework version 1; §4.1, §4.2" in said
    assert "TOR-1" not in said


def teams(rows: int) -> PdfDocument:
    """A table with so many rows, printed."""
    told = tuple(Row(title=f"Team {at}", cells=(Words(text="seen"),)) for at in range(rows))
    long = Table(key="t", title="Teams", stub="Team", columns=(Column(title="What"),), rows=told)
    return PdfDocument(pdf.as_pdf(of_report(report("Long", (Section(key="s", title="Teams", blocks=(long,)),)))))


def high(document: PdfDocument) -> float:
    """How far apart the first two teams stand."""
    page = document[0].get_textpage()
    tops = [page.get_charbox(page.search(f"Team {at}").get_next()[0])[3] for at in (0, 1)]
    return float(tops[0] - tops[1])


def test_a_few_lines_have_no_side_of_their_own() -> None:
    """What is a line longer than a side is set closer; what is much longer keeps the size in which it is read."""
    longer = teams(60)
    as_read = high(longer)
    most = len(re.findall(r"Team \d+", longer[0].get_textpage().get_text_range()))
    fits = next(rows for rows in range(most, 0, -1) if high(teams(rows)) == as_read)
    for over, sides in ((1, 1), (12, 2)):
        document = teams(fits + over)
        assert len(document) == sides
        assert (high(document) < as_read) == (sides == 1)
