"""How a line of the tables of tasks is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MONTH, QUARTER, HALF, YEAR, CALENDAR_YEAR = "month", "quarter", "half year", "year", "calendar year"


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what one row of a task is about, whose it is and of which unit; `None` is the whole authority.

    Who came only in the course of the year is about from the day `since`.
    """

    name: str | None = None
    whose: str | None = None
    unit: str | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """What is owed in each period: recorded `count` times as that `item`, with what it `holds`, `to` those bodies.

    Or by an audit of the type `audit`, once it is returned or whatever it says in `when`, which names whom it is about
    as `named`; or by an entry in the `book`, where that was `said` and those `steps` were taken. Or else by what
    stands in `instead`, which is never mixed with it.
    """

    every: str
    item: str | None = None
    count: int = 1
    holds: tuple[str, ...] = ()
    to: str = ""
    audit: str = ""
    named: str = ""
    when: str = "returned"
    book: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    instead: "Clock | None" = None

    @property
    def ways(self) -> tuple["Clock", ...]:
        """What is asked for, and what may be done instead."""
        return (self, self.instead) if self.instead else (self,)

    def does(self, other: "Clock") -> bool:
        """Whether doing this does what the other asks for as well."""
        if (self.audit, self.when, self.book, self.item) != (other.audit, other.when, other.book, other.item):
            return False
        told = bool(self.item) or set(other.to.split()) <= set(self.to.split())
        said = other.said.items() <= self.said.items() and set(other.steps) <= set(self.steps)
        return told and said and set(other.holds) <= set(self.holds) and other.count <= self.count


@dataclass(frozen=True, slots=True)
class Owed:
    """A task: who owes it, about whom, by which clocks, and for which reason it may be left out.

    Who came in the course of a period owes it from the first whole one on, or `at_once`.
    """

    name: str
    by: str
    clocks: tuple[Clock, ...]
    each: tuple[About, ...] = (About(),)
    unless: str = ""
    at_once: bool = False
    covers: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[Clock, ...]:
        """Each way of doing what a clock of it asks for."""
        return tuple(way for clock in self.clocks for way in clock.ways)


def only(every: str, to: str = "") -> tuple[Clock, ...]:
    """One clock, of whatever is recorded."""
    return (Clock(every, to=to),)
