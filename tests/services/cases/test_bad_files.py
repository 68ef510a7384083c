"""Files that are not what they say, or mean harm: refused in one sentence, and never unpacked into the memory."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from events.errors import Refused
from services.cases import csv_file, merging, reading, workbook
from services.cases.csv_file import open_plain
from services.cases.rows import LAST_ROW, LONGEST_CELL, LONGEST_TOKEN, Book, rows_of
from services.cases.workbook import looks_packed, open_workbook
from tests.services.cases.books import HEADINGS, TEXTS, Read, Taking, edit_part, share_texts, write_book

NEED: list[list[Any]] = [HEADINGS["need"], [7, "a) Male", date(2015, 5, 5), date(2025, 2, 1), None, "T-1", "P-1"]]
SHEET = "xl/worksheets/sheet1.xml"
BOOK = Book()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "book.xlsx", {"List 6": NEED})


def packed(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def flagged(content: bytes) -> bytes:
    """The packed file with the mark of a password on its first part."""
    head, entry = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    changed = bytearray(content)
    changed[head + 6] |= 1
    changed[entry + 8] |= 1
    return bytes(changed)


def zeroed(content: bytes, name: str) -> bytes:
    """The packed file with nothing left in the middle of one part."""
    at = content.index(name.encode()) + 100
    return content[:at] + bytes(100) + content[at + 100 :]


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "text": (lambda _: b"Child ID,Team\n7,T-1\n", "is not a workbook; save the lists as .xlsx or .csv"),
    "empty": (lambda _: b"", "is not a workbook"),
    "with a password or old": (lambda _: workbook.OLE + b"\0" * 600, "password, or one of before 2007"),
    "packed with a password": (flagged, "is packed with a password"),
    "cut off": (lambda content: content[: len(content) // 2], "is damaged, or no workbook"),
    "damaged inside": (lambda content: zeroed(content, SHEET), "is damaged, or no workbook"),
    "only its first letters": (lambda _: workbook.ZIP, "is damaged, or no workbook"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_workbook(case: str, book: Path) -> None:
    """What is no workbook, is locked, or is damaged is refused by its content, and nothing of it is taken."""
    spoil, reason = BAD[case]
    book.write_bytes(spoil(book.read_bytes()))
    taking = Taking()
    with pytest.raises(Refused, match=reason):
        taking.take(book)
    assert taking.desk.store.load(taking.aggregate) == ()


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is refused."""
    with pytest.raises(Refused, match="cannot be read: No such file"):
        Taking().take(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"readme.txt": b"x"}, "is a packed file, but no workbook"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b""}, "is a binary workbook"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "is damaged, or no workbook"),
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, "is damaged, or no workbook"),
        ({SHEET: b" " * 40_000_000}, r"is packed \d+ times over"),
        ({f"xl/{number}": b"" for number in range(5_001)}, "is packed of 5001 parts"),
    ],
)
def test_other_packed_files(parts: dict[str, bytes], reason: str, tmp_path: Path) -> None:
    """A packed file that is no workbook, or that unpacks as none does, is refused before it is unpacked."""
    with pytest.raises(Refused, match=reason):
        Taking().take(packed(tmp_path / "book.xlsx", parts))


