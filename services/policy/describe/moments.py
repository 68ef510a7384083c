"""Events and dates in words: what happened as a clause, and days as so long before or after it."""

from collections.abc import Mapping

from events.registry import EVENTS
from services.policy.describe.wording import plain
from services.policy.expressions import Moment
from services.policy.model import ObligationRule, Policy
from services.policy.reach import kinds_of_rule
from services.policy.rules import OWED

ANCHORS: Mapping[str, str] = {
    "all actions confirmed": "every action that was set is confirmed",
    "trigger": "it starts",
    "trigger.starts": "the round starts",
    "trigger.ends": "the round ends",
    "due": "it is due",
}
"""What dates are counted from, or a clock ends with, beside events."""

DAYS: Mapping[str, str] = {
    "month_end": "the last day of the month in which it starts",
    "next_month_end": "the last day of the month after the one in which it starts",
    "quarter_end": "the last day of the quarter in which it starts",
    "trigger.on": "its day",
    "trigger.until": "its last day",
}
"""Dates that are told as a day and not as something that happens."""

OF_DATA = "the last day that the data reach to"


def clause(name: str) -> str:
    """What happens, as it stands behind “when …”, “after …” or “before …”: an event in its contract's words."""
    if name in EVENTS and EVENTS[name].clause:
        return EVENTS[name].clause
    return ANCHORS.get(name) or plain(name)


def moment(policy: Policy, rule: ObligationRule, when: Moment) -> str:
    """A date in words: `1 week before it is due`, `on the day on which it starts`."""
    day = _day(policy, rule, when.base)
    if day:
        return f"on {day}" if when.span is None else f"{when.span} {_side(when)} {day}"
    anchor = _anchor(rule, when.base)
    return f"on the day on which {anchor}" if when.span is None else f"{when.span} {_side(when)} {anchor}"


def _side(when: Moment) -> str:
    return "before" if when.sign < 0 else "after"


def _day(policy: Policy, rule: ObligationRule, base: str) -> str:
    """The day that a date is counted from, where it has a name; nothing where it is something that happens."""
    steps = {step.name: step.title for step in rule.ladder}
    if base in steps:
        return f"the day of “{steps[base]}”"
    if base.endswith(".due"):
        titles = {each.name: each.title for each in policy.obligations}
        name = base.removesuffix(".due")
        return f"the last day of “{titles.get(name, name)}”"
    if base == "trigger.until" and "round" in kinds_of_rule(rule):
        return OF_DATA
    if base in ANCHORS or base in EVENTS:
        return ""
    return DAYS.get(base) or f"the day that it names as “{plain(base.removeprefix('trigger.'))}”"


def _anchor(rule: ObligationRule, base: str) -> str:
    return clause(OWED) if base == "trigger" and rule.trigger.events == (OWED,) else clause(base)
