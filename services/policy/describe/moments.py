"""Events and dates in words: what happened as a clause, and days as so long before or after it."""

from collections.abc import Mapping

from events.registry import EVENTS
from services.policy.describe.wording import plain
from services.policy.expressions import Moment
from services.policy.model import ObligationRule, Policy
from services.policy.rules import OWED

ANCHORS: Mapping[str, str] = {
    "all actions confirmed": "every action that was set is confirmed",
    "trigger": "it starts",
    "trigger.starts": "the round starts",
    "trigger.ends": "the round ends",
    "trigger.until": "the data reach their last day",
    "due": "it is due",
}
"""What dates are counted from, or a clock ends with, beside events."""

CALENDAR: Mapping[str, str] = {
    "month_end": "the last day of the month in which it starts",
    "next_month_end": "the last day of the month after the one in which it starts",
}


def clause(name: str) -> str:
    """What happens, as it stands behind “when …”, “after …” or “before …”: an event in its contract's words."""
    if name in EVENTS and EVENTS[name].clause:
        return EVENTS[name].clause
    return ANCHORS.get(name) or plain(name)


def moment(policy: Policy, rule: ObligationRule, when: Moment) -> str:
    """A date in words: `1 week before it is due`, `on the day on which it starts`."""
    anchor = _anchor(policy, rule, when.base)
    if when.base in CALENDAR:
        day = CALENDAR[when.base]
        return f"on {day}" if when.span is None else f"{when.span} {_side(when)} {day}"
    return f"on the day on which {anchor}" if when.span is None else f"{when.span} {_side(when)} {anchor}"


def _side(when: Moment) -> str:
    return "before" if when.sign < 0 else "after"


def _anchor(policy: Policy, rule: ObligationRule, base: str) -> str:
    steps = {step.name: step.title for step in rule.ladder}
    if base in steps:
        return f"“{steps[base]}” was for"
    if base.endswith(".due"):
        titles = {each.name: each.title for each in policy.obligations}
        name = base.removesuffix(".due")
        return f"“{titles.get(name, name)}” is due"
    return clause(OWED) if base == "trigger" and rule.trigger.events == (OWED,) else clause(base)
