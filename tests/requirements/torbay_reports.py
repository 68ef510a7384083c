"""A March of Torbay's quality assurance, for the tests of its reports: audits, ratings, samples, figures, voices."""

from datetime import date

from tests.lives import TORBAY_LOWEST, Life, Line

BELOW, GOOD = "Does Not Meet Good", "Meets Good"


def entry(name: str, kind: str, on: str, by: tuple[str, str], **fields: object) -> Line:
    actor, role = by
    head = {"command": "entry.record", "authority": "torbay", "actor": actor, "role": role, "at": on, "on": on}
    return {**head, "entry": name, "kind": kind, **fields}


def step(name: str, taken: str, at: str, by: tuple[str, str], **answers: object) -> Line:
    actor, role = by
    head = {"command": "entry.step", "authority": "torbay", "actor": actor, "role": role, "at": at}
    return {**head, "entry": name, "step": taken, "answers": answers}


QA = ("P-QA", "qa_team")
IRO = ("P-IRO", "iro")
COMPLAINTS = ("P-CO", "complaints_officer")
PSW = ("P-PSW", "principal_social_worker")


def dip(name: str, on: str, improved: str) -> Line:
    activities = {f"activity_{number}": "seen" for number in range(1, 6)}
    items = [
        {"child": f"C-{name}-{number}", "answers": {**activities, "outcomes_improved": each == "y"}}
        for number, each in enumerate(improved)
    ]
    said = {"period_from": "2026-01-01", "period_to": on, "reference": name, "scope": "plans", "summary": "seen"}
    return entry(name, "dip_sample", on, QA, service="S-1", answers={**said, "themes": ["plans"]}, items=items)


def rated(name: str, on: str, rating: str, team: str = "T-1") -> Line:
    said = {"meeting": "care plan review", "rating": rating, "reasons": "drift"}
    return entry(name, "plan_rating", on, IRO, child=f"C-{name}", team=team, answers=said)


def indicator(name: str, month: str, value: float, **fields: object) -> Line:
    head = {"command": "indicator.record", "authority": "torbay", "actor": "P-IP", "at": f"{month}-28"}
    return {**head, "role": "intelligence_and_performance", "indicator": name, "month": month, "value": value, **fields}


def audit(name: str, returned: str, grade: str, moderated: str | None, **fields: object) -> list[Line]:
    """An audit returned and, unless nobody did, moderated two days later."""
    life = Life("torbay", name, child=f"C-{name}").allocated("2026-02-16", **fields)
    life.submitted(returned, grade)
    if moderated is not None:
        day = date.fromisoformat(returned)
        life.to_moderator(returned).moderated(day.replace(day=day.day + 2).isoformat(), moderated)
    return list(life)


HISTORY: list[Line] = [
    *audit("A-1", "2026-03-02", GOOD, GOOD),
    *audit("A-2", "2026-03-04", GOOD, BELOW),
    *audit("A-3", "2026-03-10", BELOW, None),
    *audit("A-4", "2026-02-24", TORBAY_LOWEST, BELOW),
    *Life("torbay", "A-5").allocated("2026-02-16"),
    {
        "command": "action.set",
        "authority": "torbay",
        "audit": "A-2",
        "actor": "P-QA",
        "role": "qa_team",
        "at": "2026-03-07",
        "action": "visit",
        "text": "visit",
        "owner": "P-SW",
        "due": "2026-03-20",
    },
    {
        "command": "action.set",
        "authority": "torbay",
        "audit": "A-1",
        "actor": "P-QA",
        "role": "qa_team",
        "at": "2026-03-07",
        "action": "plan",
        "text": "plan",
        "owner": "P-SW",
        "due": "2026-03-25",
    },
    {
        "command": "action.complete",
        "authority": "torbay",
        "audit": "A-1",
        "actor": "P-SW",
        "role": "worker",
        "at": "2026-03-24",
        "action": "plan",
        "impact": "the plan is clear",
    },
    dip("D-1", "2026-03-12", "yyn"),
    rated("R-1", "2026-03-03", "red"),
    rated("R-2", "2026-03-05", "green", "T-2"),
    rated("R-3", "2026-03-09", "green"),
    rated("R-5", "2026-03-10", "amber"),
    rated("R-4", "2026-02-09", "red"),
    entry("G-1", "group_feedback", "2026-03-18", QA, answers={"group": "young inspectors", "feedback": "heard"}),
    entry(
        "S-1",
        "survey",
        "2026-03-19",
        QA,
        answers={"which": "pledge survey", "asked": ["cared-for young people"], "replies": 31, "results": "safe"},
    ),
    indicator("visits_on_time", "2026-02", 70),
    indicator("visits_on_time", "2026-03", 80),
    entry(
        "X-1",
        "complaints_report",
        "2026-03-30",
        COMPLAINTS,
        answers={"complaints": 7, "compliments": 3, "outcomes": "two upheld"},
    ),
    step("X-1", "published", "2026-03-31", COMPLAINTS),
    entry("L-1", "learning_campaign", "2026-02-03", PSW, answers={"themes": ["plans"], "audience": ["workers"]}),
    step("L-1", "impact", "2026-03-24", PSW, worked=True, measured="more plans are clear"),
]
