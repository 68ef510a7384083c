"""Commands that record: `import`, and `schema`, which says what can be imported."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from services.commands import json_schema
from services.importer import Summary, Warned, counted
from workers.cli.files import measure, read_lines
from workers.cli.interrupting import between
from workers.cli.options import AsJson, Data, Nats, PolicyFolder, settings_of
from workers.cli.progress import progress_bar
from workers.cli.tables import Column, print_table, screen
from workers.recording import recording_desks
from workers.system import System

LISTED = 20
"""Refused lines that are listed one by one on the screen; `--json` lists all."""

INTERRUPTED = 130
"""The exit code of a program that was ended with Ctrl-C."""


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

    Exit code 0 if every line was taken, 1 if some were refused (they are listed with the reason), 130 after Ctrl-C.
    """
    total, import_id = measure(file)
    settings = settings_of(data, nats, policies=policies)
    with (
        System(settings) as system,
        recording_desks(system, import_id, only) as importer,
        progress_bar("importing", total, shown=not as_json) as advance,
        between() as uninterrupted,
    ):
        try:
            summary = importer.run(uninterrupted(read_lines(file)), advance)
        except KeyboardInterrupt as interrupt:
            _say_interrupted(screen(stderr=True), file)
            raise typer.Exit(INTERRUPTED) from interrupt
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(_as_dict(summary), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        print_summary(summary)
    if summary.refused:
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of every command."""
    sys.stdout.buffer.write(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2) + b"\n")


def _say_interrupted(console: Console, file: Path) -> None:
    console.print(
        f"sightline: interrupted; what was carried out stays, and no command was carried out in part. "
        f"Import {file} again to finish: until then the notices that follow from its history wait.",
        markup=False,
        soft_wrap=True,
    )


def print_summary(summary: Summary) -> None:
    """What became of the file, and what was refused and why."""
    console = screen()
    console.print(
        f"{summary.accepted} commands carried out ({summary.events} events), "
        f"{summary.repeated} done before, {summary.refused} refused"
    )
    if summary.warnings:
        odd: list[Column] = [
            ("line", lambda each: each.line),
            ("command", lambda each: each.command),
            ("warning", lambda each: each.warning),
        ]
        print_table(console, "Carried out, but to be looked at again", odd, _in_order(summary.warnings), LISTED)
    if not summary.rejections:
        return
    columns: list[Column] = [
        ("line", lambda each: each.line),
        ("command", lambda each: each.command),
        ("reason", lambda each: each.reason),
    ]
    print_table(console, "Refused", columns, summary.rejections, LISTED)
    if summary.refused > LISTED:
        console.print("The most frequent reasons:")
        for reason, count in counted(summary.rejections)[:LISTED]:
            console.print(f"{count:>7}  {reason}", markup=False)


def _in_order(warnings: Sequence[Warned]) -> list[Warned]:
    return sorted(warnings, key=lambda each: each.line)


def _as_dict(summary: Summary) -> dict[str, object]:
    return {
        "accepted": summary.accepted,
        "events": summary.events,
        "repeated": summary.repeated,
        "warnings": [asdict(each) for each in _in_order(summary.warnings)],
        "refused": [{"line": each.line, "command": each.command, "reason": each.reason} for each in summary.rejections],
    }
