"""Audits counted: what happened in the period, and where they stood at its end."""

from collections.abc import Iterable, Iterator, Mapping

from events.audits import AuditSubmitted
from projections.counted_records import CountedAudit, Mark
from services.policy.blocks.audits import Audits, Counted
from services.policy.blocks.block import OfAudits
from workers.reports.counting import Counts, Thing, rows_of, slug, table, thing
from workers.reports.material import Material, Question, taken_back
from workers.reports.page import Block, Column
from workers.reports.placing import head, rows, under
from workers.reports.standards import standard, together

MAKES = Audits

EVENTS: Mapping[Counted, str] = {
    "allocated": "audit.allocated",
    "returned": "audit.submitted",
    "moderated": "audit.moderated",
    "signed off": "audit.signed_off",
    "filed": "audit.filed",
    "closed": "audit.closed",
    "voided": "audit.voided",
    "exempted": "audit.exempted",
    "with a safety concern": "audit.safety_concern_raised",
    "with a significant concern": "audit.submitted",
}
"""What is counted by an event of the period."""


def make(block: Audits, key: str, material: Material) -> tuple[Block, ...]:
    """A column for each of what is counted; a row in all, or for each of `by`."""
    asked = material.asked
    columns = [
        Counts(slug(each), each.capitalize(), tuple(counted(each, block, material, asked))) for each in block.count
    ]
    found = (one.under for column in columns for one in column.things)
    made = rows_of(key, rows(block.by, found, material, asked), columns, total=True)
    heads = [Column(title=each.title) for each in columns]
    title = block.title or "Audits"
    return (table(key, title, made, heads, stub=head(block.by, material), note=_standards(block, columns)),)


def counted(what: Counted, block: Audits, material: Material, asked: Question) -> Iterator[Thing]:
    """The audits that are counted so, each under the row that it belongs to."""
    for audit in chosen(block, material, asked):
        if (marks := says(what, audit, asked)) is not None:
            yield thing(audit.about, *marks, under=under(block.by, audit, material, asked))


def chosen(block: OfAudits, material: Material, asked: Question) -> Iterator[CountedAudit]:
    """The audits that a block speaks of, whatever happened to them."""
    wanted = material.policy.grades.sets[block.graded] if block.graded else None
    again = {"among them": None, "left out": False, "alone": True}[block.reaudits]
    for audit in material.of(asked).audits:
        if (
            (not block.types or audit.fact.audit_type in block.types)
            and (not block.strands or audit.fact.strand in block.strands)
            and (wanted is None or audit.grade in wanted)
            and (again is None or again == (audit.fact.reaudit_of is not None))
        ):
            yield audit


def says(what: Counted, audit: CountedAudit, asked: Question) -> tuple[Mark, ...] | None:
    """The marks by which an audit is counted so; None where it is not."""
    if taken_back(audit):
        return in_period(audit, EVENTS[what], asked) if what == audit.stage else None
    if what in EVENTS:
        other = what in {"voided", "exempted"} or (what == "with a significant concern" and not _significant(audit))
        return None if other else in_period(audit, EVENTS[what], asked)
    begun, returned = audit.begun, audit.mark("audit.submitted")
    match what:
        case "not returned":
            return (begun,) if returned is None else None
        case "overdue":
            late = returned is None and audit.overdue_on(asked.day)
            return (begun,) if late else None
        case "awaiting moderation":
            waits = returned is not None and audit.mark("audit.moderated") is None and audit.stage != "closed"
            return (begun, *_some(returned)) if waits else None
        case _:
            return (begun, *_some(returned)) if audit.mark("audit.closed") is None else None


def _significant(audit: CountedAudit) -> bool:
    """Whether the return, in its last wording, says that the file gives cause for significant concern."""
    said = [told.fact for told in audit.facts if told.event == "audit.submitted"]
    last = said[-1] if said else None
    return isinstance(last, AuditSubmitted) and bool(last.significant_concern)


def in_period(audit: CountedAudit, event: str, asked: Question) -> tuple[Mark, ...] | None:
    """The last time that it happened to the audit, if that lies in the period."""
    mark = audit.mark(event)
    return (mark,) if mark is not None and mark.day in asked.period else None


def _some(*marks: Mark | None) -> Iterable[Mark]:
    return (each for each in marks if each is not None)


def _standards(block: Audits, columns: Iterable[Counts]) -> str:
    reached = {each.title.lower(): len(each.things) for each in columns}
    least = [standard(what, reached[what], number, None) for what, number in block.at_least.items()]
    most = [standard(what, reached[what], None, number) for what, number in block.at_most.items()]
    return together([*least, *most])
