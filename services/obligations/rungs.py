"""The steps of one clock, each with its exact instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from services.clock import local_date
from services.obligations.framework import Rule, Stage
from services.obligations.log import Log
from services.obligations.model import Rung
from services.obligations.moments import Bases, When, instant_at, overdue_from
from services.obligations.starts import Start
from services.obligations.stopping import Course


@dataclass(frozen=True, slots=True)
class Running:
    """What the steps of one clock are counted by: its stops, its last day after each of them, and its pauses."""

    course: Course | None
    days: Sequence[When | None]
    pauses: Sequence[tuple[date, date]]


def rungs_of(log: Log, rule: Rule, start: Start, bases: Bases, running: Running) -> Iterator[Rung]:
    """The rungs of a clock in the order of its ladder."""
    rungs = _rungs(rule, start, bases, running)
    return _repeated(log, rule, start, rungs) if rule.again else rungs


def _rungs(rule: Rule, start: Start, bases: Bases, running: Running) -> Iterator[Rung]:
    course, began = running.course, start.trigger.envelope.occurred
    began_on = local_date(began)

    for stage in rule.ladder:
        step, effect = stage.step, partial(_goes, stage.hour)
        days = running.days if stage.from_due else ()
        if course is None:
            when = _counted(rule, bases, stage, days[0] if days else None)
        else:
            when = course.step(partial(_counted, rule, bases, stage), days, effect, step.on.span)
        if when is None or (course is not None and not course.comes(when, effect)):
            continue
        day = paused(when.day, running.pauses)
        # What another obligation's day lists as outstanding had begun before that day, and not on it.
        if day is None or (stage.listing and day == began_on):
            continue
        instant = effect(When(day, when.at))
        # On the day of its cause a step goes with it if its hour has passed; of an earlier day nobody can be told.
        too_late = instant < began if when.at else day < began_on
        yield Rung(
            obligation=rule.name,
            step=step.name,
            key=start.key,
            due=instant if too_late else max(instant, began),
            kind=step.kind,
            level=step.level,
            title=step.title,
            to=step.to,
            trigger=start.trigger.envelope.event_id,
            too_late=too_late,
        )


def _counted(rule: Rule, bases: Bases, stage: Stage, due: When | None) -> When | None:
    """The day or the instant of a step, where the last day is `due`."""
    # It is no function within the other one: that would hold itself, and with it all that is known of the record.
    if stage.base is not None:
        base = _counted(rule, bases, stage.base, due)
    elif not stage.from_due:
        return bases.counted(stage.step.on, rule.calendar)
    else:  # a day that was agreed lasts to its end
        base = When(due.day, overdue_from(due)) if due is not None and rule.stated.by_clock else due
    return bases.counted_from(base, stage.step.on, rule.calendar)


def _repeated(log: Log, rule: Rule, start: Start, rungs: Iterable[Rung]) -> Iterator[Rung]:
    """Each rung, and where the ladder says so again and again until somebody acknowledged it.

    Imported history is not repeated: nobody can say any more when it was first heard.
    """
    for rung in rungs:
        yield rung
        step = rule.again.get(rung.step)
        if step is None or step.repeat_hours is None or rung.too_late or start.trigger.envelope.imported:
            continue
        answered = log.answered.get((rung.obligation, rung.step, rung.trigger))
        for number in range(1, step.at_most):
            due = rung.due + timedelta(hours=number * step.repeat_hours)
            if answered is not None and answered <= due:
                break
            yield replace(rung, due=due, number=number)


def _goes(hour: time, when: When) -> datetime:
    """When a step with that hour goes on its day, or at its instant."""
    return when.at or instant_at(when.day, hour)


def paused(day: date | None, pauses: Sequence[tuple[date, date]], *, ends_with_the_day: bool = False) -> date | None:
    """The day moved on by every pause that began before it; a deadline lasts until the end of its day."""
    for start, end in pauses:
        if day and (day > start or (ends_with_the_day and day == start)):
            day += end - start
    return day
