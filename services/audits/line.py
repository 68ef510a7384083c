"""The line of re-audits that an audit stands in, and what is settled for all of it at once (A-SWI-07)."""

from collections.abc import Callable, Iterator, Sequence

from events.base import Fact
from events.escalations import ObligationMet
from services.audits.state import Audit
from services.command import Decided, Situation
from services.policy.model import Policy

Audits = Callable[[str], Audit | None]
"""An audit by its reference."""


def settled_together(
    reference: str, audit: Audit, facts: Sequence[Fact], situation: Situation, audit_of: Audits
) -> Iterator[Decided]:
    """For the other audits of the line: what was met here, and is one for the whole line, is met there too."""
    for fact in facts:
        if isinstance(fact, ObligationMet) and fact.obligation in _shared(situation.policy):
            for other in _others(reference, audit, audit_of):
                for each in situation.owed_by(f"audit/{other}"):
                    began = each.trigger.envelope.occurred
                    if each.name == fact.obligation and each.ended() is None and began <= situation.at:
                        yield Decided(f"audit/{other}", fact.model_copy(update={"key": each.key}))


def _shared(policy: Policy) -> set[str]:
    return {rule.name for rule in policy.obligations if rule.with_reaudits}


def _others(reference: str, audit: Audit, audit_of: Audits) -> Iterator[str]:
    """Every other audit that is linked to this one by re-audits, however far before or after it."""
    seen, waiting = {reference}, [audit]
    while waiting:
        each = waiting.pop()
        for other in filter(None, (each.reaudit_of, *each.reaudits)):
            if other not in seen and (found := audit_of(other)) is not None:
                seen.add(other)
                waiting.append(found)
                yield other
