"""The line of re-audits that an audit stands in, and what is settled for all of it at once (A-SWI-07)."""

from collections.abc import Iterator

from events.escalations import ObligationMet
from services.audits.state import Audit
from services.core.situation import Decided, Situation


def settled_together(fact: ObligationMet, situation: Situation) -> Iterator[Decided]:
    """For the other audits of the line: what was met here, and is one for the whole line, is met there too."""
    shared = {rule.name for rule in situation.policy.obligations if rule.with_reaudits}
    if fact.obligation not in shared or not isinstance(situation.record.state, Audit):
        return
    for other in _others(situation):
        for each in situation.owed_by(f"audit/{other}", lambda rule: rule.name == fact.obligation):
            if each.ended() is None and each.trigger.envelope.occurred <= situation.at:
                yield Decided(f"audit/{other}", fact.model_copy(update={"key": each.key}))


def _others(situation: Situation) -> Iterator[str]:
    """Every other audit that is linked to this one by re-audits, however far before or after it."""
    seen, waiting = {situation.record.reference}, [situation.record.state]
    while waiting:
        each = waiting.pop()
        for other in filter(None, (each.reaudit_of, *each.reaudits)):
            if other not in seen:
                seen.add(other)
                waiting.append(situation.record_of(f"audit/{other}").state)
                yield other
