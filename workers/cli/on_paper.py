"""Options by which a report is put on paper: in which format and copy, and where the file goes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from events.errors import Refused
from workers.reports.copies import for_boards
from workers.reports.page import Copy, Report
from workers.reports.rendering.paper import of_report
from workers.system import System

READ_HERE = ("html", "csv", "json")
"""The formats that can also be printed where nobody says into which file."""


@dataclass(frozen=True, kw_only=True)
class OnPaper:
    """How a report is handed over."""

    form: Annotated[
        Literal["text", "html", "xlsx", "pdf", "csv", "json"],
        typer.Option("--format", help="Text for the terminal, or a file of this kind."),
    ] = "text"
    copy: Annotated[
        Copy | None,
        typer.Option(
            help="Named for inspectors; suppressed for boards, with small numbers hidden. Without it, named for "
            "whoever the policy lets read it."
        ),
    ] = None
    output: Annotated[Path | None, typer.Option(help="The file to write, or the folder to put it in.")] = None

    def copy_of(self, system: System, made: Report) -> Report:
        """The copy that is asked for."""
        return for_boards(system, made) if self.copy == "suppressed" else made

    def put(self, console: Console, made: Report) -> bool:
        """Write the file and say where it lies, or print it; False for text, which is for whoever asks to print.

        Refused for a format or a place that does not go with it. After an error no file was written.
        """
        if self.form == "text":
            if self.output is not None:
                raise Refused("output", "text is printed; name the format of a file with --format")
            return False
        from workers.reports.rendering.formats import FORMATS, write  # noqa: PLC0415  slow to load, and seldom asked

        if self.output is None:
            if self.form not in READ_HERE:
                raise Refused("output", f"{self.form} is not for a terminal: say where the file is put")
            sys.stdout.write(FORMATS[self.form].make(of_report(made)).decode("utf-8-sig"))
            return True
        if not (folder := self.output if self.output.is_dir() else self.output.parent).is_dir():
            raise Refused("output", f"{folder} is not a folder")
        try:
            file = write(of_report(made), self.form, self.output)
        except OSError as error:
            raise Refused("output", f"{self.output} cannot be written: {error.strerror or error}") from error
        console.print(str(file), soft_wrap=True)
        return True
