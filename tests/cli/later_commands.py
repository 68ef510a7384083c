"""Lines of the commands that are younger than the lines whose former identities are kept."""

from tests.cli.program import Line

_BY = {"authority": "southwark", "at": "2026-03-02", "actor": "P-9", "role": "administrator"}
LATER: list[Line] = [
    {"command": "person.address", "person": "P-5", "address": "p5@council.gov.uk", **_BY},
    {"command": "person.withdraw_address", "person": "P-5", **_BY},
    {"command": "calendar.revoke", "person": "P-5", **_BY},
    {"command": "delivery.report_bounce", "delivery": "D-1", **_BY},
    {"command": "webhook.set", "webhook": "W-1", "url": "https://hooks.council.gov.uk/in", "rotate": True, **_BY},
    {"command": "webhook.remove", "webhook": "W-1", **_BY},
    {"command": "audit.stop_clock", "audit": "A-1", "ground": "child missing", "action": "X-1", **_BY},
    {"command": "audit.resume_clock", "audit": "A-1", "ground": "child missing", "action": "X-1", **_BY},
    {"command": "audit.score", "audit": "A-1", "grade": "Good", "finding": "told within a day", **_BY},
    {"command": "audit.dispute_grade", "audit": "A-1", "reason": "the plan was seen", **_BY},
    {
        "command": "audit.settle_grade",
        "audit": "A-1",
        "grade": "Good",
        "rationale": "seen",
        "safety_plan": "kept",
        **_BY,
    },
]
