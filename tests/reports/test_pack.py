"""The inspection pack: eleven parts, the same bytes for the same question, and whole or not there."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from events.errors import Refused
from services.texts.opening import CLOSED
from tests.desks import TestDesk
from tests.lives import TORBAY_LOWEST, Life, people
from tests.reports.shelf import books_of
from workers.pack.choosing import read_children
from workers.pack.material import Chosen, Material, Question
from workers.pack.parts import parts
from workers.pack.verifying import verify_pack
from workers.pack.writing import DRAFT, FIRST_DAY, Written, harmless, write_pack
from workers.story.books import Books, nothing_opened

WINDOW = Question(date(2026, 1, 1), date(2026, 6, 15))
EVIL = '=HYPERLINK("http://x","y")'


def lived() -> TestDesk:
    """Audits of half a year: one alarming, its re-audit, one returned late, one exempted, one overdue."""
    desk = TestDesk("torbay", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    first = Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-15", TORBAY_LOWEST)
    first.action("2026-01-16", "A-1-1", text=EVIL, due="2026-02-20")
    first.to_moderator("2026-01-16").moderated("2026-01-20", "Does Not Meet Good", rationale="a visit is <b>booked</b>")
    first.act("action.complete", "2026-03-02", "P-SW", "worker", action="A-1-1", impact="seen weekly since")
    again = Life("torbay", "A-2", auditor="P-RE").allocated("2026-04-13", reaudit_of="A-1").submitted("2026-04-20")
    late = Life("torbay", "A-3", child="C-3").allocated("2026-02-02").submitted("2026-03-30")
    out = Life("torbay", "A-4", child="C-4").allocated("2026-05-04")
    before = Life("torbay", "A-0", child="C-0").allocated("2025-09-01").submitted("2025-09-20")
    desk.do(*people("torbay"), *before, *first, *again, *late, *out)
    for audit in ("A-0", "A-1", "A-2", "A-3", "A-4"):
        desk.keep(audit)
    return desk


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The books of that half year, with every text opened."""
    return books_of(lived(), tmp_path_factory.mktemp("books"))


