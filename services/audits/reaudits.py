"""What the return of a re-audit means for the audit that asked for it."""

from collections.abc import Iterator, Sequence

from events.audits import AuditSubmitted, ReauditCompleted
from events.base import Fact
from services.audits.state import Audit
from services.command import Decided


def completed_reaudits(reference: str, audit: Audit, facts: Sequence[Fact]) -> Iterator[Decided]:
    """For the earlier audit: its re-audit was returned. Written in the same batch as the return."""
    if audit.reaudit_of is None:
        return
    for fact in facts:
        if isinstance(fact, AuditSubmitted):
            yield Decided(f"audit/{audit.reaudit_of}", ReauditCompleted(reaudit=reference, grade=fact.grade))
