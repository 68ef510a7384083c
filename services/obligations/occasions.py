"""An act and how its record stood, and what a rule asks of both before its clock starts."""

from collections.abc import Callable, Iterator
from functools import cached_property

from events.answers import Answer
from events.base import Fact
from services.policy.model import Policy, Trigger

Grades = tuple[str | None, str | None]
"""The overall grade before and after an act."""


class Occasion:
    """An act and how its record stood, as far as the conditions of a trigger ask.

    `name` is that of the fact, `grades` the overall grade before and after it, `before` gives what had happened before
    and stood then: few rules ask for that, and so it is gathered for them alone.
    """

    def __init__(
        self, fact: Fact, name: str, audit_type: str | None, grades: Grades, before: Callable[[], frozenset[str]]
    ) -> None:
        self.fact, self.name, self.audit_type, self.grades = fact, name, audit_type, grades
        self._before = before

    @cached_property
    def happened(self) -> frozenset[str]:
        """What had happened before the act and stood then."""
        return self._before()


Condition = Callable[[Occasion], bool]
"""What must hold of an act, beside its name, to start a clock."""


def conditions_of(trigger: Trigger, policy: Policy) -> tuple[Condition, ...]:
    """What a trigger asks beside the names of its events; most ask nothing more."""
    return tuple(_conditions(trigger, policy))


def _conditions(trigger: Trigger, policy: Policy) -> Iterator[Condition]:
    if trigger.audit_types:
        types = frozenset(trigger.audit_types)
        yield lambda occasion: occasion.audit_type in types
    if trigger.stage is not None:
        yield lambda occasion: getattr(occasion.fact, "stage", None) == trigger.stage
    if trigger.when:
        said = tuple(trigger.when.items())
        yield lambda occasion: all(holds(occasion.fact, name, value) for name, value in said)
    if trigger.grade is not None:
        grades = policy.grade_set(trigger.grade)
        yield lambda occasion: occasion.grades[1] in grades
    if trigger.was is not None:
        was = policy.grade_set(trigger.was)
        yield lambda occasion: occasion.grades[0] in was
    if trigger.was_not is not None:
        was_not = policy.grade_set(trigger.was_not)
        yield lambda occasion: occasion.grades[0] not in was_not
    if trigger.given:
        given = frozenset(trigger.given)
        yield lambda occasion: given <= occasion.happened | {occasion.name}
    if trigger.unless:
        unless = frozenset(trigger.unless)
        yield lambda occasion: occasion.happened.isdisjoint(unless)


def holds(fact: Fact, name: str, value: object) -> bool:
    """Whether a field of the fact has the value or, if it has no such field, its answer to that question does."""
    if name in type(fact).model_fields:
        return bool(getattr(fact, name) == value)
    answers: tuple[Answer, ...] = getattr(fact, "answers", ())
    return any(value in ((each.yes, *(each.chosen or ()))) for each in answers if each.question == name)
