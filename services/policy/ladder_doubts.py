"""Ladders that come too early or too late, or pass somebody over whom the chain has in between."""

from collections.abc import Iterator

from services.policy.expressions import Moment, Span
from services.policy.key_path import KeyPath
from services.policy.model import ObligationRule, Policy
from services.policy.rules import placed

Problem = tuple[KeyPath, str]

DAYS = {"hours": 1 / 24, "days": 1.0, "working days": 7 / 5, "weeks": 7.0, "months": 365 / 12}
"""How long each unit is, nearly: enough to say which of two steps is the later one."""


def odd_ladders(policy: Policy) -> Iterator[Problem]:
    """Each last day or step before its clock starts, each reminder after its last day, and each gap in the chain."""
    for at, rule in placed(policy):
        due = _place(rule, rule.due) if rule.due else None
        if rule.due and due is not None and due[0] == "trigger" and due[1] < 0:
            yield (*at, "due"), f"the last day of {rule.name} lies before what starts it"
        yield from _late(rule, due, at)
        yield from _gaps(policy, rule, at)


def _late(rule: ObligationRule, due: tuple[str, float] | None, at: KeyPath) -> Iterator[Problem]:
    for number, step in enumerate(rule.ladder):
        place = _place(rule, step.on)
        if place and place[0] == "trigger" and place[1] < -1:  # a day is less than the units differ by
            words = f"the step {step.name} can never fire: its day lies before what starts {rule.name}"
            yield (*at, "ladder", number, "on"), words
        if step.kind == "reminder" and due and place and place[0] == due[0] and place[1] > due[1]:
            words = f"the reminder {step.name} comes after the last day that it reminds of ({rule.due})"
            yield (*at, "ladder", number, "on"), words


def _gaps(policy: Policy, rule: ObligationRule, at: KeyPath) -> Iterator[Problem]:
    """Escalations that climb the chain and leave out a post between two that are told."""
    told: set[int] = set()
    rungs = [(number, step) for number, step in enumerate(rule.ladder) if step.kind == "escalation"]
    rungs.sort(key=lambda rung: (_place(rule, rung[1].on) or ("", 0))[1])
    for number, step in rungs:
        posts = {policy.chain.index(each.role) for each in step.to if each.role in policy.chain}
        if posts and told and max(posts) > max(told):
            missed = [policy.chain[each] for each in range(max(told) + 1, max(posts)) if each not in posts]
            if missed:
                skipped = " and ".join(missed)
                words = f"the step {step.name} goes to {policy.chain[max(posts)]} and skips {skipped} of the chain"
                yield (*at, "ladder", number, "to"), words
        told |= posts


def _place(rule: ObligationRule, moment: Moment, depth: int = 0) -> tuple[str, float] | None:
    """What a moment hangs on in the end, and how many days it is from there; None where it goes in a circle."""
    own = moment.sign * _days(moment.span)
    steps = {step.name: step.on for step in rule.ladder}
    base = rule.due if moment.base == "due" and rule.due is not None else steps.get(moment.base)
    if base is None:
        return moment.base, own
    further = _place(rule, base, depth + 1) if depth <= len(steps) else None
    return None if further is None else (further[0], further[1] + own)


def _days(span: Span | None) -> float:
    return 0 if span is None else span.count * DAYS[span.unit]
