"""A version of a framework as the engine asks it: what follows from its rules for every record, worked out once.

All of it hangs on the very policy that it was made of, and no policy is ever changed: what is adopted anew is another
policy, of which everything is made anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property, lru_cache

from events.actions import ActionRedated
from events.base import Fact
from services.obligations.calendar import WorkingCalendar
from services.obligations.log import name_of
from services.obligations.occasions import Condition, conditions_of, holds
from services.policy.expressions import Rolling
from services.policy.judging import graded_as
from services.policy.ladders import LadderStep
from services.policy.model import ObligationRule, Policy
from services.policy.reach import by_audit
from services.policy.rules import OWED, rules, written

ALL_CONFIRMED = "all actions confirmed"
"""The condition of `met_by` that is no event."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of the things that must have happened: an event of that name, by that role, with what it must say."""

    event: str
    role: str = ""
    said: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a ladder with its hour. `base` is the step that it is counted from, where it is one of the same ladder.

    `from_due` says that it is counted from the last day, be it by other steps; `listing` that it is counted from the
    day of another obligation.
    """

    step: LadderStep
    hour: time
    base: "Stage | None"
    from_due: bool
    listing: bool


class Rule:
    """A rule as one version `states` it, with what each record would otherwise have to be told of it anew."""

    def __init__(self, stated: ObligationRule, policy: Policy) -> None:
        self.stated, self.policy, self.name = stated, policy, stated.name

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What its trigger asks of an act beside its name."""
        return conditions_of(self.stated.trigger, self.policy)

    def says(self, fact: Fact) -> bool:
        """Whether a fact has the values that its trigger asks for."""
        return all(holds(fact, name, value) for name, value in self.stated.trigger.when.items())

    @cached_property
    def alive(self) -> frozenset[str] | None:
        """The grades that keep its clocks alive; None where any does (A-ALL-06)."""
        return None if self.stated.while_grade is None else self.policy.grade_set(self.stated.while_grade)

    @cached_property
    def must_have(self) -> tuple[frozenset[str], ...]:
        """Sets of grades of each of which a record must have had one, or nothing ever starts."""
        trigger = self.stated.trigger
        names = (trigger.grade, trigger.was, self.stated.while_grade)
        return tuple(self.policy.grade_set(name) for name in names if name is not None)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days by which its clocks count."""
        return WorkingCalendar.of(self.policy, self.stated)

    @cached_property
    def rolling(self) -> Rolling:
        """Where a last day goes that falls on a day without work."""
        return self.stated.roll_non_working or self.policy.calendar.roll_non_working

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """The things that discharge it, in their order."""
        return tuple(_wanted(self.stated))

    @cached_property
    def until(self) -> tuple[Wanted, ...]:
        """The things with any of which what it says is owed no more."""
        until = self.stated.until
        if until is None:
            return ()
        grades = self.policy.grades.sets[until.grade] if until.grade else ()
        said = [{**until.when, "grade": grade} for grade in grades] if until.grade else [until.when]
        return tuple(Wanted(event, said=each) for event in until.events for each in said)

    @cached_property
    def by_audit(self) -> bool:
        """Whether each audit of a month starts a clock of its own, which is met for that audit alone."""
        return by_audit(self.stated)

    @cached_property
    def wants_all(self) -> bool:
        """Whether all of them must have happened, and not any one."""
        return bool(self.stated.met_all or self.stated.met_by_roles or self.stated.met_each)

    @cached_property
    def about_actions_alone(self) -> bool:
        """Whether nothing is owed before there is an action; beside other conditions, having none is no hindrance."""
        return self.stated.met_by == (ALL_CONFIRMED,)

    @cached_property
    def can_be_open(self) -> bool:
        """Whether somebody can meet what is owed by it, and it can have a last day."""
        return bool(self.stated.met_by and (self.stated.due or self.stated.per == "action"))

    @cached_property
    def ladder(self) -> tuple[Stage, ...]:
        """Its ladder."""
        return tuple(_ladder(self.stated, self.policy))

    @cached_property
    def again(self) -> Mapping[str, LadderStep]:
        """The steps that are said again and again, by name."""
        return {step.name: step for step in self.stated.ladder if step.repeat_hours}

    @cached_property
    def counts_from(self) -> frozenset[str]:
        """The names of the obligations from whose last days its own dates are counted."""
        moments = (self.stated.due, self.stated.if_past, *(step.on for step in self.stated.ladder))
        bases = (moment.base for moment in moments if moment is not None)
        return frozenset(base.removesuffix(".due") for base in bases if base.endswith(".due"))


def _wanted(rule: ObligationRule) -> Iterator[Wanted]:
    said = [{**rule.met_when, name: value} for name, values in rule.met_each.items() for value in values]
    for event in rule.met_by:
        for role in rule.met_by_roles or ("",):
            for each in said or [rule.met_when]:
                yield Wanted(event, role, each)


def _ladder(rule: ObligationRule, policy: Policy) -> Iterator[Stage]:
    steps = {step.name: step for step in rule.ladder}

    def stage(step: LadderStep) -> Stage:
        base = None if step.on.base not in steps else stage(steps[step.on.base])
        from_due = step.on.base == "due" if base is None else base.from_due
        listing = step.on.base.endswith(".due")
        return Stage(step, step.goes_at(policy.calendar.notice_hour), base, from_due, listing)

    return map(stage, rule.ladder)


class Framework:
    """The rules of one version, with the scale of the version that a piece of work began under."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.rules = tuple(Rule(each, policy) for each in written(policy))

    @cached_property
    def with_reports(self) -> tuple[Rule, ...]:
        """Those of reports as well, which begin on the record of a report alone."""
        return (*self.rules, *(Rule(each, self.policy) for each in rules(self.policy)[len(self.rules) :]))

    @cached_property
    def dating(self) -> Mapping[str, Sequence[Rule]]:
        """The rules that give a last day to what somebody can do, by the events that start them, in their order."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.stated.due and rule.stated.met_by:
                for event in dict.fromkeys(rule.stated.trigger.events):
                    found.setdefault(event, []).append(rule)
        return found

    def may_begin_by(self, fact: Fact) -> bool:
        """Whether a clock may be counted from such a fact, whatever else is on its record.

        What is owed again is counted from whatever met it, and what is owed of an action from its later dates as well.
        """
        name = name_of(fact)
        return any(
            rule.stated.again_every is not None
            or (rule.stated.per == "action" and isinstance(fact, ActionRedated))
            or (name in rule.stated.trigger.events and rule.says(fact))
            for rule in (self.with_reports if name == OWED else self.rules)
        )

    def begun(self, happened: frozenset[str]) -> Iterator[Rule]:
        """The rules that may have begun where no more than this ever happened."""
        for rule in self.with_reports if OWED in happened else self.rules:
            trigger = rule.stated.trigger
            if not happened.isdisjoint(trigger.events) and happened.issuperset(trigger.given):
                yield rule


class _Very:
    """A policy as a key: that very one, and no other that says the same."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Very) and other.policy is self.policy


