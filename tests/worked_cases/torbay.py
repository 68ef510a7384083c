"""The worked cases of Torbay."""

from tests.lives import TORBAY_LOWEST, Life
from tests.worked_cases.case import AUDITOR, QA_TEAM, Case, Told, action, never, new_life, notices, owed, shown

TEAM: Told = ("team", "T-1", None)
TEAM_MANAGER: Told = ("team_manager", "T-1", "P-TM")
SERVICE_MANAGER: Told = ("service_manager", "S-1", "P-SM")
HEAD_OF_SERVICE: Told = ("head_of_service", "S-1", "P-HOS")
LEADERSHIP: Told = ("cscslt", None, None)


TOR_C1 = Case(
    id="TOR-C1",
    authority="torbay",
    covers=("TOR-79", "TOR-92", "TOR-93", "TOR-94", "A-TOR-01"),
    lives=(
        new_life("torbay")
        .allocated("2026-01-05")
        .submitted("2026-01-30")
        .to_moderator("2026-01-30")
        .moderated("2026-02-04"),
    ),
    notices=notices(("2026-01-26 08:00", "audit_return", "reminder", {AUDITOR})),
    owed=owed(("audit_return", "", "2026-02-02"), ("team_confirmation", "", "2026-03-25")),
    must_not=(never("2026-02-03"), never("2026-02-16"), never("2026-01-19")),
    shown=(
        shown("audit_return", "", "2026-02-03", "met"),
        shown("team_confirmation", "", "2026-02-25", "nothing owed"),
    ),
)

TOR_C3 = Case(
    id="TOR-C3",
    authority="torbay",
    covers=("TOR-79", "TOR-92", "TOR-93", "TOR-94", "A-ALL-03", "A-TOR-13"),
    lives=(new_life("torbay").allocated("2026-03-06"),),
    notices=notices(
        ("2026-03-27 08:00", "audit_return", "reminder", {AUDITOR}),
        ("2026-04-04 08:00", "audit_return", "outstanding_list", {SERVICE_MANAGER}),
        ("2026-04-17 08:00", "audit_return", "second_notice", {HEAD_OF_SERVICE}),
    ),
    owed=owed(("audit_return", "", "2026-04-03")),
    must_not=(never("2026-04-07"), never("2026-04-08")),
    shown=(shown("audit_return", "", "2026-04-03", "open"), shown("audit_return", "", "2026-04-04", "overdue")),
)

TOR_C3_NEXT = Case(
    id="TOR-C3-next",
    authority="torbay",
    covers=("TOR-79", "A-ALL-03"),
    lives=(new_life("torbay").allocated("2026-03-06"),),
    edits=(("roll_non_working: none", "roll_non_working: next"),),
    notices=notices(
        ("2026-03-31 08:00", "audit_return", "reminder", {AUDITOR}),
        ("2026-04-08 08:00", "audit_return", "outstanding_list", {SERVICE_MANAGER}),
        ("2026-04-21 08:00", "audit_return", "second_notice", {HEAD_OF_SERVICE}),
    ),
    owed=owed(("audit_return", "", "2026-04-07")),
    must_not=(never("2026-03-27"), never("2026-04-04"), never("2026-04-17")),
)


def _unconfirmed() -> Life:
    life = new_life("torbay").allocated("2026-03-02")
    life.submitted("2026-03-20", actions=[action("X-1", "2026-04-30")])
    return life.to_moderator("2026-03-23").moderated("2026-04-01")


TOR_C4 = Case(
    id="TOR-C4",
    authority="torbay",
    covers=("TOR-95", "TOR-96", "TOR-97", "A-TOR-04", "A-TOR-05", "A-TOR-07"),
    lives=(_unconfirmed(),),
    notices=notices(
        ("2026-04-22 08:00", "team_confirmation", "first_request", {TEAM}),
        ("2026-05-06 08:00", "team_confirmation", "second_request", {TEAM, SERVICE_MANAGER}),
        ("2026-05-21 00:00", "team_confirmation", "escalation", {LEADERSHIP}),
    ),
    owed=owed(
        ("audit_return", "", "2026-03-30"), ("action", "X-1", "2026-04-30"), ("team_confirmation", "", "2026-05-20")
    ),
    must_not=(never("2026-04-29"), never("2026-05-20"), never("2026-06-04")),
    shown=(
        shown("team_confirmation", "", "2026-05-20", "open"),
        shown("team_confirmation", "", "2026-05-21", "overdue"),
    ),
)

TOR_C5 = Case(
    id="TOR-C5",
    authority="torbay",
    covers=("TOR-95", "TOR-106"),
    lives=(_unconfirmed().confirmed("2026-05-05"),),
    notices=notices(("2026-04-22 08:00", "team_confirmation", "first_request", {TEAM})),
    owed=TOR_C4.owed,
    must_not=(never("2026-05-06"), never("2026-05-21")),
    shown=(shown("team_confirmation", "", "2026-05-06", "met"),),
)

TOR_C7 = Case(
    id="TOR-C7",
    authority="torbay",
    covers=("TOR-52", "TOR-53", "TOR-98", "TOR-110", "A-TOR-09", "A-TOR-21"),
    lives=(
        new_life("torbay")
        .allocated("2026-03-02")
        .submitted("2026-03-19", TORBAY_LOWEST, actions=[action("X-1", "2026-04-10")])
        .to_moderator("2026-03-20")
        .moderated("2026-03-25"),
    ),
    notices=notices(
        ("2026-03-19 09:00", "immediate_alert", "alert", {TEAM_MANAGER, SERVICE_MANAGER, HEAD_OF_SERVICE, QA_TEAM}),
        ("2026-03-19 09:00", "corrective_action", "notice", {HEAD_OF_SERVICE, TEAM_MANAGER}),
        ("2026-03-19 09:00", "deep_dive", "opened", {QA_TEAM}),
        ("2026-04-15 08:00", "team_confirmation", "first_request", {TEAM}),
        ("2026-04-29 08:00", "team_confirmation", "second_request", {TEAM, SERVICE_MANAGER}),
        ("2026-05-14 00:00", "team_confirmation", "escalation", {LEADERSHIP}),
    ),
    owed=owed(
        ("audit_return", "", "2026-03-30"),
        ("action", "X-1", "2026-04-10"),
        ("team_confirmation", "", "2026-05-13"),
        ("immediate_action", "", "2026-03-19"),
    ),
    must_not=(
        never("2026-03-25"),
        never("2026-04-19"),
        never("2026-04-30"),
        never("2026-04-19", due=True),
        never("2026-04-30", due=True),
    ),
    shown=(shown("immediate_action", "", "2026-03-20", "met"),),
)

CASES = (TOR_C1, TOR_C3, TOR_C3_NEXT, TOR_C4, TOR_C5, TOR_C7)
