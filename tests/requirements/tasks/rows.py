"""How a line of the tables of tasks is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half year", "year"


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what one row of a task is about, whose it is and of which unit; `None` is the whole authority."""

    name: str | None = None
    whose: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What is owed in each period: recorded `count` times as that `item`, with what it `holds`, `to` those bodies.

    Or by an audit of the type `audit`, which names whom it is about as `named`; or by an entry in the `book`, where
    that was `said` and those `steps` were taken.
    """

    every: str
    item: str | None = None
    count: int = 1
    holds: tuple[str, ...] = ()
    to: str = ""
    audit: str = ""
    named: str = ""
    book: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """A task: who owes it, about whom, by which clocks, and for which reason it may be left out."""

    name: str
    by: str
    clocks: tuple[Clock, ...]
    each: tuple[About, ...] = (About(),)
    unless: str = ""
    covers: tuple[str, ...] = ()


def only(every: str, to: str = "") -> tuple[Clock, ...]:
    """One clock, of whatever is recorded."""
    return (Clock(every, to=to),)
