"""A report as a tagged PDF, read back side by side."""

import json
import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

import workers.demo
from tests.reports.made import History
from tests.reports.papers import COMPENDIUM, MONTHLY, report, trend
from tests.reports.printing import printed
from workers.reports import plain
from workers.reports.page import Section
from workers.reports.rendering import pdf
from workers.reports.rendering.paper import of_report

pytestmark = printed

DEMO = Path(workers.demo.__file__).parent


def said_in(document: PdfDocument) -> str:
    return " ".join(" ".join(side.get_textpage().get_text_range() for side in document).split())


def test_a_pdf_is_tagged_and_says_all() -> None:
    """The PDF has its title, language and tags, and every figure in words; heads are repeated on each side."""
    written = pdf.as_pdf(of_report(COMPENDIUM))
    document = PdfDocument(written)
    assert document.is_tagged()
    assert document.get_metadata_dict()["Title"] == "Performance compendium, Torbay: named copy"
    said = said_in(document)
    assert all(plain.figure(each) in said for each in COMPENDIUM.figures())
    heads = sum("Audit Team Theme" in " ".join(side.get_textpage().get_text_range().split()) for side in document)
    assert heads >= 2
    assert f"side 2 of {len(document)}" in said


def test_more_sides_than_asked_for() -> None:
    """A report that is too long says so, with how many sides it has; one that is not says nothing."""
    document = PdfDocument(pdf.as_pdf(of_report(COMPENDIUM)))
    assert f"This report is {len(document)} sides long: the framework asks for at most 1." in said_in(document)
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
