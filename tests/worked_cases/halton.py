"""The worked cases of Halton."""

from tests.lives import HALTON_RI, Life
from tests.worked_cases.case import AUDITOR, WORKER, Case, Notice, Told, action, never, new_life, notices, owed, shown

PRACTICE_LEAD: Told = ("practice_lead", "T-1", "P-PL")
PRINCIPAL: Told = ("principal_manager", "S-1", "P-PM")
DIVISIONAL: Told = ("divisional_manager", "S-1", "P-DM")
DIRECTOR: Told = ("director_operational_safeguarding", None, "P-DOS")
SELECTED = {DIVISIONAL, PRINCIPAL, PRACTICE_LEAD, WORKER, AUDITOR}


def _selected(on: str, audit: str = "A-1") -> frozenset[Notice]:
    return notices((f"{on} 09:00", "file_selected", "notice", SELECTED), audit=audit)


HAL_C1 = Case(
    id="HAL-C1",
    authority="halton",
    covers=(
        "HAL-9",
        "HAL-24",
        "HAL-38",
        "HAL-44",
        "HAL-53",
        "HAL-61",
        "HAL-66",
        "HAL-68",
        "HAL-74",
        "A-HAL-01",
        "A-HAL-02",
    ),
    lives=(
        new_life("halton")
        .allocated("2026-01-07")
        .submitted("2026-01-15", "Good", actions=[action("X-1")])
        .to_moderator("2026-01-16")
        .act("action.complete", "2026-01-22", "P-SW", "action_owner", action="X-1", impact="seen and safe")
        .moderated("2026-01-27")
        .closed("2026-01-28"),
    ),
    notices=_selected("2026-01-07"),
    owed=owed(
        ("audit_return", "", "2026-01-17"),
        ("immediate_tasks", "X-1", "2026-01-22"),
        ("moderation", "", "2026-01-30"),
        ("expected_standard", "", "2026-02-03"),
        ("action_tracker", "", "2026-02-03"),
        ("three_month_review", "", "2026-04-28"),
    ),
    must_not=(never("2026-01-15"), never("2026-02-15", due=True), never("2026-02-28", due=True)),
    shown=(
        shown("audit_return", "", "2026-01-18", "met"),
        shown("immediate_tasks", "X-1", "2026-01-23", "met"),
        shown("moderation", "", "2026-01-31", "met"),
        shown("expected_standard", "", "2026-02-03", "open"),
        shown("action_tracker", "", "2026-02-04", "overdue"),
    ),
)

HAL_C2 = Case(
    id="HAL-C2",
    authority="halton",
    covers=("HAL-44", "HAL-53", "HAL-61", "HAL-66", "HAL-68", "HAL-74", "A-ALL-01", "A-HAL-07", "A-HAL-08"),
    lives=(
        new_life("halton")
        .allocated("2026-04-07")
        .submitted("2026-04-17", "Good", actions=[action("X-1")])
        .to_moderator("2026-04-20")
        .moderated("2026-05-01")
        .closed("2026-05-01"),
    ),
    notices=_selected("2026-04-07"),
    owed=owed(
        ("audit_return", "", "2026-04-17"),
        ("immediate_tasks", "X-1", "2026-04-24"),
        ("moderation", "", "2026-05-05"),
        ("action_tracker", "", "2026-05-08"),
        ("expected_standard", "", "2026-05-11"),
        ("three_month_review", "", "2026-08-01"),
    ),
    must_not=(never("2026-05-09"), never("2026-05-08", "expected_standard", due=True)),
    shown=(
        shown("expected_standard", "", "2026-05-09", "open"),
        shown("expected_standard", "", "2026-05-11", "open"),
        shown("expected_standard", "", "2026-05-12", "overdue"),
        shown("action_tracker", "", "2026-05-08", "open"),
    ),
)

