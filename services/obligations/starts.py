"""Which acts of a record start a rule's clocks, and which end them again before they are met."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from events.actions import ActionRedated, ActionSet
from events.audits import AuditAllocated
from events.base import Fact
from events.recorded import Recorded
from services.obligations.framework import Framework, Rule
from services.obligations.log import Log, grade_after, name_of
from services.obligations.occasions import Occasion
from services.policy.model import ObligationRule, Policy

Begun = tuple[Recorded, datetime | None]
"""An act that a rule may start with, and when it was taken back."""

Run = tuple[Sequence[Begun], datetime | None]
"""Such acts in order, and when the grade that keeps their clocks alive was left."""


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that began: the act that fixed it, which of its kind it is, and when another took its place."""

    trigger: Recorded
    key: str
    due: date | None = None
    due_at: datetime | None = None
    fell_away: datetime | None = None


def dated_by(policy: Policy, occasion: Occasion) -> ObligationRule | None:
    """The obligation whose last day an act carries: the first with a due date that the act starts."""
    return _dated_by(Framework(policy), occasion)  # not kept: the form that work began with makes a policy each time


def dated_by_act(log: Log, act: Recorded, framework: Framework) -> ObligationRule | None:
    """The obligation whose last day an act of the history carries."""
    return log.dated(act, framework.policy.version, partial(_dated_by, framework))


def _dated_by(framework: Framework, occasion: Occasion) -> ObligationRule | None:
    for rule in framework.dating.get(occasion.name, ()):
        if (rule.alive is None or occasion.grades[1] in rule.alive) and _triggers(rule, occasion):
            return rule.stated
    return None


def occasion_next(log: Log, fact: Fact, at: datetime, before: Sequence[Fact] = ()) -> Occasion:
    """An act that is about to be recorded, after the history and what the same decision makes `before` it."""
    grade = log.grades[-1][1] if log.grades else None
    for each in before:
        grade = grade_after(each, grade)
    audit_type = fact.audit_type if isinstance(fact, AuditAllocated) else log.audit_type

    def happened() -> frozenset[str]:
        return log.names_standing(at) | {name_of(each) for each in before}

    return Occasion(fact, name_of(fact), audit_type, (grade, grade), happened)


def starts(log: Log, rule: Rule) -> Iterable[Start]:
    """The clocks of a rule in the order in which they began."""
    begun = _triggering(log, rule)
    if not begun:
        return ()
    if rule.stated.per == "action":
        return _of_actions(log, begun)
    runs: Iterable[Run] = [([_begun(log, place) for place in begun], None)]
    if rule.alive is not None:
        runs = _runs(log, rule.alive, begun)
    clocks = (clock for run in runs for clock in _clocks(rule.stated, run))
    return (Start(act, _ordinal(number), fell_away=fell_away) for number, (act, fell_away) in enumerate(clocks))


def _clocks(rule: ObligationRule, run: Run) -> Iterator[Begun]:
    """Which acts of a run start a clock, and when it falls away: a second one starts none, one more, or replaces it."""
    begun, left = run
    match rule.trigger.repeat:
        case "first":
            found: Iterable[Begun] = _first(begun)
        case "each":
            found = begun
        case "restart":
            ends = [*(act.envelope.occurred for act, _ in begun[1:]), None]
            found = (
                [(act, earliest(taken, end)) for (act, taken), end in zip(begun, ends, strict=True)] if begun else []
            )
    yield from ((act, earliest(end, left)) for act, end in found)


def _first(begun: Sequence[Begun]) -> Iterator[Begun]:
    """One clock from the first act on, for as long as one of them stands; a new one if more come after that."""
    while begun:
        first, end = begun[0]
        if end is None:  # it stands for good
            yield first, None
            return
        joined = 1
        for act, later in begun[1:]:
            if end is not None and act.envelope.occurred >= end:
                break
            end = None if end is None or later is None else max(end, later)
            joined += 1
        yield first, end
        begun = begun[joined:]


def earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The first of two that are known; None where none is."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def _begun(log: Log, place: int) -> Begun:
    return log.acts[place], log.taken_back[place]


def _triggering(log: Log, rule: Rule) -> Sequence[int]:
    """The places of the acts that the rule may start with."""
    if rule.must_have and any(log.graded.isdisjoint(grades) for grades in rule.must_have):
        return ()
    places = log.places(rule.stated.trigger.events)
    return [at for at in places if _triggers(rule, log.occasion(at))] if rule.conditions else places


def _triggers(rule: Rule, occasion: Occasion) -> bool:
    """Whether an act of a name that the trigger has starts the rule: every condition of the trigger holds."""
    return all(holds(occasion) for holds in rule.conditions)


def _runs(log: Log, alive: frozenset[str], places: Sequence[int]) -> Iterable[Run]:
    """Each unbroken run of grades in the set: what starts a clock in it, and the act with which it ends."""
    begun: list[Begun] = []
    starting = set(places)
    for index, act in enumerate(log.acts):
        if log.grades[index][1] not in alive:
            if begun:
                yield begun, act.envelope.occurred
            begun = []
        elif index in starting:
            begun.append(_begun(log, index))
    yield begun, None


def _of_actions(log: Log, places: Sequence[int]) -> Iterator[Start]:
    """One clock for each date that an action has had; an agreed later date ends the earlier clock."""
    for act in (log.acts[place] for place in places):
        if not isinstance(act.fact, ActionSet):
            continue
        dates = [act, *log.redates(act.fact.action)]
        for number, fixed in enumerate(dates):
            later = dates[number + 1].envelope.occurred if number + 1 < len(dates) else None
            due = fixed.fact.due if isinstance(fixed.fact, ActionSet | ActionRedated) else None
            at = fixed.fact.due_at if isinstance(fixed.fact, ActionSet) else None
            yield Start(fixed, act.fact.action, due=due, due_at=at, fell_away=later)


def _ordinal(number: int) -> str:
    return str(number + 1) if number else ""
