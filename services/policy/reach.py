"""What can happen to a kind of record, as the contracts of events say: which events it may hold, and by which acts."""

from collections.abc import Iterable

from events.escalations import Step
from events.registry import EVENTS
from services.policy.model import ObligationRule


def follows(event: str) -> bool:
    """Whether it is what follows from the rules themselves, or an answer to that: rules are worked out without it.

    So is what the calendar brings: it is recorded for the one rule that asks for it, which is the report's own.
    """
    return event in EVENTS and (issubclass(EVENTS[event], Step) or EVENTS[event].by_calendar)


def kinds_of(*events: str) -> frozenset[str]:
    """The kinds of record that may hold one of these events, such as `audit`."""
    held = (EVENTS[event].kinds or (event.partition(".")[0],) for event in events if event in EVENTS)
    return frozenset(kind for kinds in held for kind in kinds)


def acts_of(event: str) -> frozenset[str]:
    """The acts one of which records the event; empty where it hangs on no act of its own."""
    return frozenset(EVENTS[event].acts if event in EVENTS else ())


def kinds_of_rule(rule: ObligationRule) -> frozenset[str]:
    """The kinds of record on which a rule's clock may start."""
    return kinds_of(*rule.trigger.events)


OF_AUDITS = frozenset({"month.return_counted", "month.file_moderated"})
"""What a month has of each of its audits."""


REAUDITED = frozenset({"audit.reaudit_completed", "audit.reaudit_allocated", "audit.reaudit_withdrawn"})
"""What an audit has of its re-audit: its own grade stays as it is, and the grade that is named is the re-audit's."""


def by_audit(rule: ObligationRule) -> bool:
    """Whether each audit of a month starts a clock of its own, which is met for that audit alone."""
    return rule.trigger.repeat == "each" and OF_AUDITS.issuperset(rule.trigger.events)


def unreachable(rule: ObligationRule, events: Iterable[str]) -> frozenset[str]:
    """Those of the events that no record can hold on which the rule's clock starts."""
    known = {each: EVENTS[each] for each in events if each in EVENTS}
    return frozenset(
        each for each, event in known.items() if not (event.anywhere or kinds_of(each) & kinds_of_rule(rule))
    )
