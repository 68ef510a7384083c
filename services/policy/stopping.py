"""The grounds on which clocks of a framework stand still, and what must hold of the rules that name them."""

from collections.abc import Iterator

from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.reach import kinds_of_rule

Problem = tuple[KeyPath, str]
ACTS = ("audit.stop_clock", "audit.resume_clock")


def grounds_of(policy: Policy) -> tuple[str, ...]:
    """Each ground on which a clock of the framework stands still."""
    return tuple(dict.fromkeys(ground for rule in policy.obligations for ground in rule.stops_for))


def problems_of_stops(policy: Policy) -> Iterator[Problem]:
    """Each rule whose clock could not stop, or would be moved twice; nothing for sound rules."""
    for index, rule in enumerate(policy.obligations):
        for why in _of_rule(policy, rule) if rule.stops_for else ():
            yield ("obligations", index, "stops_for"), why


def _of_rule(policy: Policy, rule: ObligationRule) -> Iterator[str]:
    kinds = kinds_of_rule(rule)
    if kinds and "audit" not in kinds:
        yield "only the clocks of an audit and of its actions are stopped: leave `stops_for` out"
    if rule.due is None and not rule.ladder:
        yield "without a due date or a ladder nothing stands still"
    if rule.paused_by_agreed_date:
        yield "a clock that is paused by an agreed date is not stopped as well: say one of the two"
    if rule.met_sum:
        yield "numbers are added up whenever they come: leave `stops_for` out"
    counted = (rule.due, rule.if_past, *(step.on for step in rule.ladder))
    for moment in counted:
        if moment is not None and moment.base.endswith(".due") and not moment.base.startswith("trigger."):
            yield f"{moment.base} moves with its own clock: leave `stops_for` out"
    for ground in sorted({each for each in rule.stops_for if rule.stops_for.count(each) > 1}):
        yield f"the ground {ground} stands twice"
    for act in ACTS:
        if not policy.acts.get(act):
            yield f"nobody may do that: no role has {act} in `acts`"
