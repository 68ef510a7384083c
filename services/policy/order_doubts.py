"""What waits for an act that only follows the moderation of every audit, and grades that a re-audit does not give."""

from collections.abc import Iterator

from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.reach import REAUDITED
from services.policy.rules import placed

Problem = tuple[KeyPath, str]

AFTER_MODERATION = frozenset({"audit.signed_off", "audit.grade_disputed", "audit.grade_settled"})
"""What happens only to an audit that was moderated, whatever the policy says."""


def doubts_of_order(policy: Policy) -> Iterator[Problem]:
    """What an audit without moderation can never come to, and what asks the audit before for the re-audit's grade."""
    for at, rule in placed(policy):
        for knob in ("grade", "was", "was_not"):
            silent = "grade" not in rule.trigger.when
            if silent and getattr(rule.trigger, knob) and REAUDITED.issuperset(rule.trigger.events):
                words = f"`{knob}` asks for the grade of the audit before, which the re-audit leaves as it is"
                yield (*at, "trigger", knob), f"{words}; the re-audit's own is asked for with `when: {{grade: …}}`"
    yield from _unmoderated(policy)


def _unmoderated(policy: Policy) -> Iterator[Problem]:
    if policy.closing.moderation_required:
        return
    if policy.closing.sign_off_required:
        words = "last comments follow the moderation: an audit that nobody moderates is never closed"
        yield ("closing", "sign_off_required"), f"{words}; say `moderation_required: true` as well, or leave this out"
    for index, rule in enumerate(policy.obligations):
        if rule.met_by and AFTER_MODERATION.issuperset(rule.met_by) and _begins_before(rule):
            follow = "follow" if len(rule.met_by) > 1 else "follows"
            words = f"{' and '.join(rule.met_by)} {follow} the moderation, and {rule.name} starts without it"
            yield ("obligations", index, "met_by"), f"{words}: nobody can meet it for an audit that nobody moderates"


def _begins_before(rule: ObligationRule) -> bool:
    """Whether an event that starts it may come before the moderation."""
    after = AFTER_MODERATION | {"audit.moderated"}
    return not (after.issuperset(rule.trigger.events) or after & set(rule.trigger.given))
