"""The worked cases as data: what is done, and then exactly who is told when and what is due on which day.

Nothing here says how a case is run. `test_pure.py` runs them on the rules alone; a test of the whole system can
import the same lines and compare the same rows. Each `lines` begins with the directory of its authority.

`notices` is everything that fires, and nothing else may. `owed` is every due date that stands at the end;
`never` repeats the dates that a case rules out by name, and `shown` what the view of what is owed says on a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from services.clock import LONDON
from services.settings import SHIPPED_POLICIES
from tests.lives import HALTON_RI, TORBAY_LOWEST, Life, people

Told = tuple[str, str | None, str | None]
"""The role that was told, its unit where the post belongs to one, and the person in it."""

Notice = tuple[str, datetime, str, str, frozenset[Told]]
"""The audit, the instant in England, the obligation, its step, and who was told."""

Due = tuple[str, str, str, date]
"""The audit, the obligation, the item that it is about ("" for the audit itself), and the last day."""


@dataclass(frozen=True, slots=True)
class Never:
    """What a case rules out by name on one day. An empty obligation or role means any."""

    audit: str
    day: date
    obligation: str = ""
    role: str = ""
    what: Literal["notice", "due"] = "notice"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the view of what is owed says of an obligation at noon of a day."""

    audit: str
    obligation: str
    key: str
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. `edits` are changes of the shipped policy file's text; `refused` counts refused lines."""

    id: str
    authority: str
    covers: tuple[str, ...]
    lives: tuple[Life, ...]
    notices: frozenset[Notice]
    owed: frozenset[Due]
    must_not: tuple[Never, ...] = ()
    shown: tuple[Shown, ...] = ()
    refused: int = 0
    edits: tuple[tuple[str, str], ...] = field(default=())

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The commands in the order of their dates, the directory first."""
        acts = [line for life in self.lives for line in life]
        yield from people(self.authority)
        yield from sorted(acts, key=lambda line: str(line["at"]))

    @property
    def audits(self) -> tuple[str, ...]:
        """The audits that the case is about."""
        return tuple(life.audit for life in self.lives)


def write_policies(case: Case, folder: Path) -> Path:
    """Write the case's policy file into `folder`, with its edits, and return the folder."""
    text = (SHIPPED_POLICIES / f"{case.authority}.yaml").read_text(encoding="utf-8")
    for old, new in case.edits:
        if text.count(old) != 1:
            raise ValueError(f"{case.id}: {old!r} does not stand exactly once in the policy of {case.authority}")
        text = text.replace(old, new)
    (folder / f"{case.authority}.yaml").write_text(text, encoding="utf-8")
    return folder


def _notices(*rows: tuple[str, str, str, set[Told]], audit: str = "A-1") -> frozenset[Notice]:
    return frozenset(
        (audit, datetime.fromisoformat(at).replace(tzinfo=LONDON), obligation, step, frozenset(to))
        for at, obligation, step, to in rows
    )


def _owed(*rows: tuple[str, str, str], audit: str = "A-1") -> frozenset[Due]:
    return frozenset((audit, obligation, key, date.fromisoformat(day)) for obligation, key, day in rows)


def _never(day: str, obligation: str = "", role: str = "", *, due: bool = False, audit: str = "A-1") -> Never:
    return Never(audit, date.fromisoformat(day), obligation, role, "due" if due else "notice")


def _shown(obligation: str, key: str, day: str, state: str) -> Shown:
    return Shown("A-1", obligation, key, date.fromisoformat(day), state)


def _life(authority: str, audit: str = "A-1", child: str = "C-1") -> Life:
    return Life(authority, audit, child=child)


def _action(action: str, due: str | None = None) -> dict[str, Any]:
    return {"action": action, "text": "visit the child", "owner": "P-SW", **({"due": due} if due else {})}


AUDITOR: Told = ("auditor", None, "P-AUD")
WORKER: Told = ("worker", None, "P-SW")
QA_TEAM: Told = ("qa_team", None, None)