@pytest.fixture(scope="module")
def written(books: Books, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Its named pack."""
    return write_pack(Material(WINDOW, books), tmp_path_factory.mktemp("pack"))


def table(pack: Written, name: str) -> list[dict[str, str]]:
    with (pack.folder / name).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


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


def test_the_framework_stands_in_words(written: Written, books: Books) -> None:
    """The version in force, on a page of its own."""
    version = books.policies.newest.version
    page = (written.folder / "10-framework" / f"version-{version}.html").read_text(encoding="utf-8")
    assert "Does Not Meet Good" in page


def test_chosen_children(books: Books, tmp_path: Path) -> None:
    """Who has an audit is told; who has none is to be audited by the day that was said; a number stays out of it."""
    asked = Question(
        WINDOW.first,
        WINDOW.last,
        children=(Chosen(1, "C-1"), Chosen(2, "C-4"), Chosen(3, None)),
        deadline=date(2026, 7, 1),
    )
    pack = write_pack(Material(asked, books), tmp_path)
    there = {row["audit"] for row in table(pack, "11-chosen-children/audits.csv")}
    assert there == {"A-1", "A-2", "A-4"}
    made = {
        row["line of the file"]: (row["why"], row["by"]) for row in table(pack, "11-chosen-children/to-be-made.csv")
    }
    assert made == {"2": ("given out as A-4, not returned", "1 Jul 2026"), "3": ("not known here", "1 Jul 2026")}


def test_the_same_question_has_the_same_bytes(written: Written, books: Books, tmp_path: Path) -> None:
    """Zip and manifest are alike, whenever they are made and wherever they lie; no file in the zip has a date."""
    again = write_pack(Material(WINDOW, books), tmp_path / "elsewhere")
    assert again.zip.read_bytes() == written.zip.read_bytes()
    assert again.manifest == written.manifest
    with zipfile.ZipFile(again.zip) as archive:
        assert {each.date_time for each in archive.infolist()} == {FIRST_DAY}


def test_the_manifest_names_every_file(written: Written) -> None:
    """Each with its hash, by which anybody can check it without us."""
    told = json.loads((written.folder / "manifest.json").read_text(encoding="utf-8"))
    files = {each.relative_to(written.folder).as_posix() for each in written.folder.rglob("*") if each.is_file()}
    assert {each["path"] for each in told["files"]} == files - {"manifest.json", "SHA256SUMS"}
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=written.folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_a_pack_that_was_not_touched_is_found_whole(written: Written) -> None:
    """As a folder and as a zip."""
    for where in (written.folder, written.zip):
        found = verify_pack(where)
        assert (found.findings, found.manifest) == ((), written.manifest)


def _change(folder: Path) -> str:
    (folder / "01-audits" / "audits.csv").write_text("nothing", encoding="utf-8")
    return "01-audits/audits.csv was changed"


def _drop(folder: Path) -> str:
    (folder / "index.html").unlink()
    return "index.html is missing"


def _add(folder: Path) -> str:
    (folder / "more.html").write_text("more", encoding="utf-8")
    return "more.html is in no manifest"


@pytest.mark.parametrize("harm", [_change, _drop, _add])
def test_whatever_was_done_to_a_pack_is_found(harm: Callable[[Path], str], written: Written, tmp_path: Path) -> None:
    """A file changed, missing or too many is named."""
    copy = tmp_path / "copy"
    shutil.copytree(written.folder, copy)
    said = harm(copy)
    assert verify_pack(copy).findings == (said,)


@pytest.mark.parametrize("content", [None, b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_pack_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """A file that is not there, is no zip, or holds no manifest."""
    file = tmp_path / "x.zip"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused, match="pack"):
        verify_pack(file)


def test_a_pack_is_never_written_over(books: Books, written: Written) -> None:
    """The same question in the same folder is refused, and what lies there stays."""
    with pytest.raises(Refused, match="there already"):
        write_pack(Material(WINDOW, books), written.folder.parent)
    assert verify_pack(written.folder).findings == ()


def test_nobody_else_may_read_it(written: Written) -> None:
    """It is about children."""
    assert written.folder.stat().st_mode & 0o077 == 0
    assert written.zip.stat().st_mode & 0o077 == 0


def test_what_fails_leaves_nothing(books: Books, tmp_path: Path) -> None:
    """A part that cannot be made ends without a folder, a zip or a draft."""

    def broken(_asked: object) -> dict[str, str]:
        raise Refused("texts", "the keys are out of reach")

    closed = Books(**{**{name: getattr(books, name) for name in Books.__dataclass_fields__}, "opened": broken})
    with pytest.raises(Refused, match="out of reach"):
        write_pack(Material(WINDOW, closed), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_no_pack_and_the_next_clears_what_it_left(books: Books, tmp_path: Path) -> None:
    """Killed in the middle: a hidden draft that no check takes for a pack, gone after the next run."""
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom workers.pack import writing\n"
        f"draft = Path({str(tmp_path)!r}) / f'{{writing.DRAFT}}{{os.getpid()}}-x'\n"
        "draft.mkdir(); (draft / 'index.html').write_text('half')\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    (draft,) = tmp_path.iterdir()
    assert draft.name.startswith(DRAFT)
    with pytest.raises(Refused):
        verify_pack(draft)
    pack = write_pack(Material(WINDOW, books), tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([pack.folder, pack.zip])


def test_a_council_without_audits_has_an_honest_pack(tmp_path: Path) -> None:
    """Every part says that there is nothing, and the agreement has no value."""
    desk = TestDesk("halton", now=datetime(2026, 6, 15, 12, tzinfo=UTC))
    pack = write_pack(Material(WINDOW, books_of(desk, tmp_path)), tmp_path / "out")
    assert pack.audits == 0
    page = (pack.folder / "01-audits" / "audits.html").read_text(encoding="utf-8")
    assert "No audit was given out" in page
    assert verify_pack(pack.zip).findings == ()


def test_a_suppressed_copy_names_nobody(books: Books, tmp_path: Path) -> None:
    """No audit, child, person or text is in any file of it, and no number from 1 to 5 that counts any."""
    asked = Question(WINDOW.first, WINDOW.last, copy="suppressed")
    pack = write_pack(
        Material(
            asked,
            Books(**{**{name: getattr(books, name) for name in Books.__dataclass_fields__}, "opened": nothing_opened}),
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


def children_file(folder: Path, content: bytes) -> Path:
    file = folder / "children.csv"
    file.write_bytes(content)
    return file


def test_children_are_read_by_reference_and_by_number(tmp_path: Path) -> None:
    """A heading is passed over, a child named twice stands once, and a number leads to its child if it has one."""
    file = children_file(tmp_path, "\ufeffCase number\nC-1\n4711\n\nC-1\n4712,Jo\n".encode())
    found = read_children(file, ["C-1"], lambda numbers: {each: "C-9" for each in numbers if each == "4711"})
    assert found == (Chosen(2, "C-1"), Chosen(3, "C-9"), Chosen(6, None))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names nobody"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"C-1\nJo Smith of Mill Lane\n", "line 2"),
        ("\n".join(map(str, range(1, 600))).encode(), "more than 500"),
    ],
)
def test_a_file_of_children_that_cannot_be_used_is_refused_in_one_line(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """The line is named and never quoted."""
    with pytest.raises(Refused, match=said) as refused:
        read_children(children_file(tmp_path, content), [], lambda _: {})
    assert "Mill Lane" not in str(refused.value)


def test_a_file_of_children_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(Refused, match="cannot be read"):
        read_children(tmp_path / "none.csv", [], lambda _: {})
