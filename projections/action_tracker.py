"""The action tracker: every action that an audit or a register's entry led to, its owner, since when it is overdue.

Actions of the audit and of its moderation stand in one list (HAL-70).
"""

from datetime import date, datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Boolean, ColumnElement, Date, Integer, String, Table, Text, and_, cast

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.audits import AuditAllocated, AuditVoided
from events.dates import begins, passed
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryWithdrawn
from events.stopping import ClockResumed, ClockStopped, LastDayOf
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant, day, overdue_since
from projections.generations import reading
from projections.queries import ViewRow, matching, reference
from projections.stopping import BESIDE, resumed, stopped, told
from projections.stopping import since as stands_since
from projections.store import Source
from projections.view import Beside, Change, Declared, Held, Row, Shape, Spec, View, change, new

AUDITS = "action_audits"
ACTIONS = "actions"
ActionState = Literal["open", "completed", "confirmed", "withdrawn"]


def _state(row: Row) -> ActionState:
    if row["void"]:
        return "withdrawn"
    if row["confirmed_at"] is not None:
        return "confirmed"
    return "open" if row["completed_at"] is None else "completed"


def _beside(row: Row, as_of: date | None) -> Row:
    state = _state(row)
    of: tuple[LastDayOf, str] = ("action", row["action"])
    stands = told(row["stops"] if state == "open" else None, *of)
    by_then = as_of if stands["stands_since"] is None else None
    since = overdue_since(row["due"], as_of=by_then, at=row["due_at"]) if state == "open" else None
    return {"state": state, "overdue_since": since, "late": _late(row), **stands}


def _late(row: Row) -> bool | None:
    """Whether it was done after its last day, or after its hour; None where that cannot be said."""
    done, due = row["completed_at"], row["due"]
    stopped_at = stands_since(row["stops"], "action", row["action"])
    if done is not None and stopped_at is not None:
        done = min(done, stopped_at)
    return None if done is None or due is None else passed(done, due, row["due_at"])


SHAPE = Shape(
    "actions",
    (
        Spec(AUDITS, {"kind": String(64), "child": String(64), "team": String(64), "void": Boolean(), "stops": JSON()}),
        Spec(
            ACTIONS,
            {
                "action": String(64),
                "level": String(20),
                "stage": String(20),
                "text": Text(),
                "owner": String(64),
                "jointly": JSON(),
                "set_at": Instant(),
                "due": Date(),
                "due_at": Instant(),
                "priority": String(200),
                "original_due": Date(),
                "redated": Integer(),
                "completed_at": Instant(),
                "impact": Text(),
                "confirmed_by": String(64),
                "confirmed_as": String(200),
                "confirmed_at": Instant(),
            },
            key=("action",),
            indexes=("due about action",),
            known_by=("due",),
            sealed={"text": "action.text", "impact": "action.impact"},
        ),
    ),
    beside=Beside({"state": String(20), "overdue_since": Date(), "late": Boolean(), **BESIDE}, _beside, heads=AUDITS),
)


class ActionRow(ViewRow):
    """One action. Dates are calendar days in England; `text` and `impact` are sealed.

    `overdue_since` is the day after `due`, once it has come by the `as_of` of the query and while the action
    is neither completed nor confirmed; without `as_of` it is None. `due_at` is the instant by which it is due where the
    framework counts hours, and `late` whether it was done after that, or after `due`; None while it is not done. The
    actions of a voided audit or a withdrawn entry are withdrawn. `jointly` are those who own it beside `owner`. `audit`
    is the audit, or the entry of the register `kind`. While its clock stands still, `stands_since` and `stands_because`
    say so: it is not overdue then, and `due` is the day that it had.
    """

    audit: str
    kind: str | None
    child: str | None
    team: str | None
    action: str
    level: str
    priority: str | None
    stage: str
    text: str
    owner: str
    jointly: tuple[str, ...]
    set_on: date
    due: date | None
    due_at: datetime | None
    late: bool | None
    original_due: date | None
    redated: int
    completed_on: date | None
    impact: str | None
    confirmed_by: str | None
    confirmed_as: str | None
    confirmed_on: date | None
    state: ActionState
    overdue_since: date | None
    stands_since: date | None
    stands_because: str | None


class ActionFilter(TypedDict, total=False):
    """Equality filters of the tracker; None applies none."""

    about: str | None
    audit: str | None
    action: str | None
    level: str | None
    priority: str | None
    stage: str | None
    child: str | None
    team: str | None


