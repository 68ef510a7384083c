"""Re-audits beside the findings they followed: better, as before or worse, and by how many grades."""

from collections.abc import Iterator
from dataclasses import dataclass

from events.audits import AuditModerated, AuditSubmitted
from events.grade_disputes import GradeSettled
from projections.counted_records import CountedAudit
from projections.happened import events_about
from services.policy.blocks.reaudits import Reaudits
from workers.reports.agreement import steps_apart
from workers.reports.blocks.audits import in_period
from workers.reports.counting import Counts, Thing, rows_of, slug, table, thing
from workers.reports.material import Material, taken_back
from workers.reports.page import Block, Column, Row, Table, Words
from workers.reports.placing import head, rows, under

MAKES = Reaudits

WAYS = ("better", "as before", "worse", "not comparable")


@dataclass(frozen=True, slots=True)
class _Again:
    """One re-audit, with the grade before it and how it came out."""

    audit: CountedAudit
    thing: Thing
    before: str | None
    way: str
    steps: int | None


def make(block: Reaudits, key: str, material: Material) -> tuple[Block, ...]:
    """How many came out which way, in all or for each of `by`; with `pairs`, each of them."""
    asked = material.asked
    held = list(_again(block, material))
    columns = [Counts(slug(way), way.capitalize(), [each.thing for each in held if each.way == way]) for way in WAYS]
    columns.append(Counts("all", "All", [each.thing for each in held]))
    named = rows(block.by, (each.thing.under for each in held), material, asked)
    heads = [Column(title=each.title, total=each.key == "all") for each in columns]
    made = table(
        key,
        block.title or "Re-audits, beside the finding they followed",
        rows_of(key, named, columns, total=True),
        heads,
        stub=head(block.by, material),
    )
    return (made, _pairs(key, held)) if block.pairs else (made,)


def _again(block: Reaudits, material: Material) -> Iterator[_Again]:
    asked, scale = material.asked, material.policy.grades.overall
    for audit in material.of(asked).audits:
        when = in_period(audit, "audit.submitted", asked)
        first = audit.fact.reaudit_of
        if first is None or when is None or taken_back(audit):
            continue
        before = grade_before(material, first, when[0].position)
        steps = steps_apart(scale, before, audit.grade)
        way = "not comparable" if steps is None else "as before" if not steps else "better" if steps > 0 else "worse"
        own = thing(audit.about, *when, under=under(block.by, audit, material, asked))
        yield _Again(audit, own, before, way, steps)


def grade_before(material: Material, first: str, position: int) -> str | None:
    """The grade that stood of an audit before the event at the position; None where it had none."""
    grade = None
    for each in events_about(material.db, material.authority, [f"audit/{first}"]):
        if (each.position or 0) < position and isinstance(each.fact, AuditSubmitted | AuditModerated | GradeSettled):
            grade = each.fact.grade
    return grade


def _pairs(key: str, held: list[_Again]) -> Table:
    return Table(
        key=f"{key}.pairs",
        title="Each of them, before and after",
        stub="Re-audit",
        columns=tuple(Column(title=each) for each in ("Of", "Before", "After", "Steps")),
        rows=tuple(
            Row(
                title=each.audit.about.partition("/")[2],
                cells=tuple(
                    Words(text=text, names=True)
                    for text in (
                        each.audit.fact.reaudit_of or "",
                        each.before or "–",
                        each.audit.grade or "–",
                        "–" if each.steps is None else f"{each.steps:+d}",
                    )
                ),
                names=True,
            )
            for each in held
        ),
        note="Steps above nought are grades better than before.",
    )
