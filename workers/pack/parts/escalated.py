"""Part 7: escalations and concerns for a child's safety, with their times and how they were settled."""

from collections.abc import Iterator
from datetime import datetime

from events.audits import AuditModerated, AuditSubmitted
from events.findings import SafetyConcernRaised
from projections.escalation_queue import EscalationRow, escalations
from services.clock import local_date
from services.texts.asking import Sealed
from workers.asking.words import people, record
from workers.pack.material import Material, Page
from workers.pack.tables import crossed, listing
from workers.reports.page import Section, Table

NUMBER, NAME, TITLE = 7, "escalations", "Escalations and concerns for safety"

HOW = {"discharged": "what was owed was done", "withdrawn": "it fell away", "resolved": "settled by a person"}
ENDS = ("open", "acknowledged", *HOW.values())
COLUMNS = (
    "about",
    "what",
    "level",
    "to whom",
    "due",
    "raised",
    "how",
    "acknowledged",
    "after",
    "resolved",
    "by whom",
    "it ended",
    "note",
)


def pages(material: Material) -> Iterator[Page]:
    """One page: escalations by level, each escalation, and each concern."""
    books = material.books
    rows = [
        row
        for row in escalations(books.source, books.authority, as_of=books.today)
        if material.question.holds(local_date(row.raised_at))
    ]
    notes = [
        Sealed(row.about, "escalation.note", text) for row in rows for text in (row.acknowledged_note, row.note) if text
    ]
    texts = books.opened(notes) if notes else {}
    placed = [(f"level {row.level}", ended(row), row.about) for row in rows]
    listed = (
        (
            record(books.catalogue.called(row.about)),
            row.title,
            str(row.level),
            people(row.recipients, books.titles),
            row.due,
            row.raised_at,
            "worked out from imported history" if row.reconstructed else "late" if row.late else "in time",
            row.acknowledged_at,
            after(row.raised_at, row.acknowledged_at),
            row.resolved_at,
            row.resolved_by,
            ended(row),
            "; ".join(texts[text] for text in (row.acknowledged_note, row.note) if text),
        )
        for row in rows
    )
    blocks = (
        crossed("levels", "By level, and how they ended", "level", ENDS, placed),
        listing("escalations", "Each escalation", COLUMNS, listed),
    )
    yield Page(
        "escalations",
        TITLE,
        (
            Section(key="escalations", title="Escalations", blocks=blocks),
            Section(key="concerns", title="Concerns for safety", blocks=(_concerns(material),)),
        ),
    )


def ended(row: EscalationRow) -> str:
    """How an escalation ended, or how it stands."""
    return HOW[row.how] if row.how else row.state


def after(raised: datetime, answered: datetime | None) -> str | None:
    """How long it took, in hours; None while nobody answered."""
    return None if answered is None else f"{(answered - raised).total_seconds() / 3600:.1f} hours"


def _concerns(material: Material) -> Table:
    rows = []
    for row, history in material.histories():
        raised = [each for each in history if isinstance(each.fact, SafetyConcernRaised) or _marked(each.fact)]
        if not raised:
            continue
        texts = material.books.texts_of(
            each for each in history if isinstance(each.fact, SafetyConcernRaised | AuditSubmitted | AuditModerated)
        )
        plans = [
            texts[each.fact.safety_plan]
            for each in history
            if isinstance(each.fact, AuditSubmitted | AuditModerated) and each.fact.safety_plan
        ]
        for each in raised:
            concern = texts[each.fact.concern] if isinstance(each.fact, SafetyConcernRaised) else "marked in the return"
            rows.append(
                (
                    row.audit,
                    row.child,
                    each.envelope.occurred,
                    each.envelope.actor,
                    concern,
                    "; ".join(plans),
                    row.final_grade,
                    row.stage,
                )
            )
    columns = (
        "audit",
        "child",
        "raised",
        "by whom",
        "concern",
        "plan that keeps the child safe",
        "grade that stands",
        "stage",
    )
    return listing("concerns", "Each concern", columns, rows)


def _marked(fact: object) -> bool:
    return isinstance(fact, AuditSubmitted) and bool(fact.immediate_concern or fact.significant_concern)
