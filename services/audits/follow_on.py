"""What the return of an audit means for the earlier audit that asked for it: a re-audit, or one more file."""

from collections.abc import Iterator, Sequence

from events.audits import AuditSubmitted, ExtraCompleted, ReauditCompleted
from events.base import Fact
from services.audits.state import Audit
from services.command import Decided


def follow_on(reference: str, audit: Audit, facts: Sequence[Fact]) -> Iterator[Decided]:
    """For the earlier audit: what it asked for was returned. Written in the same batch as the return."""
    for fact in facts:
        if not isinstance(fact, AuditSubmitted):
            continue
        if audit.reaudit_of is not None:
            yield Decided(f"audit/{audit.reaudit_of}", ReauditCompleted(reaudit=reference, grade=fact.grade))
        if audit.extra_of is not None:
            yield Decided(f"audit/{audit.extra_of}", ExtraCompleted(extra=reference, concern=fact.significant_concern))