def framework_of(policy: Policy, began: Policy | None = None) -> Framework:
    """The framework of a policy, on the scale of the one that a piece of work `began` under."""
    return _framework(_Very(policy), None if began is None or began is policy else _Very(began))


@lru_cache(maxsize=1_024)
def _framework(policy: _Very, began: _Very | None) -> Framework:
    return Framework(graded_as(policy.policy, None if began is None else began.policy))


Held = Sequence[tuple[Framework, Sequence[Rule]]]
"""Some rules of some versions."""


@lru_cache(maxsize=2_048)
def begun_in(frameworks: tuple[Framework, ...], happened: frozenset[str]) -> tuple[Held, None]:
    """The rules that may have begun on a record of which no more than this ever happened: alike for many records."""
    return tuple((each, tuple(each.begun(happened))) for each in frameworks), None


@lru_cache(maxsize=2_048)
def open_in(frameworks: tuple[Framework, ...], happened: frozenset[str]) -> tuple[Held, frozenset[str]]:
    """Those of them by which something can be open, and those on whose last days it counts, with the names of these."""
    held, _ = begun_in(frameworks, happened)
    every = [rule for _, found in held for rule in found]
    names = with_what_they_count_from(every, {rule.name for rule in every if rule.can_be_open})
    counted = frozenset[str]().union(*(rule.counts_from for rule in every if rule.name in names))
    asked = ((each, [rule for rule in found if rule.can_be_open or rule.name in counted]) for each, found in held)
    return tuple((each, tuple(found)) for each, found in asked), counted


def with_what_they_count_from(held: Iterable[Rule], names: Collection[str]) -> set[str]:
    """The names of some rules, and of those on whose last days they count."""
    bases: dict[str, set[str]] = {}
    for rule in held:
        bases.setdefault(rule.name, set()).update(rule.counts_from)
    found, more = set(names), set(names)
    while more:
        more = set().union(*(bases.get(name, ()) for name in more)) - found
        found |= more
    return found