TEAM: Told = ("team", "T-1", None)
TEAM_MANAGER: Told = ("team_manager", "T-1", "P-TM")
SERVICE_MANAGER: Told = ("service_manager", "S-1", "P-SM")
HEAD_OF_SERVICE: Told = ("head_of_service", "S-1", "P-HOS")
LEADERSHIP: Told = ("cscslt", None, None)

PRACTICE_LEAD: Told = ("practice_lead", "T-1", "P-PL")
PRINCIPAL: Told = ("principal_manager", "S-1", "P-PM")
DIVISIONAL: Told = ("divisional_manager", "S-1", "P-DM")
DIRECTOR: Told = ("director_operational_safeguarding", None, "P-DOS")
SELECTED = {DIVISIONAL, PRINCIPAL, PRACTICE_LEAD, WORKER, AUDITOR}


def _selected(on: str, audit: str = "A-1") -> frozenset[Notice]:
    return _notices((f"{on} 09:00", "file_selected", "notice", SELECTED), audit=audit)


TOR_C1 = Case(
    id="TOR-C1",
    authority="torbay",
    covers=("TOR-79", "TOR-92", "TOR-93", "TOR-94", "A-TOR-01"),
    lives=(
        _life("torbay")
        .allocated("2026-01-05")
        .submitted("2026-01-30")
        .to_moderator("2026-01-30")
        .moderated("2026-02-04"),
    ),
    notices=_notices(("2026-01-26 08:00", "audit_return", "reminder", {AUDITOR})),
    owed=_owed(("audit_return", "", "2026-02-02"), ("team_confirmation", "", "2026-03-25")),
    must_not=(_never("2026-02-03"), _never("2026-02-16"), _never("2026-01-19")),
    shown=(_shown("audit_return", "", "2026-02-03", "met"),),
)

TOR_C3 = Case(
    id="TOR-C3",
    authority="torbay",
    covers=("TOR-79", "TOR-92", "TOR-93", "TOR-94", "A-ALL-03", "A-TOR-13"),
    lives=(_life("torbay").allocated("2026-03-06"),),
    notices=_notices(
        ("2026-03-27 08:00", "audit_return", "reminder", {AUDITOR}),
        ("2026-04-04 08:00", "audit_return", "outstanding_list", {SERVICE_MANAGER}),
        ("2026-04-17 08:00", "audit_return", "second_notice", {HEAD_OF_SERVICE}),
    ),
    owed=_owed(("audit_return", "", "2026-04-03")),
    must_not=(_never("2026-04-07"), _never("2026-04-08")),
    shown=(_shown("audit_return", "", "2026-04-03", "open"), _shown("audit_return", "", "2026-04-04", "overdue")),
)

TOR_C3_NEXT = Case(
    id="TOR-C3-next",
    authority="torbay",
    covers=("TOR-79", "A-ALL-03"),
    lives=(_life("torbay").allocated("2026-03-06"),),
    edits=(("roll_non_working: none", "roll_non_working: next"),),
    notices=_notices(
        ("2026-03-31 08:00", "audit_return", "reminder", {AUDITOR}),
        ("2026-04-08 08:00", "audit_return", "outstanding_list", {SERVICE_MANAGER}),
        ("2026-04-21 08:00", "audit_return", "second_notice", {HEAD_OF_SERVICE}),
    ),
    owed=_owed(("audit_return", "", "2026-04-07")),
    must_not=(_never("2026-03-27"), _never("2026-04-04"), _never("2026-04-17")),
)


def _unconfirmed() -> Life:
    life = _life("torbay").allocated("2026-03-02")
    life.submitted("2026-03-20", actions=[_action("X-1", "2026-04-30")])
    return life.to_moderator("2026-03-23").moderated("2026-04-01")


TOR_C4 = Case(
    id="TOR-C4",
    authority="torbay",
    covers=("TOR-95", "TOR-96", "TOR-97", "A-TOR-04", "A-TOR-05", "A-TOR-07"),
    lives=(_unconfirmed(),),
    notices=_notices(
        ("2026-04-22 08:00", "team_confirmation", "first_request", {TEAM}),
        ("2026-05-06 08:00", "team_confirmation", "second_request", {TEAM, SERVICE_MANAGER}),
        ("2026-05-21 00:00", "team_confirmation", "escalation", {LEADERSHIP}),
    ),
    owed=_owed(
        ("audit_return", "", "2026-03-30"), ("action", "X-1", "2026-04-30"), ("team_confirmation", "", "2026-05-20")
    ),
    must_not=(_never("2026-04-29"), _never("2026-05-20"), _never("2026-06-04")),
    shown=(
        _shown("team_confirmation", "", "2026-05-20", "open"),
        _shown("team_confirmation", "", "2026-05-21", "overdue"),
    ),
)

