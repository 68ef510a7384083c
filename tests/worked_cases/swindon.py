"""The worked cases of Swindon that are about audits."""

from typing import Any

from tests.lives import Life
from tests.worked_cases.case import (
    AUDITOR,
    QA_TEAM,
    Case,
    Notice,
    Told,
    action,
    never,
    new_life,
    notices,
    owed,
    shown,
)

TEAM_MANAGER: Told = ("team_manager", "T-1", "P-TM")
HEAD_OF_SERVICE: Told = ("head_of_service", "S-1", "P-HOS")
QA_MANAGER: Told = ("quality_assurance_manager", None, "P-QAM")
PARTICIPATION: Told = ("participation_service", None, None)
REAUDITOR: Told = ("reauditor", None, "P-RE")
CONCERN = {TEAM_MANAGER, HEAD_OF_SERVICE, QA_MANAGER}


def _allocated(on: str, audit: str = "A-1") -> frozenset[Notice]:
    return notices(
        (f"{on} 09:00", "file_notified", "notice", {AUDITOR}),
        (f"{on} 09:00", "family_questionnaire", "task", {PARTICIPATION, QA_TEAM}),
        audit=audit,
    )


def _concern(on: str, audit: str = "A-1") -> frozenset[Notice]:
    return notices((f"{on} 09:00", "child_of_concern", "opened", CONCERN), audit=audit)


def _short_reaudit(audit: str, of: str, on: str, due: str, returned: str, grade: str) -> Life:
    life = Life("swindon", audit, auditor="P-RE")
    return life.allocated(on, audit_type="short re-audit", reaudit_of=of, due=due).submitted(returned, grade)


def _to_reauditor(on: str, audit: str) -> frozenset[Notice]:
    return notices((f"{on} 09:00", "file_notified", "notice", {("auditor", None, "P-RE")}), audit=audit)


SWI_C2 = Case(
    id="SWI-C2",
    authority="swindon",
    covers=("SWI-58", "SWI-59", "SWI-66", "A-SWI-02", "A-SWI-05", "A-SWI-06", "A-ALL-03", "A-ALL-07"),
    lives=(
        new_life("swindon")
        .allocated("2026-02-02")
        .submitted("2026-02-20", "Inadequate")
        .to_moderator("2026-02-23")
        .moderated("2026-03-02"),
        _short_reaudit("A-2", "A-1", "2026-03-16", "2026-04-03", "2026-03-23", "Good"),
    ),
    notices=_allocated("2026-02-02")
    | _concern("2026-02-20")
    | notices(("2026-04-03 08:00", "reaudit", "day", {REAUDITOR, QA_TEAM}))
    | _to_reauditor("2026-03-16", "A-2"),
    owed=owed(("audit_return", "", "2026-02-28"), ("reaudit", "", "2026-04-03"))
    | owed(("audit_return", "", "2026-04-03"), audit="A-2"),
    must_not=(
        never("2026-04-13"),
        never("2026-04-13", due=True),
        never("2026-03-20"),
        never("2026-03-20", due=True),
        never("2026-03-02", "child_of_concern"),
        never("2026-04-04"),
    ),
    shown=(
        shown("audit_return", "", "2026-03-01", "met"),
        shown("reaudit", "", "2026-03-24", "open"),
        shown("reaudit", "", "2026-04-03", "open"),
        shown("reaudit", "", "2026-04-04", "overdue"),
    ),
)

SWI_C2_IN_TIME = Case(
    id="SWI-C2-in-time",
    authority="swindon",
    covers=("SWI-C2", "SWI-66", "A-SWI-07", "A-ALL-07"),
    lives=(
        new_life("swindon").allocated("2026-02-02").submitted("2026-02-20", "Inadequate"),
        _short_reaudit("A-2", "A-1", "2026-03-16", "2026-04-03", "2026-03-27", "Inadequate"),
    ),
    notices=_allocated("2026-02-02")
    | _concern("2026-02-20")
    | _to_reauditor("2026-03-16", "A-2")
    | _concern("2026-03-27", "A-2")
    | notices(("2026-05-08 08:00", "reaudit", "day", {QA_TEAM}), audit="A-2"),
    owed=owed(("audit_return", "", "2026-02-28"), ("reaudit", "", "2026-04-03"))
    | owed(("audit_return", "", "2026-04-03"), ("reaudit", "", "2026-05-08"), audit="A-2"),
    must_not=(never("2026-04-03"), never("2026-05-08", due=True), never("2026-03-27")),
    shown=(shown("reaudit", "", "2026-03-28", "met"), shown("child_of_concern", "", "2026-05-30", "open")),
)


def _element_inadequate() -> Life:
    life = new_life("swindon").allocated("2026-03-02")
    life.submitted("2026-03-10", "Requires improvement", actions=[action("X-1", "2026-04-10") | {"owner": "P-TM"}])
    sections: dict[str, Any] = life.lines[-1]["sections"]
    worst = {"grade": "Inadequate", "evidence": "seen on file", "impact": "felt by the child"}
    life.lines[-1]["sections"] = sections | {life.policy.tool.sections[0]: worst}
    return life


SWI_C3 = Case(
    id="SWI-C3",
    authority="swindon",
    covers=("SWI-32", "SWI-33", "SWI-37", "SWI-63", "A-SWI-08", "A-SWI-09"),
    lives=(_element_inadequate(),),
    notices=_allocated("2026-03-02"),
    owed=owed(("audit_return", "", "2026-03-31"), ("action", "X-1", "2026-04-10")),
    must_not=(never("2026-03-10"), never("2026-04-21"), never("2026-04-21", due=True)),
    shown=(shown("action", "X-1", "2026-03-11", "open"), shown("action", "X-1", "2026-04-11", "overdue")),
)

