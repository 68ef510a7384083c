"""Deliveries: what became of each message to somebody. It holds no address and no text."""

from datetime import datetime
from typing import Literal, TypedDict, Unpack

from sqlalchemy import JSON, Integer, String, Text, cast

from events.deliveries import (
    DeliveryAttempted,
    DeliveryBounced,
    DeliveryDelivered,
    DeliveryFailed,
    DeliveryHandedUp,
    DeliverySuppressed,
    Told,
)
from events.escalations import Recipient
from events.recorded import Recorded
from projections.cut import WHOLE, Cut, Part, cut_rows, one_by_one
from projections.dates import Instant
from projections.generations import reading
from projections.queries import ViewRow, matching, reference, saying
from projections.store import Source
from projections.view import Change, Declared, Held, Row, Shape, Spec, Step, View, change, new

DELIVERIES = "deliveries"
SHAPE = Shape(
    "deliveries",
    (
        Spec(
            DELIVERIES,
            {
                "recipient": String(64),
                "role": String(200),
                "unit": String(64),
                "kind": String(20),
                "obligation": String(200),
                "step": String(200),
                "told": JSON(),
                "instead_of": String(64),
                "state": String(20),
                "reason": String(20),
                "transport": String(20),
                "attempts": Integer(),
                "first_at": Instant(),
                "last_at": Instant(),
                "again": Instant(),
                "above": JSON(),
            },
            indexes=("first_at", "recipient"),
        ),
    ),
)

DeliveryState = Literal["in hand", "tried again", "delivered", "given up", "came back", "not sent"]


class DeliveryRow(ViewRow):
    """One message: to whom, about what, and what became of it.

    `delivery` names it, for whoever reports that it came back. `recipient` is a person, None for a group that nobody is
    in; `role` and `unit` are the post by which they were told. `reason` says why nothing was sent, or why it failed
    last; `again` when it is tried again. `above` is who was told in its place, `instead_of` the message in whose place
    this one went.
    """

    delivery: str
    recipient: str | None
    role: str
    unit: str | None
    kind: str
    obligation: str
    step: str
    told: tuple[Told, ...]
    instead_of: str
    state: DeliveryState
    reason: str | None
    transport: str | None
    attempts: int
    first_at: datetime
    last_at: datetime
    again: datetime | None
    above: tuple[Recipient, ...]


class DeliveryFilter(TypedDict, total=False):
    """Equality filters of the deliveries; None applies none."""

    recipient: str | None
    state: DeliveryState | None


def deliveries(
    source: Source, authority: str, *, about: str | None = None, cut: Cut = WHOLE, **filters: Unpack[DeliveryFilter]
) -> Part[DeliveryRow]:
    """List the messages of an authority in the order in which they were begun; those that told `about` a record."""
    with reading(SHAPE, source) as (db, tables):
        table = tables[DELIVERIES]
        query = matching(table, authority, filters)
        if about is not None:
            query = query.where(saying(cast(table.c.told, Text), "about", about))

        def asked(row: Row) -> DeliveryRow | None:
            shown = _shown(row)
            return shown if about is None or any(each.about == about for each in shown.told) else None

        return cut_rows(db, query, (table.c.first_at, table.c.about), cut, one_by_one(asked))


def _shown(row: Row) -> DeliveryRow:
    return DeliveryRow.of(row, delivery=reference(row["about"]), above=tuple(row["above"] or ()))


def _begun(fact: DeliveryAttempted | DeliverySuppressed, event: Recorded, held: Held) -> list[Change]:
    said = fact.model_dump(mode="json", exclude={"number"})
    said.setdefault("transport", None)
    said.setdefault("reason", None)
    at = event.envelope.occurred
    sent = isinstance(fact, DeliveryAttempted)
    now = {"state": "in hand" if sent else "not sent", "last_at": at, "again": None}
    if held[DELIVERIES]:
        (before,) = held[DELIVERIES].values()
        attempts = fact.number if isinstance(fact, DeliveryAttempted) else before["attempts"]
        return [change(DELIVERIES, **said, **now, attempts=attempts)]
    attempts = fact.number if isinstance(fact, DeliveryAttempted) else 0
    return [new(DELIVERIES, **said, **now, attempts=attempts, first_at=at, above=[])]


def _delivered(_: DeliveryDelivered, event: Recorded, held: Held) -> list[Change]:
    (row,) = held[DELIVERIES].values()
    state = "came back" if row["state"] == "came back" else "delivered"
    return [change(DELIVERIES, state=state, reason=None, again=None, last_at=event.envelope.occurred)]


def _failed(fact: DeliveryFailed, event: Recorded, _: Held) -> list[Change]:
    state = "given up" if fact.again is None else "tried again"
    return [
        change(DELIVERIES, state=state, reason=fact.reason, again=fact.again, last_at=event.envelope.occurred),
    ]


def _bounced(_: DeliveryBounced, event: Recorded, __: Held) -> list[Change]:
    return [change(DELIVERIES, state="came back", again=None, last_at=event.envelope.occurred)]


def _handed_up(fact: DeliveryHandedUp, _: Recorded, __: Held) -> list[Change]:
    return [change(DELIVERIES, above=[each.model_dump(mode="json") for each in fact.recipients])]


def deliveries_view() -> View:
    """Make the view of what became of each message."""
    steps: dict[type, Step] = {
        DeliveryAttempted: _begun,
        DeliverySuppressed: _begun,
        DeliveryDelivered: _delivered,
        DeliveryFailed: _failed,
        DeliveryBounced: _bounced,
        DeliveryHandedUp: _handed_up,
    }
    return View(SHAPE, steps)


VIEW = Declared(SHAPE, deliveries_view)
