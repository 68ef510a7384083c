"""Rules and steps that are well written and can never fire, as the rest of the policy stands."""

from collections.abc import Iterator

from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import written
from services.policy.reach import REAUDITED, acts_of
from services.policy.rules import placed
from services.policy.sample_checks import dead_by_samples
from services.policy.value_checks import questions_of_rule

Problem = tuple[KeyPath, str]


def never(policy: Policy) -> Iterator[Problem]:
    """Each condition that can never hold, with the key where it stands."""
    for at, rule in placed(policy):
        for key, why in (*_grades(policy, rule), *dead_by_samples(policy, rule), *_happenings(policy, rule)):
            yield (*at, *key), f"{rule.name} can never fire: {why}"
        for key, why in _steps(policy, rule):
            yield (*at, *key), why
        if not (rule.ladder or rule.met_by or rule.due):
            yield (*at, "name"), f"nothing ever comes of {rule.name}: nobody is told, and nothing is owed by a date"
    for name, members in policy.grades.sets.items():
        if not members:
            yield ("grades", "sets", name), f"no grade is in {name}: what asks for it never fires"


def _grades(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    asked = {knob: getattr(rule.trigger, knob) for knob in ("grade", "was", "was_not")}
    held = {knob: policy.grade_set(name) for knob, name in asked.items() if name}
    if rule.while_grade:
        alive = policy.grade_set(rule.while_grade)
        if "grade" in held and not held["grade"] & alive:
            yield ("while_grade",), f"it starts with a grade of {asked['grade']}, and none of them is in that set"
    if "was" in held and "was_not" in held and held["was"] <= held["was_not"]:
        yield ("trigger", "was"), f"every grade of {asked['was']} is one of {asked['was_not']}, which it must not be"
    wanted = rule.trigger.when.get("grade")
    own = not REAUDITED.issuperset(rule.trigger.events)
    if own and "grade" in held and isinstance(wanted, str) and wanted not in held["grade"]:
        yield ("trigger", "when", "grade"), f"{wanted} is no grade of {asked['grade']}"


def _happenings(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    trigger = rule.trigger
    for number, event in enumerate(trigger.given):
        if event in trigger.unless:
            yield ("trigger", "given", number), f"{event} must have happened, and must not"
        elif _undone(policy, event):
            yield ("trigger", "given", number), f"nobody may do what records {event}"
    for name, value in trigger.when.items():
        asked = [each for event in trigger.events for each in questions_of_rule(policy, rule, event)]
        meant = [each for each in asked if each.name == name]
        types = [set(getattr(each, "audit_types", ())) for each in meant]
        if types and all(types) and trigger.audit_types and not set.union(*types) & set(trigger.audit_types):
            said = f"{name} is asked of audits of other types alone"
            yield ("trigger", "when", name), f"{said}, so that it is never answered {written(value)}"


def _steps(policy: Policy, rule: ObligationRule) -> Iterator[Problem]:
    for number, step in enumerate(rule.ladder):
        if _undone(policy, step.on.base):
            why = f"it waits for {step.on.base}, and nobody may do what records that"
            yield ("ladder", number, "on"), f"the step {step.name} can never fire: {why}"


def _undone(policy: Policy, event: str) -> bool:
    """Whether it is an event that somebody would have to bring about, and nobody may."""
    acts = acts_of(event)
    return bool(acts) and not any(policy.acts.get(act) for act in acts)
