"""What was given out to be audited, against what was made of it, with each gap and its reason."""

from collections.abc import Iterator

from events.audits import AuditExempted
from projections.counted_records import CountedAudit
from services.clock import day_in_words
from services.policy.blocks.coverage import Coverage
from workers.reports.blocks.audits import chosen
from workers.reports.counting import Counts, Thing, rows_of, slug, table, thing
from workers.reports.material import Material, Question
from workers.reports.page import Block, Column, Row, Table, Words
from workers.reports.placing import head, rows, under

MAKES = Coverage

STANDS = ("made", "not due yet", "overdue", "exempted", "voided")
GAPS = ("overdue", "exempted", "voided")


def make(block: Coverage, key: str, material: Material) -> tuple[Block, ...]:
    """A row for each of `by`, a column for each thing that can become of an audit; with `gaps`, each gap."""
    asked = material.asked
    held = [
        (audit, stands(audit, asked)) for audit in chosen(block, material, asked) if audit.begun.day in asked.period
    ]

    def things(*wanted: str) -> list[Thing]:
        return [_thing(block, audit, material, asked) for audit, became in held if became in wanted]

    columns = [Counts(slug(each), each.capitalize(), things(each)) for each in STANDS]
    columns.append(Counts("all", "Given out", things(*STANDS)))
    named = rows(block.by, (each.under for each in columns[-1].things), material, asked)
    heads = [Column(title=each.title, total=each.key == "all") for each in columns]
    title = block.title or "Given out, and what became of it"
    made = table(key, title, rows_of(key, named, columns, total=True), heads, stub=head(block.by, material))
    return (made, _gaps(block, key, material, held)) if block.gaps else (made,)


def _thing(block: Coverage, audit: CountedAudit, material: Material, asked: Question) -> Thing:
    ends = (audit.mark(each) for each in ("audit.submitted", "audit.exempted", "audit.voided"))
    return thing(audit.about, audit.begun, *ends, under=under(block.by, audit, material, asked))


def stands(audit: CountedAudit, asked: Question) -> str:
    """What became of an audit that was given out."""
    if audit.stage in {"voided", "exempted"}:
        return str(audit.stage)
    if audit.mark("audit.submitted") is not None:
        return "made"
    return "overdue" if audit.overdue_on(asked.day) else "not due yet"


def _gaps(block: Coverage, key: str, material: Material, held: list[tuple[CountedAudit, str]]) -> Table:
    asked = material.asked
    return Table(
        key=f"{key}.gaps",
        title="Gaps, and their reasons",
        stub="Audit",
        columns=(Column(title=head(block.by, material)), Column(title="Reason")),
        rows=tuple(
            Row(
                title=audit.about.partition("/")[2],
                cells=(
                    Words(text=under(block.by, audit, material, asked)),
                    Words(text="; ".join(_reasons(audit, became)), names=True),
                ),
                names=True,
            )
            for audit, became in held
            if became in GAPS
        ),
    )


def _reasons(audit: CountedAudit, became: str) -> Iterator[str]:
    if became == "overdue" and audit.due is not None:
        yield f"not returned; it was due {day_in_words(audit.due)}"
    if became == "voided":
        yield "voided: it was selected in error"
    yield from (f"exempted: {told.fact.ground}" for told in audit.facts if isinstance(told.fact, AuditExempted))