def test_limits_of_size(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large, or whose parts are, is refused from what its directory says."""
    for limit, reason in (
        ("LARGEST_WHOLE", "beside its sheets"),
        ("LARGEST_UNPACKED", "would unpack to"),
        ("LARGEST_FILE", "is not a case list"),
    ):
        monkeypatch.setattr(workbook, limit, 1_000)
        with pytest.raises(Refused, match=reason):
            Taking().take(book)


def test_a_part_that_lies_about_its_size(book: Path) -> None:
    """A sheet that holds more than the directory says is damaged, not read on."""
    content = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        size = archive.getinfo(SHEET).file_size
    spoilt = content.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    assert spoilt != content
    book.write_bytes(spoilt)
    with pytest.raises(Refused, match="is damaged"):
        Taking().take(book)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", [SHEET, TEXTS, "xl/styles.xml", "xl/workbook.xml"])
def test_entities_are_not_expanded(book: Path, part: str) -> None:
    """A workbook that declares entities is refused, whichever part does."""

    def laughing(content: bytes) -> bytes:
        head, mark, rest = content.partition(b"?>")
        return head + mark + LAUGHS + rest if mark else LAUGHS + content

    edit_part(share_texts(book, "x"), part, laughing)
    with pytest.raises(Refused, match=r"is damaged|document type"):
        Taking().take(book)


def read_through(xml: bytes) -> None:
    for _ in rows_of(io.BytesIO(xml), BOOK):
        pass


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b'<x><row r="%d"/></x>' % (LAST_ROW + 1), f"names row {LAST_ROW + 1}"),
        (b'<x><row r="1"><c r="A1" t="str"><v>' + b"x" * (LONGEST_CELL + 1), "holds more than"),
        (b'<x><row r="1" y="' + b"x" * (LONGEST_TOKEN + 100_000) + b'"/></x>', "holds a tag of more than"),
    ],
)
def test_xml_without_end(xml: bytes, reason: str) -> None:
    """A row beyond the last, a cell or a tag without end is refused, and does not fill the memory first."""
    with pytest.raises(Refused, match=reason):
        read_through(xml)


class Endless(io.BytesIO):
    """A sheet of rows that are formatted and empty, made as it is read."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = (
            f'<row r="{n}" s="1" ht="15"><c r="A{n}" s="1"/><c r="B{n}"/></row>'.encode() for n in range(1, rows)
        )
        self._head, self._tail = [b"<sheetData>"], [b"</sheetData>"]

    def read(self, _size: int | None = -1, /) -> bytes:
        some = b"".join(islice(self._rows, 1_000))
        return (self._head.pop() if self._head else b"") + (some or (self._tail.pop() if self._tail else b""))


def test_empty_rows_take_no_memory() -> None:
    """Forty thousand empty rows leave nothing behind: neither rows nor four bytes of memory each."""
    tracemalloc.start()
    try:
        assert list(rows_of(Endless(40_000), BOOK)) == []
        assert tracemalloc.get_traced_memory()[1] < 600_000
    finally:
        tracemalloc.stop()


def test_far_away_cells() -> None:
    """What stands far to the right is not looked at; rows and cells without a place follow the one before."""
    row = b'<row r="3"><c><v>1</v></c><c t="b"><v>1</v></c><c r="XFD3"><v>9</v></c></row>'
    xml = b"<x>" + row + b"<row><c><v>2.5</v></c></row></x>"
    assert list(rows_of(io.BytesIO(xml), BOOK)) == [(3, [1, True]), (4, [2.5])]


def test_formulas_by_their_last_values(book: Path) -> None:
    """A formula stands for the value that the spreadsheet kept; one that was never worked out says nothing."""
    formulas: list[list[Any]] = [[*row[:3], "=C2+1", *row[4:]] for row in NEED[1:]]
    for value, since in ((b"<v></v>", None), (b"<v>45689</v>", date(2025, 2, 1)), (b"<v />", None)):
        write_book(book, {"List 6": [NEED[0], *formulas]})
        edit_part(book, SHEET, lambda content, value=value: content.replace(b"<v></v>", value).replace(b"<v />", value))  # type: ignore[misc]
        with open_workbook(book) as sheets:
            assert Read(sheets).cases["7"].open_since == since


def test_texts_that_cells_share(book: Path) -> None:
    """Texts are found where spreadsheet programs keep them; a cell that points nowhere is damage."""
    shared = b'<c r="F2" t="s"><v>1</v></c>'
    edit_part(share_texts(book, "x", "T-77"), SHEET, lambda content: re.sub(rb'<c r="F2".*?</c>', shared, content))
    with open_workbook(book) as sheets:
        assert Read(sheets).cases["7"].team == "T-77"
    edit_part(book, SHEET, lambda content: content.replace(b"<v>1</v>", b"<v>5</v>"))
    with pytest.raises(Refused, match="is damaged"):
        Taking().take(book)


