"""The rounds of auditing: a row for each, with its plan's approvals and how far its audits are."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, String, select

from events.recorded import Recorded
from events.rounds import (
    DipsRecorded,
    EnquiriesAdded,
    QuestionsAgreed,
    RoundApproved,
    RoundAuditCounted,
    RoundAuditGiven,
    RoundAuditWithdrawn,
    RoundDrawn,
    RoundPlanned,
    RoundScheduled,
)
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.generations import reading
from projections.queries import ViewRow, reference
from projections.store import Source
from projections.view import Change, Declared, Held, Row, Shape, Spec, View, change, new

ROUNDS = "rounds"
AUDITS = "round_audits"
DIPS = "round_dips"
SHAPE = Shape(
    "rounds",
    (
        Spec(
            ROUNDS,
            {
                "kind": String(200),
                "name": String(200),
                "theme": String(200),
                "services": JSON(),
                "areas": JSON(),
                "starts": Date(),
                "ends": Date(),
                "units": JSON(),
                "approved": JSON(),
                "drawn": JSON(),
                "given": Integer(),
                "counted": Integer(),
                "dips": Integer(),
            },
            indexes=("starts",),
        ),
        Spec(AUDITS, {"audit": String(64), "given": Boolean(), "counted": Boolean()}, key=("audit",)),
        Spec(DIPS, {"child": String(64), "position": BigInteger()}, key=("child",)),
    ),
    shown=ROUNDS,
)


class RoundListed(ViewRow):
    """One round that was given its place. `approved` holds for each role the units for which it approved the plan.

    `units` are the plan's, None before there is one; `drawn` says how many children each draw chose.
    """

    round: str
    kind: str
    name: str
    theme: str | None
    services: tuple[str, ...]
    areas: tuple[str, ...]
    starts: date
    ends: date
    units: tuple[str, ...] | None
    approved: dict[str, frozenset[str]]
    drawn: dict[str, int]
    given: int
    counted: int
    dips: int


def rounds(source: Source, authority: str, *, service: str | None = None, cut: Cut = WHOLE) -> Part[RoundListed]:
    """The rounds of an authority in the order of their first days; those in which that service area is audited."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[ROUNDS]
        asked = select(table).where(table.c.authority == authority, table.c.starts.is_not(None))

        def told(row: Row) -> RoundListed | None:
            shown = RoundListed.of(row, round=reference(row["about"]))
            return shown if service in (None, *shown.services) else None

        return cut_rows(db, asked, (table.c.starts, table.c.about), cut, one_by_one(told))


def _round(held: Held, **columns: Any) -> Change:
    """The round's one row with these columns; made where there is none, as before it was given its place."""
    if held[ROUNDS]:
        return change(ROUNDS, **columns)
    none: Row = {"services": [], "areas": [], "approved": {}, "drawn": {}, "given": 0, "counted": 0, "dips": 0}
    return new(ROUNDS, **{**none, **columns})


def _of(held: Held, column: str, default: Any) -> Any:
    return next((row[column] for row in held[ROUNDS].values()), default)


def _scheduled(fact: RoundScheduled, _: Recorded, held: Held) -> Iterable[Change]:
    columns = fact.model_dump(include={"kind", "name", "theme", "starts", "ends"})
    return [_round(held, **columns, services=list(fact.services), areas=list(fact.areas))]


def _planned(fact: RoundPlanned, _: Recorded, held: Held) -> Iterable[Change]:
    return [_round(held, units=list(fact.units), approved={})]


def _asked_anew(_: EnquiriesAdded | QuestionsAgreed, __: Recorded, held: Held) -> Iterable[Change]:
    """What belongs to the plan: it is approved afresh."""
    return [_round(held, approved={})]


def _approved(fact: RoundApproved, _: Recorded, held: Held) -> Iterable[Change]:
    before = _of(held, "approved", {})
    units = sorted({*before.get(fact.approver, ()), *fact.units})
    return [_round(held, approved={**before, fact.approver: units})]


def _drawn(fact: RoundDrawn, _: Recorded, held: Held) -> Iterable[Change]:
    return [_round(held, drawn={**_of(held, "drawn", {}), fact.draw: len(fact.chosen)})]


def _audit(held: Held, audit: str, *, given: bool | None = None, counted: bool | None = None) -> Iterable[Change]:
    """Whether an audit was given out and counts, and the sums of both."""
    before = held[AUDITS].get((audit,))
    known = before or {"given": False, "counted": False}
    now = {
        "given": known["given"] if given is None else given,
        "counted": known["counted"] if counted is None else counted,
    }
    yield change(AUDITS, audit=audit, **now) if before else new(AUDITS, audit=audit, **now)
    yield _round(held, **{name: _of(held, name, 0) + now[name] - known[name] for name in now})


def _given(fact: RoundAuditGiven, _: Recorded, held: Held) -> Iterable[Change]:
    return _audit(held, fact.audit, given=True)


def _counted(fact: RoundAuditCounted, _: Recorded, held: Held) -> Iterable[Change]:
    return _audit(held, fact.audit, counted=True)


def _taken_back(fact: RoundAuditWithdrawn, _: Recorded, held: Held) -> Iterable[Change]:
    return _audit(held, fact.audit, given=False, counted=False)


def _dipped(fact: DipsRecorded, event: Recorded, held: Held) -> Iterable[Change]:
    fresh = [child for child in dict.fromkeys(fact.children) if (child,) not in held[DIPS]]
    yield from (new(DIPS, child=child, position=event.position) for child in fresh)
    yield _round(held, dips=_of(held, "dips", 0) + len(fresh))


def rounds_view() -> View:
    """Make the view of the rounds."""
    return View(
        SHAPE,
        {
            RoundScheduled: _scheduled,
            RoundPlanned: _planned,
            EnquiriesAdded: _asked_anew,
            QuestionsAgreed: _asked_anew,
            RoundApproved: _approved,
            RoundDrawn: _drawn,
            RoundAuditGiven: _given,
            RoundAuditCounted: _counted,
            RoundAuditWithdrawn: _taken_back,
            DipsRecorded: _dipped,
        },
    )


VIEW = Declared(SHAPE, rounds_view)
