"""What the council said of itself stands beside what its audits found."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.texts.opening import CLOSED
from tests.reports.packs import table
from tests.reports.shelf import books_of
from tests.services.reports.scenes import comment, desk_with_reports, issue, page
from workers.pack.material import Material, Question
from workers.pack.writing import write_pack
from workers.story.books import Books, nothing_opened

SAID = "visits are <b>late</b> in one team"
HALF = Question(date(2026, 1, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Findings of April to June, issued in July with the second version of their summary; then written anew."""
    desk = desk_with_reports()
    desk.do(comment(text="a first draft"), comment(text=SAID), issue(page(versions={"summary": 2})))
    desk.do(comment(text="what nobody has issued yet"))
    return books_of(desk, tmp_path_factory.mktemp("reported"), now=desk.now)


def test_issued_reports_stand_beside_the_findings(reported: Books, tmp_path: Path) -> None:
    """Which report, of when, by whom and for whom; its text as it was issued, and no other version."""
    pack = write_pack(Material(HALF, reported), tmp_path)
    (row,) = table(pack, "08-learning/issues.csv")
    told = {name: row[name] for name in ("record", "report", "issue", "speaks of", "issued", "for")}
    assert told == {
        "record": "report/findings-2026-Q1",
        "report": "Findings of the quarter",
        "issue": "1",
        "speaks of": "1 Apr 2026 to 30 Jun 2026",
        "issued": "6 Jul 2026",
        "for": f"{reported.role('director')}, Improvement Board",
    }
    (text,) = table(pack, "08-learning/texts.csv")
    assert (text["text"], text["version"], text["what it says"]) == ("Summary", "2", SAID)
    written = (pack.folder / "08-learning" / "learning.html").read_text(encoding="utf-8")
    assert "visits are &lt;b&gt;late&lt;/b&gt; in one team" in written
    assert "nobody has issued" not in written
    assert written.index("Themes of the audits") < written.index("What the council said of itself")


@pytest.mark.parametrize(
    ("first", "last", "there"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), False),
        (date(2026, 1, 1), date(2026, 4, 1), True),
        (date(2026, 6, 30), date(2026, 7, 1), True),
        (date(2026, 7, 2), date(2026, 7, 5), False),
        (date(2026, 7, 6), date(2026, 7, 6), True),
    ],
)
def test_a_report_belongs_that_speaks_of_the_window_or_was_issued_in_it(
    first: date, last: date, *, there: bool, reported: Books, tmp_path: Path
) -> None:
    """The days on either side of its period, and of the day on which it was issued."""
    pack = write_pack(Material(Question(first, last), reported), tmp_path)
    assert (pack.folder / "08-learning" / "issues.csv").exists() is there
    written = (pack.folder / "08-learning" / "learning.html").read_text(encoding="utf-8")
    assert ("No report was issued in the window" in written) is not there


def test_what_a_report_said_is_for_whoever_needs_to_know(reported: Books, tmp_path: Path) -> None:
    """Closed for whoever may not read it; a copy for boards has neither the texts nor their rows."""
    closed = replace(reported, opened=nothing_opened)
    (text,) = table(write_pack(Material(HALF, closed), tmp_path), "08-learning/texts.csv")
    assert text["what it says"] == CLOSED
    boards = write_pack(Material(replace(HALF, copy="suppressed"), closed), tmp_path)
    written = (boards.folder / "08-learning" / "learning.html").read_text(encoding="utf-8")
    assert "Reports that were issued" in written
    assert not any(each in written for each in ("findings-2026-Q1", "P-QA", CLOSED))
