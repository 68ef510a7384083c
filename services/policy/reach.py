"""What can happen to a kind of record, as the contracts of events say: which events it may hold, and by which acts."""

from collections.abc import Iterable

from events.registry import BY_NAME
from services.policy.model import ObligationRule

_KINDS: dict[str, frozenset[str]] = {}
_ACTS: dict[str, frozenset[str]] = {}
for _name, _contract in BY_NAME.items():
    _event = _name.rpartition(".v")[0]
    _KINDS[_event] = frozenset(_contract.kinds or (_event.partition(".")[0],))
    _ACTS[_event] = frozenset(_contract.acts)


def kinds_of(*events: str) -> frozenset[str]:
    """The kinds of record that may hold one of these events, such as `audit`."""
    return frozenset(kind for event in events for kind in _KINDS.get(event, ()))


def acts_of(event: str) -> frozenset[str]:
    """The acts one of which records the event; empty where it hangs on no act of its own."""
    return _ACTS.get(event, frozenset())


def kinds_of_rule(rule: ObligationRule) -> frozenset[str]:
    """The kinds of record on which a rule's clock may start."""
    return kinds_of(*rule.trigger.events)


def unreachable(rule: ObligationRule, events: Iterable[str]) -> frozenset[str]:
    """Those of the events that no record can hold on which the rule's clock starts."""
    return frozenset(each for each in events if each in _KINDS and not kinds_of(each) & kinds_of_rule(rule))
