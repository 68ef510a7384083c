"""`sightline indicators`: take many figures from a CSV file, and show where neighbours stand."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.import_summary import Summary
from services.indicators.csv_rows import Fault
from services.indicators.figures_file import FiguresFile, Sender
from services.indicators.outcomes import GRADES, Neighbourhood, Outcomes, neighbourhood, read_outcomes
from services.policy_folder import folder_of
from workers.cli.files import measure, read_lines
from workers.cli.folders import named_authority
from workers.cli.interrupting import between
from workers.cli.options import (
    AsJson,
    Authority,
    PolicyFolder,
    Question,
    known_authority,
    reference,
    settings_of,
)
from workers.cli.progress import progress_bar
from workers.cli.spread import spread
from workers.cli.tables import Column, print_table, screen
from workers.recording.desks import recording_desks
from workers.system import System

LISTED = 20
"""Faults that are listed one by one on the screen; `--json` lists all."""

INTERRUPTED = 130
"""The exit code of a program that was ended with Ctrl-C."""

FAULTS: list[Column] = [
    ("row", lambda each: each.row),
    ("column", lambda each: each.column),
    ("reason", lambda each: each.reason),
]

app_of_indicators = typer.Typer(
    name="indicator", help="Indicators: figures, by hand or from a file, and neighbours.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(app_of_indicators)
    app.add_typer(app_of_indicators, name="indicators", hidden=True)  # as the group was called at first


@app_of_indicators.command("import")
@spread
def import_figures(
    file: Annotated[Path, typer.Argument(help="A CSV file of values, or of what they are compared with.")],
    authority: Authority,
    actor: Annotated[str, typer.Option(help="Who records the figures.")],
    role: Annotated[str, typer.Option(help="In which role of the framework.")],
    call: Question,
) -> None:
    """Record the figures of a CSV file. Safe to run twice: what was recorded before is not recorded again.

    Values: indicator,month,level,ref,part,value,numerator,denominator,source. A row needs indicator, month, and
    either value or numerator and denominator; without level it is of the whole authority.
    Comparators: indicator,comparator,month,year,part,value,source, with a month or a year.

    Exit code 0 if everything was used, 1 if something was not (it is listed by row and column with the reason).
    """
    total, digest = measure(file)
    reference("actor", actor)
    with System(call.settings) as system:
        policy = system.policies[known_authority(system, authority)].newest
        sender = Sender(authority, actor, role, sha256(f"{digest}|{actor}|{role}".encode()).hexdigest()[:32])
        with between() as uninterrupted:
            figures = FiguresFile(read_lines(file), sender, {each.name: each.unit for each in policy.indicators})
            faults = list(figures.unused)
            rows: list[int] = []

            def lines() -> Iterator[bytes]:
                for each in figures.commands(system.catalogue.parse):
                    if isinstance(each, Fault):
                        faults.append(each)
                    else:
                        rows.append(each[0])
                        yield each[1].model_dump_json().encode()

            with (
                recording_desks(system, sender.file, authority) as importer,
                progress_bar("recording", total, shown=not call.as_json) as advance,
            ):
                try:
                    summary = importer.run(uninterrupted(lines()), advance)
                except KeyboardInterrupt as interrupt:
                    line = "sightline: interrupted; what was recorded stays. Import the file again to finish."
                    screen(stderr=True).print(line, markup=False, soft_wrap=True)
                    raise typer.Exit(INTERRUPTED) from interrupt
    faults += [
        Fault(rows[each.line - 1], "" if each.field == "line" else each.field, each.rule or each.reason)
        for each in summary.rejections
    ]
    _say(summary, sorted(faults, key=lambda each: (each.row, each.column)), as_json=call.as_json)
    if faults:
        raise typer.Exit(1)


def _say(summary: Summary, faults: list[Fault], *, as_json: bool) -> None:
    known = summary.accepted + summary.repeated - summary.events
    if as_json:
        _print_dict({"recorded": summary.events, "known": known, "not_used": [asdict(each) for each in faults]})
        return
    console = screen()
    console.print(f"{summary.events} figures recorded, {known} known before, {len(faults)} not used")
    if faults:
        print_table(console, "Not used", FAULTS, faults, LISTED)


@app_of_indicators.command("neighbours")
def show_neighbours(
    authority: Authority,
    file: Annotated[Path, typer.Argument(help="A CSV file of inspection outcomes with statistical neighbours.")],
    code: Annotated[
        str | None, typer.Option(help="The authority's code, where the file spells its name otherwise.")
    ] = None,
    as_json: AsJson = False,
    policies: PolicyFolder = None,
) -> None:
    """Where an authority stands beside its statistical neighbours, its region and England, judgement by judgement.

    The file is read and nothing of it is kept. Exit code 1 if something in it could not be used (it is listed).
    """
    named_authority(folder_of(settings_of(policies=policies).policies), authority)
    outcomes = read_outcomes(read_lines(file))
    found = neighbourhood(outcomes, authority, code)
    if as_json:
        _print_dict(_as_dict(found, outcomes))
    else:
        _print(found, outcomes, authority)
    if outcomes.faults:
        raise typer.Exit(1)


def _print(found: Neighbourhood, outcomes: Outcomes, authority: str) -> None:
    console = screen()
    overall = outcomes.judgements[0]
    ended = "inspection_end_date"
    columns: list[Column] = [
        ("code", lambda each: each.la_code),
        ("authority", lambda each: each.name),
        ("region", lambda each: each.region),
        *((_heading(name), lambda each, name=name: each.judgements[name]) for name in outcomes.judgements),
        ("inspected", lambda each: each.dates.get(ended)),
        ("good or better", lambda each: each.good_or_outstanding(overall)),
    ]
    title = f"{authority}: the authority, then its statistical neighbours"
    print_table(console, title, columns, [found.own, *found.neighbours])
    shares: list[Column] = [
        ("judgement", lambda each: _heading(each.judgement)),
        ("of", lambda each: each.group),
        *((grade, lambda each, grade=grade: _share(each.share(grade), each.counts[grade])) for grade in GRADES),
        ("judged", lambda each: each.judged),
    ]
    rows = [each for each in found.shares if each.group != "own"]
    print_table(
        console, f"{authority}: shares of its neighbours, of region {found.own.region} and of England", shares, rows
    )
    if outcomes.faults:
        print_table(console, "Not used", FAULTS, outcomes.faults, LISTED)


def _print_dict(told: dict[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(told, default=str, option=orjson.OPT_INDENT_2) + b"\n")


def _heading(column: str) -> str:
    return column.removesuffix("_grade").replace("_", " ")


def _share(share: object, count: int) -> str | None:
    return None if share is None else f"{share}% ({count})"


def _as_dict(found: Neighbourhood, outcomes: Outcomes) -> dict[str, object]:
    return {
        "own": asdict(found.own),
        "neighbours": [asdict(each) for each in found.neighbours],
        "shares": [
            {
                "judgement": each.judgement,
                "of": each.group,
                "judged": each.judged,
                "counts": dict(each.counts),
                "per_cent": {grade: each.share(grade) for grade in GRADES},
            }
            for each in found.shares
        ],
        "not_used": [asdict(each) for each in outcomes.faults],
    }
