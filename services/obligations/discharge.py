"""When an obligation was met: which events discharge it, how often, by whom, and what they must say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from events.base import Fact
from events.escalations import ObligationMet
from events.recorded import Recorded
from events.sampling import FileModerated, ReturnCounted, SampleDrawn
from services.clock import local_date
from services.obligations.log import Log, holds
from services.obligations.standing import met_while
from services.policy.model import ObligationRule
from services.policy.reach import by_audit

ALL_CONFIRMED = "all actions confirmed"
"""The condition of `met_by` that is no event."""

Changes = list[tuple[datetime, bool]]
"""At which instants it became met, or unmet again."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One of the things that must have happened: an event of that name, by that role, with what it must say."""

    event: str
    role: str = ""
    said: Mapping[str, object] = field(default_factory=dict)


def changes_of(log: Log, rule: ObligationRule, trigger: Recorded, key: str, opens: date | None) -> Changes:
    """When the obligation that `trigger` began became met, or unmet again. Nothing before the day `opens` counts."""
    if rule.met_sum:
        return [(when, total >= rule.met_count) for when, total in log.sums(rule.met_by, rule.met_sum)]
    if about_actions_alone(rule):
        first = log.first_action
        return [] if first is None else [change for change in log.confirmations() if change[0] >= first]
    each = [
        log.confirmations()
        if wanted.event == ALL_CONFIRMED
        else met_while(_acts_of(log, rule, trigger, key, opens, wanted), rule.met_count)
        for wanted in _wanted(rule)
    ]
    return _combined(each, all if rule.met_all or rule.met_by_roles or rule.met_each else any)


def given_up(log: Log, rule: ObligationRule, trigger: Recorded, key: str) -> datetime | None:
    """When that happened with which what `trigger` began is owed no more, although nobody met it."""
    if rule.until is None:
        return None
    asked = [_Wanted(event, said=rule.until.when) for event in rule.until.events]
    spans = [span for wanted in asked for span in _acts_of(log, rule, trigger, key, None, wanted)]
    return next((when for when, over in met_while(spans, rule.until.count) if over), None)


def about_actions_alone(rule: ObligationRule) -> bool:
    """Whether nothing is owed before there is an action; beside other conditions, having none is no hindrance."""
    return rule.met_by == (ALL_CONFIRMED,)


def _wanted(rule: ObligationRule) -> Iterator[_Wanted]:
    said = [{**rule.met_when, name: value} for name, values in rule.met_each.items() for value in values]
    for event in rule.met_by:
        for role in rule.met_by_roles or ("",):
            for each in said or [rule.met_when]:
                yield _Wanted(event, role, each)


def _acts_of(
    log: Log, rule: ObligationRule, trigger: Recorded, key: str, opens: date | None, wanted: _Wanted
) -> list[tuple[datetime, datetime | None]]:
    """When what is wanted happened, none of it too early, and when it was taken back."""
    return [
        (act.envelope.occurred, until)
        for act, name, until in zip(log.acts, log.names, log.taken_back, strict=True)
        if name == wanted.event
        and wanted.role in {"", act.envelope.role}
        and (_followed(act, trigger) or rule.met_earlier or _of_action(act, rule))
        and (opens is None or local_date(act.envelope.occurred) >= opens)
        and _discharges(act, rule, trigger, key)
        and all(holds(act.fact, name, value) for name, value in wanted.said.items())
    ]


def _combined(each: Sequence[Changes], how: Callable[[Iterable[bool]], bool]) -> Changes:
    """Met while all of several conditions are, or while any one of them is."""
    states = [False] * len(each)
    changes = []
    for when, number, state in sorted(
        (when, number, state) for number, found in enumerate(each) for when, state in found
    ):
        states[number] = state
        changes.append((when, how(states)))
    return changes


def _followed(act: Recorded, trigger: Recorded) -> bool:
    """Whether it was done after what began the clock; where the calendar did, whenever that was recorded."""
    if trigger.fact.by_calendar:
        return act.envelope.occurred >= trigger.envelope.occurred
    return act.originator_version > trigger.originator_version


def _of_action(act: Recorded, rule: ObligationRule) -> bool:
    """Whether it is about one action: that can only have been after the action was set, whatever was agreed since."""
    return rule.per == "action" and hasattr(act.fact, "action")


def _discharges(act: Recorded, rule: ObligationRule, trigger: Recorded, key: str) -> bool:
    if isinstance(act.fact, ObligationMet):
        return act.fact.obligation == rule.name and act.fact.key == key
    if by_audit(rule) and isinstance(trigger.fact, ReturnCounted | FileModerated):
        return _about_audit(act.fact, trigger.fact.audit)
    return rule.per != "action" or getattr(act.fact, "action", key) == key


def _about_audit(fact: Fact, audit: str) -> bool:
    """Whether what is owed of each audit of a month was done for this one: it stood in a draw, or it is named."""
    if isinstance(fact, SampleDrawn):
        return audit in fact.frame
    return not isinstance(fact, ReturnCounted | FileModerated) or fact.audit == audit
