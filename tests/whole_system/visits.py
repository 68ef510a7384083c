"""A part of the domain that the project has never heard of, with a view of its own: thank-you visits to families.

A visit is asked for when an audit finds the lowest grade, or planned by hand; it is made, or missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Date, String, select

from events.audits import AuditSubmitted
from events.base import Fact, Ref, Sealed
from events.errors import NotFound, Refused
from events.recorded import Recorded
from events.wording import in_words
from projections.generations import reading
from projections.store import Source
from projections.view import Change, Declared, Held, Shape, Spec, View, change, new
from services.core.command import Command, Day, Text
from services.core.part import Act, Part, Reaction
from services.core.record import Kind
from services.core.situation import Decided, Situation
from services.directory.recipients import Named


class VisitAsked(Fact):
    """An audit found something that the family should be told of in person."""

    stored_name = "visit.asked.v1"
    acts = ("audit.submit",)
    audit: Ref
    child: Ref
    team: Ref

    def sentence(self) -> str:
        return f"Audit {self.audit} asked for a visit to the family of child {self.child}."


class VisitPlanned(Fact):
    """The visit has its day."""

    stored_name = "visit.planned.v1"
    begins = True
    acts = ("visit.plan",)
    child: Ref
    team: Ref
    day: date

    def sentence(self) -> str:
        return f"Team {self.team} will visit the family of child {self.child} on {in_words(self.day)}."


class VisitMissed(Fact):
    """Nobody went."""

    stored_name = "visit.missed.v1"
    acts = ("visit.miss",)
    reason: Sealed

    def sentence(self) -> str:
        return "Nobody visited the family; the reason is recorded."


@dataclass
class Visit:
    """A visit as it stands."""

    child: str | None = None
    team: str | None = None
    day: date | None = None

    def apply(self, recorded: Recorded) -> None:
        match recorded.fact:
            case VisitAsked(child=child, team=team):
                self.child, self.team = child, team
            case VisitPlanned(child=child, team=team, day=day):
                self.child, self.team, self.day = child, team, day


class PlanVisit(Command):
    """Give the visit its day."""

    command: Literal["visit.plan"]
    visit: Ref
    child: Ref
    team: Ref
    day: Day

    @property
    def aggregate(self) -> str:
        return f"visit/{self.visit}"


class MissVisit(Command):
    """Say that nobody went, and why."""

    command: Literal["visit.miss"]
    visit: Ref
    reason: Text

    @property
    def aggregate(self) -> str:
        return f"visit/{self.visit}"


def _plan(command: PlanVisit, visit: Visit, situation: Situation) -> list[Fact]:
    if visit.child not in {None, command.child}:
        raise Refused("child", f"{command.visit} is for another child")
    situation.require_unit("team", command.team, "team")
    return [VisitPlanned(child=command.child, team=command.team, day=command.day)]


def _miss(command: MissVisit, visit: Visit, situation: Situation) -> list[Fact]:
    situation.record.require_standing()
    if visit.day is None:
        raise Refused("visit", f"{command.visit} has no day yet")
    return [VisitMissed(reason=situation.seal("visit.reason", command.reason))]


def _asked(fact: AuditSubmitted, situation: Situation) -> Iterator[Decided]:
    """The lowest grade of the scale asks for a visit to the family of the audited child."""
    audit = situation.record
    if fact.grade == situation.policy.grades.overall[-1]:
        asked = VisitAsked(audit=audit.reference, child=audit.state.child, team=audit.state.team)
        yield Decided(f"visit/{audit.reference}", asked)


def _names(visit: Visit, _item: str) -> Named:
    return Named(about=visit.team)


def _stands(visit: Visit, reference: str) -> None:
    if visit.child is None:
        raise NotFound("visit", reference)


VISITS = Part(
    name="visits",
    kinds=(Kind("visit", Visit, owes=True, names=_names, require_standing=_stands),),
    acts=(Act(PlanVisit, _plan), Act(MissVisit, _miss)),
    reactions=(Reaction((AuditSubmitted,), _asked),),
)

SHAPE = Shape("visits", (Spec("visits", {"child": String(64), "team": String(64), "day": Date()}),))


def _row(fact: VisitAsked | VisitPlanned, _: Recorded, held: Held) -> list[Change]:
    make = change if held["visits"] else new
    return [make("visits", child=fact.child, team=fact.team, day=getattr(fact, "day", None))]


def visits_view() -> View:
    return View(SHAPE, {VisitAsked: _row, VisitPlanned: _row})


VIEW = Declared(SHAPE, visits_view)


def visits(source: Source, authority: str) -> list[tuple[str, str, str, date | None]]:
    """Every visit of an authority with its child, its team and its day."""
    with reading(SHAPE, source) as (db, tables):
        table = tables["visits"]
        query = select(table).where(table.c.authority == authority).order_by(table.c.about)
        return [(row.about, row.child, row.team, row.day) for row in db.execute(query)]
