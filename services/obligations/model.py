"""What the engine answers with: obligations, their rungs, and what is to become of each rung."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from events.recorded import Recorded
from services.clock import local_date
from services.obligations.moments import When, overdue_from
from services.obligations.steps import Identity
from services.policy.expressions import Addressee
from services.policy.ladders import StepKind
from services.policy.model import ObligationRule

Verdict = Literal["pending", "send", "met", "cancelled", "too_late", "nothing_owed"]

_PLACE = re.compile(r"\{([a-z_]+)\}")
_LONGEST = 200
"""A title is cut here; it is a heading, and what it names stands in history."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an obligation's ladder with its exact instant (UTC).

    `too_late` says that its day had passed when its clock began: nobody can be told on it any more.
    """

    obligation: str
    step: str
    key: str
    due: datetime
    kind: StepKind
    level: int
    title: str
    to: tuple[Addressee, ...]
    trigger: str
    number: int = 0
    too_late: bool = False

    @property
    def identity(self) -> Identity:
        """The identity that its record in history will carry: the instant is no part of it."""
        return (self.obligation, self.step, self.trigger, self.number)


@dataclass(frozen=True, slots=True)
class ActsOn:
    """Whether an obligation needs something to be about (an action to confirm), and since when there is one."""

    needed: bool = False
    since: datetime | None = None


ANYTHING = ActsOn()
"""Of an obligation that is about the record itself."""


def met_since(changes: Sequence[tuple[datetime, bool]]) -> datetime | None:
    """Since when it is met, of what became met, or unmet again, at these instants; None while it is not."""
    since: datetime | None = None
    for when, met in changes:
        since = (since or when) if met else None
    return since


Ended = tuple[datetime, Literal["met", "cancelled"]]
"""When an obligation ended, and how."""


def ended(met: datetime | None, fell_away: datetime | None) -> Ended | None:
    """When what was met then, or fell away, came to an end, whichever came first; None while it stands."""
    if fell_away is not None and (met is None or fell_away < met):
        return fell_away, "cancelled"
    return None if met is None else (met, "met")


@dataclass(frozen=True, slots=True)
class Standstill:
    """Since when a clock stands still, and on which ground."""

    since: datetime
    ground: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """Someone owes something about something by a date.

    `trigger` is the event that fixed its clock; `due` its last day (None where the framework states none), and
    `due_at` the last instant where it is counted in hours.
    `changes` says at which instants it became met or, for a condition, unmet again; `fell_away` when it did.
    `progress` says what a rule that adds up had come to from each instant on. What is done before the day `opens`
    does not count; None where any day does. `acts_on` says since when there is anything at all that it is about.
    `stands` says that its clock stands still: `due` is then the last day that it had, and is moved once it goes on.
    """

    rule: ObligationRule
    key: str
    trigger: Recorded
    due: date | None
    changes: Sequence[tuple[datetime, bool]]
    fell_away: datetime | None
    rungs: tuple[Rung, ...] = ()
    progress: Sequence[tuple[datetime, int]] = ()
    opens: date | None = None
    acts_on: ActsOn = ANYTHING
    due_at: datetime | None = None
    stands: Standstill | None = None

    @property
    def name(self) -> str:
        """The rule's name in the policy."""
        return self.rule.name

    @property
    def is_open(self) -> bool:
        """Whether somebody can meet it, it has a last day and something to be about, and stands neither met nor ended.

        One that is about actions alone is not owed while there is none.
        """
        has_its_object = not self.acts_on.needed or self.acts_on.since is not None
        return bool(self.rule.met_by and self.due and has_its_object and not self.ended())

    @property
    def overdue_from(self) -> datetime | None:
        """Midnight after the due date in England, in UTC (A-ALL-02), or the last instant; None without a due date.

        None as well while its clock stands still, unless it had passed by then.
        """
        if self.due is None:
            return None
        passed = overdue_from(When(self.due, self.due_at))
        return passed if self.stands is None or passed <= self.stands.since else None

    def met_at(self, instant: datetime) -> bool:
        """Whether what was owed had been done by then."""
        met = False
        for when, state in self.changes:
            if when > instant:
                break
            met = state
        return met

    def idle_at(self, instant: datetime) -> bool:
        """Whether nothing was there yet that could have been done: nobody owed it, and nobody had met it (A-ALL-05)."""
        return self.acts_on.needed and (self.acts_on.since is None or instant < self.acts_on.since)

    def done_at(self, instant: datetime) -> int:
        """What a rule that adds up had come to by then."""
        return next((total for when, total in reversed(self.progress) if when <= instant), 0)

    def titled(self, rung: Rung, instant: datetime) -> str:
        """The title of a step that fires then, with its places filled."""

        def fill(place: re.Match[str]) -> str:
            own = {"done": self.done_at(instant), "wanted": self.rule.met_count}
            return _as_words(own.get(place[1], getattr(self.trigger.fact, place[1], "")))

        return (_PLACE.sub(fill, rung.title) if "{" in rung.title else rung.title)[:_LONGEST]

    def met_since(self) -> datetime | None:
        """When it was met, as far as history goes; None while it is not. Meeting it again does not move the date."""
        return met_since(self.changes)

    def ended(self) -> Ended | None:
        """When it was met or fell away, whichever came first; None while it stands."""
        return ended(self.met_since(), self.fell_away)

    def verdict(self, rung: Rung, now: datetime) -> Verdict:
        """What is to become of a rung (A-ALL-05).

        State decides, not the timer: live work is judged as it stands now, so a late timer chases nobody who
        has delivered since. Imported history is judged as it stood when the rung came due.
        """
        if now < rung.due:
            return "pending"
        judged = self.settles_at(rung, now)
        if self.fell_away is not None and self.fell_away <= judged:
            return "cancelled"
        if self.idle_at(judged):
            return "nothing_owed"
        if self.met_at(judged):
            return "met"
        return "too_late" if rung.too_late else "send"

    def settles_at(self, rung: Rung, now: datetime) -> datetime:
        """When what became of a rung counts as having happened, if it is worked out now."""
        if rung.too_late:
            return self.trigger.envelope.occurred
        return rung.due if self.is_reconstructed(rung) else now

    def is_reconstructed(self, rung: Rung) -> bool:
        """Whether the rung had come due before an import told us of its cause."""
        return bool(self.trigger.envelope.imported) and self.trigger.envelope.recorded > rung.due


def _as_words(held: object) -> str:
    match held:
        case datetime():
            return _as_words(local_date(held))
        case date():
            return f"{held:%-d %B %Y}"
        case [*first, last] if first:
            return f"{', '.join(map(str, first))} and {last}"
        case tuple():
            return str(held[0]) if held else ""
    return str(held)


Wanted = Callable[[ObligationRule], bool]
"""Which rules are asked for."""


def every(_each: object) -> bool:
    """All of them."""
    return True


OwedBy = Callable[[str, Wanted], tuple[Obligation, ...]]
"""The obligations of a record, by its name, of the rules that are asked for."""
