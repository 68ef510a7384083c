"""What the council said of itself: the reports that it issued, with the texts that stood in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from events.recorded import Recorded
from events.reports import ReportCommented, ReportIssued
from projections.happened import events_called
from services.clock import local_date
from services.policy.blocks.narrative import Narrative
from workers.pack.material import Material
from workers.pack.tables import counting, listing, number, plain
from workers.reports.page import Block, Cell, Note

ISSUES = ("record", "report", "unit", "issue", "speaks of", "issued", "by", "for", "up to event", "framework version")
TEXTS = ("record", "report", "issue", "text", "version", "written by", "written on", "what it says")


@dataclass(frozen=True, slots=True)
class _Issue:
    event: Recorded
    fact: ReportIssued

    @property
    def on(self) -> date:
        return local_date(self.event.envelope.occurred)


def said_in_reports(material: Material) -> Iterator[Block]:
    """How many reports were issued, each issue, and its texts in the versions that were issued.

    Reports belong here that were issued in the window or speak of a day of it. A text that the reader need not know
    stays closed.
    """
    issues = list(_issues(material))
    if not issues:
        yield Note(text="No report was issued in the window, and none that speaks of a day of it.")
        return
    titles = _titles(material)
    by_report: dict[str, list[str]] = {}
    for each in issues:
        by_report.setdefault(each.fact.report, []).append(f"{each.event.originator_id}#{each.fact.issue}")
    rows: list[tuple[str, list[Cell]]] = [
        (titles.get(name, name), [number(f"issued.{name}", held)]) for name, held in sorted(by_report.items())
    ]
    yield counting("issued", "Reports that were issued", "report", ("issues",), rows)
    yield listing("issues", "Each issue", ISSUES, (_of_issue(material, each, titles) for each in issues))
    yield listing("texts", "What stood in them", TEXTS, _texts(material, issues, titles))


def _issues(material: Material) -> Iterator[_Issue]:
    question, books = material.question, material.books
    for event in events_called(books.source, books.authority, ReportIssued.stored_name):
        if isinstance(event.fact, ReportIssued):
            held = _Issue(event, event.fact)
            speaks = held.fact.first <= question.last and question.first <= held.fact.last
            if speaks or question.holds(held.on):
                yield held


def _of_issue(material: Material, issue: _Issue, titles: dict[str, str]) -> tuple[object, ...]:
    fact, books = issue.fact, material.books
    return (
        issue.event.originator_id,
        titles.get(fact.report, fact.report),
        fact.unit,
        str(fact.issue),
        f"{plain(fact.first)} to {plain(fact.last)}",
        issue.on,
        f"{issue.event.envelope.actor}, {books.role(issue.event.envelope.role)}",
        [*map(books.role, fact.audience), *fact.shared_with],
        str(fact.position),
        fact.policy,
    )


def _texts(material: Material, issues: Sequence[_Issue], titles: dict[str, str]) -> Iterator[tuple[object, ...]]:
    books = material.books
    written = {
        (each.originator_id, each.fact.place, each.fact.version): (each, each.fact)
        for each in events_called(books.source, books.authority, ReportCommented.stored_name)
        if isinstance(each.fact, ReportCommented)
    }
    stood = [
        (issue, *written[key])
        for issue in issues
        for text in issue.fact.texts
        if (key := (issue.event.originator_id, text.place, text.version)) in written
    ]
    said = books.texts_of(event for _, event, _ in stood)
    for issue, event, fact in stood:
        yield (
            event.originator_id,
            titles.get(fact.report, fact.report),
            str(issue.fact.issue),
            titles.get(f"{fact.report}/{fact.place}", fact.place),
            str(fact.version),
            f"{event.envelope.actor}, {books.role(event.envelope.role)}",
            local_date(event.envelope.occurred),
            said[fact.narrative],
        )


def _titles(material: Material) -> dict[str, str]:
    """What each report and each of its texts is called, by the newest version of the framework that knows it."""
    reports = [each for policy in material.books.policies.versions for each in policy.reports]
    return {each.name: each.title for each in reports} | {
        f"{each.name}/{block.name}": block.title or block.name
        for each in reports
        for _, block in each.blocks()
        if isinstance(block, Narrative)
    }