def test_a_workbook_that_counts_from_1904(book: Path) -> None:
    """The old way of counting days is seen, for dates and for plain numbers in a column of dates."""
    edit_part(book, "xl/workbook.xml", lambda content: content.replace(b"<workbookPr ", b'<workbookPr date1904="1" '))
    with open_workbook(book) as sheets:
        assert {each.epoch for each in sheets} == {datetime(1904, 1, 1)}  # noqa: DTZ001


CSV_BAD: dict[str, tuple[bytes, str]] = {
    "no text": (b"Child ID\n\0\1\2", "neither a workbook nor text"),
    "a line without end": (b"Child ID\n" + b"7" * csv_file.LONGEST_LINE, "characters or more"),
    "an open quote": (b'Child ID,Team\n7,"T-1\n', "row 2 is not valid CSV"),
    "a byte of no encoding": (b"Child ID,Team\n7,\x81\n", "in no encoding"),
    "no number": (b"Name,Team\nx,T-1\n", "no heading for the child's number"),
    "no rows": (b"Child ID,Team\n", "it has no rows"),
    "nothing": (b"", "no heading for the child's number"),
    "nothing that can be used": (b"Child ID\nx\ny\n", r"csv A \(Child ID\): is not a valid child number"),
}


@pytest.mark.parametrize("case", CSV_BAD)
def test_bad_plain_lists(case: str, tmp_path: Path) -> None:
    """A CSV that is none, or of which no child can be taken, is refused with the reason."""
    content, reason = CSV_BAD[case]
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(Refused, match=reason):
        Taking().take(file)


@pytest.mark.parametrize(
    "content",
    [
        "Child ID,Date of birth,Team\n7,05/05/2015,Équipe\n\n8,,\n",
        "Child ID;Date of birth;Team\r\n7;05/05/2015;Équipe\r\n8;;\r\n",
        "Child ID\tDate of birth\tTeam\n7\t5 May 2015\tÉquipe\n8\t\t\n",
        '"Child ID","Date of birth","Team"\n"7","05/05/2015","Équipe"\n"8",,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_plain_lists(content: str, encoding: str, tmp_path: Path) -> None:
    """A CSV is read between commas, semicolons or tabs, in UTF-8 or as Windows writes it."""
    file = tmp_path / "list.csv"
    file.write_bytes(content.encode(encoding))
    with open_plain(file) as sheets:
        read = Read(sheets)
    assert (read.cases["7"].age, set(read.cases)) == (10, {"7", "8"})
    assert read.findings == []
    assert len(read.refs.unknown["team"]) == 1


def test_rows_of_a_plain_list_are_counted_as_seen(tmp_path: Path) -> None:
    """A row is named by the line on which it begins, also after a cell with a line break."""
    file = tmp_path / "list.csv"
    file.write_text('Child ID,Team\n7,"two\nlines"\n\nx,T-1\n', encoding="utf-8")
    with open_plain(file) as sheets:
        assert [each[:3] for each in Read(sheets).places] == [("csv", 5, "A")]


def test_more_than_any_authority_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of more rows or children than there can be is refused, and does not fill the memory."""
    file = tmp_path / "list.csv"
    file.write_text("Child ID\n7\n8\n8\n", encoding="utf-8")
    assert Taking().take(file).taken == 2
    limits = ((merging, "MOST_CHILDREN", "more than 1 children"), (reading, "MOST_ROWS", "more than 1 rows"))
    for module, limit, reason in limits:
        monkeypatch.setattr(module, limit, 1)
        with pytest.raises(Refused, match=reason):
            Taking().take(file)


def test_what_is_judged_by_content(book: Path) -> None:
    """A workbook is known by its content, whatever its name says."""
    assert looks_packed(book.read_bytes()[:8])
    assert Taking().take(book.rename(book.with_suffix(".csv"))).taken == 1
