"""What a pack is made of: the question, the books, and the audits of the window, each read once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from statistics import median

from events.recorded import Recorded
from projections.given import AnswerRow
from projections.given_in import HOLD_ANSWERS, answers_in
from projections.grade_changes import Scale
from projections.register import RegisterRow, register
from services.clock import at_local
from services.obligations.calendar import WorkingCalendar
from workers.reports.page import AsAt, Copy, Section
from workers.story.books import Books

AT_ONCE = 40
"""Audits whose events are in memory at a time."""

NOW = AsAt()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A child whom inspectors chose: where the file names it, and by which reference it is known here, if by any."""

    line: int
    child: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """Which pack is asked for: of what was worked on from `first` to `last`, in which copy, as it stood when.

    `children` are those whom inspectors chose; the audits to be made of them are to be made by `deadline`.
    """

    first: date
    last: date
    copy: Copy = "named"
    as_at: AsAt = NOW
    children: tuple[Chosen, ...] = ()
    deadline: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the day lies in the window."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a part: the name of its file without an ending, its title and its sections."""

    name: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Material:
    """The question with the books. Audits come in the order of their allocation."""

    question: Question
    books: Books
    _services: dict[str, str] = field(default_factory=dict)

    @property
    def threshold(self) -> int:
        """Up to which number a copy for boards hides: by the policy of the window's last day."""
        return self.books.policies.in_force(self.question.last).copies.suppress_up_to

    @cached_property
    def all_audits(self) -> Mapping[str, RegisterRow]:
        """Every audit by its reference, late as judged on the day of the books."""
        books = self.books
        return {row.audit: row for row in register(books.source, books.authority, as_of=books.today)}

    @cached_property
    def audits(self) -> Sequence[RegisterRow]:
        """Those of the window: given out, returned, moderated or closed in it."""
        holds = self.question.holds
        return [
            row
            for row in self.all_audits.values()
            if any(map(holds, (row.allocated_on, row.returned_on, row.moderated_on, row.closed_on)))
        ]

    def histories(self) -> Iterator[tuple[RegisterRow, Sequence[Recorded]]]:
        """Each audit of the window with its events, some at a time."""
        for first in range(0, len(self.audits), AT_ONCE):
            held = {f"audit/{row.audit}": row for row in self.audits[first : first + AT_ONCE]}
            for about, events in groupby(self.books.events(held), key=lambda each: each.originator_id):
                yield held[about], list(events)

    @cached_property
    def answers(self) -> Sequence[AnswerRow]:
        """What was answered of the audits of the window, in the order in which it was given."""
        events = [each for _, history in self.histories() for each in history if type(each.fact) in HOLD_ANSWERS]
        events.sort(key=lambda each: (each.envelope.occurred, each.position))
        return [row for each in events for row in answers_in(each)]

    @property
    def end(self) -> datetime:
        """The end of the window."""
        return at_local(self.question.last + timedelta(days=1), time(0, 0)) - datetime.resolution

    def service(self, team: str) -> str:
        """The service that a team belonged to at the end of the window."""
        if team not in self._services:
            self._services[team] = self.books.directory.unit_of_kind(team, "service", self.end) or "no service"
        return self._services[team]

    def posts(self, person: str, on: date) -> str:
        """The posts that a person held on a day, as the framework calls them."""
        held = self.books.directory.held_on(person, on)
        return ", ".join(dict.fromkeys(self.books.role(post.role) for post in held))

    @cached_property
    def scale(self) -> Scale:
        """The scale of the framework in force at the end of the window."""
        version = self.books.policies.in_force(self.question.last).version
        return self.books.scales[version]

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days of the council."""
        return WorkingCalendar.of(self.books.policies.in_force(self.question.last))

    def working_days(self, first: date, last: date) -> int:
        """How many working days `last` lies after `first`: 0 on the same day."""
        days = (first + timedelta(days=each) for each in range(1, (last - first).days + 1))
        return sum(map(self.calendar.is_working, days))


def middle(days: Sequence[int]) -> Fraction | None:
    """The median; None of nothing."""
    return Fraction(median(days)) if days else None
