"""Commands that record: `import`, and `schema`, which says what can be imported."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from events.errors import Refused
from services.commands import json_schema
from services.importer import Summary, counted
from workers.cli.options import AsJson, Data, Nats, PolicyFolder, settings_of
from workers.cli.progress import progress_bar
from workers.recording import recording_desks
from workers.system import System

LISTED = 20
"""Refused lines that are listed one by one on the screen; `--json` lists all."""

LONGEST_LINE = 1_000_000
"""Bytes that a command may have; a longer line is no command and must not fill the memory."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("import")(import_file)
    app.command("schema")(schema)


def import_file(
    file: Annotated[Path, typer.Argument(help="Commands, one JSON object a line.")],
    only: Annotated[str | None, typer.Option("--authority", help="Refuse commands for any other authority.")] = None,
    as_json: AsJson = False,
    data: Data = None,
    nats: Nats = None,
    policies: PolicyFolder = None,
) -> None:
    """Carry out the commands of a file. Safe to run twice: what was done before is not done again.

    Exit code 0 if every line was taken, 1 if some were refused (they are listed with the reason).
    """
    total, import_id = _measure(file)
    settings = settings_of(data, nats, policies=policies)
    with (
        System(settings) as system,
        recording_desks(system, import_id, only) as importer,
        progress_bar("importing", total, shown=not as_json) as advance,
    ):
        summary = importer.run(_lines(file), advance)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(_as_dict(summary), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        print_summary(summary)
    if summary.refused:
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of every command."""
    sys.stdout.buffer.write(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2) + b"\n")


def print_summary(summary: Summary) -> None:
    """What became of the file, and what was refused and why."""
    console = Console(highlight=False)
    console.print(
        f"{summary.accepted} commands carried out ({summary.events} events), "
        f"{summary.repeated} done before, {summary.refused} refused"
    )
    if not summary.rejections:
        return
    table = Table("line", "command", "reason", title="Refused", title_justify="left")
    for each in summary.rejections[:LISTED]:
        table.add_row(str(each.line), each.command or "–", each.reason)
    console.print(table)
    if summary.refused > LISTED:
        console.print(f"… and {summary.refused - LISTED} more; the most frequent reasons:")
        for reason, count in counted(summary.rejections)[:LISTED]:
            console.print(f"{count:>7}  {reason}", markup=False)


def _as_dict(summary: Summary) -> dict[str, object]:
    return {
        "accepted": summary.accepted,
        "events": summary.events,
        "repeated": summary.repeated,
        "refused": [{"line": each.line, "command": each.command, "reason": each.reason} for each in summary.rejections],
    }


def _measure(file: Path) -> tuple[int, str]:
    """The number of lines and a name for the content, which is the id of the import."""
    digest = hashlib.sha256()
    lines = 0
    try:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
                lines += block.count(b"\n")
    except OSError as error:
        raise Refused("file", f"{file} cannot be read: {error.strerror}") from error
    return lines, digest.hexdigest()[:32]


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while line := opened.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise Refused("file", f"{file} holds a line of {LONGEST_LINE} bytes or more; that is no command")
            yield line
