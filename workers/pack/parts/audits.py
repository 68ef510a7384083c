"""Part 1: every audit of the window, and where it stands."""

from collections.abc import Iterator, Mapping
from typing import get_args

from events.cases import CaseListClosed, CaseListOpened, CasesListed
from events.stages import Stage
from projections.happened import named_of_kind
from services.clock import day_in_words
from workers.pack.material import Material, Page
from workers.pack.tables import crossed, listing
from workers.reports.page import Note, Section

NUMBER, NAME, TITLE = 1, "audits", "Every audit of the window"

COLUMNS = (
    "audit",
    "child",
    "Annex A list",
    "team",
    "service",
    "type",
    "strand",
    "auditor's role",
    "given",
    "due",
    "returned",
    "late",
    "grade by auditor",
    "grade that stands",
    "moderated",
    "closed",
    "stage",
)


def pages(material: Material) -> Iterator[Page]:
    """One page: how many stand where, and each audit."""
    lists = annex_lists(material)
    stages = [str(each) for each in get_args(Stage)]
    placed = [(material.service(row.team), str(row.stage), f"audit/{row.audit}") for row in material.audits]
    types = [(material.service(row.team), row.audit_type, f"audit/{row.audit}") for row in material.audits]
    used = [each for each in stages if any(each == stage for _, stage, _ in placed)]
    rows = (
        (
            row.audit,
            row.child,
            lists.get(row.child),
            row.team,
            material.service(row.team),
            row.audit_type,
            row.strand,
            material.posts(row.auditor, row.allocated_on),
            row.allocated_on,
            row.due,
            row.returned_on,
            row.late,
            row.grade_by_auditor,
            row.final_grade,
            row.moderated_on,
            row.closed_on,
            row.stage,
        )
        for row in material.audits
    )
    day = day_in_words(material.books.today)
    said = f"Audits that were given out, returned, moderated or closed in the window; each stands as it did on {day}."
    blocks = (
        Note(text=said if material.audits else "No audit was given out, returned, moderated or closed in the window."),
        crossed("stages", "Where they stand", "service", used, placed),
        crossed("types", "By type", "service", sorted({each for _, each, _ in types}), types),
        listing("audits", "Each audit", COLUMNS, rows),
    )
    yield Page("audits", TITLE, (Section(key="audits", title=TITLE, blocks=blocks),))


def annex_lists(material: Material) -> Mapping[str, tuple[str, ...]]:
    """The lists of Annex A on which the audits' children stand, by the newest case list that is complete.

    A list that was true only after the window is none of it.
    """
    books, wanted = material.books, {row.child for row in material.audits}
    newest = None
    found: dict[str, tuple[str, ...]] = {}
    for name in named_of_kind(books.source, books.authority, "cases"):
        opened, complete = None, False
        held: dict[str, tuple[str, ...]] = {}
        for event in books.events([name]):
            match event.fact:
                case CaseListOpened() as fact:
                    opened = fact.as_of
                case CasesListed(cases=cases):
                    held |= {each.child: each.lists for each in cases if each.child in wanted}
                case CaseListClosed():
                    complete = True
        if complete and opened and opened <= material.question.last and (newest is None or opened >= newest):
            newest, found = opened, held
    return found
