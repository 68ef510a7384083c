"""The formats in which a paper is handed over, and how a file of one comes into being: whole, or not at all."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from workers.asking.spreadsheets import WORKBOOK
from workers.reports.rendering.html import as_html
from workers.reports.rendering.paper import Paper
from workers.reports.rendering.pdf import as_pdf
from workers.reports.rendering.rows import as_csv, as_json
from workers.reports.rendering.sheets import as_workbook


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, and what makes the bytes. The same paper gives the same bytes."""

    media_type: str
    make: Callable[[Paper], bytes]


FORMATS: Mapping[str, Format] = {
    "html": Format("text/html; charset=utf-8", lambda paper: as_html(paper).encode()),
    "xlsx": Format(WORKBOOK, as_workbook),
    "pdf": Format("application/pdf", as_pdf),
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "json": Format("application/json", as_json),
}
"""The formats by the word that asks for each, which also ends the file's name."""


def write(paper: Paper, form: str, target: Path) -> Path:
    """Write a paper to a file, or into a folder under its own name; gives the file.

    A file that was there is replaced once the new one is whole: after an error everything is as it was.
    """
    made = FORMATS[form].make(paper)
    file = target / f"{paper.name}.{form}" if target.is_dir() else target
    put(file, made)
    return file


def put(file: Path, made: bytes) -> None:
    """Put bytes into a file, whole or not at all."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as held:
        written = Path(held.name)
        try:
            held.write(made)
            held.flush()
            os.fsync(held.fileno())
            written.chmod(0o640)
            written.replace(file)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
