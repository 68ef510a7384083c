"""Every indicator that a framework names is recorded month by month, and shown with what it is measured in.

A rise tells whether the indicator, as the paper speaks of it, goes the right way.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projections.indicator_months import Place, indicator_months
from projections.store import open_store
from tests.desks import SHIPPED, TestDesk
from tests.lives import Line, people
from tests.projections.views import kept
from tests.requirements.scenes import refusal
from workers.indicators_asked import as_watched

ANY = "in the authority's own word"
"""The part of an indicator whose parts the paper leaves to the authority."""

Figure = tuple[str, str, str | None, str, str]
FIGURES: dict[str, tuple[Figure, ...]] = {
    "swindon": (
        ("SWI-103", "early_help_rereferrals", "per cent", "worse", ""),
        ("SWI-104", "steps_between_services", "count", "above", "step up; step down"),
        ("SWI-105", "no_further_action", "per cent", "worse", "referrals; assessments"),
        ("SWI-107", "rereferrals", "per cent", "worse", ""),
        ("SWI-108", "child_protection_enquiries", "rate", "above", "section 47 enquiries; strategy discussions"),
        ("SWI-109", "enquiries_without_plan", "per cent", "worse", ""),
        ("SWI-110", "three_partners", "per cent", "better", ""),
        ("SWI-111", "workbooks_opened", "count", "better", ""),
        ("SWI-112", "protection_plans", "rate", "above", ""),
        ("SWI-113", "entries_to_care", "rate", "above", ""),
        ("SWI-114", "pre_proceedings", "count", "above", ANY),
        ("SWI-115", "care_applications", "count", "above", ""),
        ("SWI-116", "ends_of_proceedings", "count", "above", ANY),
        ("SWI-117", "costs_avoided", "pounds", "better", ""),
        ("SWI-119", "worker_changes", "rate", "worse", ""),
        ("SWI-120", "turnover_and_vacancies", "per cent", "worse", "turnover; vacancies; locums"),
        ("SWI-121", "sickness", "days", "worse", ""),
        ("SWI-122", "staff_survey", "per cent", "better", ANY),
        ("SWI-123", "learning_satisfaction", "per cent", "better", ""),
    ),
    "torbay": (
        ("TOR-155", "visits_on_time", "per cent", "better", ""),
        ("TOR-155", "seen_alone", "per cent", "better", ""),
        ("TOR-155", "taking_part", "per cent", "better", "child protection conference; cared-for review"),
    ),
    "halton": (
        ("HAL-98", "demand", "count", "above", ANY),
        ("HAL-98", "throughput", "count", "above", ANY),
        ("HAL-98", "timeliness", "per cent", "better", ANY),
    ),
    "southwark": (("SOU-106", "statutory_indicators", None, "above", ANY),),
    "east-sussex": (
        ("ESX-N42", "national_data_set", None, "above", ANY),
        ("ESX-N42", "local_data_set", None, "above", ANY),
        ("ESX-N42", "practice_standards", None, "above", ANY),
        ("ESX-N43", "families_supported", "count", "above", ""),
        ("ESX-N44", "budget", "pounds", "above", "budget; spending; forecast"),
    ),
}
"""The requirement, what is watched for it, its unit, how a rise is told, and its parts."""

EACH = [
    pytest.param(authority, figure, id=figure[1], marks=pytest.mark.covers(figure[0]))
    for authority, figures in FIGURES.items()
    for figure in figures
]
WRONG: dict[str | None, str] = {"per cent": "101", "count": "2.5", "rate": "-1", "days": "-1"}
"""A value that there cannot be in that unit."""


@pytest.mark.parametrize(("authority", "figure"), EACH)
def test_a_months_figure(tmp_path: Path, authority: str, figure: Figure) -> None:
    """Two months are recorded in the indicator's own unit and parts; the view shows the second, and that it rose."""
    _, indicator, unit, rise, parts = figure
    desk = TestDesk(authority)
    desk.do(*people(authority))
    keeper = {"actor": "P-QA", "role": "performance_team" if authority == "southwark" else "qa_team"}
    line: Line = {"command": "indicator.record", "authority": authority, **keeper, "at": "2026-04-07"}
    line |= {"indicator": indicator, "month": "2026-03", "value": "4"}
    named: list[dict[str, Any]] = [{"part": each} for each in parts.split("; ")] if parts else [{}]
    for part in named:
        desk.do(line | part | {"month": "2026-02", "value": "3"}, line | part)
        if unit in WRONG:
            assert refusal(desk, line | part | {"value": WRONG[unit]}) == "value"
    assert refusal(desk, line if parts == ANY else {**line, "part": "of another indicator"}) == "part"
    engine = open_store(f"sqlite:///{tmp_path}/view.db")
    history = [replace(each, position=each.originator_version) for each in desk.history(f"indicator/{indicator}-2026")]
    kept(engine, "indicators", history)
    policy = SHIPPED[authority].newest
    watched = [as_watched(each, policy) for each in policy.indicators if each.name == indicator]
    rows = indicator_months(engine, authority, watched, ["2026-03"], Place())
    engine.dispose()
    assert {(row.part, row.unit, row.value, row.previous, row.direction) for row in rows} == {
        (part.get("part"), unit, Decimal(4), Decimal(3), rise) for part in named
    }
    assert {row.kind for row in rows} == {"practice standard" if indicator == "practice_standards" else "indicator"}