def actions(  # noqa: PLR0913 - what an action is asked for by
    source: Source,
    authority: str,
    *,
    as_of: date | None = None,
    state: ActionState | None = None,
    owner: str | None = None,
    since: date | None = None,
    cut: Cut = WHOLE,
    **filters: Unpack[ActionFilter],
) -> Part[ActionRow]:
    """List the actions of an authority, the earliest due first and those without a date last.

    `owner` finds what somebody owns alone or jointly, `since` what was completed on that day or later.
    """
    with reading(SHAPE, source) as (db, tables):
        actions, audits = tables[ACTIONS], tables[AUDITS]
        query = matching(actions, authority, filters, audits)
        if state is not None:
            query = query.where(_stands(actions, audits, state))
        if owner is not None:
            # A database may find a few more in a list of references: letters of the other case, say.
            jointly = cast(actions.c.jointly, Text).contains(f'"{owner}"', autoescape=True)
            query = query.where((actions.c.owner == owner) | jointly)
        if since is not None:
            query = query.where(actions.c.completed_at >= begins(since))

        def asked(row: Row) -> ActionRow | None:
            told = _shown(row, as_of)
            return told if owner in (None, told.owner, *told.jointly) else None

        order = (actions.c.due, actions.c.about, actions.c.action)
        return cut_rows(db, query, order, cut, one_by_one(asked), last_without=True)


def _stands(actions: Table, audits: Table, state: ActionState) -> ColumnElement[bool]:
    """Whether an action is in that state, as `_state` says of its row."""
    if state == "withdrawn":
        return audits.c.void.is_(True)
    completed, confirmed = actions.c.completed_at, actions.c.confirmed_at
    in_it: dict[ActionState, ColumnElement[bool]] = {
        "confirmed": confirmed.is_not(None),
        "completed": and_(confirmed.is_(None), completed.is_not(None)),
        "open": and_(confirmed.is_(None), completed.is_(None)),
    }
    return and_(audits.c.void.is_not(True), in_it[state])


def _shown(row: Row, as_of: date | None) -> ActionRow:
    return ActionRow.of(
        row,
        audit=reference(row["about"]),
        set_on=day(row["set_at"]),
        completed_on=day(row["completed_at"]),
        confirmed_on=day(row["confirmed_at"]),
        **_beside(row, as_of),
    )


def _allocated(fact: AuditAllocated, _: Recorded, __: Held) -> list[Change]:
    return [new(AUDITS, child=fact.child, team=fact.team, void=False)]


def _entered(fact: EntryRecorded, _: Recorded, __: Held) -> list[Change]:
    return [new(AUDITS, kind=fact.kind, child=fact.child, team=fact.team, void=False)]


def _voided(_: AuditVoided | EntryWithdrawn, __: Recorded, ___: Held) -> list[Change]:
    return [change(AUDITS, void=True)]


def _set(fact: ActionSet, event: Recorded, _: Held) -> list[Change]:
    columns = {
        **fact.model_dump(),
        "jointly": list(fact.jointly),
        "set_at": event.envelope.occurred,
        "original_due": fact.due,
        "redated": 0,
    }
    return [new(ACTIONS, **columns)]


def _redated(fact: ActionRedated, _: Recorded, held: Held) -> list[Change]:
    before = held[ACTIONS][fact.action,]
    return [change(ACTIONS, action=fact.action, due=fact.due, due_at=None, redated=before["redated"] + 1)]


def _stopped(fact: ClockStopped, event: Recorded, held: Held) -> list[Change]:
    return [change(AUDITS, stops=stopped(held[AUDITS], fact, event.envelope.occurred))]


def _resumed(fact: ClockResumed, _: Recorded, held: Held) -> list[Change]:
    days = (each for each in fact.last_days if each.action is not None)
    moved = [change(ACTIONS, action=each.action, due=each.due, due_at=each.due_at) for each in days]
    return [change(AUDITS, stops=resumed(held[AUDITS], fact)), *moved]


def _completed(fact: ActionCompleted, event: Recorded, _: Held) -> list[Change]:
    at: datetime = event.envelope.occurred
    return [change(ACTIONS, action=fact.action, completed_at=at, impact=fact.impact)]


def _confirmed(fact: ActionConfirmed, event: Recorded, _: Held) -> list[Change]:
    columns = {"confirmed_by": fact.confirmed_by, "confirmed_as": fact.role}
    return [change(ACTIONS, action=fact.action, confirmed_at=event.envelope.occurred, **columns)]


def action_tracker_view() -> View:
    """Make the view of the action tracker."""
    return View(
        SHAPE,
        {
            AuditAllocated: _allocated,
            AuditVoided: _voided,
            EntryRecorded: _entered,
            EntryWithdrawn: _voided,
            ActionSet: _set,
            ActionRedated: _redated,
            ClockStopped: _stopped,
            ClockResumed: _resumed,
            ActionCompleted: _completed,
            ActionConfirmed: _confirmed,
        },
    )


VIEW = Declared(SHAPE, action_tracker_view)
