"""What the kept bodies of reports mean."""

from datetime import date

from events.base import Fact
from events.reports import IssuedPage, IssuedText, PageKept, ReportCommented, ReportIssued, ReportOwed
from tests.histories import sealed

OF_REPORTS: dict[str, Fact] = {
    "report.commented.v1": ReportCommented(
        report="findings",
        period="2026-Q1",
        unit="S-1",
        place="summary",
        version=2,
        narrative=sealed(),
        child="C-1",
    ),
    "report.owed.v1": ReportOwed(
        report="findings",
        period="2026-Q1",
        unit="S-1",
        first=date(2026, 4, 1),
        last=date(2026, 6, 30),
        due=date(2026, 7, 10),
    ),
    "report.page_kept.v1": PageKept(
        report="findings",
        period="2026-Q1",
        unit="S-1",
        issue=1,
        which="suppressed",
        piece=1,
        content="eNqrrgUAAXUA+Q==",
    ),
    "report.issued.v1": ReportIssued(
        report="findings",
        period="2026-Q1",
        unit="S-1",
        issue=1,
        first=date(2026, 4, 1),
        last=date(2026, 6, 30),
        position=17,
        policy="1",
        happened_by=date(2026, 6, 30),
        known_by=date(2026, 7, 3),
        pages=(IssuedPage(which="named", digest="0f" * 32, size=2, pieces=1),),
        texts=(IssuedText(place="summary", version=2, digest="a0" * 32),),
        audience=("director",),
        shared_with=("Improvement Board",),
    ),
}