SWI_C5 = Case(
    id="SWI-C5",
    authority="swindon",
    covers=("SWI-55", "SWI-57", "SWI-63", "A-ALL-06"),
    lives=(
        new_life("swindon")
        .allocated("2026-07-01")
        .submitted("2026-07-20", "Inadequate", actions=[action("X-1", "2026-08-20")])
        .to_moderator("2026-07-21")
        .moderated("2026-07-29", "Requires improvement"),
    ),
    notices=_allocated("2026-07-01")
    | _concern("2026-07-20")
    | notices(
        ("2026-07-29 09:00", "lifted_grade", "correction", CONCERN),
        ("2026-07-29 09:00", "moderation_feedback", "feedback", {AUDITOR}),
    ),
    owed=owed(("audit_return", "", "2026-07-31"), ("action", "X-1", "2026-08-20")),
    must_not=(never("2026-08-31"), never("2026-08-31", due=True)),
    shown=(shown("action", "X-1", "2026-08-20", "open"), shown("moderation_of_lowest", "", "2026-07-30", "met")),
)

SWI_C5_LOWERED = Case(
    id="SWI-C5-lowered",
    authority="swindon",
    covers=("SWI-57", "SWI-59", "SWI-66", "A-SWI-06", "A-ALL-06"),
    lives=(
        new_life("swindon")
        .allocated("2026-06-01")
        .submitted("2026-06-12", "Good")
        .to_moderator("2026-07-01")
        .moderated("2026-07-15", "Inadequate"),
        new_life("swindon", "A-2", "C-2")
        .allocated("2026-06-01")
        .submitted("2026-06-12", "Good")
        .to_moderator("2026-07-01")
        .moderated("2026-07-29", "Inadequate"),
    ),
    notices=_allocated("2026-06-01")
    | _allocated("2026-06-01", "A-2")
    | _concern("2026-07-15")
    | _concern("2026-07-29", "A-2")
    | notices(
        ("2026-07-15 09:00", "moderation_feedback", "feedback", {AUDITOR}),
        ("2026-07-24 08:00", "reaudit", "day", {QA_TEAM}),
    )
    | notices(
        ("2026-07-29 09:00", "moderation_feedback", "feedback", {AUDITOR}),
        ("2026-08-05 08:00", "reaudit", "day", {QA_TEAM}),
        audit="A-2",
    ),
    owed=owed(("audit_return", "", "2026-06-30"), ("reaudit", "", "2026-07-24"))
    | owed(("audit_return", "", "2026-06-30"), ("reaudit", "", "2026-08-05"), audit="A-2"),
    must_not=(
        never("2026-08-26", due=True),
        never("2026-07-24", due=True, audit="A-2"),
        never("2026-09-09", due=True, audit="A-2"),
        never("2026-06-12"),
    ),
)

SWI_C7 = Case(
    id="SWI-C7",
    authority="swindon",
    covers=("SWI-66", "A-ALL-02"),
    lives=(
        new_life("swindon").allocated("2026-09-01").submitted("2026-09-18", "Inadequate"),
        Life("swindon", "A-2", auditor="P-RE").allocated(
            "2026-10-12", audit_type="short re-audit", reaudit_of="A-1", due="2026-10-30"
        ),
    ),
    notices=_allocated("2026-09-01")
    | _concern("2026-09-18")
    | notices(("2026-10-30 08:00", "reaudit", "day", {REAUDITOR, QA_TEAM}))
    | _to_reauditor("2026-10-12", "A-2"),
    owed=owed(("audit_return", "", "2026-09-30"), ("reaudit", "", "2026-10-30"))
    | owed(("audit_return", "", "2026-10-30"), audit="A-2"),
    must_not=(never("2026-10-31"), never("2026-10-29", due=True), never("2026-10-31", due=True)),
    shown=(shown("reaudit", "", "2026-10-30", "open"), shown("reaudit", "", "2026-10-31", "overdue")),
)


def _family_views() -> Life:
    """The auditor's own attempt is refused; the participation service marks the child and asks the parents."""
    life = new_life("swindon").allocated("2026-05-01")
    life.act(
        "audit.record_feedback",
        "2026-05-05",
        "P-AUD",
        "auditor",
        source="parents_carers",
        outcome="obtained",
        feedback="we were heard",
    )
    part = ("P-PART", "participation_service")
    life.act("audit.record_feedback", "2026-05-06", *part, source="child", outcome="not_age_appropriate")
    return life.act(
        "audit.record_feedback",
        "2026-05-20",
        *part,
        source="parents_carers",
        outcome="obtained",
        feedback="we were heard",
    )


SWI_C9 = Case(
    id="SWI-C9",
    authority="swindon",
    covers=("SWI-11", "SWI-41", "SWI-52", "SWI-82", "A-SWI-13"),
    lives=(_family_views(),),
    refused=1,
    notices=_allocated("2026-05-01"),
    owed=owed(("audit_return", "", "2026-05-31")),
    must_not=(never("2026-05-05"), never("2026-06-01")),
    shown=(
        shown("family_questionnaire", "", "2026-05-05", "open"),
        shown("family_questionnaire", "", "2026-05-06", "open"),
        shown("family_questionnaire", "", "2026-05-21", "met"),
        shown("audit_return", "", "2026-05-31", "open"),
        shown("audit_return", "", "2026-06-01", "overdue"),
    ),
)

CASES = (SWI_C2, SWI_C2_IN_TIME, SWI_C3, SWI_C5, SWI_C5_LOWERED, SWI_C7, SWI_C9)
