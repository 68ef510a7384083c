"""When an obligation was met: which events discharge it, how often, by whom, and what they must say."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from events.base import Fact
from events.escalations import ObligationMet
from events.recorded import Recorded
from events.sampling import FileModerated, ReturnCounted, SampleDrawn
from services.clock import local_date
from services.obligations.framework import ALL_CONFIRMED, Rule, Wanted
from services.obligations.log import Log
from services.obligations.model import met_since
from services.obligations.occasions import holds
from services.obligations.standing import met_while
from services.policy.model import ObligationRule

Changes = list[tuple[datetime, bool]]
"""At which instants it became met, or unmet again."""


def changes_of(log: Log, rule: Rule, trigger: Recorded, key: str, opens: date | None) -> Changes:
    """When the obligation that `trigger` began became met, or unmet again. Nothing before the day `opens` counts."""
    stated = rule.stated
    if stated.met_sum:
        return [(when, total >= stated.met_count) for when, total in log.sums(stated.met_by, stated.met_sum)]
    if rule.about_actions_alone:
        first = log.first_action
        return [] if first is None else [change for change in log.confirmations if change[0] >= first]
    each = [
        log.confirmations
        if wanted.event == ALL_CONFIRMED
        else met_while(_acts_of(log, rule, trigger, key, opens, wanted), stated.met_count)
        for wanted in rule.wanted
        if wanted.event == ALL_CONFIRMED or wanted.event in log.happened or rule.wants_all
    ]
    return _combined(each, all if rule.wants_all else any)


def given_up(log: Log, rule: Rule, trigger: Recorded, key: str) -> datetime | None:
    """Since when what `trigger` began is owed no more, although nobody met it; None where that was taken back."""
    until = rule.stated.until
    if until is None:
        return None
    spans = [span for wanted in rule.until for span in _acts_of(log, rule, trigger, key, None, wanted)]
    return met_since(met_while(spans, until.count))


def act_that_met(log: Log, rule: Rule, trigger: Recorded, key: str, since: datetime) -> Recorded:
    """The act with which what `trigger` began became met then: of several at one instant the last that stands.

    So none of them is left over to meet what follows. It is asked of what acts meet, each time, and of nothing else;
    what had come too early to count was not done at that instant.
    """
    counting = (each for wanted in rule.wanted for each in _counting(log, rule, trigger, key, None, wanted))
    then = [each for each in counting if each[0].envelope.occurred == since]
    return max(then, key=lambda each: (each[1] is None, each[0].originator_version))[0]


def _acts_of(
    log: Log, rule: Rule, trigger: Recorded, key: str, opens: date | None, wanted: Wanted
) -> list[tuple[datetime, datetime | None]]:
    """When what is wanted happened, none of it too early, and when it was taken back."""
    return [(act.envelope.occurred, until) for act, until in _counting(log, rule, trigger, key, opens, wanted)]


def _counting(
    log: Log, rule: Rule, trigger: Recorded, key: str, opens: date | None, wanted: Wanted
) -> list[tuple[Recorded, datetime | None]]:
    """The acts that are what is wanted, none of them too early, each with when it was taken back."""
    return [
        (act, until)
        for act, until in ((log.acts[place], log.taken_back[place]) for place in log.at(wanted.event))
        if wanted.role in {"", act.envelope.role}
        and (_followed(act, trigger) or rule.stated.met_earlier or _of_action(act, rule.stated))
        and (opens is None or local_date(act.envelope.occurred) >= opens)
        and _discharges(act, rule, trigger, key)
        and all(holds(act.fact, name, value) for name, value in wanted.said.items())
    ]


def _combined(each: Sequence[Changes], how: Callable[[Iterable[bool]], bool]) -> Changes:
    """Met while all of several conditions are, or while any one of them is."""
    if not each or (len(each) == 1 and len(each[0]) <= 1):  # nothing to put in order
        return [change for found in each for change in found]
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
    return rule.per == "action" and "action" in act.fact.__dict__


def _discharges(act: Recorded, rule: Rule, trigger: Recorded, key: str) -> bool:
    if isinstance(act.fact, ObligationMet):
        return act.fact.obligation == rule.name and act.fact.key == key
    if rule.by_audit and isinstance(trigger.fact, ReturnCounted | FileModerated):
        return _about_audit(act.fact, trigger.fact.audit)
    return rule.stated.per != "action" or act.fact.__dict__.get("action", key) == key


def _about_audit(fact: Fact, audit: str) -> bool:
    """Whether what is owed of each audit of a month was done for this one: it stood in a draw, or it is named."""
    if isinstance(fact, SampleDrawn):
        return audit in fact.frame
    return not isinstance(fact, ReturnCounted | FileModerated) or fact.audit == audit
