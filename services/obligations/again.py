"""What is owed again and again: once it was met, by the next of its days, until something ends it."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from events.recorded import Recorded
from services.clock import local_date
from services.obligations.discharge import act_that_met, given_up
from services.obligations.framework import Framework, Held, Rule
from services.obligations.log import Log
from services.obligations.model import Obligation
from services.obligations.starts import Start, earliest
from services.policy.expressions import Span


@dataclass(frozen=True, slots=True)
class Begun:
    """A clock that began, with the rule and the version that it runs by."""

    framework: Framework
    rule: Rule
    start: Start


def owed_again(log: Log, begun: Begun, first: Obligation, last: Obligation, held: Held) -> Begun | None:
    """The clock that begins as the `last` one was met; None where that is not met, or is not owed again.

    It runs by the version of the act that met it, which may owe it no more. Its last day is the first of those counted
    from the last day of the `first` one that lies after that act and after the last one. It ends with what would have
    ended the first one.
    """
    over = last.ended()
    if begun.rule.stated.again_every is None or first.due is None or over is None or over[1] != "met":
        return None
    act = act_that_met(log, begun.rule, last.trigger, last.key, over[0])
    framework, rule = _of_version(act, begun.rule.name, held) or (begun.framework, None)
    every = rule.stated.again_every if rule else None
    if rule is None or every is None:
        return None
    key, _, number = begun.start.key.partition("-")
    start = Start(
        act,
        f"{key or '1'}-{int(number or 1) + 1}",
        due=_next(rule, every, first.due, max(last.due or first.due, local_date(act.envelope.occurred))),
        fell_away=earliest(begun.start.fell_away, given_up(log, rule, first.trigger, first.key)),
    )
    return Begun(framework, rule, start)


def _of_version(act: Recorded, name: str, held: Held) -> tuple[Framework, Rule] | None:
    """The rule of that name in the version of an act; None where that version has none."""
    then = (each for each in held if each[0].policy.version == act.envelope.policy_version)
    return next(((framework, rule) for framework, rules in then for rule in rules if rule.name == name), None)


def _next(rule: Rule, every: Span, first: date, after: date) -> date:
    """The first of the days, counted from the first last day, that lies after that one."""
    counted = (rule.calendar.shift(first, Span(every.count * number, every.unit)) for number in count(1))
    return next(day for day in (rule.calendar.roll(each, rule.rolling) for each in counted) if day > after)
