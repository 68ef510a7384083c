"""What stands in an inspection pack, part by part; and in the copy that names nobody."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.policy.versions import Policies
from services.texts.opening import CLOSED
from tests.desks import SHIPPED, TestDesk
from tests.lives import TORBAY_LOWEST, Life, people
from tests.reports.packs import EVIL, WINDOW, table
from tests.reports.shelf import books_of
from workers.pack.material import Chosen, Material, Question
from workers.pack.parts import parts
from workers.pack.sheets import harmless
from workers.pack.verifying import verify_pack
from workers.pack.writing import Written, write_pack
from workers.story.books import Books, nothing_opened


def test_it_has_eleven_parts_each_with_a_page_and_a_table(written: Written) -> None:
    """The parts that inspectors ask for, in their order, and an index that leads to each page."""
    assert [each.number for each in parts()] == list(range(1, 12))
    index = (written.folder / "index.html").read_text(encoding="utf-8")
    for part in parts():
        pages = sorted((written.folder / part.folder).glob("*.html"))
        assert pages, part
        assert all(f'href="{part.folder}/{page.name}"' in index for page in pages)
    tabled = {each.parent.name for each in written.folder.rglob("*.csv")}
    assert tabled >= {part.folder for part in parts() if part.number != 11}


def test_the_audits_are_those_of_the_window(written: Written) -> None:
    """What was worked on in it, whenever it was given out; nothing of the year before."""
    rows = {row["audit"]: row for row in table(written, "01-audits/audits.csv")}
    assert set(rows) == {"A-1", "A-2", "A-3", "A-4"}
    assert rows["A-3"]["late"] == "yes"
    assert rows["A-1"]["auditor's role"] == "Team Manager"
    assert (rows["A-1"]["grade by auditor"], rows["A-1"]["grade that stands"]) == (TORBAY_LOWEST, "Does Not Meet Good")


def test_coverage_names_each_gap_with_its_reason(written: Written) -> None:
    """What was given out and not made is told by service, with the day since when it is overdue."""
    (service,) = [row for row in table(written, "02-coverage/services.csv") if row["service"] == "S-1"]
    assert (service["returned"], service["overdue"], service["All"]) == ("3", "1", "4")
    (gap,) = table(written, "02-coverage/gaps.csv")
    assert (gap["audit"], gap["reason"]) == ("A-4", "not returned; overdue since 1 Jun 2026")


def test_each_audit_stands_on_a_page_of_its_own(written: Written) -> None:
    """Sections with evidence and impact, how the grade came about, voices, and the story; markup stays text."""
    page = (written.folder / "03-each-audit" / "A-1.html").read_text(encoding="utf-8")
    assert "felt by the child" in page
    assert "a visit is &lt;b&gt;booked&lt;/b&gt;" in page
    assert "Feedback of the family was sought but not obtained." in page
    assert "still open" in page
    sections = [row for row in table(written, "03-each-audit/sections.csv") if row["page"] == "A-1"]
    assert {row["evidence"] for row in sections} == {"seen on file"}


def test_moderation_tells_which_way_why_and_how_soon(written: Written) -> None:
    """One grade lifted by one step, three working days after the return."""
    (change,) = table(written, "04-moderation/changes.csv")
    assert (change["way"], change["steps"], change["why"]) == ("raised", "1", "a visit is <b>booked</b>")
    much = {row["what"]: row["figure"] for row in table(written, "04-moderation/much.csv")}
    assert much["Working days from return to moderation, the middle one"] == "3.0"
    assert much["Share moderated"] == "33.3"
    coefficients = {row["measure"]: row["value"] for row in table(written, "04-moderation/agreement.csv")}
    assert coefficients["Gwet's AC2, quadratic weights"] == ""


def test_actions_tell_what_they_changed_and_no_text_is_a_formula(written: Written) -> None:
    """Late, with what difference it made; what begins like a formula is a text."""
    (action,) = table(written, "05-actions/actions.csv")
    assert action["how it stands"] == "done late"
    assert action["what it changed for the child"] == "seen weekly since"
    assert action["what"] == f"'{EVIL}"


def test_an_action_that_was_confirmed_and_never_completed_is_not_in_time(tmp_path: Path) -> None:
    """Nobody said when it was done: it is neither in time nor late."""
    desk = TestDesk("torbay", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    life = (
        Life("torbay", "A-1")
        .allocated("2026-01-05")
        .submitted("2026-01-15")
        .action("2026-01-16", "X", due="2026-01-20")
    )
    desk.do(*people("torbay"), *life.to_moderator("2026-01-17").moderated("2026-01-19").confirmed("2026-03-02"))
    pack = write_pack(Material(WINDOW, books_of(desk, tmp_path)), tmp_path / "out")
    (action,) = table(pack, "05-actions/actions.csv")
    assert (action["done"], action["confirmed"]) == ("", "2 Mar 2026")
    assert action["how it stands"] == "confirmed, day not said"


@pytest.mark.parametrize(
    ("text", "cell"), [("-1", "-1"), ("+2.5", "+2.5"), ("-1+2", "'-1+2"), ("@x", "'@x"), ("–", ""), ("Good", "Good")]
)
def test_a_number_stays_a_number(text: str, cell: str) -> None:
    """Only a text is quoted."""
    assert harmless(text) == cell


def test_a_reaudit_stands_beside_its_finding(written: Written) -> None:
    """Before and after, and by how many grades."""
    (pair,) = table(written, "06-re-audits/pairs.csv")
    assert (pair["re-audit"], pair["of"], pair["it came out"], pair["steps"]) == ("A-2", "A-1", "better", "+1")


def test_escalations_of_the_window(written: Written) -> None:
    """What was raised, and that nobody has settled it."""
    rows = table(written, "07-escalations/escalations.csv")
    assert rows
    assert {row["it ended"] for row in rows} <= {"open", "what was owed was done", "it fell away"}


def test_the_framework_stands_in_words(written: Written, council_books: Books) -> None:
    """The version in force, on a page of its own."""
    version = council_books.policies.newest.version
    page = (written.folder / "10-framework" / f"version-{version}.html").read_text(encoding="utf-8")
    assert "Does Not Meet Good" in page


def test_chosen_children(council_books: Books, tmp_path: Path) -> None:
    """Who has an audit is told; who has none is to be audited by the day that was said; a number stays out of it."""
    asked = Question(
        WINDOW.first,
        WINDOW.last,
        children=(Chosen(1, "C-1"), Chosen(2, "C-4"), Chosen(3, None)),
        deadline=date(2026, 7, 1),
    )
    pack = write_pack(Material(asked, council_books), tmp_path)
    there = {row["audit"] for row in table(pack, "11-chosen-children/audits.csv")}
    assert there == {"A-1", "A-2", "A-4"}
    made = {
        row["line of the file"]: (row["why"], row["by"]) for row in table(pack, "11-chosen-children/to-be-made.csv")
    }
    assert made == {"2": ("given out as A-4, not returned", "1 Jul 2026"), "3": ("not known here", "1 Jul 2026")}
    beside = table(pack, "11-chosen-children/grades.csv")
    assert {row["the inspectors'"] for row in beside} == {"none recorded"}


@pytest.mark.parametrize("authority", sorted(SHIPPED))
def test_the_grade_of_inspectors_stands_beside_the_councils(authority: str, tmp_path: Path) -> None:
    """In every framework it can be recorded of a child; the pack says by how many grades they differ."""
    desk = TestDesk(authority, now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    scale = SHIPPED[authority].newest.grades.overall
    asked = next(each for each in SHIPPED[authority].newest.registers if each.name == "inspection_grade")
    theirs = asked.questions[0].options[2]
    given = {"kind": "inspection_grade", "child": "C-1", "on": "2026-06-01", "answers": {"inspectors_grade": theirs}}
    by = {"command": "entry.record", "authority": authority, "actor": "P-QA", "role": asked.by[0], "at": "2026-06-01"}
    desk.do(*Life(authority, "A-1").allocated("2026-01-05").submitted("2026-01-15"), {**by, **given, "entry": "E-1"})
    question = Question(WINDOW.first, WINDOW.last, children=(Chosen(1, "C-1"),))
    pack = write_pack(Material(question, books_of(desk, tmp_path)), tmp_path / "out")
    (row,) = table(pack, "11-chosen-children/grades.csv")
    assert (row["the inspectors'"], row["on"]) == (theirs, "1 Jun 2026")
    assert row["steps"] == ("-1" if scale else "")


def test_a_council_without_audits_has_an_honest_pack(tmp_path: Path) -> None:
    """Every part says that there is nothing, and the agreement has no value."""
    desk = TestDesk("halton", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    pack = write_pack(Material(WINDOW, books_of(desk, tmp_path)), tmp_path / "out")
    assert pack.audits == 0
    page = (pack.folder / "01-audits" / "audits.html").read_text(encoding="utf-8")
    assert "No audit was given out" in page
    assert verify_pack(pack.zip).findings == ()


@pytest.mark.parametrize(("up_to", "stages"), [(2, {"c", "4"}), (5, {"c"})])
def test_what_is_small_says_the_policy(council_books: Books, tmp_path: Path, up_to: int, stages: set[str]) -> None:
    """Of the window's last day; a version that comes later has no say, and the index tells the number."""
    newest = council_books.policies.newest
    copies = newest.copies.model_copy(update={"suppress_up_to": up_to})
    later = newest.model_copy(update={"version": "2", "effective_from": date(2026, 6, 16)})
    policies = Policies("torbay", (newest.model_copy(update={"copies": copies}), later))
    asked = Question(WINDOW.first, WINDOW.last, copy="suppressed")
    pack = write_pack(Material(asked, replace(council_books, policies=policies, opened=nothing_opened)), tmp_path)
    rows = table(pack, "01-audits/stages.csv")
    assert {cell for row in rows for head, cell in row.items() if head not in {"page", "service"}} == stages
    assert f"a number from 1 to {up_to}" in (pack.folder / "index.html").read_text(encoding="utf-8")


def test_a_suppressed_copy_names_nobody(council_books: Books, tmp_path: Path) -> None:
    """No audit, child, person or text is in any file of it, and no number from 1 to 5 that counts any."""
    asked = Question(WINDOW.first, WINDOW.last, copy="suppressed")
    pack = write_pack(
        Material(
            asked,
            replace(council_books, opened=nothing_opened),
        ),
        tmp_path,
    )
    for file in pack.folder.rglob("*"):
        if file.is_file() and "10-framework" not in str(file):
            text = file.read_text(encoding="utf-8")
            for name in ("A-1", "A-4", "C-1", "P-AUD", "P-SW", "booked", CLOSED):
                assert name not in text, (file, name)
    for row in table(pack, "01-audits/stages.csv"):
        assert {cell for head, cell in row.items() if head not in {"page", "service"}} <= {"c", "0"}
    assert "audits" not in json.loads((pack.folder / "manifest.json").read_text(encoding="utf-8"))
