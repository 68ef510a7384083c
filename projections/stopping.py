"""What a view keeps of clocks that stand still: since when and why, by what each stop said that it stops."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Text
from sqlalchemy.types import TypeEngine

from events.stopping import ClockResumed, ClockStopped, LastDay, LastDayOf
from projections.dates import day
from projections.view import Key, Row

Stops = Sequence[Mapping[str, Any]]
"""The stops of a record that stand, as a row keeps them."""

Rows = Mapping[Key, Row]
"""The rows of a record in the table that keeps its stops: one, or none."""

BESIDE: Mapping[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {"stands_since": Date(), "stands_because": Text()}
"""What is told of a row whose clock may stand still."""


def stopped(rows: Rows, fact: ClockStopped, at: datetime) -> list[Mapping[str, Any]]:
    """The stops of the record's row with one more."""
    what = [[each.of, each.action] for each in fact.stands]
    return [*_held(rows), {"ground": fact.ground, "action": fact.action, "since": at.isoformat(), "what": what}]


def resumed(rows: Rows, fact: ClockResumed) -> list[Mapping[str, Any]]:
    """The stops of the record's row without the one that has ended."""
    return [each for each in _held(rows) if (each["ground"], each["action"]) != (fact.ground, fact.action)]


def last_day(fact: ClockResumed, of: LastDayOf, action: str | None = None) -> LastDay | None:
    """The last day that something has from then on; None where it is not among what goes on."""
    return next((each for each in fact.last_days if (each.of, each.action) == (of, action)), None)


def since(held: Stops | None, of: LastDayOf, action: str | None = None) -> datetime | None:
    """Since when it stands still; None where it does not."""
    return min((datetime.fromisoformat(each["since"]) for each in _those(held, of, action)), default=None)


def told(held: Stops | None, of: LastDayOf, action: str | None = None) -> Row:
    """Since which day it stands still, and why."""
    grounds = dict.fromkeys(each["ground"] for each in _those(held, of, action))
    return {"stands_since": day(since(held, of, action)), "stands_because": " and ".join(grounds) or None}


def by_then(asked: date | None, held: Stops | None, of: LastDayOf, action: str | None = None) -> date | None:
    """The day up to which its clock has run: the day that is asked about, or that of its stop before it."""
    stopped_on = day(since(held, of, action))
    return asked if asked is None or stopped_on is None else min(asked, stopped_on)


def _held(rows: Rows) -> Stops:
    return next((row["stops"] for row in rows.values()), None) or ()


def _those(held: Stops | None, of: LastDayOf, action: str | None) -> Iterable[Mapping[str, Any]]:
    return (each for each in held or () if [of, action] in each["what"])
