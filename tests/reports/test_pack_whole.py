"""A pack is whole or not there, the same for the same question, and whatever is done to it is found."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from events.errors import Refused
from tests.reports.packs import WINDOW
from workers.pack.choosing import read_children
from workers.pack.material import Chosen, Material
from workers.pack.verifying import verify_pack
from workers.pack.writing import DRAFT, FIRST_DAY, Written, write_pack
from workers.story.books import Books


def test_the_same_question_has_the_same_bytes(written: Written, council_books: Books, tmp_path: Path) -> None:
    """Zip and manifest are alike, whenever they are made and wherever they lie; no file in the zip has a date."""
    again = write_pack(Material(WINDOW, council_books), tmp_path / "elsewhere")
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


def test_a_pack_is_never_written_over(council_books: Books, written: Written) -> None:
    """The same question in the same folder is refused, and what lies there stays."""
    with pytest.raises(Refused, match="there already"):
        write_pack(Material(WINDOW, council_books), written.folder.parent)
    assert verify_pack(written.folder).findings == ()


def test_nobody_else_may_read_it(written: Written) -> None:
    """It is about children."""
    assert written.folder.stat().st_mode & 0o077 == 0
    assert written.zip.stat().st_mode & 0o077 == 0


def test_what_fails_leaves_nothing(council_books: Books, tmp_path: Path) -> None:
    """A part that cannot be made ends without a folder, a zip or a draft."""

    def broken(_asked: object) -> dict[str, str]:
        raise Refused("texts", "the keys are out of reach")

    closed = replace(council_books, opened=broken)
    with pytest.raises(Refused, match="out of reach"):
        write_pack(Material(WINDOW, closed), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_no_pack_and_the_next_clears_what_it_left(council_books: Books, tmp_path: Path) -> None:
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
    pack = write_pack(Material(WINDOW, council_books), tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([pack.folder, pack.zip])


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
