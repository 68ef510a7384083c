"""A May of Swindon's quality assurance, for the tests of its reports: audits, samples, reviews, boards and figures."""

from typing import Any

from tests.lives import QA, Life, Line
from tests.reports.made import Made
from tests.requirements.register_entries import Programme

SWINDON = Programme("swindon")
BY_QA: Line = {"authority": "swindon", **QA}


def placed(unit: str, kind: str, parent: str | None = None) -> Line:
    return {"command": "unit.place", **BY_QA, "at": "2025-09-01", "unit": unit, "kind": kind, "parent": parent}


def entered(name: str, kind: str, on: str, role: str, /, answers: Line, **fields: Any) -> Line:
    return SWINDON.entry(name, kind, on, role, answers=answers, **fields)


def figure(indicator: str, value: float, part: str | None = None, **place: Any) -> Line:
    told = {"indicator": indicator, "month": "2026-05", "value": value, **place} | ({"part": part} if part else {})
    return {"command": "indicator.record", **BY_QA, "at": "2026-05-29", **told}


def compared(indicator: str, comparator: str, value: float) -> Line:
    told = {"indicator": indicator, "comparator": comparator, "year": 2026, "value": value}
    return {"command": "indicator.compare", **BY_QA, "at": "2026-05-29", **told}


def audits() -> list[Line]:
    """Two of one team, one of another, one of another service that is not returned, and one of early help."""
    a_1 = Life("swindon", "A-1", child="C-1").allocated("2026-05-04").submitted("2026-05-12", "Good")
    a_2 = Life("swindon", "A-2", child="C-2").allocated("2026-05-04").submitted("2026-05-13", "Requires improvement")
    a_2.action("2026-05-13", "visit", due="2026-05-20")
    a_3 = Life("swindon", "A-3", child="C-3").allocated("2026-05-04", team="T-2").submitted("2026-05-14", "Good")
    a_9 = Life("swindon", "A-9", child="C-9").allocated("2026-05-04", team="T-9")
    early = Life("swindon", "A-EH", child="C-EH").allocated("2026-05-04", team="T-2", audit_type="early help")
    early.submitted("2026-05-15", "Outstanding")
    early.lines[0] |= {"actor": "P-LEAD", "role": "strategic_lead_early_help"}
    return [*a_1, *a_2, *a_3, *a_9, *early]


def samples() -> list[Line]:
    """Dip samples and an observation, evaluated at the clinic or not yet; a highlight report of one team."""
    theme = {"theme": ["chronologies"]}
    return [
        entered(
            "D-1",
            "dip_sample",
            "2026-05-18",
            "team_manager",
            {**theme, "pillars": ["relationships"]},
            team="T-1",
            items=[{"child": "C-5"}, {"child": "C-6"}],
        ),
        SWINDON.step("D-1", "evaluated", "2026-05-21", "service_manager", evaluation="too thin"),
        entered("D-2", "dip_sample", "2026-05-18", "team_manager", theme, team="T-2", items=[{"child": "C-7"}]),
        entered("O-1", "observation", "2026-05-19", "team_manager", {"observed": "review meeting"}, person="P-SW")
        | {"team": "T-1"},
        entered("HR-1", "highlight_report", "2026-05-20", "team_manager", {"sides": 2}, team="T-1"),
    ]


def reviews() -> list[Line]:
    """What reviewing officers and chairs saw, and what was learned."""
    after = {"review": "Cared for Child's Review", "quality": "clear", "themes": ["permanence"]}
    dispute = {"shows": "improvement", "level": 1, "matter": "drift", "themes": ["permanence"]}
    return [
        entered("Q-1", "review_quality", "2026-05-07", "reviewing_officer", after, child="C-1", team="T-1"),
        entered(
            "Q-2",
            "review_quality",
            "2026-05-08",
            "conference_chair",
            {**after, "review": "review of a child protection plan", "themes": ["core groups"]},
            child="C-2",
            team="T-2",
        ),
        entered("DR-1", "dispute_resolution", "2026-05-11", "reviewing_officer", dispute, child="C-1"),
        SWINDON.step("DR-1", "resolved", "2026-05-15", "reviewing_officer", settled_at=1),
        entered(
            "LS-1",
            "learning_summary",
            "2026-05-12",
            "practice_lead",
            {"summary": "plans that families can read", "themes": ["plans"]},
        ),
        SWINDON.step("LS-1", "embedded", "2026-05-26", "practice_lead", how="templates changed"),
        entered("PR-1", "practice_review", "2026-05-05", "qa_team", {"arises_from": "local practice review"}),
        SWINDON.step("PR-1", "practice_reviewed", "2026-05-06", "qa_team", learning="share sooner"),
        SWINDON.step("PR-1", "learning_arrived", "2026-05-27", "practice_lead", reached=["team"]),
        entered("PW-1", "practice_week", "2026-05-18", "qa_team", {"activities": ["core group"]}, until="2026-05-22"),
        SWINDON.step("PW-1", "summary", "2026-05-27", "qa_team", summary="warm, and late in writing"),
    ]


def elsewhere() -> list[Line]:
    """Multi-agency audits for either body, early help by topic, inspectors' grades, and a child who went home."""
    return [
        *(
            entered(f"MA-{body}", "multi_agency_audit", "2026-05-13", "qa_team", {"audited_for": whom, "front_door": d})
            for body, whom, d in (
                ("B", "MASH governance board", ["consent"]),
                ("P", "Safeguarding Children Partnership", ["timeliness"]),
            )
        ),
        SWINDON.step("MA-B", "programme_agreed", "2026-05-14", "qa_team"),
        SWINDON.step("MA-B", "findings", "2026-05-28", "qa_team", themes=["thresholds"], found="mixed"),
        *(
            entered(
                f"EH-{number}",
                "early_help_topic",
                "2026-05-14",
                "operational_manager",
                {"topic": topic, "themes": [f"of {topic}"], "found": "seldom asked"},
            )
            for number, topic in enumerate(("youth work", "parenting", "work with fathers", "work with fathers"))
        ),
        entered("I-1", "inspection_grade", "2026-05-28", "qa_team", {"inspectors_grade": "Good"}, child="C-1"),
        entered(
            "H-1",
            "left_care",
            "2026-05-14",
            "team_manager",
            {"lives_with": "parents", "led_to_it": ["family network"], "analysis": "it took a year"},
            child="C-8",
        ),
    ]


def figures() -> list[Line]:
    """A figure of each basket; one of a team; one with everything that it is compared with."""
    return [
        figure("protection_plans", 41.5),
        *(
            compared("protection_plans", *each)
            for each in (("target", 38), ("england", 43), ("statistical neighbours", 40))
        ),
        figure("rereferrals", 21),
        figure("home_to_family", 4),
        figure("sickness", 8),
        figure("visits_in_time", 91),
        *(figure("visits_in_time", value, level="team", ref=team) for team, value in (("T-1", 95), ("T-2", 80))),
        figure("supervision_in_time", 88, level="team", ref="T-1"),
    ]


HISTORY = [
    placed("S-2", "service"),
    placed("T-9", "team", "S-2"),
    *audits(),
    *samples(),
    *reviews(),
    *elsewhere(),
    *figures(),
]


def rows_of(report: Made, section: str, title: str) -> dict[str, list[Any]]:
    """The rows of the one table with that title: figures and words from the left."""
    (found,) = [each for each in report.section(section).blocks if each.title == title]
    return {
        row.title: [getattr(each, "value", None) if hasattr(each, "value") else each.text for each in row.cells]
        for row in found.rows
    }
