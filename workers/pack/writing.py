"""Writing a pack: every part as pages and tables, a manifest with the hash of each file, and all of it as a zip.

A pack is complete or not there: it is written under a name that no pack has and renamed at its end. The same question
gives the same bytes: nothing in it says when it was written.
"""

import json
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from events.errors import Refused
from projections.happened import last_position
from workers.pack.hiding import hide
from workers.pack.material import Material, Page, Question
from workers.pack.parts import Part, parts
from workers.pack.sheets import Sheet
from workers.reports.page import Note, Report, Section, Table
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import Contents, Link, of_report
from workers.reports.suppression import what_it_is

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
INDEX = "index.html"
UP = Link(title="All parts of the pack", to=f"../{INDEX}")
DRAFT = ".unfinished-"
"""How the names of packs begin that are being written."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip: the first that a zip can say."""

CHECK = (
    f"{SUMS} and {MANIFEST} hold the SHA-256 of every other file. `sha256sum -c {SUMS}` in this folder checks them; "
    "`sightline pack verify` does so for the folder or the zip, and tells of files that are too many as well."
)


@dataclass(frozen=True, slots=True)
class Written:
    """A pack that lies there: as a folder and as a zip, with the hash of its manifest.

    `files` counts what the manifest lists, as whoever checks the pack does.
    """

    folder: Path
    zip: Path
    files: int
    audits: int
    position: int
    manifest: str


def name_of(authority: str, question: Question) -> str:
    """What a pack is called, by its question: the same question has the same name."""
    as_at = "".join(
        f"-{word}-{day}"
        for word, day in (("at", question.as_at.happened_by), ("known", question.as_at.known_by))
        if day is not None
    )
    return f"{authority}-{question.first}-{question.last}{as_at}-{question.copy}"


def write_pack(material: Material, output: Path) -> Written:
    """Write the pack into the folder, under its own name and beside it as a zip.

    Refused, with nothing written, where a pack of that name is there already or the folder cannot be written to. A kill
    in the middle leaves a hidden draft and no pack; the next run clears drafts whose process is gone.
    """
    name = name_of(material.books.authority, material.question)
    folder, archive = output / name, output / f"{name}.zip"
    for each in (folder, archive):
        if each.exists():
            raise Refused("output", f"{each} is there already; a pack is never written over")
    draft = output / f"{DRAFT}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        _clear(output)
        draft.mkdir(mode=0o700)
        try:
            written = _Writing(material, draft / name).write()
            _zip(draft / name, draft / archive.name)
            (draft / archive.name).rename(archive)
            (draft / name).rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise Refused("output", f"{output} cannot be written to: {error.strerror or error}") from error
    return Written(folder, archive, *written)


def _clear(output: Path) -> None:
    """Remove the drafts of processes that are gone."""
    for draft in output.glob(f"{DRAFT}*"):
        pid = draft.name.removeprefix(DRAFT).partition("-")[0]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and not _lives(int(pid)):
            shutil.rmtree(draft, ignore_errors=True)


def _lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        return True
    return False


