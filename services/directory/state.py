"""The directory of one authority, folded from its events: who held which post in which unit at any instant.

A reorganisation in November changes nothing of what was true in March: posts and units alike are asked as of an
instant or a day, and what is recorded late about an earlier time takes its place in that time.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from events.directory import PersonAppointed, PersonLeft, PersonMoved, PersonTrained, UnitPlaced
from events.recorded import Recorded
from services.clock import local_date
from services.directory.addresses import Addresses

DIRECTORY = "directory/people"
"""The one aggregate of an authority that holds its directory."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a unit; `unit` None means the whole authority."""

    role: str
    unit: str | None = None


@dataclass(slots=True)
class Tenure:
    """A person in a post, from an instant until another (None: still)."""

    person: str
    post: Post
    since: datetime
    until: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        """Whether the person was in the post then."""
        return self.since <= instant and (self.until is None or instant < self.until)

    def covers_day(self, day: date) -> bool:
        """Whether the person was in the post at some time of that day in England, the last one included."""
        return local_date(self.since) <= day and self.lasts_to(day)

    def lasts_to(self, day: date) -> bool:
        """Whether the person was in the post on that day in England, or was to be in it later."""
        return self.until is None or day <= local_date(self.until)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a unit stands from an instant on, until it is placed anew: a service, or a team of the service above."""

    since: datetime
    kind: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """A training as auditor, from a day to another, that day included (None: for good)."""

    since: date
    until: date | None = None


@dataclass(slots=True)
class Directory:
    """Units, tenures, the register of trained auditors, and how people are reached.

    Applying an event only assigns; asking takes the instant or the day that is meant. Which commands
    said so it does not keep.
    """

    placements: dict[str, list[Placement]] = field(default_factory=dict)
    tenures: list[Tenure] = field(default_factory=list)
    by_post: dict[Post, list[Tenure]] = field(default_factory=dict)
    by_person: dict[str, list[Tenure]] = field(default_factory=dict)
    trained: dict[str, list[Training]] = field(default_factory=dict)
    addresses: Addresses = field(default_factory=Addresses)
    version: int = 0

    def apply(self, recorded: Recorded) -> None:
        """Take in one event of the directory."""
        at = recorded.envelope.occurred
        match recorded.fact:
            case UnitPlaced(unit=unit, kind=kind, parent=parent):
                self.place(unit, Placement(at, kind, parent))
            case PersonAppointed(person=person, role=role, unit=unit):
                self.add(Tenure(person, Post(role, unit), at))
            case PersonMoved() as moved:
                self._end(moved.person, Post(moved.from_role, moved.from_unit), at)
                self.add(Tenure(moved.person, Post(moved.role, moved.unit), at))
            case PersonLeft(person=person, role=role, unit=unit):
                self._end(person, Post(role, unit), at)
            case PersonTrained(person=person, until=until):
                self.trained.setdefault(person, []).append(Training(local_date(at), until))
            case fact:
                self.addresses.apply(fact)
        self.version = recorded.originator_version

    def add(self, tenure: Tenure) -> None:
        """Take in a tenure, among those of its post and its person in the order in which they began."""
        for held in (
            self.tenures,
            self.by_post.setdefault(tenure.post, []),
            self.by_person.setdefault(tenure.person, []),
        ):
            held.insert(bisect_right(held, tenure.since, key=lambda each: each.since), tenure)

    def place(self, unit: str, placement: Placement) -> None:
        """Take in where a unit stands from an instant on; of two of the same instant the one recorded last holds."""
        held = self.placements.setdefault(unit, [])
        held.insert(bisect_right(held, placement.since, key=lambda each: each.since), placement)

    def holders(self, post: Post, at: datetime) -> list[str]:
        """Who held a post then, in the order of their appointment; empty for a vacancy."""
        return list(dict.fromkeys(each.person for each in self.by_post.get(post, ()) if each.covers(at)))

    def held_by(self, person: str, at: datetime) -> list[Post]:
        """The posts that a person held then."""
        return list(dict.fromkeys(each.post for each in self.by_person.get(person, ()) if each.covers(at)))

    def held_on(self, person: str, day: date) -> list[Post]:
        """The posts that a person held at some time of that day."""
        return list(dict.fromkeys(each.post for each in self.by_person.get(person, ()) if each.covers_day(day)))

    def ever_held_by(self, person: str, at: datetime) -> list[Post]:
        """The posts that a person had held by then, the one taken last standing last."""
        return [each.post for each in self.by_person.get(person, ()) if each.since <= at]

    def has_left(self, person: str, at: datetime) -> bool:
        """Whether the person had left a post by then."""
        return any(each.until is not None and each.until <= at for each in self.by_person.get(person, ()))

    def is_trained(self, person: str, on: date) -> bool:
        """Whether the person was on the register of trained auditors that day (TOR-3)."""
        held = self.trained.get(person, ())
        return any(each.since <= on and (each.until is None or on <= each.until) for each in held)

    def placement(self, unit: str | None, at: datetime) -> Placement | None:
        """Where a unit stood then; None for one that was not there yet."""
        held = self.placements.get(unit or "", ())
        place = bisect_right(held, at, key=lambda each: each.since)
        return held[place - 1] if place else None

    def kind_of(self, unit: str | None, at: datetime) -> str | None:
        """Whether the unit was a team or a service then; None for one that was not there yet."""
        placed = self.placement(unit, at)
        return placed.kind if placed else None

    def units(self, kind: str, at: datetime) -> list[str]:
        """The teams, or the services, that there were then."""
        return sorted(unit for unit in self.placements if self.kind_of(unit, at) == kind)

    def unit_of_kind(self, unit: str | None, kind: str, at: datetime) -> str | None:
        """The unit itself or the nearest one that was above it then, of that kind; None if there was none."""
        passed: set[str] = set()
        while unit is not None and unit not in passed:
            placed = self.placement(unit, at)
            if placed is None or placed.kind == kind:
                return unit if placed else None
            passed.add(unit)
            unit = placed.parent
        return None

    def hanging_on(self, unit: str, at: datetime) -> list[str]:
        """The teams that stand under a unit then or later, and the posts in it that are held then or later."""
        teams = [
            team
            for team, held in sorted(self.placements.items())
            if any(each.parent == unit and (each.since > at or each is self.placement(team, at)) for each in held)
        ]
        held = (each for each in self.tenures if each.post.unit == unit and (each.until is None or each.until > at))
        return [*(f"team {team}" for team in teams), *sorted({f"post {each.post.role}" for each in held})]

    def _end(self, person: str, post: Post, at: datetime) -> None:
        for tenure in self.by_post.get(post, ()):
            if tenure.person == person and tenure.covers(at):
                tenure.until = at


def fold_directory(history: Iterable[Recorded], directory: Directory | None = None) -> Directory:
    """The directory after `history`, continued from `directory` if one is given."""
    directory = directory or Directory()
    for recorded in history:
        directory.apply(recorded)
    return directory