TOR_C5 = Case(
    id="TOR-C5",
    authority="torbay",
    covers=("TOR-95", "TOR-106"),
    lives=(_unconfirmed().confirmed("2026-05-05"),),
    notices=_notices(("2026-04-22 08:00", "team_confirmation", "first_request", {TEAM})),
    owed=TOR_C4.owed,
    must_not=(_never("2026-05-06"), _never("2026-05-21")),
    shown=(_shown("team_confirmation", "", "2026-05-06", "met"),),
)

TOR_C7 = Case(
    id="TOR-C7",
    authority="torbay",
    covers=("TOR-52", "TOR-53", "TOR-98", "TOR-110", "A-TOR-09", "A-TOR-21"),
    lives=(
        _life("torbay")
        .allocated("2026-03-02")
        .submitted("2026-03-19", TORBAY_LOWEST, actions=[_action("X-1", "2026-04-10")])
        .to_moderator("2026-03-20")
        .moderated("2026-03-25"),
    ),
    notices=_notices(
        ("2026-03-19 09:00", "immediate_alert", "alert", {TEAM_MANAGER, SERVICE_MANAGER, HEAD_OF_SERVICE, QA_TEAM}),
        ("2026-03-19 09:00", "corrective_action", "notice", {HEAD_OF_SERVICE, TEAM_MANAGER}),
        ("2026-03-19 09:00", "deep_dive", "opened", {QA_TEAM}),
        ("2026-04-15 08:00", "team_confirmation", "first_request", {TEAM}),
        ("2026-04-29 08:00", "team_confirmation", "second_request", {TEAM, SERVICE_MANAGER}),
        ("2026-05-14 00:00", "team_confirmation", "escalation", {LEADERSHIP}),
    ),
    owed=_owed(
        ("audit_return", "", "2026-03-30"), ("action", "X-1", "2026-04-10"), ("team_confirmation", "", "2026-05-13")
    ),
    must_not=(
        _never("2026-03-25"),
        _never("2026-04-19"),
        _never("2026-04-30"),
        _never("2026-04-19", due=True),
        _never("2026-04-30", due=True),
    ),
)

HAL_C1 = Case(
    id="HAL-C1",
    authority="halton",
    covers=("HAL-24", "HAL-38", "HAL-44", "HAL-53", "HAL-61", "HAL-66", "HAL-68", "HAL-74", "A-HAL-01", "A-HAL-02"),
    lives=(
        _life("halton")
        .allocated("2026-01-07")
        .submitted("2026-01-15", "Good", actions=[_action("X-1")])
        .to_moderator("2026-01-16")
        .act("action.complete", "2026-01-22", "P-SW", "action_owner", action="X-1", impact="seen and safe")
        .moderated("2026-01-27")
        .closed("2026-01-28"),
    ),
    notices=_selected("2026-01-07"),
    owed=_owed(
        ("audit_return", "", "2026-01-17"),
        ("immediate_tasks", "X-1", "2026-01-22"),
        ("moderation", "", "2026-01-30"),
        ("expected_standard", "", "2026-02-03"),
        ("action_tracker", "", "2026-02-03"),
        ("three_month_review", "", "2026-04-28"),
    ),
    must_not=(_never("2026-01-15"), _never("2026-02-15", due=True), _never("2026-02-28", due=True)),
    shown=(
        _shown("audit_return", "", "2026-01-18", "met"),
        _shown("immediate_tasks", "X-1", "2026-01-23", "met"),
        _shown("moderation", "", "2026-01-31", "met"),
        _shown("expected_standard", "", "2026-02-03", "open"),
        _shown("action_tracker", "", "2026-02-04", "overdue"),
    ),
)

