"""`sightline report`: which reports the framework asks for, what one says, and what stands behind each figure."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from services.clock import day_in_words, local_date, shifted_clock
from services.modules import kinds
from services.obligations.report_dates import report_aggregate
from workers.asking.words import in_words, titles_of
from workers.cli.deciding import deciding, named
from workers.cli.on_paper import OnPaper
from workers.cli.options import AsAt, AsKnown, Authority, QuestionOfViews, day, reference
from workers.cli.reading import QuestionOfTexts
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import Column, print_answer, print_table, screen
from workers.reports import page, plain
from workers.reports.copies import copy_for, may_read_named
from workers.reports.glance import glance
from workers.reports.issuing import TIMELINE, issued_for_boards, made_report, state_of, wait_for_views
from workers.reports.making import listed
from workers.reports.narratives import FIELD, Texts
from workers.reports.page import Narrative, Report
from workers.reports.rendering.laying_out import Laid, Nothing, Part, Single, Tables, Unwritten, laid_out, remark
from workers.reports.tracing import figure_called, trace

PATIENCE = 60.0
"""Seconds that `--wait` gives the views to take in what the stream holds."""

report = typer.Typer(help="The framework's reports: what they say, and what stands behind it.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The report, as `report list` names it.")]
PeriodOf = Annotated[
    str, typer.Argument(metavar="PERIOD", help="The period, such as 2026-03, 2026-Q1, 2026-H1 or 2026.")
]
FigureOf = Annotated[
    str, typer.Argument(metavar="FIGURE", help="The key of a figure, as `report show --json` names it.")
]
Unit = Annotated[str | None, typer.Option(help="Of this team or service alone.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until the views hold all that has been recorded.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(report, name="report")


@report.command("list")
@spread
def list_reports(authority: Authority, call: QuestionOfViews) -> None:
    """The reports that the framework in force asks for: by whom, for whom, how often, and due when.

    It is that of the rules that were adopted; where no system runs that could tell, of what the files propose.
    """
    settings = call.settings
    held = deciding(authority, settings)
    today = local_date(shifted_clock(settings.clock_offset)())
    policy = held.in_force(today)
    found = listed(policy, today)
    if call.as_json:
        print_answer(found)
        return
    titles = titles_of(held)
    columns: list[Column] = [
        ("report", lambda row: row["name"]),
        ("title", lambda row: row["title"]),
        ("made by", lambda row: titles.get(row["made_by"], row["made_by"])),
        ("for", lambda row: ", ".join(titles.get(each, each) for each in row["audience"])),
        ("every", lambda row: row["every"] or "on request"),
        ("due", lambda row: f"{row['due']} after" if row["due"] else None),
        ("this period", lambda row: row["period"]),
    ]
    print_table(screen(), f"{authority}: reports; {named(policy)}", columns, found)


@report.command("show")
@spread
def show_report(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    call: QuestionOfTexts,
    paper: OnPaper,
    unit: Unit = None,
    as_at: AsAt = None,
    as_known: AsKnown = None,
    wait: Wait = False,
) -> None:
    """A report of a period, made now from the views. It says up to which event it speaks.

    Its texts are opened for whoever may read them, and that they were is on record.
    """
    with asking(authority, call.of_the_present, *([] if wait else [TIMELINE])) as ask:
        which = copy_for(ask.system, authority, call.reader, paper.copy, unit)
        record, as_of = report_aggregate(name, period, unit), moment(ask, as_at, as_known)
        if may_read_named(ask.system, authority, call.reader, unit):
            made = made_now(ask, name, period, unit=unit, as_at=as_of, wait=wait)
            texts = Texts.of(made, record, state_of(ask.system, authority, record))
            made = replace(paper, copy=which).copy_of(ask.system, made)
        else:
            made, texts = issued_for_boards(ask.system, authority, record, as_of)
        made = with_texts(ask, call, made, texts)
        if call.as_json:
            print_answer(made.model_dump(mode="json"))
        elif not paper.put(ask.console, made):
            print_report(ask.console, made)


@report.command("trace")
@spread
def trace_figure(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    figure: FigureOf,
    call: QuestionOfTexts,
    unit: Unit = None,
    as_at: AsAt = None,
    as_known: AsKnown = None,
    wait: Wait = False,
) -> None:
    """What stands behind a figure of a report: each audit or entry, and the events that say so."""
    with asking(authority, call.of_the_present, *([] if wait else [TIMELINE])) as ask:
        copy_for(ask.system, authority, call.reader, "named", unit)
        when = moment(ask, as_at, as_known)
        made = made_now(ask, name, period, unit=unit, as_at=when, wait=wait)
        meant = figure_called(made, figure)
        found = trace(ask.system.engine, authority, meant)
        if call.as_json:
            print_answer([asdict(each) for each in found])
            return
        ask.console.print(Text(f"{figure}: {plain.cell(meant)}", style="bold"))
        for each in found:
            beside = "" if each.among else " (not among them)"
            value = f": {each.value}" if each.value is not None else ""
            ask.console.print(f"{kinds().called(each.about)}{value}{beside}")
            for event in each.events:
                said = in_words(event.sentence, ask.titles)
                ask.console.print(f"  {event.position}  {day_in_words(event.occurred)}  {said}", soft_wrap=True)
        if not found:
            ask.console.print("  nothing stands behind it")


def moment(ask: Asking, as_at: str | None, as_known: str | None) -> page.AsAt:
    """The days that a call asks about. Refused for what is none."""
    happened_by = day(as_at, ask.system, "as-at") if as_at else None
    known_by = day(as_known, ask.system, "as-known") if as_known else None
    return page.AsAt(happened_by=happened_by, known_by=known_by)


def made_now(ask: Asking, name: str, period: str, *, unit: str | None, as_at: page.AsAt, wait: bool) -> Report:
    """The report that a call asks for. Refused or NotFound for what there is not; with `wait`, of all recorded."""
    reference("unit", unit)
    if wait:
        wait_for_views(ask.system, ask.authority, PATIENCE)
    return made_report(ask.system, ask.authority, name, period, unit=unit, as_at=as_at)


def with_texts(ask: Asking, call: QuestionOfTexts, made: Report, texts: Texts) -> Report:
    """The report with the texts that the reader may read; that they were opened is on record by then."""
    unseal = ask.opened(call.reader, texts.asked())
    return texts.put_in(made, lambda sealed: unseal(sealed, FIELD) or "")


def print_report(console: Console, made: Report) -> None:
    """The report as text: headings, tables and texts in their order."""
    for number, line in enumerate(plain.heading(made)):
        console.print(Text(line, style="bold" if number == 0 else ""))
    for group in glance(made.sections):
        console.print()
        console.print(Text(group.title, style="bold"))
        for point in group.points:
            console.print(f"  {point.said}")
    for section in made.sections:
        source = f" ({', '.join(section.source)})" if section.source else ""
        console.print()
        console.print(Text(f"{section.title}{source}", style="bold"))
        for block in laid_out(section):
            _print_laid(console, block)


def _print_laid(console: Console, block: Laid) -> None:
    match block:
        case Tables():
            for part in block.parts:
                _print(console, part)
        case Single():
            console.print(f"{plain.asked(block.table.title)} {plain.line(block.told, block.table.note)}")
            if block.silent:
                console.print(f"  {block.left_out}")
        case Nothing():
            console.print(remark(block))
        case Unwritten():
            for each in block.narratives:
                console.print(_text(each))
        case Narrative():
            console.print(_text(block))
        case _:
            console.print(f"  {block.text}")


def _text(narrative: Narrative) -> str:
    said = plain.text(narrative)
    return f"{narrative.title}: {said}" if narrative.title else said


def _print(console: Console, part: Part) -> None:
    heads = plain.titles(part.table)
    columns: list[Column] = [(head, _cell(number)) for number, head in enumerate(heads)]
    print_table(console, part.table.title, columns, [plain.cells(row) for row in part.rows])
    if part.silent:
        console.print(f"  {part.left_out}")
    if part.table.note:
        console.print(f"  {part.table.note}")


def _cell(number: int) -> Callable[[list[str]], str]:
    return lambda row: row[number]
