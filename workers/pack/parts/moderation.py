"""Part 4: moderation: how much, how soon, which way and why, and whether auditors and moderators agree."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from projections.answers import tallies
from projections.grade_changes import GradeChange, grade_changes
from projections.register import RegisterRow
from services.texts.asking import Sealed
from workers.pack.material import Material, Page, middle
from workers.pack.tables import counting, listing, measured, number, share
from workers.reports.agreement import Agreement, Pair, agreement, drift
from workers.reports.page import Block, Cell, Note, Section, Table

NUMBER, NAME, TITLE = 4, "moderation", "Moderation"

AT_LEAST = 10
"""Moderated audits below which a coefficient says nothing."""

AT_LEAST_OF_ONE = 3
"""Audits of one person and quarter below which their drift says nothing."""


def pages(material: Material) -> Iterator[Page]:
    """One page: the share moderated, the days, what was lifted and lowered with the reasons, and the agreement."""
    returned = [row for row in material.audits if material.question.holds(row.returned_on)]
    moderated = [row for row in material.audits if material.question.holds(row.moderated_on)]
    pairs = list(pairs_of(material, moderated))
    found = agreement(pairs, len(material.scale.overall), at_least=AT_LEAST)
    audits = {f"audit/{row.audit}" for row in moderated}
    yield Page(
        "moderation",
        TITLE,
        (
            Section(key="much", title="How much, and how soon", blocks=(_much(material, returned, moderated),)),
            Section(key="changes", title="What was lifted and lowered", blocks=tuple(_changes(material, moderated))),
            Section(
                key="agreement",
                title="Do auditors and moderators agree?",
                blocks=tuple(_agreed(material, pairs, found)),
            ),
            Section(key="drift", title="Who grades too kindly, or too harshly", blocks=tuple(_drifts(material, pairs))),
            Section(key="quality", title="The quality of the audit itself", blocks=(_quality(material, audits),)),
        ),
    )


def pairs_of(material: Material, rows: Sequence[RegisterRow]) -> Iterator[Pair]:
    """The audits whose two grades are both on the scale in force, as they stand on it."""
    scale = material.scale.overall
    for row in rows:
        if row.grade_by_auditor in scale and row.final_grade in scale and row.moderator and row.moderated_on:
            given, now = scale.index(row.grade_by_auditor or ""), scale.index(row.final_grade or "")
            yield Pair(f"audit/{row.audit}", given, now, row.auditor, row.moderator, row.moderated_on)


def _much(material: Material, returned: Sequence[RegisterRow], moderated: Sequence[RegisterRow]) -> Table:
    now = [row for row in returned if row.moderated_on is not None]
    days = [
        material.working_days(row.returned_on, row.moderated_on)
        for row in moderated
        if row.returned_on and row.moderated_on
    ]
    late = [
        row for row in moderated if row.moderation_due and row.moderated_on and row.moderated_on > row.moderation_due
    ]
    rows: list[tuple[str, list[Cell]]] = [
        ("Returned in the window", [number("returned", _named(returned))]),
        ("of these moderated by now", [number("returned.moderated", _named(now))]),
        ("Share moderated", [share("share", len(now), len(returned))]),
        ("Moderated in the window", [number("moderated", _named(moderated))]),
        ("of these after their day", [number("moderated.late", _named(late))]),
        ("Working days from return to moderation, the middle one", [measured("days", middle(days), "days", len(days))]),
        ("the longest", [measured("longest", max(days) if days else None, "days", len(days))]),
    ]
    return counting("much", "Moderation of the window's audits", "what", ("figure",), rows)


def _named(rows: Sequence[RegisterRow]) -> list[str]:
    return [f"audit/{row.audit}" for row in rows]


def _changes(material: Material, moderated: Sequence[RegisterRow]) -> Iterator[Block]:
    books, wanted = material.books, {row.audit for row in moderated}
    changed = [
        row
        for row in grade_changes(books.source, books.authority, books.scales)
        if row.audit in wanted and not row.void
    ]
    whole = [row for row in changed if row.section is None]
    rows: list[tuple[str, list[Cell]]] = [
        ("Overall grade lifted", [_ways("lifted", whole, "raised")]),
        ("Overall grade lowered", [_ways("lowered", whole, "lowered")]),
        ("Section grade lifted", [_ways("sections.lifted", [row for row in changed if row.section], "raised")]),
        ("Section grade lowered", [_ways("sections.lowered", [row for row in changed if row.section], "lowered")]),
    ]
    yield counting("ways", "Which way", "what", ("audits",), rows)
    texts = (
        books.opened([Sealed(f"audit/{row.audit}", "audit.rationale", row.rationale) for row in changed])
        if changed
        else {}
    )
    columns = ("audit", "what", "from", "to", "way", "steps", "by", "role", "when", "why")
    yield listing(
        "changes",
        "Each grade that was changed, and why",
        columns,
        (_change(material, row, texts[row.rationale]) for row in changed),
    )


def _ways(key: str, rows: Sequence[GradeChange], way: str) -> Cell:
    return number(key, {f"audit/{row.audit}" for row in rows if row.direction == way})


def _change(material: Material, row: GradeChange, why: str) -> tuple[object, ...]:
    steps = None if row.steps is None else str(row.steps)
    by = (row.moderator, material.books.role(row.role))
    return (
        row.audit,
        row.section or "overall",
        row.from_grade,
        row.to_grade,
        row.direction,
        steps,
        *by,
        row.occurred,
        why,
    )


def _agreed(material: Material, pairs: Sequence[Pair], found: Agreement) -> Iterator[Block]:
    scale = material.scale.overall
    if not scale:
        yield Note(text="The framework grades no audit as a whole, so there is no agreement to measure.")
        return
    cells: dict[tuple[int, int], list[str]] = {}
    for pair in pairs:
        cells.setdefault((pair.given, pair.moderated), []).append(pair.about)
    rows: list[tuple[str, list[Cell]]] = [
        (grade, [number(f"table.{row}.{column}", cells.get((row, column), ())) for column in range(len(scale))])
        for row, grade in enumerate(scale)
    ]
    yield counting("table", "Grades of auditors (rows) and of moderators (columns)", "auditor", scale, rows)
    exact = None if found.exact is None else 100 * found.exact
    near = None if found.within_one is None else 100 * found.within_one
    rows = [
        ("Alike, per cent", [measured("exact", exact, "per cent", found.number)]),
        ("Within one grade, per cent", [measured("within-one", near, "per cent", found.number)]),
        ("Gwet's AC2, quadratic weights", [measured("ac2", found.ac2, "coefficient", found.number)]),
        ("Cohen's kappa, quadratic weights", [measured("kappa", found.kappa, "coefficient", found.number)]),
        (
            "Grades by which auditors were too kind, on average",
            [measured("shift", found.shift, "coefficient", found.number)],
        ),
    ]
    yield counting("agreement", "Agreement", "measure", ("value",), rows)
    yield Note(
        text="Kappa alone misleads where nearly all grades are alike; AC2 does not. Below nought in the last line "
        "means that auditors were too harsh."
    )
    if found.number < AT_LEAST:
        yield Note(
            text=f"Without a value: fewer than {AT_LEAST} moderated audits prove nothing of anybody.",
            otherwise="Without a value: too few moderated audits prove nothing of anybody.",
        )
    else:
        yield from (Note(text=f"Without a value: {reason}.") for reason in dict.fromkeys(found.why.values()))


def quarter(day: date) -> str:
    """The quarter of a day, such as `2026-Q1`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def in_words(named: str) -> str:
    """The quarter as it is read: `Jan to Mar 2026`."""
    year, _, number = named.partition("-Q")
    first = date(int(year), int(number) * 3 - 2, 1)
    return f"{first:%b} to {first.replace(month=first.month + 2):%b %Y}"


