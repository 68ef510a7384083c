"""Which moments of a policy are instants, because hours are counted, and which are days."""

from events.registry import EVENTS
from services.policy.expressions import Moment
from services.policy.model import ObligationRule, Policy


def by_clock(policy: Policy, rule: ObligationRule, moment: Moment, depth: int = 0) -> bool:
    """Whether a moment of a rule is an instant: counted in hours, or the same as another that is."""
    if moment.in_hours:
        return True
    return moment.span is None and _base_by_clock(policy, rule, moment.base, depth)


def from_an_instant(policy: Policy, rule: ObligationRule, moment: Moment) -> bool:
    """Whether what a moment is counted from has an instant, so that hours can be counted from it."""
    steps = {step.name for step in rule.ladder}
    if moment.base in {"trigger", *EVENTS} and moment.base not in steps:
        return True
    return _base_by_clock(policy, rule, moment.base, 0)


def _base_by_clock(policy: Policy, rule: ObligationRule, base: str, depth: int) -> bool:
    steps = {step.name: step for step in rule.ladder}
    if base in steps:
        return depth <= len(steps) and by_clock(policy, rule, steps[base].on, depth + 1)
    if base == "due":
        return rule.by_clock
    name = base.removesuffix(".due")
    return base != name and any(each.by_clock for each in policy.obligations if each.name == name)
