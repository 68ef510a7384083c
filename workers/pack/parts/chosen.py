"""Part 11: the children whom inspectors chose: the audits there are, those to be made, and both grades side by side."""

from collections.abc import Iterator, Mapping

from projections.entries import EntryRow, entries
from projections.register import RegisterRow
from services.clock import day_in_words
from workers.pack.material import Chosen, Material, Page
from workers.pack.tables import counting, listing, number
from workers.reports.agreement import steps_apart
from workers.reports.page import Block, Note, Section

NUMBER, NAME, TITLE = 11, "chosen-children", "Children whom inspectors chose"

THEIR_GRADE = "inspectors_grade"
"""The question of a register by which the grade of inspectors is recorded, beside the child."""


def pages(material: Material) -> Iterator[Page]:
    """One page; without chosen children it says so."""
    yield Page("chosen-children", TITLE, (Section(key="chosen", title=TITLE, blocks=tuple(_blocks(material))),))


def _blocks(material: Material) -> Iterator[Block]:
    chosen = material.question.children
    if not chosen:
        yield Note(text="No children were named for this pack.")
        return
    by_child: dict[str, list[RegisterRow]] = {}
    for row in material.all_audits.values():
        if row.stage not in {"voided", "exempted"}:
            by_child.setdefault(row.child, []).append(row)
    there = [row for each in chosen for row in by_child.get(each.child or "", ())]
    missing = [each for each in chosen if not any(row.returned_on for row in by_child.get(each.child or "", ()))]
    grades = their_grades(material)
    figures = [
        ("Children chosen", [number("chosen", (f"line {each.line}" for each in chosen))]),
        (
            "with an audit that was returned",
            [number("audited", (f"line {each.line}" for each in chosen if each not in missing))],
        ),
        ("still to be audited", [number("missing", (f"line {each.line}" for each in missing))]),
    ]
    yield counting("chosen", "How many", "what", ("children",), figures)
    lines = {each.child: str(each.line) for each in chosen}
    rows = (
        (
            lines[row.child],
            row.child,
            row.audit,
            row.audit_type,
            row.allocated_on,
            row.returned_on,
            row.final_grade,
            row.stage,
        )
        for row in there
    )
    columns = ("line of the file", "child", "audit", "type", "given", "returned", "grade that stands", "stage")
    yield listing("audits", "Audits that there are", columns, rows)
    yield listing(
        "to-be-made",
        "Audits to be made",
        ("line of the file", "child", "why", "by"),
        (_to_be_made(material, each, by_child) for each in missing),
    )
    grades_beside: Iterator[tuple[object, ...]] = (
        (lines[row.child], row.child, row.audit, row.final_grade, *_beside(material, row, grades))
        for row in there
        if row.returned_on is not None
    )
    both = ("line of the file", "child", "audit", "the council's grade", "the inspectors'", "on", "steps")
    note = "Steps above nought: the inspectors saw better practice than the council; below nought, worse."
    yield listing("grades", "The council's grade beside the inspectors'", both, grades_beside, note)


def their_grades(material: Material) -> Mapping[str, tuple[str, EntryRow]]:
    """The newest grade of inspectors for each child: an entry of whatever register asks for it."""
    found: dict[str, tuple[str, EntryRow]] = {}
    for row in entries(material.books.source, material.books.authority):
        for answer in row.answers:
            if row.child and not row.withdrawn and answer.question == THEIR_GRADE and answer.plain:
                found[row.child] = (answer.plain[0], row)
    return found


def _beside(material: Material, row: RegisterRow, grades: Mapping[str, tuple[str, EntryRow]]) -> tuple[object, ...]:
    if row.child not in grades:
        return "none recorded", None, None
    grade, entry = grades[row.child]
    apart = steps_apart(material.scale.overall, row.final_grade, grade)
    return grade, entry.on, None if apart is None else f"{apart:+d}"


def _to_be_made(material: Material, each: Chosen, by_child: Mapping[str, list[RegisterRow]]) -> tuple[object, ...]:
    deadline = material.question.deadline
    by = day_in_words(deadline) if deadline else "no day was named"
    if each.child is None:
        return str(each.line), None, "not known here", by
    given = [row for row in by_child.get(each.child, ()) if row.returned_on is None]
    why = f"given out as {', '.join(row.audit for row in given)}, not returned" if given else "never audited"
    return str(each.line), each.child, why, by
