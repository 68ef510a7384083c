"""The audit register: one row for each audit, with where it stands and whether its return was late."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Literal, TypedDict, Unpack, get_args

from sqlalchemy import JSON, Boolean, Date, String

from events.audits import (
    AuditAllocated,
    AuditClosed,
    AuditExempted,
    AuditModerated,
    AuditReassigned,
    AuditSignedOff,
    AuditSubmitted,
    AuditVoided,
    ModeratorAllocated,
)
from events.findings import FeedbackRecorded, ReflectionRecorded, SafetyConcernRaised
from events.grade_disputes import GradeSettled
from events.reaudits import ReauditCompleted, ReauditWithdrawn
from events.recorded import Recorded
from events.stages import Stage, stage_after
from events.stopping import ClockResumed, ClockStopped
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant, day, local_date, overdue_since
from projections.generations import reading
from projections.queries import ViewRow, matching, reference
from projections.stopping import BESIDE, by_then, last_day, resumed, stopped, told
from projections.store import Source
from projections.view import Beside, Change, Declared, Held, Row, Shape, Spec, Step, View, change, new

AUDITS = "audit_register"


def _late(row: Row, as_of: date | None) -> bool | None:
    if row["due"] is None or row["stage"] in {"voided", "exempted"}:
        return False
    if row["submitted_at"] is not None:
        return overdue_since(row["due"], as_of=_run(row, local_date(row["submitted_at"]))) is not None
    return None if as_of is None else overdue_since(row["due"], as_of=_run(row, as_of)) is not None


def _run(row: Row, as_of: date) -> date | None:
    return by_then(as_of, row["stops"], "return")


def _beside(row: Row, as_of: date | None) -> Row:
    stops = () if row["stage"] in {"voided", "exempted"} or row["moderated_at"] is not None else row["stops"]
    return {"late": _late(row, as_of), **told(stops, "return" if row["submitted_at"] is None else "moderation")}


SHAPE = Shape(
    "register",
    (
        Spec(
            AUDITS,
            {
                "audit_type": String(200),
                "child": String(64),
                "team": String(64),
                "worker": String(64),
                "auditor": String(64),
                "moderator": String(64),
                "round": String(64),
                "strand": String(200),
                "allocated_at": Instant(),
                "due": Date(),
                "submitted_at": Instant(),
                "moderation_due": Date(),
                "moderated_at": Instant(),
                "closed_at": Instant(),
                "grade_by_auditor": String(200),
                "final_grade": String(200),
                "moderation": String(20),
                "stage": String(20),
                "reaudit_of": String(64),
                "reaudited_by": String(64),
                "safety_concern": Boolean(),
                "family_feedback": Boolean(),
                "reflection": Boolean(),
                "stops": JSON(),
            },
            indexes=("allocated_at", "child", "team", "auditor", "stage"),
            known_by=("child", "team", "auditor", "stage"),
        ),
    ),
    beside=Beside({"late": Boolean(), **BESIDE}, _beside),
)


class RegisterRow(ViewRow):
    """One audit. Dates are calendar days in England.

    `final_grade` is the grade that stands: the auditor's from the return, the moderator's from moderation, then what
    settled a dispute about it.
    `late` compares the day of the return with the due date; for an audit not yet returned it needs the
    `as_of` of the query and is None without it. A voided or exempted audit, or one without a due date, is never late.
    While the clock of the return, or after it of the moderation, stands still, `stands_since` and `stands_because` say
    so, and it is late only if it had been before that.
    """

    audit: str
    audit_type: str
    child: str
    team: str
    worker: str
    auditor: str
    moderator: str | None
    round: str | None
    strand: str | None
    allocated_on: date
    due: date | None
    returned_on: date | None
    moderation_due: date | None
    moderated_on: date | None
    closed_on: date | None
    grade_by_auditor: str | None
    final_grade: str | None
    moderation: Literal["confirmed", "changed"] | None
    stage: Stage
    late: bool | None
    reaudit_of: str | None
    reaudited_by: str | None
    safety_concern: bool
    family_feedback: bool
    reflection: bool
    stands_since: date | None
    stands_because: str | None


class RegisterFilter(TypedDict, total=False):
    """Equality filters of the register; None applies none."""

    audit: str | None
    audit_type: str | None
    child: str | None
    team: str | None
    worker: str | None
    auditor: str | None
    moderator: str | None
    round: str | None
    stage: Stage | None


def register(
    source: Source,
    authority: str,
    *,
    as_of: date | None = None,
    cut: Cut = WHOLE,
    without: Collection[Stage] = (),
    **filters: Unpack[RegisterFilter],
) -> Part[RegisterRow]:
    """List the audits of an authority in the order of allocation, late as judged at the end of `as_of`.

    `without` leaves out those that have come to one of these stages.
    """
    with reading(SHAPE, source) as (db, tables):
        table = tables[AUDITS]
        query = matching(table, authority, filters)
        if without:
            query = query.where(table.c.stage.in_([each for each in get_args(Stage) if each not in without]))
        order = (table.c.allocated_at, table.c.about)
        return cut_rows(db, query, order, cut, one_by_one(lambda row: _shown(row, as_of)))


def _shown(row: Row, as_of: date | None) -> RegisterRow:
    return RegisterRow.of(
        row,
        audit=reference(row["about"]),
        allocated_on=day(row["allocated_at"]),
        returned_on=day(row["submitted_at"]),
        moderated_on=day(row["moderated_at"]),
        closed_on=day(row["closed_at"]),
        **_beside(row, as_of),
    )


_AS_ALLOCATED = ("audit_type", "child", "team", "worker", "auditor", "due", "round", "strand", "reaudit_of")


def _allocated(fact: AuditAllocated, event: Recorded, _: Held) -> list[Change]:
    columns = {name: getattr(fact, name) for name in _AS_ALLOCATED}
    flags = {"safety_concern": False, "family_feedback": False, "reflection": False}
    at = event.envelope.occurred
    return [new(AUDITS, **columns, **flags, allocated_at=at, stage=stage_after(None, fact))]


def _patch(columns: Callable[[Any, Recorded], Row]) -> Step:
    """Make a step that changes some columns of the audit's one row, and its stage if the fact leads to one."""

    def step(fact: Any, event: Recorded, held: Held) -> list[Change]:
        for row in held[AUDITS].values():
            return [change(AUDITS, **columns(fact, event), stage=stage_after(row["stage"], fact))]
        return [change(AUDITS, **columns(fact, event))]

    return step


