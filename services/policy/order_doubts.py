"""What waits for an act that only follows the moderation, where nothing asks for every audit to be moderated."""

from collections.abc import Iterator

from services.policy.model import ObligationRule, Policy
from services.policy.yaml_positions import KeyPath

Problem = tuple[KeyPath, str]

AFTER_MODERATION = frozenset({"audit.signed_off", "audit.grade_disputed", "audit.grade_settled"})
"""What happens only to an audit that was moderated, whatever the policy says."""


def doubts_of_order(policy: Policy) -> Iterator[Problem]:
    """What an audit without moderation can never come to: the closing after last comments, and what they meet."""
    if policy.closing.moderation_required:
        return
    if policy.closing.sign_off_required:
        words = "last comments follow the moderation: an audit that nobody moderates is never closed"
        yield ("closing", "sign_off_required"), f"{words}; say `moderation_required: true` as well, or leave this out"
    for index, rule in enumerate(policy.obligations):
        if rule.met_by and AFTER_MODERATION.issuperset(rule.met_by) and _begins_before(rule):
            words = f"{' and '.join(rule.met_by)} follow the moderation, and {rule.name} starts without it"
            yield ("obligations", index, "met_by"), f"{words}: nobody can meet it for an audit that nobody moderates"


def _begins_before(rule: ObligationRule) -> bool:
    """Whether an event that starts it may come before the moderation."""
    after = AFTER_MODERATION | {"audit.moderated"}
    return not (after.issuperset(rule.trigger.events) or after & set(rule.trigger.given))
