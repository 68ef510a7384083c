"""Part 6: each re-audit beside the finding that it followed: before and after."""

from collections.abc import Iterator

from projections.register import RegisterRow
from workers.pack.material import Material, Page
from workers.pack.tables import counting, listing, number
from workers.reports.agreement import steps_apart
from workers.reports.page import Cell, Section

NUMBER, NAME, TITLE = 6, "re-audits", "Re-audits beside the findings they followed"

WAYS = ("better", "as before", "worse", "not comparable", "not returned yet")


def pages(material: Material) -> Iterator[Page]:
    """One page: how many came out better, and each pair."""
    pairs = [
        (first, again)
        for again in material.audits
        if again.stage not in {"voided", "exempted"}
        and again.reaudit_of is not None
        and (first := material.all_audits.get(again.reaudit_of)) is not None
    ]
    ways = {again.audit: way(material, first, again) for first, again in pairs}
    rows: list[tuple[str, list[Cell]]] = [
        (
            each.capitalize(),
            [number(each.replace(" ", "-"), (f"audit/{audit}" for audit, came in ways.items() if came == each))],
        )
        for each in WAYS
    ]
    listed = (
        (
            again.audit,
            first.audit,
            first.child,
            first.team,
            first.final_grade,
            first.moderated_on or first.returned_on,
            again.final_grade,
            again.moderated_on or again.returned_on,
            ways[again.audit],
            steps(material, first, again),
        )
        for first, again in pairs
    )
    columns = ("re-audit", "of", "child", "team", "grade before", "on", "grade after", "on", "it came out", "steps")
    blocks = (
        counting("ways", "How they came out", "it came out", ("re-audits",), rows),
        listing("pairs", "Before and after", columns, listed, "Steps above nought are grades better than before."),
    )
    yield Page("re-audits", TITLE, (Section(key="re-audits", title=TITLE, blocks=blocks),))


def way(material: Material, first: RegisterRow, again: RegisterRow) -> str:
    """How a re-audit came out beside the finding that it followed, by the grades that stand."""
    if again.returned_on is None:
        return "not returned yet"
    apart = steps_apart(material.scale.overall, first.final_grade, again.final_grade)
    if apart is None:
        return "not comparable"
    return "as before" if apart == 0 else "better" if apart > 0 else "worse"


def steps(material: Material, first: RegisterRow, again: RegisterRow) -> str | None:
    """By how many grades; None where they cannot be compared."""
    apart = steps_apart(material.scale.overall, first.final_grade, again.final_grade)
    return None if apart is None or again.returned_on is None else f"{apart:+d}"
