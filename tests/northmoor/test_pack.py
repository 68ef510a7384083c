"""Northmoor's pack: an audit whose clock stood still, and whose grade was disputed, says so where it stands."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from tests.northmoor.council import QA, act, desk
from tests.northmoor.test_agencies import GIVEN as JOINT
from tests.northmoor.test_agencies import scored
from tests.northmoor.test_grade_dispute import MODERATED, disputed, settled
from tests.northmoor.test_stopping import resumed, stopped
from tests.reports.shelf import books_of
from workers.pack.material import Material, Question
from workers.pack.parts import each_audit
from workers.reports.page import Note, Section, Table

WINDOW = Question(date(2026, 3, 1), date(2026, 4, 30))
UNTIL = datetime(2026, 5, 4, 12, tzinfo=UTC)
GIVEN, *RETURNED = MODERATED


def section(folder: Path, named: str, *lines: dict[str, object]) -> Section:
    """A section of the one audit's page, after these commands."""
    folder.mkdir(exist_ok=True)
    held = desk(*lines, now=UNTIL)
    [page] = each_audit.pages(Material(WINDOW, books_of(held, folder)))
    [found] = [each for each in page.sections if each.key == named]
    return found


def notes(of: Section) -> Iterator[str]:
    return (each.text for each in of.blocks if isinstance(each, Note))


def test_what_stood_still_and_what_was_disputed_is_said_in_a_sentence_each(tmp_path: Path) -> None:
    """NM-11, NM-26: with its day, in the order in which it happened, beside where the audit stands."""
    told = [GIVEN, stopped("2026-03-03T10:00"), resumed("2026-03-05T10:00"), *RETURNED]
    assert list(notes(section(tmp_path, "standing", *told, disputed(), settled(grade="Good")))) == [
        "3 Mar 2026: The clock of the audit stands still from now on: child missing.",
        (
            "5 Mar 2026: The clock of the audit goes on, which stood still since 3 March 2026 (child missing); "
            "the return is now due 25 March 2026."
        ),
        (
            "19 Mar 2026: The grade was disputed (reason recorded); "
            "until that is settled the audit stands with the grade “Requires Improvement”."
        ),
        (
            "26 Mar 2026: P-PRINCIPAL-SOCIAL-WORKER settled the dispute and changed the grade; "
            "the audit stands with the grade “Good” for good."
        ),
    ]
    assert list(notes(section(tmp_path / "none", "standing", *MODERATED))) == []


def test_how_the_grade_came_about_ends_with_what_settled_it(tmp_path: Path) -> None:
    """NM-11: the dispute and its settlement stand among the grades, with who, when and why."""
    found = section(tmp_path, "grade", *MODERATED, disputed(), settled(grade="Good"))
    [table] = [each for each in found.blocks if isinstance(each, Table)]
    said = [[getattr(cell, "text", "") for cell in row.cells] for row in table.rows]
    assert [(row[0], row[-1]) for row in said][-2:] == [
        ("Requires Improvement", "it was on file"),
        ("Good", "it was there"),
    ]
    assert [row.title for row in table.rows][-2:] == ["disputed", "changed for good, where the dispute was settled"]


def test_the_settled_grade_of_one_that_was_confirmed(tmp_path: Path) -> None:
    """NM-11: confirmed for good is said as such, and the audit may be closed on it."""
    close = act("audit.close", "2026-03-30", **QA, audit="A-1")
    found = section(tmp_path, "grade", *MODERATED, disputed(), settled(), close)
    [table] = [each for each in found.blocks if isinstance(each, Table)]
    assert table.rows[-1].title == "confirmed for good, where the dispute was settled"


def test_how_other_agencies_scored_it_stands_beside_the_grade(tmp_path: Path) -> None:
    """NM-20: each agency once with its last score, by whom and why; where none scored there is no such table."""
    lines = [*JOINT, scored("police", "2026-03-05"), scored("health", "2026-03-06", "Inadequate", finding="no check")]
    again = scored("police", "2026-03-09", "Requires Improvement", sections={"Plan and impact": "3"})
    [_, table] = [each for each in section(tmp_path, "grade", *lines, again).blocks if isinstance(each, Table)]
    said = [(row.title, *(getattr(cell, "text", "") for cell in row.cells)) for row in table.rows]
    assert [(row[0], row[1], row[-1]) for row in said] == [
        ("Police", "Requires Improvement", "–"),
        ("Health", "Inadequate", "no check"),
    ]
    assert "Plan and impact: 3" in said[0]
    assert len(section(tmp_path / "none", "grade", *MODERATED).blocks) == 1