HAL_C2 = Case(
    id="HAL-C2",
    authority="halton",
    covers=("HAL-44", "HAL-53", "HAL-61", "HAL-66", "HAL-68", "HAL-74", "A-ALL-01", "A-HAL-07", "A-HAL-08"),
    lives=(
        _life("halton")
        .allocated("2026-04-07")
        .submitted("2026-04-17", "Good", actions=[_action("X-1")])
        .to_moderator("2026-04-20")
        .moderated("2026-05-01")
        .closed("2026-05-01"),
    ),
    notices=_selected("2026-04-07"),
    owed=_owed(
        ("audit_return", "", "2026-04-17"),
        ("immediate_tasks", "X-1", "2026-04-24"),
        ("moderation", "", "2026-05-05"),
        ("action_tracker", "", "2026-05-08"),
        ("expected_standard", "", "2026-05-11"),
        ("three_month_review", "", "2026-08-01"),
    ),
    must_not=(_never("2026-05-09"), _never("2026-05-08", "expected_standard", due=True)),
    shown=(
        _shown("expected_standard", "", "2026-05-09", "open"),
        _shown("expected_standard", "", "2026-05-11", "open"),
        _shown("expected_standard", "", "2026-05-12", "overdue"),
        _shown("action_tracker", "", "2026-05-08", "open"),
    ),
)

