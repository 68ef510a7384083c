"""Commands about case lists: `cases import` takes one in, `cases show` says what was taken in."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer

from events.errors import Refused
from services.case_lists import case_list_aggregate
from services.cases.import_list import Handed, Report, digest_of, read_cases, store_cases
from services.cases.own import own_words
from services.cases.reading import Finding
from services.directory.snapshot import directory_of
from workers.asking.spreadsheets import not_a_formula
from workers.cli.act import Actor, AsRole, who_acts
from workers.cli.case_lists import show_cases
from workers.cli.interrupting import between
from workers.cli.options import Question, day, known_authority, reference
from workers.cli.progress import progress_bar
from workers.cli.recording import INTERRUPTED, LISTED
from workers.cli.spread import spread
from workers.cli.tables import Column, print_table, screen
from workers.recording.desks import case_desk
from workers.system import System

cases = typer.Typer(help="Case lists: the children from whose cases samples are drawn.", no_args_is_help=True)

ACT = "cases.import"
PLACE: list[Column] = [
    ("sheet", lambda finding: finding.sheet),
    ("row", lambda finding: finding.row),
    ("column", lambda finding: finding.column),
    ("reason", lambda finding: f"{finding.reason} (see {finding.see})" if finding.see else finding.reason),
    ("not taken", lambda finding: "" if finding.lost == "nothing" else f"the {finding.lost}"),
]
FREQUENT: list[Column] = [
    ("times", lambda each: each[1]),
    ("sheet", lambda each: each[0][0]),
    ("column", lambda each: each[0][1]),
    ("reason", lambda each: each[0][2]),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(cases, name="cases")
    cases.command("show")(show_cases)


@cases.command("import")
@spread
def import_cases(
    file: Annotated[Path, typer.Argument(help="An Annex A workbook (.xlsx), or a CSV with a heading row.")],
    authority: Annotated[str, typer.Argument(help="Whose list it is, such as torbay.")],
    as_of: Annotated[str, typer.Option(help="The day on which the list was true (YYYY-MM-DD).")],
    call: Question,
    refs: Annotated[Path | None, typer.Option(help="A CSV (text,ref): the references of teams and workers.")] = None,
    findings: Annotated[
        Path | None, typer.Option("--report", help="Write all that could not be used to this CSV.")
    ] = None,
    tabs: Annotated[
        list[str] | None, typer.Option("--tab", help="Which list a tab is: 'Kids=children looked after'. Repeat it.")
    ] = None,
    headings: Annotated[
        list[str] | None, typer.Option("--heading", help="What a heading means: 'Our Ref=child number'. Repeat it.")
    ] = None,
    actor: Actor = None,
    role: AsRole = None,
) -> None:
    """Take in a case list: one case for each child, nothing of a name or an address. Safe to run twice.

    A CSV says in its heading row what it holds, in any order: Child number, and as far as known Lists (several between
    semicolons), Service, Team, Worker, Open since, Closed, Strand, Date of birth, Age, Gender. Other columns are not
    read. Dates are written 31/01/2026 or 2026-01-31. A column in which a date can only have the month first is read so
    as a whole, which is said; one in which others can only have the day first is refused. Where no date of a column
    shows it, the day is taken to stand first, and that is said.

    Rows that are hidden or filtered out are read like the others, and counted. A number that is met with and without
    zeros in front is one child's, and said.

    Exit code 0 if every row was used, 1 if some were not or a sheet of children was skipped (they are listed with the
    reason), 130 after Ctrl-C.
    """
    reference("actor", actor)
    with System(call.settings) as system:
        known_authority(system, authority)
        who, own_role = who_acts(system, authority, ACT, actor, role)
        own = own_words(tabs or (), headings or ())
        handed = Handed(file, day(as_of, system), who, own_role, refs, own)
        with _written(findings) as keep:
            report = Report(keep)
            _take(system, authority, handed, report, shown=not call.as_json)
    if call.as_json:
        sys.stdout.buffer.write(orjson.dumps(_as_dict(report), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        _print(report, findings)
    if report.left_out or report.skipped:
        raise typer.Exit(1)


def _take(system: System, authority: str, handed: Handed, report: Report, *, shown: bool) -> None:
    with case_desk(system, authority) as (desk, keys), between() as uninterrupted:
        report.reference = digest_of(handed, desk)
        history = system.history(authority)
        try:
            with progress_bar("reading rows", None, shown=shown) as advance:
                directory = directory_of(history)
                merging = read_cases(handed, desk, directory, report, _interruptible(advance, uninterrupted))
            name = case_list_aggregate(report.reference)
            known = system.catalogue.record(name, history.each(name))
            with progress_bar("storing cases", merging.count, shown=shown) as advance:
                for count in uninterrupted(store_cases(handed, desk, keys, merging, report, known)):
                    advance(count)
        except KeyboardInterrupt as interrupt:
            screen(stderr=True).print(
                f"sightline: interrupted; no case of {handed.file} can be used. Import it again to finish.",
                markup=False,
                soft_wrap=True,
            )
            raise typer.Exit(INTERRUPTED) from interrupt


EVERY = 500
"""Rows between two movements of the bar."""


def _interruptible(
    advance: Callable[[int], None], uninterrupted: Callable[[list[int]], Iterator[int]]
) -> Callable[[int], None]:
    """Move the bar now and then, and hear Ctrl-C there."""
    waiting = 0

    def moved(count: int) -> None:
        nonlocal waiting
        waiting += count
        if waiting >= EVERY:
            for rows in uninterrupted([waiting]):
                advance(rows)
            waiting = 0

    return moved


@contextmanager
def _written(file: Path | None) -> Iterator[Callable[[Finding], None] | None]:
    """Write findings to a file as they are met; without a file, nowhere."""
    if file is None:
        yield None
        return
    try:
        opened = file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused("report", f"{file} cannot be written: {error.strerror}") from error
    with opened:
        rows = csv.writer(opened)
        rows.writerow(Finding._fields)
        # what a file calls its sheets is somebody else's word
        yield lambda finding: rows.writerow([not_a_formula(cell) for cell in finding])


def _print(report: Report, findings: Path | None) -> None:
    console = screen()
    done = "done before" if report.repeated else f"taken from {report.rows} rows"
    console.print(f"list {report.reference}: {report.taken} cases {done}, {report.left_out} rows left out")
    for kind, count in report.keyed.items():
        several = f"{count} {kind}s stand" if count != 1 else f"1 {kind} stands"
        console.print(f"{several} under a keyed name; --refs ties them to the references of the people directory")
    if report.missing:
        console.print(f"no sheet for {', '.join(report.missing)}")
    if not report.counts:
        return
    total = report.counts.total()
    print_table(console, "Not used", PLACE, report.kept, LISTED)
    if total > LISTED:
        if total > len(report.kept):
            console.print(f"  {total} in all")
        print_table(console, "By reason", FREQUENT, report.counts.most_common(), LISTED)
        if findings is None:
            console.print("--report FILE writes all of them")


def _as_dict(report: Report) -> dict[str, object]:
    by_reason = [
        {"sheet": sheet, "column": column, "reason": reason, "not_taken": lost, "times": times}
        for (sheet, column, reason, lost), times in report.counts.most_common()
    ]
    told = ("reference", "kind", "rows", "taken", "left_out", "skipped", "events", "repeated", "missing", "keyed")
    plain = {name: getattr(report, name) for name in told}
    return {**plain, "not_used": [each._asdict() for each in report.kept], "by_reason": by_reason}
