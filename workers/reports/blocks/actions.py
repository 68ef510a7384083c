"""Actions counted: what became of them in the period, and where they stand at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from projections.counted_records import CountedAction, CountedAudit, CountedEntry, Mark
from services.policy.blocks.actions import ActionCounted, Actions
from workers.reports.counting import TOTAL, UNKNOWN, Counts, Thing, rows_of, share, slug, table, thing
from workers.reports.material import Material, Question, taken_back, titles
from workers.reports.page import Block, Cell, Column, Row
from workers.reports.placing import head, units

MAKES = Actions


@dataclass(frozen=True, slots=True)
class Owed:
    """An action with the record that it belongs to."""

    record: CountedAudit | CountedEntry
    action: CountedAction


def make(block: Actions, key: str, material: Material) -> tuple[Block, ...]:
    """A column for each of what is counted; a row in all, or for each of `by`."""
    asked = material.asked
    held = list(owed(block, material, asked))
    placed = [(each, under(block, each, material, asked)) for each in held]
    columns = [
        Counts(
            slug(what),
            what.capitalize(),
            [
                thing(each.record.about, *marks, under=row)
                for each, row in placed
                if (marks := says(what, each.action, asked)) is not None
            ],
        )
        for what in block.count
    ]
    named = _rows(block, [row for _, row in placed], material, asked)
    made = rows_of(key, named, columns, total=True)
    heads = [Column(title=each.title) for each in columns]
    if block.in_time:
        heads.append(Column(title="Share done in time"))
        made = tuple(_with_share(key, row, name, placed, asked) for row, name in zip(made, _names(named), strict=True))
    stub = head(block.by, material)
    return (table(key, block.title or "Actions", made, heads, stub=stub),)


def owed(block: Actions, material: Material, asked: Question) -> Iterator[Owed]:
    """The actions that a block speaks of, whatever became of them."""
    found = material.of(asked)
    if block.of != "entries" and not block.registers:
        for audit in found.audits:
            if not taken_back(audit):
                yield from (Owed(audit, each) for each in audit.actions.values() if _meant(block, each))
    if block.of != "audits":
        for entry in found.entries:
            if entry.withdrawn is None and (not block.registers or entry.fact.kind in block.registers):
                yield from (Owed(entry, each) for each in entry.actions.values() if _meant(block, each))


def says(what: ActionCounted, action: CountedAction, asked: Question) -> tuple[Mark, ...] | None:
    """The marks by which an action is counted so; None where it is not."""
    if what in {"set", "completed", "confirmed"}:
        mark: Mark | None = getattr(action, what)
        return (mark,) if mark is not None and mark.day in asked.period else None
    done = min((each for each in (action.completed, action.confirmed) if each), key=lambda each: each.day, default=None)
    own = (action.set,) if action.due_said == action.set else (action.set, action.due_said)
    due_now = action.due is not None and action.due in asked.period
    match what:
        case "due":
            return own if due_now else None
        case "done in time":
            return (*own, done) if due_now and done is not None and action.in_time else None
        case "done late":
            return (*own, done) if due_now and done is not None and not action.in_time else None
        case "open":
            return own if done is None else None
        case _:
            late = done is None and action.overdue_on(asked.day)
            return own if late else None


def under(block: Actions, each: Owed, material: Material, asked: Question) -> str:
    """The name of the row that an action belongs to."""
    fact = each.record.fact
    match block.by:
        case None:
            return ""
        case "level" | "owner" | "stage" | "priority":
            return str(getattr(each.action, block.by) or UNKNOWN)
        case "register":
            return each.record.fact.kind if isinstance(each.record, CountedEntry) else "audits"
        case "team":
            return fact.team or UNKNOWN
        case "service":
            own = each.record.fact.service if isinstance(each.record, CountedEntry) else None
            return own or material.service_of(fact.team, asked) or UNKNOWN
        case _:
            return _role(each.action.owner, material, asked)


def _role(owner: str, material: Material, asked: Question) -> str:
    if owner in material.policy.roles:
        return owner
    held = material.directory.held_by(owner, asked.until)
    return next((each.role for each in held if each.role in material.policy.roles), UNKNOWN)


def _meant(block: Actions, action: CountedAction) -> bool:
    return not block.levels or action.level in block.levels


def _rows(block: Actions, found: Sequence[str], material: Material, asked: Question) -> list[tuple[str, str]]:
    if block.by is None:
        return []
    known = units(block.by, material, asked) if block.by in {"team", "service"} else []
    others = sorted({each for each in found if each not in known and each != UNKNOWN})
    last = [UNKNOWN] if UNKNOWN in found else []
    called = titles(material.policy)
    return [(each, called.get(each, each)) for each in (*known, *others, *last)]


def _names(named: Sequence[tuple[str, str]]) -> list[str | None]:
    return [*(name for name, _ in named), None]


def _with_share(key: str, row: Row, name: str | None, placed: Sequence[tuple[Owed, str]], asked: Question) -> Row:
    """The row with the share of the actions due in the period that were done by their date; a name of None is all."""
    things: list[Thing] = []
    for each, own in placed:
        due, done = says("due", each.action, asked), says("done in time", each.action, asked)
        if due is not None and name in {None, own}:
            things.append(thing(each.record.about, *(done or due), under="done" if done else ""))
    figure: Cell = share(f"{key}.{slug(name) if name else 'all'}.in-time", things, lambda one: one.under == "done")
    return Row(title=row.title if row.title != TOTAL else TOTAL, cells=(*row.cells, figure), total=row.total)
