"""Blocks about the loop: moderation's agreement, timeliness, re-audits beside findings, and coverage with its gaps."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from services.policy.reports import Report
from services.policy.versions import Policies
from tests.desks import SHIPPED
from tests.lives import TORBAY_LOWEST, Life
from tests.reports.made import LATER, History, Made
from workers.reports.making import make, question
from workers.reports.page import Note, Table
from workers.reports.suppression import suppressed

SECOND, THIRD = "Meets Good", "Does Not Meet Good"


def shown(history: History, period: str, *blocks: dict[str, Any]) -> Made:
    """A report of these blocks, each in a section of its own: `s0`, `s1` and so on."""
    sections = [{"name": f"s{place}", "title": "T", "show": [block]} for place, block in enumerate(blocks)]
    report = Report.model_validate(
        {
            "name": "loop",
            "title": "The loop",
            "source": ["TOR-133"],
            "made_by": "qa_team",
            "audience": ["board"],
            "every": "quarter",
            "due": "1 month",
            "sections": sections,
        }
    )
    held = SHIPPED[history.authority]
    policies = Policies(held.authority, tuple(each.model_copy(update={"reports": (report,)}) for each in held.versions))
    policy, asked = question(policies, "loop", period, LATER)
    return Made(make(history.engine(), history.authority, policy, asked))


def moderated(number: int, given: str, now: str | None, auditor: str = "P-AUD") -> Life:
    life = Life("torbay", f"A-{number}", child=f"C-{number}", auditor=auditor).allocated("2026-01-05")
    return life.submitted("2026-01-15", given).to_moderator("2026-01-16").moderated("2026-01-20", now)


@pytest.fixture(scope="module")
def quarter() -> History:
    """Twelve audits moderated alike, one lowered, one returned late, one overdue, and a re-audit that is better."""
    lives: list[Life] = [moderated(number, SECOND, None) for number in range(10)]
    lives += [moderated(number, THIRD, None) for number in (10, 11)]
    lives.append(moderated(12, SECOND, THIRD, "P-AUD2"))
    lives.append(Life("torbay", "A-20", child="C-20").allocated("2026-01-12").submitted("2026-02-20"))
    lives.append(Life("torbay", "A-21", child="C-21").allocated("2026-02-02"))
    lives.append(
        Life("torbay", "A-22", child="C-10", auditor="P-RE")
        .allocated("2026-03-02", reaudit_of="A-10")
        .submitted("2026-03-09")
    )
    history = History("torbay", *(line for life in lives for line in life))
    assert not any(history.refused), history.refused
    return history


def rows(table: Table) -> dict[str, Sequence[Any]]:
    return {row.title: row.cells for row in table.rows}


def test_agreement_is_worked_out_of_the_audits_behind_it(quarter: History) -> None:
    """Twelve of thirteen alike: the shares, both coefficients, the direction, and what stands behind each."""
    made = shown(quarter, "2025-Q4", {"block": "moderation"})
    assert made.value("s0", SECOND, SECOND) == 10
    assert made.value("s0", SECOND, THIRD) == 1
    assert made.value("s0", "All", "All") == 13
    assert made.value("s0", "Alike", "Value", block=1) == Decimal("92.3")
    assert made.value("s0", "Within one grade", "Value", block=1) == Decimal("100.0")
    assert made.value("s0", "Mean of the grades between them", "Value", block=1) == Decimal("0.08")
    # Adjacent grades of four weigh 8/9. Margins: 11 and 2 of the auditors, 10 and 3 of the moderators.
    observed = Decimal(12 * 9 + 8) / (13 * 9)
    by_chance = (Decimal(11 * 10 + 2 * 3) + Decimal(8) / 9 * (11 * 3 + 2 * 10)) / 169
    kappa = (observed - by_chance) / (1 - by_chance)
    assert made.value("s0", "Cohen's kappa, quadratic weights", "Value", block=1) == round(kappa, 2)
    figure = made.cell("s0", "Gwet's AC2, quadratic weights", "Value", block=1)
    assert (figure.value, figure.of, len(figure.behind)) == (Decimal("0.99"), 13, 13)
    assert sum(each.value or 0 for each in figure.behind) == 1
    assert made.value("s0", "Lowered by the moderator", "Value", block=1) == 1


def test_too_few_audits_have_no_value(quarter: History) -> None:
    """Under the minimum of the policy: counts, and a sentence instead of a coefficient."""
    made = shown(quarter, "2025-Q4", {"block": "moderation", "at_least": 14})
    assert made.value("s0", "Alike", "Value", block=1) is None
    assert made.value("s0", "Gwet's AC2, quadratic weights", "Value", block=1) is None
    assert made.value("s0", "All", "All") == 13
    notes = [each.text for each in made.section("s0").blocks if isinstance(each, Note)]
    assert notes == ["Fewer than 14 audits were moderated in the period: too few for a value."]
    board = Made(suppressed(made.report, 5)).section("s0").blocks
    notes = [each.text for each in board if isinstance(each, Note)]
    assert notes == ["Too few audits were moderated in the period for a value."]


def test_drift_names_each_auditor_and_is_a_list_of_people(quarter: History) -> None:
    """One row a person and month, which a copy for boards leaves out; no mean of too few."""
    made = shown(quarter, "2025-Q4", {"block": "moderation", "show": ["drift by auditor"], "at_least_of_one": 2})
    found = rows(made.table("s0"))
    assert found["P-AUD"][2].value == Decimal("0.00")
    assert found["P-AUD2"][2].value is None
    assert found["P-AUD2"][1].value == 1
    assert all(row.names for row in made.table("s0").rows)


def test_timeliness_of_return_moderation_and_closing(quarter: History) -> None:
    """In time, late and open, by the day that each was given; without a day nothing is late."""
    made = shown(quarter, "2025-Q4", {"block": "timeliness", "closing_within": "20 working days"})
    assert made.value("s0", "All", "In time") == 14
    assert made.value("s0", "All", "Late") == 1
    assert made.value("s0", "All", "Open, late") == 1
    assert made.value("s0", "All", "All") == 16
    assert made.value("s0", "All", "Median days") == Decimal("10.0")
    assert made.value("s0", "All", "Done, no date set", block=1) == 13
    assert made.value("s0", "All", "Open, no date set", block=1) == 2
    assert made.value("s0", "All", "Open, late", block=2) == 14
    assert made.value("s0", "All", "Open, in time", block=2) == 1


def test_working_days_are_counted_by_the_councils_calendar(quarter: History) -> None:
    """From a Thursday to the Tuesday after it are three working days and five days."""
    working, plain = (
        shown(quarter, "2025-Q4", {"block": "timeliness", "of": ["moderation"], "working_days": each})
        for each in (True, False)
    )
    assert working.value("s0", "All", "Median working days") == Decimal("3.0")
    assert plain.value("s0", "All", "Median days") == Decimal("5.0")


def test_a_reaudit_stands_beside_what_was_found_before_it(quarter: History) -> None:
    """It came out better by a grade, and the pair is listed for those who may know it."""
    made = shown(quarter, "2025-Q4", {"block": "reaudits", "pairs": True})
    assert made.value("s0", "All", "Better") == 1
    assert made.value("s0", "All", "Worse") == 0
    (pair,) = made.table("s0", block=1).rows
    assert (pair.title, [cell.text for cell in pair.cells]) == ("A-22", ["A-10", THIRD, SECOND, "+1"])  # type: ignore[union-attr]
    assert pair.names


def test_a_finding_changed_after_the_reaudit_leaves_the_pair_as_it_was() -> None:
    """Before is what stood when the re-audit was returned."""
    lives = [
        Life("torbay", "A-1").allocated("2026-01-05").submitted("2026-01-15", TORBAY_LOWEST),
        Life("torbay", "A-2", auditor="P-RE").allocated("2026-03-02", reaudit_of="A-1").submitted("2026-03-09", THIRD),
        Life("torbay", "A-1").to_moderator("2026-03-16").moderated("2026-03-20", THIRD),
    ]
    made = shown(History("torbay", *(line for life in lives for line in life)), "2025-Q4", {"block": "reaudits"})
    assert made.value("s0", "All", "Better") == 1


def test_coverage_tells_what_was_made_and_why_the_rest_was_not(quarter: History) -> None:
    """By service, with a row of all; the gap says since when it was due."""
    made = shown(quarter, "2025-Q4", {"block": "coverage", "gaps": True})
    assert made.value("s0", "S-1", "Made") == 15
    assert made.value("s0", "S-1", "Overdue") == 1
    assert made.value("s0", "All", "Given out") == 16
    (gap,) = made.table("s0", block=1).rows
    assert gap.title == "A-21"
    assert [getattr(cell, "text", "") for cell in gap.cells] == ["S-1", "not returned; it was due 2 Mar 2026"]


def test_every_count_can_be_opened(quarter: History) -> None:
    """Behind each figure stand as many things as it counts, each with the events that say so."""
    every = ({"block": each} for each in ("moderation", "timeliness", "reaudits", "coverage"))
    page = shown(quarter, "2025-Q4", *every).report
    keys = [each.key for each in page.figures()]
    assert len(keys) == len(set(keys))
    for figure in page.figures():
        assert all(each.positions for each in figure.behind), figure.key
        if figure.unit == "count":
            assert figure.value == len(figure.behind), figure.key
