"""What a policy must keep about the priorities of its actions, and what is odd about them."""

from collections.abc import Iterator

from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.near import unknown

Problem = tuple[KeyPath, str]
CONFIRM = ("action.confirm", "entry.confirm_actions")
ALL_CONFIRMED = "all actions confirmed"


def problems_of_actions(policy: Policy) -> Iterator[Problem]:
    """A priority that stands twice, one that nobody could confirm, and clocks that wait for what nobody confirms."""
    priorities = policy.actions.priorities
    for index, each in enumerate(priorities):
        at: KeyPath = ("actions", "priorities", index)
        if each.name in [other.name for other in priorities[:index]]:
            yield (*at, "name"), f"the priority {each.name} is defined twice"
        for number, role in enumerate(each.confirmed_by):
            if role not in policy.roles:
                yield (*at, "confirmed_by", number), unknown("role", role, policy.roles)
            elif not any(role in policy.acts.get(act, ()) for act in CONFIRM):
                yield (*at, "confirmed_by", number), f"{role} may confirm no action: say so in `acts.action.confirm`"
    closed = [each.name for each in priorities if not each.confirmed_by]
    for index, rule in enumerate(policy.obligations):
        if closed and ALL_CONFIRMED in rule.met_by:
            words = f"an action of priority {closed[0]} is closed without being confirmed, and would be waited for"
            yield ("obligations", index, "met_by", rule.met_by.index(ALL_CONFIRMED)), words


def doubts_of_actions(policy: Policy) -> Iterator[Problem]:
    """Each priority for which no clock gives a last day: such an action is refused unless its command names one."""
    for index, each in enumerate(policy.actions.priorities):
        if not any(_is_clock_of(rule, each.name) for rule in policy.obligations):
            yield (
                ("actions", "priorities", index, "name"),
                f"no clock gives an action of priority {each.name} a last day",
            )


def _is_clock_of(rule: ObligationRule, priority: str) -> bool:
    return rule.per == "action" and rule.due is not None and rule.trigger.when.get("priority", priority) == priority
