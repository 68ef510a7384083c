"""Commands that record: `import`, and `schema`, which says what can be imported."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from events.errors import Refused
from services.clock import local_date
from services.core.own_names import OPERATOR, OWN_NAMES
from services.core.recent import LONGEST_LIVE
from services.import_lines import HistoryFile
from services.import_session import Importing
from services.import_summary import Summary, counted
from services.modules import CATALOGUE
from services.spilled import Spilled
from workers.cli.files import measure_history, read_lines
from workers.cli.interrupting import between
from workers.cli.options import Question, Unverified, reference
from workers.cli.progress import progress_bar
from workers.cli.spread import spread
from workers.cli.tables import Column, print_table, screen, several
from workers.recording.desks import recording_desks
from workers.system import System

LISTED = 20
"""Refused lines that are listed one by one on the screen; `--json` lists all."""

OF_REFUSED = ("file", "line", "command", "reason")
"""What `--json` says of each."""

YESTERDAY = 1
"""Days that --as-live reaches back if nobody says how many: what happened late in the evening is entered after
midnight, and dates are those of England, whatever the clocks do in between."""

OPERATOR_SAID = "nobody was named, so this import is the operator's"

ACTOR = "SIGHTLINE_ACTOR"
"""The variable in which whoever types may have said once who they are."""

INTERRUPTED = 130
"""The exit code of a program that was ended with Ctrl-C."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("import")(import_files)
    app.command("schema")(schema)


@spread
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Commands, one JSON object a line.")],
    call: Question,
    only: Annotated[str | None, typer.Option("--authority", help="Refuse commands for any other authority.")] = None,
    as_live: Annotated[
        bool, typer.Option("--as-live", help="Tell of what follows from acts of today and yesterday, too.")
    ] = False,
    days: Annotated[
        int | None, typer.Option(min=0, max=LONGEST_LIVE, help="How many days back --as-live reaches, instead of one.")
    ] = None,
    unverified: Unverified = False,
    by: Annotated[
        str | None,
        typer.Option(help=f"Whose act the import is: if not said, that of {ACTOR}; with neither, the operator's."),
    ] = None,
    role: Annotated[str | None, typer.Option(help="In which role they import; without it, one that they hold.")] = None,
) -> None:
    """Carry out the commands of one history, in one file or several. History, and what has an `id`, is done once.

    A command with `at` is history: it is judged once the last file has ended, as it stood when it came due, and nobody
    is told of what had come due by then. With --as-live those concerned are told; a line that is older is refused.

    An import of history is an act of its own, of the person in --by, and stands on the import's record; the lines keep
    who acted in them. SIGHTLINE_ACTOR names whoever types, so without --by the import is theirs, as every act is; with
    neither it is the operator's, whoever may use this installation. The summary says whose it was, and who said so.

    Exit code 0 if every line was taken, 1 if some were refused (they are listed with the reason), 130 after Ctrl-C.
    """
    if days is not None and not as_live:
        raise Refused("days", "belongs to --as-live, which was not given")
    if unverified and as_live:
        raise Refused("unverified", "acts that are told of are held against the directory: leave it out, or --as-live")
    importing = _importing(by, role)
    measured = measure_history(files)
    settings = call.settings
    with (
        System(settings) as system,
        recording_desks(system, measured.name, only, unverified=unverified, by=importing) as importer,
        progress_bar("importing", measured.lines, shown=not call.as_json) as advance,
        between() as uninterrupted,
    ):
        history = [
            HistoryFile(_called(file), uninterrupted(read_lines(file)), former)
            for file, former in zip(files, measured.former, strict=True)
        ]
        reach = timedelta(days=YESTERDAY if days is None else days)
        try:
            summary = importer.run_files(
                history, advance, live_since=local_date(system.clock()) - reach if as_live else None
            )
        except KeyboardInterrupt as interrupt:
            _say_interrupted(screen(stderr=True), files, importer.summary)
            raise typer.Exit(INTERRUPTED) from interrupt
    if call.as_json:
        _print_as_json(summary, importing.person)
    else:
        print_summary(summary)
        if summary.history:
            said = "" if by is not None else f", whom {ACTOR} names"
            named = OPERATOR_SAID if importing.person == OPERATOR else f"imported by {importing.person}{said}"
            screen().print(f"{named}: it stands on the record of the import", markup=False)
    if summary.refused:
        raise typer.Exit(1)