def _submitted(fact: AuditSubmitted, event: Recorded) -> Row:
    grades = {"grade_by_auditor": fact.grade, "final_grade": fact.grade}
    concern = {"safety_concern": True} if fact.immediate_concern else {}
    return {"submitted_at": event.envelope.occurred, **grades, **concern}


def _moderated(fact: AuditModerated, event: Recorded) -> Row:
    return {
        "moderated_at": event.envelope.occurred,
        "moderator": fact.moderator,
        "moderation": fact.outcome,
        "final_grade": fact.grade,
    }


def _without_reaudit(fact: ReauditWithdrawn, _: Recorded, held: Held) -> list[Change]:
    [before] = held[AUDITS].values()
    return [change(AUDITS, reaudited_by=None)] if before["reaudited_by"] == fact.reaudit else []


def _with_moderator(fact: ModeratorAllocated, _: Recorded) -> Row:
    return {"moderator": fact.moderator, "moderation_due": fact.due}


def _stopped(fact: ClockStopped, event: Recorded, held: Held) -> list[Change]:
    return [change(AUDITS, stops=stopped(held[AUDITS], fact, event.envelope.occurred))]


def _resumed(fact: ClockResumed, _: Recorded, held: Held) -> list[Change]:
    days = {"due": last_day(fact, "return"), "moderation_due": last_day(fact, "moderation")}
    moved = {name: each.due for name, each in days.items() if each is not None}
    return [change(AUDITS, stops=resumed(held[AUDITS], fact), **moved)]


def register_view() -> View:
    """Make the view of the audit register."""
    return View(
        SHAPE,
        {
            AuditAllocated: _allocated,
            AuditReassigned: _patch(lambda fact, _: {"auditor": fact.auditor}),
            ReflectionRecorded: _patch(lambda _, __: {"reflection": True}),
            FeedbackRecorded: _patch(lambda _, __: {"family_feedback": True}),
            SafetyConcernRaised: _patch(lambda _, __: {"safety_concern": True}),
            AuditSubmitted: _patch(_submitted),
            ModeratorAllocated: _patch(_with_moderator),
            AuditModerated: _patch(_moderated),
            GradeSettled: _patch(lambda fact, _: {"final_grade": fact.grade}),
            AuditSignedOff: _patch(lambda _, __: {}),
            AuditClosed: _patch(lambda _, event: {"closed_at": event.envelope.occurred}),
            AuditVoided: _patch(lambda _, __: {}),
            AuditExempted: _patch(lambda _, __: {}),
            ClockStopped: _stopped,
            ClockResumed: _resumed,
            ReauditCompleted: _patch(lambda fact, _: {"reaudited_by": fact.reaudit}),
            ReauditWithdrawn: _without_reaudit,
        },
    )


VIEW = Declared(SHAPE, register_view)
