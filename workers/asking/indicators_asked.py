"""Indicators as they are asked for: what the policy in force says of each, and whose figures are meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from events.errors import NotFound, Refused
from projections.dates import month_on
from projections.indicator_counts import Counting
from projections.indicator_months import IndicatorRow, Place, Watched, indicator_months
from services.clock import at_local
from services.directory.snapshot import directory_of
from services.directory.state import Directory
from services.obligations.calendar import month_end
from services.policy.indicators import FromAudits, Indicator
from services.policy.model import Policy
from workers.system import System


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose figures are meant: of one service, team or person, `by` each service or team, or of the whole authority."""

    by: str | None = None
    service: str | None = None
    team: str | None = None
    person: str | None = None

    def require_one(self) -> None:
        """Refused where more than one is named."""
        if sum(each is not None for each in (self.by, self.service, self.team, self.person)) > 1:
            raise Refused("by", "name one of --by, --service, --team and --person")

    def places(self, directory: Directory, at: datetime) -> Iterator[Place]:
        """The places at that instant. NotFound for a unit or a person that the directory does not know then."""
        if self.by is not None:
            for unit in directory.units(self.by, at):
                yield _unit(directory, at, self.by, unit)
        elif self.service is not None or self.team is not None:
            yield _unit(directory, at, "service" if self.service else "team", self.service or self.team or "")
        elif self.person is not None:
            if not directory.ever_held_by(self.person, at):
                raise NotFound("person", self.person)
            yield Place("person", self.person)
        else:
            yield Place()


def rows_of(
    system: System, authority: str, last: str, months: int, whose: Whose, indicator: str | None = None
) -> list[IndicatorRow]:
    """The figures of so many months up to the `last` one (YYYY-MM), as the policy in force at its end words them.

    With `indicator`, of that one alone: NotFound where the policy has none of the name. Refused where several places
    are named.
    """
    whose.require_one()
    policy = system.policies[authority].in_force(month_end(date.fromisoformat(f"{last}-01")))
    watched = [as_watched(each, policy) for each in policy.indicators if indicator in {None, each.name}]
    if indicator is not None and not watched:
        raise NotFound("indicator", indicator)
    asked = [month_on(last, -back) for back in range(months)]
    directory = directory_of(system.history(authority))
    places = whose.places(directory, end_of(last))
    return [row for place in places for row in indicator_months(system.engine, authority, watched, asked, place)]


def as_watched(indicator: Indicator, policy: Policy) -> Watched:
    """The indicator as the view is asked for it."""
    return Watched(
        **{
            name: getattr(indicator, name)
            for name in ("name", "title", "kind", "basket", "unit", "per", "better", "parts", "levels", "target")
        },
        window=str(indicator.window) if indicator.window else None,
        compared_with=indicator.compared_with,
        counting=_counting(indicator, indicator.counted, policy) if indicator.counted else None,
    )


def end_of(month: str) -> datetime:
    """The last instant of a month (YYYY-MM) in England."""
    after = month_end(date.fromisoformat(f"{month}-01")) + timedelta(days=1)
    return at_local(after, time(0, 0)) - datetime.resolution


def _counting(indicator: Indicator, counted: FromAudits, policy: Policy) -> Counting:
    mapped = policy.tool.indicator_map.get(counted.mapped or "", ())
    return Counting(
        scale=frozenset(policy.grades.overall if counted.overall else policy.grades.sections),
        grades=frozenset(counted.grades),
        sections=counted.sections or mapped,
        types=counted.types,
        months=indicator.window.count if indicator.window else 1,
    )


def _unit(directory: Directory, at: datetime, kind: str, unit: str) -> Place:
    if directory.kind_of(unit, at) != kind:
        raise NotFound(kind, unit)

    @cache
    def belonged(team: str, month: str) -> bool:
        return directory.unit_of_kind(team, kind, end_of(month)) == unit

    return Place("team" if kind == "team" else "service", unit, belonged)
