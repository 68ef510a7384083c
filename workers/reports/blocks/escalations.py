"""Escalations counted, with how long it took until they were resolved."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from projections.counted_records import CountedAudit, CountedEntry, CountedEscalation, Mark
from services.policy.blocks.escalations import EscalationCounted, Escalations
from services.policy.rules import rules
from workers.reports.counting import TOTAL, UNKNOWN, Counts, middle, rows_of, slug, table, thing
from workers.reports.material import Material, Question
from workers.reports.page import Block, Column, Row
from workers.reports.placing import head, units

MAKES = Escalations

Held = tuple[CountedAudit | CountedEntry, CountedEscalation, str]


def make(block: Escalations, key: str, material: Material) -> tuple[Block, ...]:
    """A column for each of what is counted; a row in all, or for each of `by`."""
    asked = material.asked
    held = list(_held(block, material, asked))
    columns = [
        Counts(
            slug(what),
            what.capitalize(),
            [
                thing(record.about, *marks, under=row)
                for record, each, row in held
                if (marks := says(what, each, asked))
            ],
        )
        for what in block.count
    ]
    named = _rows(block, [row for *_, row in held], material, asked)
    made = rows_of(key, named, columns, total=True)
    heads = [Column(title=each.title) for each in columns]
    if block.days:
        heads.append(Column(title="Days until resolved (median)"))
        names = [*(name for name, _ in named), None]
        made = tuple(_with_days(key, row, name, held, asked) for row, name in zip(made, names, strict=True))
    return (table(key, block.title or "Escalations", made, heads, stub=head(block.by, material)),)


def says(what: EscalationCounted, each: CountedEscalation, asked: Question) -> tuple[Mark, ...]:
    """The marks by which an escalation is counted so; none where it is not."""
    if what == "open":
        return (each.raised,) if each.resolved is None else ()
    mark: Mark | None = getattr(each, what)
    return (mark,) if mark is not None and mark.day in asked.period else ()


def _held(block: Escalations, material: Material, asked: Question) -> Iterator[Held]:
    found = material.of(asked)
    records: list[CountedAudit | CountedEntry] = [*found.audits, *found.entries]
    for record in records:
        for each in record.escalations:
            if not block.rules or each.obligation in block.rules:
                yield record, each, _under(block, record, each, material, asked)


def _under(
    block: Escalations,
    record: CountedAudit | CountedEntry,
    each: CountedEscalation,
    material: Material,
    asked: Question,
) -> str:
    match block.by:
        case None:
            return ""
        case "level":
            return f"level {each.level}"
        case "rule":
            known = {rule.name: rule.title for rule in rules(material.policy)}
            return known.get(each.obligation, each.obligation)
        case "team":
            return record.fact.team or UNKNOWN
        case _:
            return material.service_of(record.fact.team, asked) or UNKNOWN


def _rows(block: Escalations, found: Sequence[str], material: Material, asked: Question) -> list[tuple[str, str]]:
    if block.by is None:
        return []
    known = units(block.by, material, asked) if block.by in {"team", "service"} else []
    others = sorted(set(found) - set(known))
    return [(each, each) for each in (*known, *others)]


def _with_days(key: str, row: Row, name: str | None, held: Sequence[Held], asked: Question) -> Row:
    things = [
        thing(record.about, each.raised, each.resolved, value=Decimal((each.resolved.day - each.raised.day).days))
        for record, each, own in held
        if each.resolved is not None and each.resolved.day in asked.period and name in {None, own}
    ]
    figure = middle(f"{key}.{slug(name) if name else 'all'}.days", things)
    return Row(title=row.title or TOTAL, cells=(*row.cells, figure), total=row.total)