def _drifts(material: Material, pairs: Sequence[Pair]) -> Iterator[Block]:
    grades = len(material.scale.overall)
    for who, title in (("auditor", "By auditor"), ("moderator", "By moderator")):
        found = drift(pairs, grades, person=attrgetter(who), period=quarter, at_least=AT_LEAST_OF_ONE)
        rows = (
            (
                each.person,
                in_words(each.period),
                str(each.agreement.number),
                _shift(each.agreement),
                str(each.agreement.kind),
                str(each.agreement.harsh),
            )
            for each in found
        )
        columns = (who, "quarter", "audits", "mean shift", "lowered", "lifted")
        yield listing(f"drift.{who}", f"{title}, quarter by quarter", columns, rows)


def _shift(found: Agreement) -> str:
    return found.why.get("shift", "") if found.shift is None else f"{float(found.shift):+.2f}"


def _quality(material: Material, audits: set[str]) -> Table:
    books = material.books
    said = [each for each in material.answers if each.about in audits and "moderat" in each.asked_at]
    rows = [
        (books.titles.get(f"?{row.question}", row.question), row.answer, str(row.times), str(row.among))
        for row in tallies(said)
    ]
    note = (
        "What the form asks at moderation of the audit's own quality, apart from the quality of practice."
        if rows
        else ("The form asks nothing at moderation of the audit's own quality.")
    )
    return listing("quality", "Answers given at moderation", ("question", "answer", "times", "audits"), rows, note)
