"""The worked cases of Southwark that are about audits."""

from typing import Any

from tests.lives import Life
from tests.worked_cases.case import Case, Notice, Told, action, never, new_life, notices, owed, shown

DIRECTOR: Told = ("director", None, "P-DIR")
HEAD_OF_SERVICE: Told = ("head_of_service", "S-1", "P-HOS")
GROUP_LEAD: Told = ("practice_group_lead", "T-1", "P-PGL")
REVIEWER: Told = ("reviewer", None, "P-IRO")
PLAN_LEAD: Told = ("plan_lead", None, "P-PLAN")
ONCE = (
    "repeat_hours: 1         # no figure is stated: hourly until somebody acknowledges it",
    "repeat_hours: 1\n        at_most: 1",
)
"""One alert of each concern: that it is repeated until acknowledged is shown elsewhere, by a clock that goes on."""


def selected(audit: str, number: int) -> Life:
    return new_life("southwark", audit, f"C-{number}").allocated("2026-03-02", team=f"T-{number}", plan_lead="P-PLAN")


def copied(on: str, audit: str = "A-1") -> frozenset[Notice]:
    """The copy of a returned audit, for the professional who leads the child's plan (SOU-54)."""
    return notices((f"{on} 09:00", "copies", "copy", {PLAN_LEAD}), audit=audit)


def _second_of_the_group() -> Life:
    life = selected("A-1", 1)
    life.lines.append(life.lines[0] | {"audit": "A-7", "child": "C-7", "at": "2026-03-04"})
    return life


SOU_C1 = Case(
    id="SOU-C1",
    authority="southwark",
    covers=("SOU-2", "SOU-23", "SOU-34", "SOU-41", "SOU-50", "A-SOU-01", "A-SOU-02"),
    lives=(
        _second_of_the_group(),
        *(selected(f"A-{number}", number).submitted("2026-03-20") for number in range(2, 6)),
        selected("A-6", 6),
    ),
    refused=1,
    notices=frozenset(row for number in range(2, 6) for row in copied("2026-03-20", f"A-{number}")),
    owed=frozenset(
        row for number in range(1, 7) for row in owed(("audit_return", "", "2026-03-31"), audit=f"A-{number}")
    ),
    must_not=tuple(
        never(day, role=role, audit=audit)
        for day in ("2026-03-31", "2026-04-01", "2026-04-02")
        for role in ("director", "head_of_service")
        for audit in ("A-1", "A-6")
    ),
    shown=(
        shown("audit_return", "", "2026-03-31", "open"),
        shown("audit_return", "", "2026-04-01", "overdue"),
        shown("reflection", "", "2026-04-01", "open"),
    ),
)

SOU_C2 = Case(
    id="SOU-C2",
    authority="southwark",
    covers=("SOU-3", "SOU-51", "A-SOU-03", "A-SOU-04"),
    lives=(
        new_life("southwark")
        .allocated("2026-03-02")
        .act(
            "audit.exempt",
            "2026-03-18",
            "P-QA",
            "qa_lead",
            ground="sick leave",
            requested_by="P-HOS",
            requested_as="head_of_service",
        ),
    ),
    notices=frozenset(),
    owed=frozenset(),
    must_not=(never("2026-04-01"), never("2026-03-31", due=True)),
)


def _concern(at: str) -> dict[str, Any]:
    return {"at": at, "actor": "P-AUD", "role": "auditor", "concern": "left alone with a person who may not see her"}


SOU_C4 = Case(
    id="SOU-C4",
    authority="southwark",
    covers=("SOU-11", "SOU-59", "A-SOU-05", "A-SOU-18"),
    lives=(
        new_life("southwark")
        .allocated("2026-04-01", plan_lead="P-PLAN")
        .act("audit.raise_safety_concern", **_concern("2026-04-03T16:40"))
        .submitted("2026-04-09", "Good"),
    ),
    edits=(ONCE,),
    notices=notices(
        ("2026-04-03 16:40", "safety_concern", "alert", {DIRECTOR, HEAD_OF_SERVICE, GROUP_LEAD}),
    )
    | copied("2026-04-09"),
    owed=owed(("audit_return", "", "2026-04-30")),
    must_not=(never("2026-04-04"), never("2026-04-07"), never("2026-04-09", "safety_concern")),
)

SOU_C5 = Case(
    id="SOU-C5",
    authority="southwark",
    covers=("SOU-12", "SOU-54", "SOU-55", "SOU-57", "SOU-63", "SOU-72", "A-SOU-06", "A-SOU-15", "A-SOU-18"),
    lives=(
        new_life("southwark")
        .allocated("2026-02-02", strand="Looked after and permanence", reviewer="P-IRO", plan_lead="P-PLAN")
        .submitted("2026-02-12", "Inadequate"),
    ),
    notices=notices(("2026-02-12 09:00", "copies", "copy", {REVIEWER, PLAN_LEAD})),
    owed=owed(("audit_return", "", "2026-02-28")),
    must_not=(
        never("2026-02-12", role="director"),
        never("2026-02-13", role="director"),
        never("2026-03-12", due=True),
        never("2026-03-26", due=True),
    ),
)

SOU_C8 = Case(
    id="SOU-C8",
    authority="southwark",
    covers=("SOU-33", "SOU-52", "SOU-53", "SOU-64", "SOU-65", "SOU-67"),
    lives=(
        new_life("southwark")
        .allocated("2026-03-02", plan_lead="P-PLAN")
        .submitted("2026-03-16", "Good", actions=[action("X-1", "2026-04-30")]),
    ),
    notices=copied("2026-03-16"),
    owed=owed(("audit_return", "", "2026-03-31"), ("improvement_plan", "X-1", "2026-04-30")),
    must_not=(never("2026-05-01"), never("2026-04-21"), never("2026-03-31", "improvement_plan", due=True)),
    shown=(
        shown("improvement_plan", "X-1", "2026-03-31", "open"),
        shown("improvement_plan", "X-1", "2026-04-01", "open"),
        shown("improvement_plan", "X-1", "2026-04-21", "open"),
        shown("improvement_plan", "X-1", "2026-04-30", "open"),
        shown("improvement_plan", "X-1", "2026-05-01", "overdue"),
    ),
)

CASES = (SOU_C1, SOU_C2, SOU_C4, SOU_C5, SOU_C8)
