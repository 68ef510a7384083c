"""The escalation queue: what was escalated, to whom, and whether anybody acknowledged it."""

from datetime import date, datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Boolean, Integer, String, Text

from events.escalations import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    Recipient,
    Step,
)
from events.recorded import Recorded
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant, local_date
from projections.generations import reading
from projections.queries import ViewRow, audit_of, matching
from projections.store import Source
from projections.view import Beside, Change, Declared, Held, Row, Shape, Spec, View, change, new

QUEUE = "escalation_queue"
ORDER = ("raised_at", "about", "obligation", "step", "key", "due", "trigger", "number")
EscalationState = Literal["open", "acknowledged", "resolved"]


def _beside(row: Row, as_of: date | None) -> Row:
    state: EscalationState = "open" if row["acknowledged_at"] is None else "acknowledged"
    if row["resolved_at"] is not None:
        state = "resolved"
    waiting = None
    if as_of is not None and state != "resolved":
        waiting = max((as_of - local_date(row["raised_at"])).days, 0)
    return {"state": state, "waiting_days": waiting}


SHAPE = Shape(
    "escalations",
    (
        Spec(
            QUEUE,
            {
                "obligation": String(200),
                "step": String(200),
                "key": Text(),
                "due": Instant(),
                "trigger": String(200),
                "number": Integer(),
                "level": Integer(),
                "title": String(200),
                "recipients": JSON(),
                "late": Boolean(),
                "reconstructed": Boolean(),
                "raised_at": Instant(),
                "acknowledged_at": Instant(),
                "acknowledged_by": Text(),
                "acknowledged_note": Text(),
                "resolved_at": Instant(),
                "resolved_by": Text(),
                "how": String(20),
                "note": Text(),
            },
            key=("obligation", "step", "key", "due", "trigger", "number"),
            indexes=("raised_at",),
            sealed={"acknowledged_note": "escalation.note", "note": "escalation.note"},
        ),
    ),
    beside=Beside({"state": String(20), "waiting_days": Integer()}, _beside),
)


class EscalationRow(ViewRow):
    """One escalation. `about` is what it concerns; `audit` is None where that is no audit. Notes are sealed.

    `waiting_days` counts the days in England from raising to the `as_of` of the query while it is not
    resolved; without `as_of` it is None. `late` and `reconstructed` are as in the event.
    """

    about: str
    audit: str | None
    obligation: str
    step: str
    key: str
    due: datetime
    level: int
    title: str
    recipients: tuple[Recipient, ...]
    late: bool
    reconstructed: bool
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_note: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    how: Literal["discharged", "withdrawn", "resolved"] | None
    note: str | None
    state: EscalationState
    waiting_days: int | None


class EscalationFilter(TypedDict, total=False):
    """Equality filters of the queue; None applies none."""

    audit: str | None
    about: str | None
    obligation: str | None
    step: str | None
    level: int | None


def escalations(
    source: Source,
    authority: str,
    *,
    as_of: date | None = None,
    state: EscalationState | None = None,
    cut: Cut = WHOLE,
    **filters: Unpack[EscalationFilter],
) -> Part[EscalationRow]:
    """List the escalations of an authority, the oldest first; an open one has not even been acknowledged."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[QUEUE]
        query = matching(table, authority, filters)
        acknowledged, resolved = table.c.acknowledged_at.is_not(None), table.c.resolved_at.is_not(None)
        if state is not None:
            query = query.where(resolved if state == "resolved" else ~resolved)
        if state in {"open", "acknowledged"}:
            query = query.where(acknowledged if state == "acknowledged" else ~acknowledged)
        order = [table.c[name] for name in ORDER]
        return cut_rows(db, query, order, cut, one_by_one(lambda row: _shown(row, as_of)))


def _shown(row: Row, as_of: date | None) -> EscalationRow:
    return EscalationRow.of(row, audit=audit_of(row["about"]), **_beside(row, as_of))


def _reference(fact: Step) -> Row:
    """What an answer repeats word for word of what was raised (see `events.escalations.Step.reference`)."""
    return {
        "obligation": fact.obligation,
        "step": fact.step,
        "key": fact.key,
        "due": fact.due,
        "trigger": fact.trigger,
        "number": fact.number,
    }


def _raised(fact: EscalationRaised, event: Recorded, _: Held) -> list[Change]:
    columns = fact.model_dump(mode="json", exclude={"due"})
    return [new(QUEUE, **columns, due=fact.due, raised_at=event.envelope.occurred)]


def _acknowledged(fact: EscalationAcknowledged, event: Recorded, _: Held) -> list[Change]:
    by = {"acknowledged_by": event.envelope.actor, "acknowledged_note": fact.note}
    return [change(QUEUE, **_reference(fact), acknowledged_at=event.envelope.occurred, **by)]


def _resolved(fact: EscalationResolved, event: Recorded, _: Held) -> list[Change]:
    by = {"resolved_by": event.envelope.actor, "how": fact.how, "note": fact.note}
    return [change(QUEUE, **_reference(fact), resolved_at=event.envelope.occurred, **by)]


def escalation_queue_view() -> View:
    """Make the view of the escalation queue."""
    return View(
        SHAPE,
        {EscalationRaised: _raised, EscalationAcknowledged: _acknowledged, EscalationResolved: _resolved},
    )


VIEW = Declared(SHAPE, escalation_queue_view)