HAL_C3 = Case(
    id="HAL-C3",
    authority="halton",
    covers=("HAL-57", "HAL-58", "HAL-59", "HAL-69", "HAL-73", "HAL-74", "A-HAL-04", "A-HAL-05", "A-HAL-06", "A-HAL-18"),
    lives=(
        new_life("halton")
        .allocated("2026-03-07")
        .submitted("2026-03-12", "Inadequate", actions=[action("X-1")])
        .to_moderator("2026-03-13")
        .moderated("2026-03-24")
        .closed("2026-03-25"),
    ),
    notices=_selected("2026-03-07")
    | notices(
        ("2026-03-12 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR}),
        ("2026-03-24 09:00", "inadequate_moderation", "notice", {DIVISIONAL}),
    ),
    owed=owed(
        ("audit_return", "", "2026-03-17"),
        ("immediate_tasks", "X-1", "2026-03-19"),
        ("moderation", "", "2026-03-27"),
        ("expected_standard", "", "2026-03-31"),
        ("action_tracker", "", "2026-03-31"),
        ("reaudit", "", "2026-04-12"),
        ("three_month_review", "", "2026-06-25"),
    ),
    must_not=(
        never("2026-04-24", due=True),
        never("2026-03-24", role="director_operational_safeguarding"),
        never("2026-03-24", "inadequate_audit"),
    ),
    shown=(shown("reaudit", "", "2026-04-12", "open"), shown("reaudit", "", "2026-04-13", "overdue")),
)


def _found_inadequate(audit: str, child: str, start: str, finding: str) -> Life:
    return new_life("halton", audit, child).allocated(start).submitted(finding, "Inadequate")


def _finding(audit: str, start: str, finding: str) -> frozenset[Notice]:
    alert = (f"{finding} 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR})
    return _selected(start, audit) | notices(alert, audit=audit)


HAL_C4 = Case(
    id="HAL-C4",
    authority="halton",
    covers=("HAL-73", "HAL-74", "A-ALL-01"),
    lives=(
        _found_inadequate("A-1", "C-1", "2026-01-20", "2026-01-30"),
        _found_inadequate("A-2", "C-2", "2026-03-21", "2026-03-31"),
        _found_inadequate("A-3", "C-3", "2026-05-19", "2026-05-29"),
        _found_inadequate("A-4", "C-4", "2026-12-21", "2026-12-31"),
        new_life("halton", "A-5", "C-5")
        .allocated("2026-11-07")
        .submitted("2026-11-13", "Good")
        .to_moderator("2026-11-16")
        .moderated("2026-11-27")
        .closed("2026-11-30"),
    ),
    notices=_finding("A-1", "2026-01-20", "2026-01-30")
    | _finding("A-2", "2026-03-21", "2026-03-31")
    | _finding("A-3", "2026-05-19", "2026-05-29")
    | _finding("A-4", "2026-12-21", "2026-12-31")
    | _selected("2026-11-07", "A-5"),
    owed=owed(("audit_return", "", "2026-01-30"), ("reaudit", "", "2026-02-28"), audit="A-1")
    | owed(("audit_return", "", "2026-03-31"), ("reaudit", "", "2026-04-30"), audit="A-2")
    | owed(("audit_return", "", "2026-05-29"), ("reaudit", "", "2026-06-29"), audit="A-3")
    | owed(("audit_return", "", "2026-12-31"), ("reaudit", "", "2027-01-31"), audit="A-4")
    | owed(
        ("audit_return", "", "2026-11-17"),
        ("moderation", "", "2026-11-30"),
        ("expected_standard", "", "2026-12-04"),
        ("action_tracker", "", "2026-12-04"),
        ("three_month_review", "", "2027-02-28"),
        audit="A-5",
    ),
    must_not=(never("2026-03-02", due=True), never("2027-03-01", due=True, audit="A-5")),
)

HAL_C8 = Case(
    id="HAL-C8",
    authority="halton",
    covers=("HAL-44", "HAL-53", "HAL-63", "HAL-66", "A-HAL-01", "A-HAL-10"),
    lives=(
        new_life("halton")
        .allocated("2026-12-07")
        .submitted("2026-12-17", "Good", actions=[action("X-1")])
        .to_moderator("2026-12-18"),
    ),
    notices=_selected("2026-12-07"),
    owed=owed(
        ("audit_return", "", "2026-12-17"), ("immediate_tasks", "X-1", "2026-12-24"), ("moderation", "", "2027-01-06")
    ),
    must_not=(never("2027-01-07"), never("2026-12-18"), never("2026-12-25")),
    shown=(
        shown("audit_return", "", "2026-12-18", "met"),
        shown("moderation", "", "2027-01-06", "open"),
        shown("moderation", "", "2027-01-07", "overdue"),
    ),
)

HAL_C9 = Case(
    id="HAL-C9",
    authority="halton",
    covers=("HAL-66", "HAL-67"),
    lives=(
        new_life("halton")
        .allocated("2026-07-07")
        .submitted("2026-07-16", "Good", actions=[action("X-A"), action("X-B")])
        .act("action.redate", "2026-07-20", "P-PL", "practice_lead", action="X-B", due="2026-08-14")
        .act("action.complete", "2026-07-23", "P-SW", "action_owner", action="X-A", impact="seen and safe"),
    ),
    notices=_selected("2026-07-07"),
    owed=owed(
        ("audit_return", "", "2026-07-17"),
        ("immediate_tasks", "X-A", "2026-07-23"),
        ("immediate_tasks", "X-B", "2026-08-14"),
    ),
    must_not=(never("2026-07-24"), never("2026-08-15")),
    shown=(
        shown("immediate_tasks", "X-A", "2026-07-24", "met"),
        shown("immediate_tasks", "X-B", "2026-07-24", "open"),
        shown("immediate_tasks", "X-B", "2026-08-14", "open"),
        shown("immediate_tasks", "X-B", "2026-08-15", "overdue"),
    ),
)


def _unmet_bottom_line() -> Life:
    life = new_life("halton").allocated("2026-07-07")
    life.submitted("2026-07-13", HALTON_RI, bottom_lines_unmet=["seen alone"])
    again = {"at": "2026-07-14", "grade": "Inadequate", "safety_plan": "seen today, plan agreed"}
    life.lines.append(life.lines[-1] | again)
    return life


HAL_C10 = Case(
    id="HAL-C10",
    authority="halton",
    covers=("HAL-29", "HAL-58", "HAL-73", "A-HAL-11"),
    lives=(_unmet_bottom_line(),),
    refused=1,
    notices=_selected("2026-07-07")
    | notices(("2026-07-14 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR})),
    owed=owed(("audit_return", "", "2026-07-17"), ("reaudit", "", "2026-08-14")),
    must_not=(never("2026-07-13"), never("2026-08-13", due=True)),
)

CASES = (HAL_C1, HAL_C2, HAL_C3, HAL_C4, HAL_C8, HAL_C9, HAL_C10)