HAL_C3 = Case(
    id="HAL-C3",
    authority="halton",
    covers=("HAL-57", "HAL-58", "HAL-59", "HAL-69", "HAL-73", "HAL-74", "A-HAL-04", "A-HAL-05", "A-HAL-06", "A-HAL-18"),
    lives=(
        _life("halton")
        .allocated("2026-03-07")
        .submitted("2026-03-12", "Inadequate", actions=[_action("X-1")])
        .to_moderator("2026-03-13")
        .moderated("2026-03-24")
        .closed("2026-03-25"),
    ),
    notices=_selected("2026-03-07")
    | _notices(
        ("2026-03-12 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR}),
        ("2026-03-24 09:00", "inadequate_moderation", "notice", {DIVISIONAL}),
    ),
    owed=_owed(
        ("audit_return", "", "2026-03-17"),
        ("immediate_tasks", "X-1", "2026-03-19"),
        ("moderation", "", "2026-03-27"),
        ("expected_standard", "", "2026-03-31"),
        ("action_tracker", "", "2026-03-31"),
        ("reaudit", "", "2026-04-12"),
        ("three_month_review", "", "2026-06-25"),
    ),
    must_not=(
        _never("2026-04-24", due=True),
        _never("2026-03-24", role="director_operational_safeguarding"),
        _never("2026-03-24", "inadequate_audit"),
    ),
    shown=(_shown("reaudit", "", "2026-04-12", "open"), _shown("reaudit", "", "2026-04-13", "overdue")),
)


def _found_inadequate(audit: str, child: str, start: str, finding: str) -> Life:
    return _life("halton", audit, child).allocated(start).submitted(finding, "Inadequate")


def _finding(audit: str, start: str, finding: str) -> frozenset[Notice]:
    alert = (f"{finding} 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR})
    return _selected(start, audit) | _notices(alert, audit=audit)


HAL_C4 = Case(
    id="HAL-C4",
    authority="halton",
    covers=("HAL-73", "HAL-74", "A-ALL-01"),
    lives=(
        _found_inadequate("A-1", "C-1", "2026-01-20", "2026-01-30"),
        _found_inadequate("A-2", "C-2", "2026-03-21", "2026-03-31"),
        _found_inadequate("A-3", "C-3", "2026-05-19", "2026-05-29"),
        _found_inadequate("A-4", "C-4", "2026-12-21", "2026-12-31"),
        _life("halton", "A-5", "C-5")
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
    owed=_owed(("audit_return", "", "2026-01-30"), ("reaudit", "", "2026-02-28"), audit="A-1")
    | _owed(("audit_return", "", "2026-03-31"), ("reaudit", "", "2026-04-30"), audit="A-2")
    | _owed(("audit_return", "", "2026-05-29"), ("reaudit", "", "2026-06-29"), audit="A-3")
    | _owed(("audit_return", "", "2026-12-31"), ("reaudit", "", "2027-01-31"), audit="A-4")
    | _owed(
        ("audit_return", "", "2026-11-17"),
        ("moderation", "", "2026-11-30"),
        ("expected_standard", "", "2026-12-04"),
        ("action_tracker", "", "2026-12-04"),
        ("three_month_review", "", "2027-02-28"),
        audit="A-5",
    ),
    must_not=(_never("2026-03-02", due=True), _never("2027-03-01", due=True, audit="A-5")),
)

HAL_C8 = Case(
    id="HAL-C8",
    authority="halton",
    covers=("HAL-44", "HAL-53", "HAL-63", "HAL-66", "A-HAL-01", "A-HAL-10"),
    lives=(
        _life("halton")
        .allocated("2026-12-07")
        .submitted("2026-12-17", "Good", actions=[_action("X-1")])
        .to_moderator("2026-12-18"),
    ),
    notices=_selected("2026-12-07"),
    owed=_owed(
        ("audit_return", "", "2026-12-17"), ("immediate_tasks", "X-1", "2026-12-24"), ("moderation", "", "2027-01-06")
    ),
    must_not=(_never("2027-01-07"), _never("2026-12-18"), _never("2026-12-25")),
    shown=(
        _shown("audit_return", "", "2026-12-18", "met"),
        _shown("moderation", "", "2027-01-06", "open"),
        _shown("moderation", "", "2027-01-07", "overdue"),
    ),
)

HAL_C9 = Case(
    id="HAL-C9",
    authority="halton",
    covers=("HAL-66", "HAL-67"),
    lives=(
        _life("halton")
        .allocated("2026-07-07")
        .submitted("2026-07-16", "Good", actions=[_action("X-A"), _action("X-B")])
        .act("action.redate", "2026-07-20", "P-PL", "practice_lead", action="X-B", due="2026-08-14")
        .act("action.complete", "2026-07-23", "P-SW", "action_owner", action="X-A", impact="seen and safe"),
    ),
    notices=_selected("2026-07-07"),
    owed=_owed(
        ("audit_return", "", "2026-07-17"),
        ("immediate_tasks", "X-A", "2026-07-23"),
        ("immediate_tasks", "X-B", "2026-08-14"),
    ),
    must_not=(_never("2026-07-24"), _never("2026-08-15")),
    shown=(
        _shown("immediate_tasks", "X-A", "2026-07-24", "met"),
        _shown("immediate_tasks", "X-B", "2026-07-24", "open"),
        _shown("immediate_tasks", "X-B", "2026-08-14", "open"),
        _shown("immediate_tasks", "X-B", "2026-08-15", "overdue"),
    ),
)


def _unmet_bottom_line() -> Life:
    life = _life("halton").allocated("2026-07-07")
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
    | _notices(("2026-07-14 09:00", "inadequate_audit", "notice", {DIVISIONAL, DIRECTOR})),
    owed=_owed(("audit_return", "", "2026-07-17"), ("reaudit", "", "2026-08-14")),
    must_not=(_never("2026-07-13"), _never("2026-08-13", due=True)),
)

CASES: tuple[Case, ...] = (
    *(TOR_C1, TOR_C3, TOR_C3_NEXT, TOR_C4, TOR_C5, TOR_C7),
    *(HAL_C1, HAL_C2, HAL_C3, HAL_C4, HAL_C8, HAL_C9, HAL_C10),
)

OVERDUE_FROM: tuple[tuple[str, str, str], ...] = (
    ("2026-03-28", "2026-03-29T00:00+00:00", "2026-03-29T00:00Z"),
    ("2026-03-29", "2026-03-30T00:00+01:00", "2026-03-29T23:00Z"),
    ("2026-10-24", "2026-10-25T00:00+01:00", "2026-10-24T23:00Z"),
    ("2026-10-25", "2026-10-26T00:00+00:00", "2026-10-26T00:00Z"),
)
"""ALL-C3: a deadline, the instant from which it is overdue as England's clocks show it, and the same in UTC."""


def by_id(cases: Iterable[Case] = CASES) -> dict[str, Case]:
    """The cases under their ids."""
    return {case.id: case for case in cases}
