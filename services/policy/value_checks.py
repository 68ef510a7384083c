"""Values that a rule asks for: each must be one that a field of the event, or the answer to a question, can have."""

import types
from collections.abc import Iterable, Iterator
from typing import Literal, Union, get_args, get_origin

from services.policy.form import Question
from services.policy.model import ObligationRule, Policy
from services.policy.near import near
from services.policy.reach import kinds_of_rule
from services.policy.registers import Register
from services.policy.round_checks import fields_of
from services.policy.yaml_positions import KeyPath

Problem = tuple[KeyPath, str]
Values = frozenset[object] | None
"""What a field or an answer can be; None where it is a word of anybody's own."""

PLAIN = ("yes or no", "choice", "choices", "tags")
"""Kinds of question that an answer of a known value can be given to."""


def problems_of_values(policy: Policy) -> Iterator[Problem]:
    """Each value that can never be, with the key where it stands; nothing where all of them can."""
    for index, rule in enumerate(policy.obligations):
        at: KeyPath = ("obligations", index)
        for number, label in enumerate(rule.trigger.audit_types):
            if label not in policy.tool.types:
                yield (*at, "trigger", "audit_types", number), _unknown("type of audit", label, policy.tool.types)
        yield from _said(policy, rule, (*at, "trigger", "when"), rule.trigger.events, _one(rule.trigger.when))
        met_by = [each for each in rule.met_by if each != "all actions confirmed"]
        yield from _said(policy, rule, (*at, "met_when"), met_by, _one(rule.met_when))
        yield from _said(policy, rule, (*at, "met_each"), met_by, rule.met_each.items())
    for index, task in enumerate(policy.duties):
        for number, clock in enumerate(task.clocks):
            for way in clock.ways:
                for place, label in enumerate(way.audit_types):
                    if label not in policy.tool.types:
                        where: KeyPath = ("duties", index, "clocks", number, "audit_types", place)
                        yield where, _unknown("type of audit", label, policy.tool.types)


def _one(when: dict[str, bool | str | None]) -> list[tuple[str, tuple[bool | str | None, ...]]]:
    return [(name, (value,)) for name, value in when.items()]


def _said(
    policy: Policy,
    rule: ObligationRule,
    at: KeyPath,
    events: Iterable[str],
    said: Iterable[tuple[str, tuple[bool | str | None, ...]]],
) -> Iterator[Problem]:
    events = list(events)
    for name, values in said:
        for event in events:
            if not fields_of(event):
                continue  # an unknown event is named where it stands
            if not _has(policy, rule, event, name):
                meant = near(name, _names(policy, rule, event))
                yield (*at, name), f"no such field or question: {event} has none{meant}"
                continue
            possible = _values(policy, rule, event, name)
            for value in values:
                if possible is not None and value not in possible:
                    words = {str(each) for each in possible if each is not None}
                    yield (*at, name), _unknown(f"value of {name}", value, words)


def _unknown(what: str, value: object, known: Iterable[str]) -> str:
    return f"unknown {what} {value}{near(value, list(known))}"


def _names(policy: Policy, rule: ObligationRule, event: str) -> set[str]:
    return {*fields_of(event), *(each.name for each in _questions(policy, rule, event))}


def _has(policy: Policy, rule: ObligationRule, event: str, name: str) -> bool:
    return name in _names(policy, rule, event)


def _values(policy: Policy, rule: ObligationRule, event: str, name: str) -> Values:
    kind = fields_of(event).get(name)
    if kind is None:
        return _answers([each for each in _questions(policy, rule, event) if each.name == name])
    words = _vocabulary(policy, rule, event, name)
    return frozenset(words) if words is not None else _of_type(kind)


def _of_type(kind: object) -> Values:
    """The values of a field that has few of them."""
    if get_origin(kind) is Literal:
        return frozenset(get_args(kind))
    if kind is bool:
        return frozenset({True, False})
    if get_origin(kind) in {Union, types.UnionType}:
        parts = [frozenset({None}) if each is type(None) else _of_type(each) for each in get_args(kind)]
        known = [each for each in parts if each is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    return None


def _vocabulary(policy: Policy, rule: ObligationRule, event: str, name: str) -> Iterable[object] | None:  # noqa: PLR0911 - one line for each word
    """The framework's own words for a field, where it has any."""
    match event.partition(".")[0], name:
        case "entry", "kind":
            return [each.name for each in policy.registers]
        case "entry", "step":
            register = register_of(policy, rule)
            return [each.name for each in register.steps] if register else None
        case "round", "kind":
            return policy.rounds.kinds or None
        case "audit", "purpose":
            return [each.name for each in policy.samples if each.marked]
        case "duty", "duty":
            return [each.name for each in policy.duties]
        case "dispute", "tier":
            return policy.dispute_chain
        case _, "audit_type":
            return policy.tool.types
        case "audit", "grade":
            return [*policy.grades.overall, None]
    return None


def _answers(asked: list[Question]) -> Values:
    """What can be answered; nothing where no answer of that kind is kept in clear as a word."""
    possible: set[object] = set()
    for question in asked:
        match question.kind:
            case "tags":
                return None
            case "choice" | "choices":
                possible |= set(question.options)
            case "yes or no":
                possible |= {True, False}
    return frozenset(possible)


def register_of(policy: Policy, rule: ObligationRule) -> Register | None:
    """The register whose entries a rule is about."""
    named = rule.trigger.when.get("kind")
    return next((each for each in policy.registers if each.name == named), None)


def _questions(policy: Policy, rule: ObligationRule, event: str) -> list[Question]:
    """The questions whose answers an event of a rule can hold."""
    if "answers" not in fields_of(event):
        return []
    if "entry" not in kinds_of_rule(rule):
        return list(policy.tool.questions)
    register = register_of(policy, rule)
    if register is None:
        return []
    steps = [question for step in register.steps for question in step.questions]
    return list(register.questions) if event == "entry.recorded" else steps
