"""Workbooks and lists as councils hand them in, made up from nothing real."""

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl

from services.case_lists import case_list_aggregate
from services.cases.commands import CaseToList
from services.cases.import_list import Handed, Report, digest_of, read_cases, store_cases
from services.cases.merging import Merging
from services.cases.own import Own
from services.cases.reading import CaseReader, Finding
from services.cases.refs import Refs
from services.cases.sheets import Sheet
from services.directory.state import Directory
from services.keyring import Keyring, MasterKey
from services.modules import CATALOGUE
from tests.beside import lying_beside
from tests.desks import ReadableKeys, TestDesk
from tests.services.keyring.memory_bucket import MemoryBucket

AS_OF = date(2026, 3, 31)
SAMPLE = lying_beside("data/annex-a-sample.xlsx") or Path("annex-a-sample.xlsx")
Rows = Sequence[Any]
"""Rows of cells."""

WHO = ["Child Unique ID", "Gender", "Date of Birth"]
OWNERS = ["Allocated Team", "Allocated Worker"]
HEADINGS: dict[str, list[Any]] = {
    "contacts": [*WHO, "Age", "Date of Contact", "Contact Source"],
    "referrals": [*WHO, "Date of Referral", *OWNERS],
    "need": [*WHO, "CIN Start Date", "CIN Closure Date", *OWNERS],
    "plans": [*WHO, "Child Protection Plan Start Date", "Child Protection Plan End Date", *OWNERS],
    "care": [*WHO, "Date Started to be Looked After", "Date Ceased to be Looked After", *OWNERS],
}


def write_book(file: Path, sheets: Mapping[str, Rows], hidden: Iterable[str] = ()) -> Path:
    """A workbook of these sheets, each a list of rows from the first on."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        if title in hidden:
            sheet.sheet_state = "hidden"
        for row in rows:
            sheet.append(list(row))
    book.create_sheet("Notes")
    book.save(file)
    return file


def edit_part(file: Path, name: str, edit: Callable[[bytes], bytes]) -> Path:
    """Change one part of a packed file."""
    with zipfile.ZipFile(file) as packed:
        parts = {info.filename: packed.read(info) for info in packed.infolist()}
    parts[name] = edit(parts[name])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in parts.items():
            packed.writestr(part, content)
    return file


TEXTS = "xl/sharedStrings.xml"
_TEXTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def share_texts(file: Path, *texts: str) -> Path:
    """Give a workbook texts that its cells share, as a spreadsheet program writes them."""
    override = f'<Override PartName="/{TEXTS}" ContentType="{_TEXTS_TYPE}"/></Types>'
    edit_part(file, "[Content_Types].xml", lambda content: content.replace(b"</Types>", override.encode()))
    items = "".join(f"<si><t>{each}</t></si>" for each in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(TEXTS, f'<?xml version="1.0"?><sst xmlns="{main}">{items}</sst>')
    return file


def plain_name(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


class Keys(ReadableKeys):
    """Keys that a test can read through, and that can be held and let go of."""

    def references(self, given: Iterable[str]) -> dict[str, str]:
        return {number: f"child-{plain_name(number.encode())}" for number in given}

    def forget(self, _children: Iterable[str]) -> None:
        """Nothing to let go of."""


class Taking:
    """One council's desk, and files taken in at it as the program does it."""

    def __init__(self, now: datetime = datetime(2026, 4, 1, 9, tzinfo=UTC), authority: str = "torbay") -> None:
        self.desk = TestDesk(authority, now=now)
        self.keys: Keys | Keyring = Keys()
        self.report = Report()

    def with_keys(self, master: MasterKey) -> None:
        """Take real keys instead of those that a test can read through."""
        ring = Keyring(self.desk.authority, master, MemoryBucket(), clock=self.desk.clock)
        self.keys = self.desk.keys = ring

    def take(self, file: Path, *, as_of: date = AS_OF, refs: Path | None = None, parts: int | None = None) -> Report:
        """Take a file in; with `parts`, break off after so many."""
        handed = Handed(file, as_of, "P-QA", "qa_team", refs)
        self.report = report = Report()
        report.reference = digest_of(handed, self.desk)
        merging = read_cases(handed, self.desk, Directory(), report, lambda _: None)
        self.desk.forget()
        known = CATALOGUE.record(self.aggregate, self.desk.store.load(self.aggregate))
        for number, _ in enumerate(store_cases(handed, self.desk, self.keys, merging, report, known), start=1):
            if number == parts:
                break
        return report

    @property
    def aggregate(self) -> str:
        return case_list_aggregate(self.report.reference)


class Read:
    """What was read of sheets: the cases by the council's own number, and the findings."""

    def __init__(
        self,
        sheets: Iterable[Sheet],
        as_of: date = AS_OF,
        refs: Refs | None = None,
        strands: Sequence[str] = (),
        own: Own | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.refs = refs or Refs("torbay", plain_name)
        self.reader = CaseReader(as_of, self.refs, self.findings.append, strands, ("North",), own or Own())
        merging = Merging(lambda number: plain_name(number.encode()), self.findings.append)
        merging.take(self.reader.rows(sheets))
        self.cases: dict[str, CaseToList] = {each: merging.case(each, f"child-{each}") for each in merging.numbers()}
        self.left_out = sum(each.lost == "row" for each in self.findings)

    @property
    def places(self) -> list[tuple[str, int | None, str, str]]:
        """Where something could not be used, and what was lost for it."""
        return [(each.sheet, each.row, each.column.partition(" ")[0], each.lost) for each in self.findings]


def sheet(title: str, rows: Rows, *, hidden: bool = False, plain: bool = False) -> Sheet:
    """A sheet in memory, from its first row on; rows of nothing count, as in a file."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
    return Sheet(title, numbered, hidden=hidden, plain=plain)
