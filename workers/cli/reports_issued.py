"""`sightline report comment|issue|issued|compare`: what people write in a report, and what was issued, as it was."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from services.clock import day_in_words
from services.modules import kinds
from services.obligations.report_dates import report_aggregate
from workers.asking.words import in_words
from workers.cli.act import FurtherOf, Hand, acting
from workers.cli.fields import Input
from workers.cli.on_paper import OnPaper
from workers.cli.options import Authority, reference
from workers.cli.reading import QuestionOfTexts
from workers.cli.reports import Name, PeriodOf, Unit, print_report, report, with_texts
from workers.cli.showing import Asking, asking
from workers.cli.spread import spread
from workers.cli.tables import print_answer, screen
from workers.reports import plain
from workers.reports.comparing import Difference, differences
from workers.reports.copies import copy_for
from workers.reports.issuing import as_issued, issue_of, kept, made_report, state_of
from workers.reports.page import Figure

Number = Annotated[int | None, typer.Option("--issue", min=1, help="Which issue; without it, the last.")]
AsAt = Annotated[str | None, typer.Option("--as-at", help="By what had happened up to this date (YYYY-MM-DD).")]
AsKnown = Annotated[str | None, typer.Option("--as-known", help="By what was recorded up to this date (YYYY-MM-DD).")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about reports."""
    del app  # they stand under `report`, which is already a part of the program
    report.command("comment")(comment)
    report.command("issue")(issue)
    report.command("issued")(issued)
    report.command("compare")(compare)


@spread
def comment(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="The text, as the policy names it.")],
    narrative: Annotated[str, typer.Option(help="What is to stand there; - is read from standard input.")],
    call: Hand,
    further: Annotated[Any, FurtherOf("report.comment", ("report", "period", "unit", "place", "narrative"))],
    unit: Unit = None,
) -> None:
    """Write a text of a report, or write it anew: each version is kept."""
    text = Input().read("narrative") if narrative == "-" else narrative
    with acting(authority, call) as desk:
        desk.do("report.comment", report=name, period=period, unit=unit, place=place, narrative=text, **further)
        _say(f"{name} for {period}: {place} is written")


@spread
def issue(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    call: Hand,
    further: Annotated[Any, FurtherOf("report.issue", ("report", "period", "unit", "as_at", "as_known"))],
    unit: Unit = None,
    as_at: AsAt = None,
    as_known: AsKnown = None,
) -> None:
    """Issue a report as it stands: what it says is kept, and shown from then on as it was."""
    with acting(authority, call) as desk:
        when = {"as_at": as_at, "as_known": as_known}
        desk.do("report.issue", report=name, period=period, unit=unit, **when, **further)
        issued = issue_of(state_of(desk.system, authority, report_aggregate(name, period, unit)), name, None)
        found = issued.fact
        told = ", ".join((*found.audience, *found.shared_with))
        dated = issued.envelope.occurred != issued.envelope.recorded
        nobody = f" (issued on {day_in_words(issued.envelope.occurred)}: nobody is told of it now)" if dated else ""
        _say(f"{name} for {period}: issue {found.issue}, as it stood at event {found.position}; for {told}{nobody}")
        for page in found.pages:
            _say(f"  {page.which} copy  sha256 {page.digest}")


@spread
def issued(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    call: QuestionOfTexts,
    paper: OnPaper,
    unit: Unit = None,
    number: Number = None,
    as_kept: Annotated[
        bool, typer.Option("--as-kept", help="The bytes that are kept, of which the hash is, without the texts.")
    ] = False,
) -> None:
    """A report exactly as it was issued, whatever was recorded since. Its texts are opened for whoever may read them.

    The hash is of what is kept, in which no text is; each text is held against the hash of it as it is sealed. So both
    stay true when a child is erased: the text reads `[erased]` from then on.
    """
    reference("unit", unit)
    with asking(authority, call) as ask:
        record = report_aggregate(name, period, unit)
        state = state_of(ask.system, authority, record)
        found = issue_of(state, record, number)
        which = copy_for(ask.system, authority, call.reader, paper.copy, unit)
        if as_kept:
            sys.stdout.buffer.write(kept(state, found.fact, which).encode())
            return
        made, texts = as_issued(record, state, found.fact, which)
        whole = with_texts(ask, call, made, texts)
        if call.as_json:
            print_answer(whole.model_dump(mode="json"))
            return
        if paper.put(ask.console, whole):
            return
        envelope = found.envelope
        _say(f"Issue {found.fact.issue}, by {envelope.actor} on {day_in_words(envelope.occurred)}; the {which} copy")
        print_report(ask.console, whole)


@spread
def compare(
    authority: Authority,
    name: Name,
    period: PeriodOf,
    call: QuestionOfTexts,
    unit: Unit = None,
    number: Number = None,
) -> None:
    """An issued report beside today's figures: what each said then and says now, and the events recorded since."""
    reference("unit", unit)
    with asking(authority, call, "timeline") as ask:
        copy_for(ask.system, authority, call.reader, "named", unit)
        record = report_aggregate(name, period, unit)
        state = state_of(ask.system, authority, record)
        then, _ = as_issued(record, state, issue_of(state, record, number).fact, "named")
        now = made_report(ask.system, authority, name, period, unit=unit)
        found = differences(ask.system.engine, then, now)
        if call.as_json:
            print_answer([_as_json(each) for each in found])
            return
        _print(ask, found)


def _print(ask: Asking, found: list[Difference]) -> None:
    if not found:
        ask.console.print("every figure says what it said")
    for each in found:
        ask.console.print(f"{each.key}: {_figure(each.then)} then, {_figure(each.now)} now", soft_wrap=True)
        for record, event in each.events:
            about = kinds().called(record)
            said = in_words(event.sentence, ask.titles)
            recorded = f"recorded {day_in_words(event.recorded)}"
            ask.console.print(
                f"  {event.position}  {about}, {day_in_words(event.occurred)}: {said} ({recorded})", soft_wrap=True
            )


def _figure(figure: Figure | None) -> str:
    return "not there" if figure is None else plain.figure(figure)


def _as_json(each: Difference) -> dict[str, Any]:
    return {
        "figure": each.key,
        "then": None if each.then is None else plain.figure(each.then),
        "now": None if each.now is None else plain.figure(each.now),
        "events": [{"record": record, **asdict(event)} for record, event in each.events],
    }


def _say(words: str) -> None:
    screen().print(words, markup=False, soft_wrap=True)
