"""The directory of one authority, folded from its events: who held which post at any instant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from events.directory import PersonAppointed, PersonLeft, PersonMoved, PersonTrained, UnitPlaced
from events.recorded import Recorded
from services.clock import local_date

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


@dataclass(frozen=True, slots=True)
class Training:
    """A training as auditor, from a day to another, that day included (None: for good)."""

    since: date
    until: date | None = None


@dataclass(slots=True)
class Directory:
    """Units, tenures and the register of trained auditors.

    Applying an event only assigns; asking takes the instant that is meant.
    """

    parents: dict[str, str | None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    tenures: list[Tenure] = field(default_factory=list)
    by_post: dict[Post, list[Tenure]] = field(default_factory=dict)
    by_person: dict[str, list[Tenure]] = field(default_factory=dict)
    trained: dict[str, list[Training]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def apply(self, recorded: Recorded) -> None:
        """Take in one event of the directory."""
        at = recorded.envelope.occurred
        match recorded.fact:
            case UnitPlaced(unit=unit, kind=kind, parent=parent):
                self.parents[unit] = parent
                self.kinds[unit] = kind
            case PersonAppointed(person=person, role=role, unit=unit):
                self._begin(person, Post(role, unit), at)
            case PersonMoved() as moved:
                self._end(moved.person, Post(moved.from_role, moved.from_unit), at)
                self._begin(moved.person, Post(moved.role, moved.unit), at)
            case PersonLeft(person=person, role=role, unit=unit):
                self._end(person, Post(role, unit), at)
            case PersonTrained(person=person, until=until):
                self.trained.setdefault(person, []).append(Training(local_date(at), until))
        self.version = recorded.originator_version
        self.commands[recorded.envelope.command_id] = recorded.envelope.digest

    def add(self, tenure: Tenure) -> None:
        """Take in a tenure, after all those that began before it."""
        self.tenures.append(tenure)
        self.by_post.setdefault(tenure.post, []).append(tenure)
        self.by_person.setdefault(tenure.person, []).append(tenure)

    def holders(self, post: Post, at: datetime) -> list[str]:
        """Who held a post then, in the order of their appointment; empty for a vacancy."""
        return [tenure.person for tenure in self.by_post.get(post, ()) if tenure.covers(at)]

    def held_by(self, person: str, at: datetime) -> list[Post]:
        """The posts that a person held then."""
        return [tenure.post for tenure in self.by_person.get(person, ()) if tenure.covers(at)]

    def ever_held_by(self, person: str) -> list[Post]:
        """The posts that a person has ever held, latest last."""
        return [tenure.post for tenure in self.by_person.get(person, ())]

    def has_left(self, person: str, at: datetime) -> bool:
        """Whether the person had left a post by then."""
        return any(tenure.until is not None and tenure.until <= at for tenure in self.by_person.get(person, ()))

    def is_trained(self, person: str, on: date) -> bool:
        """Whether the person was on the register of trained auditors that day (TOR-3)."""
        held = self.trained.get(person, ())
        return any(each.since <= on and (each.until is None or on <= each.until) for each in held)

    def unit_of_kind(self, unit: str | None, kind: str) -> str | None:
        """The unit itself or the nearest one above it of that kind; None if there is none."""
        passed: set[str] = set()
        while unit is not None and self.kinds.get(unit) != kind and unit not in passed:
            passed.add(unit)
            unit = self.parents.get(unit)
        return unit if unit is not None and self.kinds.get(unit) == kind else None

    def _begin(self, person: str, post: Post, at: datetime) -> None:
        self.add(Tenure(person, post, at))

    def _end(self, person: str, post: Post, at: datetime) -> None:
        for tenure in self.by_post.get(post, ()):
            if tenure.person == person and tenure.until is None:
                tenure.until = at


def fold_directory(history: Iterable[Recorded], directory: Directory | None = None) -> Directory:
    """The directory after `history`, continued from `directory` if one is given."""
    directory = directory or Directory()
    for recorded in history:
        directory.apply(recorded)
    return directory
