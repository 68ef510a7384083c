"""Values that a rule asks for: each must be one that a field of the event, or the answer to a question, can have."""

import types
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from events.base import Sealed
from events.registry import EVENTS
from services.policy.answers import Possible, of_questions
from services.policy.form import Question
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import near, unknown
from services.policy.reach import kinds_of_rule
from services.policy.registers import Register
from services.policy.round_checks import fields_of
from services.policy.rules import placed

Problem = tuple[KeyPath, str]
SCALARS: dict[Any, str] = {int: "a number", float: "a number", date: "a day", datetime: "an instant"}
"""Fields that no word of a policy is compared with."""


def problems_of_values(policy: Policy) -> Iterator[Problem]:
    """Each value that can never be, with the key where it stands; nothing where all of them can."""
    for at, rule in placed(policy):
        for number, label in enumerate(rule.trigger.audit_types):
            if label not in policy.tool.types:
                yield (*at, "trigger", "audit_types", number), unknown("type of audit", label, policy.tool.types)
        yield from _said(policy, rule, (*at, "trigger", "when"), rule.trigger.events, _one(rule.trigger.when))
        met_by = [each for each in rule.met_by if each != "all actions confirmed"]
        yield from _said(policy, rule, (*at, "met_when"), met_by, _one(rule.met_when))
        if rule.until:
            yield from _said(policy, rule, (*at, "until", "when"), rule.until.events, _one(rule.until.when))
        yield from _said(policy, rule, (*at, "met_each"), met_by, rule.met_each.items())
    for index, task in enumerate(policy.duties):
        for number, clock in enumerate(task.clocks):
            for way in clock.ways:
                for place, label in enumerate(way.audit_types):
                    if label not in policy.tool.types:
                        where: KeyPath = ("duties", index, "clocks", number, "audit_types", place)
                        yield where, unknown("type of audit", label, policy.tool.types)


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
            possible = _possible(policy, rule, event, name)
            yield from (((*at, name), wrong) for value in values if (wrong := possible.refuses(name, value)))


def _names(policy: Policy, rule: ObligationRule, event: str) -> set[str]:
    return {*fields_of(event), *(each.name for each in questions_of_rule(policy, rule, event))}


def _has(policy: Policy, rule: ObligationRule, event: str, name: str) -> bool:
    return name in _names(policy, rule, event)


def _possible(policy: Policy, rule: ObligationRule, event: str, name: str) -> Possible:
    kind = fields_of(event).get(name)
    if kind is None:
        return of_questions([each for each in questions_of_rule(policy, rule, event) if each.name == name])
    words = _vocabulary(policy, rule, event, name)
    if words is not None:
        return Possible(frozenset(words))
    return Possible(instead="sealed") if _sealed(event, name) else _of_type(kind)


def _sealed(event: str, name: str) -> bool:
    field = EVENTS[event].model_fields[name]
    return Sealed in get_args(field.annotation) or get_args(Sealed)[1] in field.metadata


def comparable(event: str) -> frozenset[str]:
    """The fields of an event that a rule may ask for a value of: neither sealed texts nor numbers, days or lists."""
    held = {name: _of_type(kind) for name, kind in fields_of(event).items() if not _sealed(event, name)}
    return frozenset(name for name, possible in held.items() if possible.words - {None} or possible.free)


def _of_type(kind: object) -> Possible:
    """What a field of this type can be."""
    if get_origin(kind) is Annotated:
        return _of_type(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return Possible(frozenset(get_args(kind)))
    if kind is bool:
        return Possible(frozenset({True, False}))
    if get_origin(kind) in {Union, types.UnionType}:
        parts = [_of_type(each) for each in get_args(kind) if each is not type(None)]
        words = frozenset[object]({None} if type(None) in get_args(kind) else ()).union(*(each.words for each in parts))
        return Possible(words, any(each.free for each in parts), next((each.instead for each in parts), ""))
    return Possible(free=True) if kind is str else Possible(instead=SCALARS.get(kind, "no single word"))


def _vocabulary(policy: Policy, rule: ObligationRule, event: str, name: str) -> Iterable[object] | None:  # noqa: C901, PLR0911, PLR0912 - one line for each word
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
        case "sample", "purpose":
            return [each.name for each in policy.samples]
        case "duty", "duty":
            return [each.name for each in policy.duties]
        case "dispute", "tier":
            return policy.dispute_chain
        case "action", "priority":
            return [*(each.name for each in policy.actions.priorities), None]
        case _, "audit_type":
            return policy.tool.types
        case _, "obligation":
            return [each.name for each in policy.obligations]
        case _, "strand" if policy.tool.strands:
            return [*policy.tool.strands, None]
        case _, "age_band" if policy.tool.age_bands:
            return [*policy.tool.age_bands, None]
        case "audit", "grade":
            return [*policy.grades.overall, None]
    return None


def register_of(policy: Policy, rule: ObligationRule) -> Register | None:
    """The register whose entries a rule is about."""
    named = rule.trigger.when.get("kind")
    return next((each for each in policy.registers if each.name == named), None)


def questions_of_rule(policy: Policy, rule: ObligationRule, event: str) -> list[Question]:
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
