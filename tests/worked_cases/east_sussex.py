"""The worked cases of East Sussex that are about audits; those about periods stand in `test_east_sussex.py`."""

from typing import Any

from tests.lives import Life, Line
from tests.worked_cases.case import AUDITOR, WORKER, Case, Notice, Told, action, never, new_life, notices, owed, shown

OPERATIONS: Told = ("operations_manager", "S-1", "P-OM")
OPERATIONS_AS_AUDITOR: Told = ("auditor", None, "P-OM")
CONCERN: Line = {"significant_concern": True, "summary": "the plan does not keep the child safe"}


def _flagged(on: str, action_by: str) -> Life:
    life = new_life("east-sussex").allocated(f"{on[:8]}02")
    return life.submitted(on, **CONCERN, actions=[action("X-1", action_by)])


def _further(audit: str, on: str, **fields: Any) -> Life:
    life = new_life("east-sussex", audit, f"C-{audit}")
    life.allocated("2026-03-20", audit_type="supervision further file", extra_of="A-1")
    return life.submitted(on, **fields)


def _told(on: str, *, audit: str = "A-1", concern: bool = True) -> frozenset[Notice]:
    """What goes out with a supervision case file audit: feedback to the worker, and with concerns the alert."""
    feedback = notices((f"{on} 09:00", "worker_feedback", "told", {WORKER}), audit=audit)
    alert = notices((f"{on} 09:00", "concern_alert", "alert", {OPERATIONS}), audit=audit)
    return feedback | (alert if concern else frozenset())


def _raised(on: str) -> frozenset[Notice]:
    return notices((f"{on} 09:00", "worker_further_files", "raised", {AUDITOR}))


ESX_C1_QUIET = Case(
    id="ESX-C1",
    authority="east-sussex",
    covers=("ESX-3.16", "ESX-N21", "A-ESX-11"),
    lives=(new_life("east-sussex").allocated("2026-04-02").submitted("2026-04-14"),),
    notices=_told("2026-04-14", concern=False),
    owed=frozenset(),
    must_not=(never("2026-04-14", role="operations_manager"), never("2026-05-01")),
)

ESX_C2 = Case(
    id="ESX-C2",
    authority="east-sussex",
    covers=("ESX-3.16", "ESX-N21", "ESX-N23", "ESX-N26", "ESX-N30", "ESX-N31", "A-ESX-04", "A-ESX-05", "A-ESX-07"),
    lives=(
        _flagged("2026-03-18", "2026-06-10").act(
            "obligation.meet", "2026-06-16", "P-AUD", "auditor", obligation="file_review"
        ),
    ),
    notices=_told("2026-03-18") | _raised("2026-03-18"),
    owed=owed(
        ("worker_further_files", "", "2026-04-18"), ("action", "X-1", "2026-06-10"), ("file_review", "", "2026-06-18")
    ),
    must_not=(
        never("2026-03-18", role="head_of_service"),
        never("2026-03-18", role="ad_safeguarding"),
        never("2026-04-19"),
        never("2026-06-19"),
    ),
    shown=(
        shown("worker_further_files", "", "2026-04-18", "open"),
        shown("worker_further_files", "", "2026-04-19", "overdue"),
        shown("worker_feedback", "", "2026-03-18", "open"),
        shown("file_review", "", "2026-06-18", "open"),
        shown("file_review", "", "2026-06-19", "overdue"),
    ),
)

ESX_C2_CLOSED = Case(
    id="ESX-C2-closed",
    authority="east-sussex",
    covers=("ESX-N26", "ESX-N30", "ESX-N31", "A-ESX-06"),
    lives=(
        _flagged("2026-03-18", "2026-06-10")
        .act("action.confirm", "2026-06-10", "P-AUD", "auditor")
        .act("obligation.meet", "2026-06-16", "P-AUD", "auditor", obligation="file_review"),
        _further("A-2", "2026-04-01"),
        _further("A-3", "2026-04-17", **CONCERN),
    ),
    notices=_told("2026-03-18")
    | _raised("2026-03-18")
    | _told("2026-04-01", audit="A-2", concern=False)
    | _told("2026-04-17", audit="A-3"),
    owed=owed(
        ("worker_further_files", "", "2026-04-18"), ("action", "X-1", "2026-06-10"), ("file_review", "", "2026-06-18")
    )
    | owed(("file_review", "", "2026-07-17"), audit="A-3"),
    must_not=(
        never("2026-05-17", "further_files", due=True, audit="A-3"),
        never("2026-04-17", "further_files", audit="A-3"),
    ),
    shown=(
        shown("worker_further_files", "", "2026-04-16", "open"),
        shown("worker_further_files", "", "2026-04-19", "met"),
        shown("file_review", "", "2026-06-12", "open"),
        shown("file_review", "", "2026-06-19", "met"),
    ),
)

ESX_C3 = Case(
    id="ESX-C3",
    authority="east-sussex",
    covers=("ESX-3.14", "ESX-N29", "A-ESX-05", "A-ESX-06"),
    lives=(
        Life("east-sussex", "A-1", auditor="P-OM")
        .allocated("2026-02-02", audit_type="team file")
        .submitted("2026-02-10", **CONCERN)
        .allocated("2026-02-11", audit="A-9", child="C-9", team="T-2", audit_type="team further file", extra_of="A-1"),
    ),
    notices=notices(("2026-02-10 09:00", "team_further_files", "raised", {OPERATIONS_AS_AUDITOR})),
    owed=owed(("team_further_files", "", "2026-03-10")),
    must_not=(
        never("2026-05-10"),
        never("2026-05-10", due=True),
        never("2026-02-10", role="operations_manager"),
    ),
    shown=(
        shown("team_further_files", "", "2026-03-10", "open"),
        shown("team_further_files", "", "2026-03-11", "overdue"),
    ),
    refused=1,
)

ESX_C5 = Case(
    id="ESX-C5",
    authority="east-sussex",
    covers=("ESX-3.16", "A-ALL-01", "A-ESX-05", "A-ESX-07"),
    lives=(_flagged("2026-11-30", "2027-02-10"),),
    notices=_told("2026-11-30") | _raised("2026-11-30"),
    owed=owed(
        ("worker_further_files", "", "2026-12-30"), ("action", "X-1", "2027-02-10"), ("file_review", "", "2027-02-28")
    ),
    must_not=(never("2027-03-01", due=True), never("2027-03-02", due=True), never("2027-03-01")),
    shown=(shown("file_review", "", "2027-02-28", "open"), shown("file_review", "", "2027-03-01", "overdue")),
)

CASES = (ESX_C1_QUIET, ESX_C2, ESX_C2_CLOSED, ESX_C3, ESX_C5)