@dataclass(slots=True)
class _Writing:
    material: Material
    folder: Path
    listed: dict[str, tuple[int, str]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)

    def write(self) -> tuple[int, int, int, str]:
        """Write every file; how many stand in the manifest, of how many audits, up to which event, and its hash."""
        books = self.material.books
        position = last_position(books.source, books.authority)
        self.folder.mkdir(mode=0o700)
        index: list[tuple[Part, list[tuple[str, str]]]] = []
        for part, made in self._reports(position):
            index.append((part, self._part(part, made)))
        self._put(INDEX, self._index(index, position).encode())
        sums = "".join(f"{digest}  {name}\n" for name, (_, digest) in sorted(self.listed.items()))
        (self.folder / SUMS).write_text(sums, encoding="utf-8")
        manifest = json.dumps(self._manifest(position), indent=1, ensure_ascii=False).encode() + b"\n"
        (self.folder / MANIFEST).write_bytes(manifest)
        return len(self.listed), len(self.material.audits), position, sha256(manifest).hexdigest()

    def _reports(self, position: int) -> Iterator[tuple[Part, Iterable[tuple[Page, Report]]]]:
        """Each part with its pages. Those of a suppressed copy are hidden together: none gives another away."""
        if self.material.question.copy == "named":
            for part in parts():
                yield part, ((each, self._report(part, each, position)) for each in part.pages(self.material))
            return
        found = [(part, list(part.pages(self.material))) for part in parts()]
        made = [self._report(part, each, position) for part, held in found for each in held]
        hidden = iter(hide(made, self.material.threshold))
        for part, held in found:
            yield part, [(each, next(hidden)) for each in held]

    def _report(self, part: Part, each: Page, position: int) -> Report:
        question, books = self.material.question, self.material.books
        return Report(
            authority=books.authority,
            name=f"pack.{part.name}.{each.name}",
            title=each.title,
            source=(),
            made_by="",
            audience=(),
            first=question.first,
            last=question.last,
            copy_=question.copy,
            as_at=question.as_at,
            policy_version=books.policies.in_force(question.last).version,
            position=position,
            notes=tuple(self._notes()),
            sections=each.sections,
        )

    def _notes(self) -> Iterator[Note]:
        if self.material.question.last > self.material.books.today:
            yield Note(text="The window has not ended: what is still to come is not in here.")

    def _part(self, part: Part, made: Iterable[tuple[Page, Report]]) -> list[tuple[str, str]]:
        """Write a part: its pages, and each table of them as one file over all its pages."""
        (self.folder / part.folder).mkdir(mode=0o700)
        pages: list[tuple[str, str]] = []
        sheets: dict[str, Sheet] = {}
        with ExitStack() as open_files:
            for each, report in made:
                name = f"{part.folder}/{safe(each.name)}.html"
                self._put(name, as_html(of_report(report).model_copy(update={"up": UP})).encode())
                pages.append((name, each.title))
                for table in (
                    block for section in report.sections for block in section.blocks if isinstance(block, Table)
                ):
                    key = safe(table.key)
                    if key not in sheets:
                        self.tables[f"{part.folder}/{key}.csv"] = table.title
                        sheets[key] = open_files.enter_context(Sheet(self.folder / part.folder / f"{key}.csv", table))
                    sheets[key].write(each.name, table)
        for key in sheets:
            self._note(f"{part.folder}/{key}.csv")
        return pages

    def _put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)
        self.listed[name] = (len(content), sha256(content).hexdigest())

    def _note(self, name: str) -> None:
        file = self.folder / name
        with file.open("rb") as opened:
            digest = sha256()
            while piece := opened.read(1 << 16):
                digest.update(piece)
        self.listed[name] = (file.stat().st_size, digest.hexdigest())

    def _manifest(self, position: int) -> dict[str, object]:
        question, books = self.material.question, self.material.books
        return {
            "pack": name_of(books.authority, question),
            "authority": books.authority,
            "from": question.first.isoformat(),
            "to": question.last.isoformat(),
            "copy": question.copy,
            "as_at": question.as_at.model_dump(mode="json"),
            "as_of": books.today.isoformat(),
            "up_to_event": position,
            "policy_version": books.policies.in_force(question.last).version,
            **({} if question.copy == "suppressed" else {"audits": len(self.material.audits)}),
            "how_to_check": CHECK,
            "files": [
                {"path": name, "bytes": size, "sha256": digest} for name, (size, digest) in sorted(self.listed.items())
            ],
        }

    def _index(self, index: list[tuple[Part, list[tuple[str, str]]]], position: int) -> str:
        check = Section(key="check", title="How to check this pack", blocks=(Note(text=CHECK),))
        made = self._report(index[0][0], Page("index", "Inspection pack", (check,)), position)
        contents = tuple(
            Contents(title=f"{part.number}. {part.title}", links=(*_pages(pages), *self._tables(part)))
            for part, pages in index
        )
        notes = (Note(text=self._first_note), *made.notes)
        return as_html(of_report(made).model_copy(update={"contents": contents, "notes": notes}))

    @property
    def _first_note(self) -> str:
        if self.material.question.copy == "suppressed":
            return what_it_is(self.material.threshold)
        return f"{len(self.material.audits)} audits were worked on in the window."

    def _tables(self, part: Part) -> Iterator[Link]:
        for name, title in self.tables.items():
            if name.startswith(f"{part.folder}/"):
                yield Link(title=f"{title} (CSV)", to=name)


def _pages(pages: Iterable[tuple[str, str]]) -> Iterator[Link]:
    return (Link(title=title, to=name) for name, title in pages)


def safe(name: str) -> str:
    """The name as that of a file on any system."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "table"


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as into:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            told = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", FIRST_DAY)
            told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with file.open("rb") as source, into.open(told, "w") as target:
                shutil.copyfileobj(source, target, 1 << 16)
    archive.chmod(0o600)
