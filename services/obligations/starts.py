"""Which acts of a record start a rule's clocks, and which end them again before they are met."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from events.actions import ActionRedated, ActionSet
from events.audits import AuditAllocated
from events.base import Fact
from events.recorded import Recorded
from services.obligations.log import Log, grade_after, holds, name_of
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


@dataclass(frozen=True, slots=True)
class Occasion:
    """An act and how its record stood, as far as the conditions of a trigger ask.

    `grades` is the overall grade before and after it, `happened` what had happened before and stood then.
    """

    fact: Fact
    audit_type: str | None = None
    grades: tuple[str | None, str | None] = (None, None)
    happened: frozenset[str] = frozenset()


def dated_by(policy: Policy, occasion: Occasion) -> ObligationRule | None:
    """The obligation whose last day an act carries: the first with a due date that the act starts."""
    for rule in policy.obligations:
        alive = rule.while_grade is None or occasion.grades[1] in policy.grade_set(rule.while_grade)
        if rule.due and rule.met_by and alive and triggers(rule, occasion, policy):
            return rule
    return None


def dated_by_act(log: Log, act: Recorded, policy: Policy) -> ObligationRule | None:
    """The obligation whose last day an act of the history carries."""
    return log.dated(act, policy, lambda index: dated_by(policy, _occasion(log, index)))


def occasion_of(log: Log, act: Recorded) -> Occasion:
    """An act of the history, with how the record stood then."""
    return _occasion(log, log.acts.index(act))


def occasion_next(log: Log, fact: Fact, at: datetime, before: Sequence[Fact] = ()) -> Occasion:
    """An act that is about to be recorded, after the history and what the same decision makes `before` it."""
    grade = log.grades[-1][1] if log.grades else None
    for each in before:
        grade = grade_after(each, grade)
    audit_type = fact.audit_type if isinstance(fact, AuditAllocated) else log.audit_type
    happened = log.names_standing(at) | {name_of(each) for each in before}
    return Occasion(fact, audit_type, (grade, grade), frozenset(happened))


def _occasion(log: Log, index: int) -> Occasion:
    return Occasion(log.acts[index].fact, log.audit_type, log.grades[index], log.names_before(index))


def starts(log: Log, rule: ObligationRule, policy: Policy) -> Iterator[Start]:
    """The clocks of a rule in the order in which they began."""
    if rule.per == "action":
        yield from _of_actions(log, rule, policy)
        return
    runs = _runs(log, rule, policy) if rule.while_grade else [(_begun(log, rule, policy), None)]
    for number, (act, fell_away) in enumerate(clock for run in runs for clock in _clocks(rule, run)):
        yield Start(act, _ordinal(number), fell_away=fell_away)


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
        joined = 1
        for act, later in begun[1:]:
            if end is not None and act.envelope.occurred >= end:
                break
            end = None if end is None or later is None else max(end, later)
            joined += 1
        yield first, end
        begun = begun[joined:]


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of those that are known; None where none is."""
    return min((each for each in instants if each is not None), default=None)


def _begun(log: Log, rule: ObligationRule, policy: Policy) -> list[Begun]:
    return [(log.acts[at], log.taken_back[at]) for at in _triggering(log, rule, policy)]


def _triggering(log: Log, rule: ObligationRule, policy: Policy) -> list[int]:
    """The places of the acts that the rule may start with."""
    # What had happened is gathered for those events alone that a rule names: a long history has few of them.
    return [at for at in log.places(rule.trigger.events) if triggers(rule, _occasion(log, at), policy)]


def triggers(rule: ObligationRule, occasion: Occasion, policy: Policy) -> bool:
    """Whether the act starts the rule: its name, and every condition of the trigger."""
    trigger, fact, name = rule.trigger, occasion.fact, name_of(occasion.fact)
    if name not in trigger.events or (trigger.audit_types and occasion.audit_type not in trigger.audit_types):
        return False
    if trigger.stage is not None and getattr(fact, "stage", None) != trigger.stage:
        return False
    if trigger.when and any(not holds(fact, name, value) for name, value in trigger.when.items()):
        return False
    if trigger.given and not set(trigger.given) <= occasion.happened | {name}:
        return False
    if not occasion.happened.isdisjoint(trigger.unless):
        return False
    before, after = occasion.grades
    return (
        (trigger.grade is None or after in policy.grade_set(trigger.grade))
        and (trigger.was is None or before in policy.grade_set(trigger.was))
        and (trigger.was_not is None or before not in policy.grade_set(trigger.was_not))
    )


def _runs(log: Log, rule: ObligationRule, policy: Policy) -> Iterable[Run]:
    """Each unbroken run of grades in the set: what starts a clock in it, and the act with which it ends."""
    alive = policy.grade_set(rule.while_grade or "")
    begun: list[Begun] = []
    starting = set(_triggering(log, rule, policy))
    for index, act in enumerate(log.acts):
        if log.grades[index][1] not in alive:
            if begun:
                yield begun, act.envelope.occurred
            begun = []
        elif index in starting:
            begun.append((act, log.taken_back[index]))
    yield begun, None


def _of_actions(log: Log, rule: ObligationRule, policy: Policy) -> Iterator[Start]:
    """One clock for each date that an action has had; an agreed later date ends the earlier clock."""
    for act, _ in _begun(log, rule, policy):
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
