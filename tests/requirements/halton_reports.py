"""A March of Halton's quality assurance, for the tests of its reports: audits, their actions, and what is around."""

from typing import Any

from tests.lives import Life, Line
from tests.requirements.register_entries import Programme

HALTON = Programme("halton")
QA: Line = {"authority": "halton", "actor": "P-QA", "role": "qa_team"}


def placed(unit: str, kind: str, parent: str | None = None) -> Line:
    return {"command": "unit.place", **QA, "at": "2025-09-01", "unit": unit, "kind": kind, "parent": parent}


def entered(name: str, kind: str, on: str, role: str, /, answers: Line | None = None, **fields: Any) -> Line:
    return HALTON.entry(name, kind, on, role, answers=answers or {}, **fields)


def completed(audit: str, action: str, at: str, impact: str) -> Line:
    by: Line = {"authority": "halton", "actor": "P-SW", "role": "action_owner", "at": at}
    return {"command": "action.complete", **by, "audit": audit, "action": action, "impact": impact}


def audits() -> list[Line]:
    """Two audits of one service, moderated; one of another, which is not; with an action each."""
    a_1 = Life("halton", "A-1", child="C-1").allocated("2026-03-07").submitted("2026-03-12", "Good")
    a_1.action("2026-03-12", "visit", due="2026-03-19").to_moderator("2026-03-13").moderated("2026-03-20")
    a_2 = Life("halton", "A-2", child="C-2").allocated("2026-03-07", team="T-2").submitted("2026-03-12", "Good")
    a_2.to_moderator("2026-03-13").moderated("2026-03-20", "Inadequate").action("2026-03-20", "plan", due="2026-03-25")
    a_9 = Life("halton", "A-9", child="C-9").allocated("2026-03-07", team="T-9")
    a_9.submitted("2026-03-17", "Requires improvement to get to Good").action("2026-03-17", "call", due="2026-03-24")
    return [
        *a_1,
        *a_2,
        *a_9,
        completed("A-1", "visit", "2026-03-18", "seen at home"),
        completed("A-2", "plan", "2026-03-30", "there is a plan"),
        *Life("halton", "A-1").confirmed("2026-03-19"),
    ]


def around() -> list[Line]:
    """Entries of the registers, so that each of the five areas has something."""
    shown = {"audit": "A-1", "safer": True, "outcomes": "calmer"}
    dipped = {"question": "Was the plan shared?", "occasion": "three months after an audit", "areas": ["audit"]}
    themes = {"themes": ["visits"], "driven_by": "improvement plan", "areas": ["practice review"]}
    learned = {"themes": ["visits"], "sort": "good practice", "areas": ["audit", "feedback"]}
    in_team: Line = {"team": "T-1"}
    return [
        entered("S-1", "supervision", "2026-03-23", "practice_lead", shown, person="P-SW"),
        entered(
            "D-1", "dip_sample", "2026-03-24", "qa_team", dipped, items=[{"child": "C-7", "answers": {"answer": "no"}}]
        ),
        entered("TH-1", "thematic_audit", "2026-03-10", "qa_team", themes),
        HALTON.step("TH-1", "done", "2026-03-26", "qa_team", findings="late visits"),
        entered("O-1", "observation", "2026-03-11", "practice_lead", {"observed": "a visit"}, person="P-SW"),
        HALTON.step("O-1", "reflective_feedback", "2026-03-12", "practice_lead", feedback="listen longer"),
        entered(
            "MR-1",
            "management_review",
            "2026-03-11",
            "service_manager",
            {"work": "court", "findings": "drift"},
            child="C-1",
        ),
        entered(
            "PR-1",
            "practice_review",
            "2026-03-13",
            "practice_lead",
            {"family_asked": True, "areas": ["feedback"]},
            **in_team,
        ),
        HALTON.step("PR-1", "reported", "2026-03-16", "practice_lead"),
        entered("PR-2", "practice_review", "2026-03-13", "practice_lead", {"family_asked": False}, team="T-2"),
        *(
            entered(
                f"EV-{number}",
                "evidence",
                "2026-03-18",
                "qa_team",
                {"came_from": source, "says": "late", "themes": ["visits"]},
            )
            for number, source in enumerate(("family", "staff", "partners", "partners"))
        ),
        entered("L-1", "learning", "2026-03-27", "audit_lead", learned, **in_team),
        HALTON.step("L-1", "sent", "2026-03-30", "qa_team", to=["Children's Partnership Board"]),
        entered("L-2", "learning", "2026-02-27", "audit_lead", learned | {"sort": "area for improvement"}, **in_team),
        *(
            entered(
                f"LC-{number}", "leaders_case", "2026-03-24", "qa_team", {"audit": f"A-{number}"}, child=f"C-{number}"
            )
            for number in (1, 2)
        ),
        HALTON.step("LC-1", "commented", "2026-03-31", "senior_leadership_team", comment="a clear plan"),
    ]


def action_of_an_entry() -> Line:
    """An action of a dip sample, which no audit brought, overdue by the end of March."""
    act: Line = {"entry": "D-1", "action": "look-again", "text": "the plan", "owner": "P-SW", "due": "2026-03-30"}
    return {"command": "entry.set_action", **QA, "at": "2026-03-25", **act}


def figures() -> list[Line]:
    """A figure of each of the five sets of data, for two months of the core."""
    by: Line = {"command": "indicator.record", **QA}
    told = (("demand", 40), ("monthly_performance", 7), ("performance_review", 8), ("workforce", 9))
    return [
        by | {"at": "2026-02-28", "indicator": "demand", "part": "referrals", "month": "2026-02", "value": 30},
        *(
            by | {"at": "2026-03-31", "indicator": name, "part": "referrals", "month": "2026-03", "value": value}
            for name, value in told
        ),
    ]


HISTORY = [placed("S-2", "service"), placed("T-9", "team", "S-2"), *audits(), *around(), *figures()]


def april() -> list[Line]:
    """The month after: a re-audit that is better than what it follows, one that is late, and a complaint."""
    again = Life("halton", "A-3", child="C-2", auditor="P-RE").allocated("2026-04-13", team="T-2", reaudit_of="A-2")
    return [
        *again.submitted("2026-04-20", "Good"),
        *Life("halton", "A-4", child="C-4").allocated("2026-04-07", team="T-9"),
        entered("CO-1", "complaint", "2026-04-14", "qa_team", {"complaint": "nobody called"}, child="C-2"),
        HALTON.step("CO-1", "met_family", "2026-04-16", "qa_team", face_to_face=True, outcome="an apology"),
    ]