def _called(file: Path) -> str:
    """The file as it is named to people and in JSON: what of its name is no text stands as a mark."""
    return os.fsencode(file).decode(errors="replace")


def _importing(by: str | None, role: str | None) -> Importing:
    """Whose act it is. Refused for what is no reference, a name of the system's own, or a role without a person."""
    by = by or os.environ.get(ACTOR) or None
    if reference("by", by) is None:
        if role is not None:
            raise Refused("by", "needed with --role: whose act the import is")
        return Importing(OPERATOR)
    if (by or "").casefold() in OWN_NAMES:
        raise Refused("by", f"{by} is a name of the system's own; nobody acts under it")
    return Importing(by or "", role)


def schema() -> None:
    """Print the JSON Schema of every command."""
    sys.stdout.buffer.write(orjson.dumps(CATALOGUE.json_schema(), option=orjson.OPT_INDENT_2) + b"\n")


def _say_interrupted(console: Console, files: Sequence[Path], summary: Summary) -> None:
    twice = f" {several(summary.unnamed, 'line')} without `id` and `at`: done, and would be done again."
    again = twice * bool(summary.unnamed)
    console.print(
        f"sightline: interrupted; what was carried out stays, and no command was carried out in part. "
        f"Import {' '.join(map(_called, files))} again to finish: until then the notices that follow from its history "
        f"wait.{again}",
        markup=False,
        soft_wrap=True,
    )


def print_summary(summary: Summary) -> None:
    """What became of the file, and what was refused and why."""
    console = screen()
    console.print(
        f"{several(summary.accepted, 'command')} carried out ({several(summary.events, 'event')}), "
        f"{summary.repeated} done before, {summary.refused} refused"
    )
    if summary.unverified:
        console.print(
            f"{summary.unverified} of them unverified: the directory does not bear out who did it, or whom it names"
        )
    if summary.history:
        console.print(
            f"{several(summary.history, 'line')} of history: nobody is told of what had come due before now. "
            "Acts of today are told with --as-live."
        )
    if summary.unnamed:
        console.print(
            f"{several(summary.unnamed, 'line')} with neither `id` nor `at`: what such a line says is done again "
            "each time that it is imported."
        )
    in_files = len(summary.warnings.files | summary.rejections.files) > 1
    place: list[Column] = [("file", lambda each: each.file)] * in_files + [("line", lambda each: each.line)]
    if summary.warnings:
        odd: list[Column] = [
            *place,
            ("command", lambda each: each.command),
            ("warning", lambda each: each.warning),
        ]
        _print_first(console, "Carried out, but to be looked at again", odd, summary.warnings)
    if not summary.rejections:
        return
    columns: list[Column] = [
        *place,
        ("command", lambda each: each.command),
        ("reason", lambda each: each.reason),
    ]
    _print_first(console, "Refused", columns, summary.rejections)
    if summary.refused > LISTED:
        console.print("The most frequent reasons:")
        for reason, count in counted(summary.rejections)[:LISTED]:
            console.print(f"{count:>7}  {reason}", markup=False)


def _print_first(console: Console, title: str, columns: list[Column], rows: Spilled[Any]) -> None:
    """The first of them as a table, and how many more there are: there may be a million."""
    print_table(console, title, columns, islice(rows, LISTED))
    if len(rows) > LISTED:
        console.print(f"  … and {len(rows) - LISTED} more")


def _print_as_json(summary: Summary, by: str) -> None:
    """All of it as one JSON object on standard output, with every line that was refused, one after the other."""
    told = {
        "accepted": summary.accepted,
        "events": summary.events,
        "repeated": summary.repeated,
        "history": summary.history,
        "unnamed": summary.unnamed,
        "unverified": summary.unverified,
        "by": by,
    }
    refused = ({name: getattr(each, name) for name in OF_REFUSED} for each in summary.rejections)
    out = sys.stdout.buffer
    out.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).removesuffix(b"\n}"))
    lists: dict[str, Iterable[object]] = {"warnings": map(asdict, summary.warnings), "refused": refused}
    for name, rows in lists.items():
        out.write(b',\n  "%s": [' % name.encode())
        separator = b""
        for each in rows:
            out.write(separator + b"\n    " + orjson.dumps(each))
            separator = b","
        out.write(b"\n  ]" if separator else b"]")
    out.write(b"\n}\n")
