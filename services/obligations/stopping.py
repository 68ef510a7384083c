"""A clock that stands still on a ground, and goes on the next working day after that ground is gone.

Whatever is due after the stop is moved, and nothing is ever moved to an earlier day. A last day in working days has as
many of them left as it had; one in days, weeks or months is moved by the days that it stood; one in hours has as many
hours left, from the beginning of the working day after. A stop that begins and ends on one day moves no day.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from events.recorded import Recorded
from events.stopping import ClockResumed, ClockStopped
from services.clock import at_local, local_date
from services.obligations.calendar import WorkingCalendar
from services.obligations.model import Standstill
from services.obligations.moments import MIDNIGHT, When, overdue_from
from services.policy.expressions import Rolling, Span
from services.policy.model import ObligationRule

Effect = Callable[[When], datetime]
"""The instant at which what is counted comes to pass."""

Counted = Callable[[When | None], When | None]
"""What is counted from a last day."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One ground on which a record's clocks, or that of one action, stood still; `until` None while they do."""

    ground: str
    action: str | None
    since: datetime
    until: datetime | None = None


def stops_of(acts: Sequence[Recorded]) -> tuple[Stop, ...]:
    """The stops of a record by the order in which they began."""
    found: list[Stop] = []
    for act in acts:
        match act.fact:
            case ClockStopped(ground=ground, action=action):
                found.append(Stop(ground, action, act.envelope.occurred))
            case ClockResumed(ground=ground, action=action):
                found = [_ended(each, ground, action, act.envelope.occurred) for each in found]
    return tuple(sorted(found, key=lambda each: each.since))


def _ended(stop: Stop, ground: str, action: str | None, at: datetime) -> Stop:
    ends = (stop.ground, stop.action, stop.until) == (ground, action, None)
    return replace(stop, until=at) if ends else stop


def stops_for(rule: ObligationRule, key: str, stops: Sequence[Stop]) -> Iterator[Stop]:
    """Those of the stops that the clock of a rule stands still for."""
    item = key if rule.per == "action" else None
    return (each for each in stops if each.ground in rule.stops_for and each.action in {None, item})


def joined(stops: Iterator[Stop], began: datetime, ended: datetime | None) -> tuple[Stop, ...]:
    """The spans in which a clock that ran from one instant to another stood still, joined where they overlap."""
    found: list[Stop] = []
    for stop in stops:
        if (stop.until is not None and stop.until <= began) or (ended is not None and stop.since >= ended):
            continue
        before = found[-1] if found else None
        if before is None or (before.until is not None and before.until < stop.since):
            found.append(replace(stop, since=max(stop.since, began)))
        elif before.until is not None:
            found[-1] = replace(before, until=None if stop.until is None else max(before.until, stop.until))
    return tuple(found)


class Course:
    """How what is due by one clock moves with its stops."""

    def __init__(
        self, rule: ObligationRule, calendar: WorkingCalendar, rolling: Rolling, stops: Sequence[Stop]
    ) -> None:
        self._in_working_days = rule.due is not None and _in_working_days(rule.due.span)
        self._calendar = calendar
        self._rolling: Rolling = "none" if rule.by_clock else rolling
        self._ended = tuple((stop.since, stop.until) for stop in stops if stop.until is not None)
        self._last = next((stop for stop in stops if stop.until is None), None)

    @property
    def stands(self) -> Standstill | None:
        """Since when and why it stands still now; None while it runs."""
        return None if self._last is None else Standstill(self._last.since, self._last.ground)

    def comes(self, when: When, effect: Effect) -> bool:
        """Whether a step comes to pass: nothing stands still now, or it had come before that."""
        return self._last is None or effect(when) <= self._last.since

    def last_days(self, due: When | None) -> list[When | None]:
        """The last day before the first stop, and after each."""
        days = [due]
        for number, (since, until) in enumerate(self._ended):
            day = days[-1]
            if day is not None and overdue_from(day) > since:
                later = self._later(day, number, in_working_days=self._in_working_days)
                day = later if later.at is not None or later == day else self._on_a_day_of_work(later, until)
            days.append(day)
        return days

    def _on_a_day_of_work(self, day: When, until: datetime) -> When:
        resumed = local_date(until)
        rolled = self._calendar.roll(day.day, self._rolling)
        return When(rolled if rolled >= resumed else self._calendar.roll(resumed, "next"))

    def step(self, counted: Counted, days: Sequence[When | None], effect: Effect, span: Span | None) -> When | None:
        """A step as it is `counted` from the last day, and moved with it; without `days`, moved by itself."""
        when = counted(days[0] if days else None)
        for number, (since, until) in enumerate(self._ended):
            if when is None or effect(when) <= since:
                break
            due, moved = days[number : number + 2] if days else (None, None)
            if due is None or overdue_from(due) <= since:  # it is counted from nothing that moves
                working = self._in_working_days if span is None else _in_working_days(span)
                when = self._later(when, number, in_working_days=working)
            elif moved != due and (again := counted(moved)) is not None:
                when = again if again.at is not None else When(max(again.day, when.day, local_date(until)))
        return when

    def _later(self, when: When, number: int, *, in_working_days: bool) -> When:
        since, until = self._ended[number]
        if when.at is not None:
            at = when.at + self._hours(number)
            return When(local_date(at), at)
        began, resumed = local_date(since), local_date(until)
        if not in_working_days:
            return When(when.day + (resumed - began))
        days = (began + timedelta(days=each) for each in range(1, (resumed - began).days + 1))
        stood = sum(map(self._calendar.is_working, days))
        return When(self._calendar.shift(when.day, Span(stood, "working days")))

    def _hours(self, number: int) -> timedelta:
        """How long an instant is moved by a stop: it stood until the beginning of the working day after."""
        since, _ = self._ended[number]
        ran_from = max(since, self._goes_on(number - 1)) if number else since
        return max(timedelta(), self._goes_on(number) - ran_from)

    def _goes_on(self, number: int) -> datetime:
        since, until = self._ended[number]
        if since == until:
            return since
        return at_local(self._calendar.roll(local_date(until) + timedelta(days=1), "next"), MIDNIGHT)


def _in_working_days(span: Span | None) -> bool:
    return span is not None and span.unit == "working days"
