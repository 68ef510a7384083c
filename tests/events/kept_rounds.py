"""What the kept bodies of rounds of auditing mean (see `kept.py`)."""

from collections.abc import Mapping
from datetime import date

from events.base import Fact
from events.rounds import (
    DataReceived,
    DataRequested,
    DipsRecorded,
    EnquiriesAdded,
    FileGiven,
    FilePassedOn,
    FileTakenBack,
    QuestionsAgreed,
    RoundApproved,
    RoundAssigned,
    RoundAuditCounted,
    RoundAuditGiven,
    RoundAuditWithdrawn,
    RoundDrawn,
    RoundPlanned,
    RoundReviewed,
    RoundScheduled,
)

OF_ROUNDS: Mapping[str, Fact] = {
    "round.scheduled.v1": RoundScheduled(
        kind="audit round",
        name="Month 2 round",
        services=("SARS", "CWD"),
        theme="Neglect",
        areas=("Plans",),
        starts=date(2026, 2, 2),
        ends=date(2026, 2, 28),
    ),
    "round.planned.v1": RoundPlanned(
        diagnostics=("Plans", "Recording"), focus="drift", origin="complaint", units=("S-1", "S-2")
    ),
    "round.enquiries_added.v1": EnquiriesAdded(lines=("Are chronologies kept?",)),
    "round.questions_agreed.v1": QuestionsAgreed(service="SARS", manager="P-7", questions=("Is the plan shared?",)),
    "round.data_requested.v1": DataRequested(
        asked="data_team",
        since=date(2025, 8, 2),
        until=date(2026, 2, 2),
        latest=date(2026, 1, 19),
        late=True,
    ),
    "round.data_received.v1": DataReceived(cases="L-1"),
    "round.approved.v1": RoundApproved(approver="head_of_service", units=("S-1",)),
    "round.reviewed.v1": RoundReviewed(bodies=("Practice Board",)),
    "round.drawn.v1": RoundDrawn(
        draw="audits",
        on=date(2026, 2, 3),
        cases="L-1",
        cases_version=3,
        services=("SARS",),
        teams=("T-1",),
        open_by=date(2026, 1, 6),
        needs=("team", "worker"),
        like="C-9",
        alike=("strand",),
        not_since=date(2025, 8, 3),
        excluded=("C-8",),
        frame_size=3,
        frame_digest="5a1e",
        size=2,
        method="stratified",
        strata="strand",
        spread="team",
        seed="5eed",
        chosen=("C-1", "C-3"),
    ),
    "round.assigned.v1": RoundAssigned(
        draw="audits",
        seed="5eed",
        room={"P-1": 1, "P-2": 1},
        loads={"P-1": 0, "P-2": 0},
        barred={"C-1": ("P-1",)},
        pairs={"C-1": "P-2", "C-3": "P-1"},
    ),
    "round.audit_given.v1": RoundAuditGiven(audit="A-1", audit_type="full", child="C-1", auditor="P-2"),
    "round.audit_counted.v1": RoundAuditCounted(audit="A-1", count=1),
    "round.audit_withdrawn.v1": RoundAuditWithdrawn(audit="A-1", count=-1),
    "round.dips_recorded.v1": DipsRecorded(children=("C-1", "C-2"), count=2, undrawn=("C-2",)),
    "files.given.v1": FileGiven(audit="A-1", child="C-1", auditor="P-2"),
    "files.passed_on.v1": FilePassedOn(audit="A-1", auditor="P-3"),
    "files.taken_back.v1": FileTakenBack(audit="A-1"),
}
"""One meaning for every stored name of a round that was ever written."""
