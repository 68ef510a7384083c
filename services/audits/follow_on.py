"""What acts on an audit mean for the earlier audit that asked for it: a re-audit, or one more file."""

from collections.abc import Iterator, Sequence
from typing import Literal

from events.audits import (
    AuditAllocated,
    AuditExempted,
    AuditReassigned,
    AuditSubmitted,
    AuditVoided,
    ExtraCompleted,
    ExtraWithdrawn,
    ReauditAllocated,
    ReauditCompleted,
    ReauditWithdrawn,
)
from events.base import Fact
from services.audits.line import Audits, settled_together
from services.audits.state import Audit
from services.command import Decided, Situation


def follow_on(
    reference: str, audit: Audit, facts: Sequence[Fact], situation: Situation, audit_of: Audits
) -> Iterator[Decided]:
    """For the earlier audit: what it asked for has an auditor, was returned, or came to nothing. In the same batch.

    And for every audit of its line of re-audits what is settled for all of them at once.
    """
    yield from settled_together(reference, audit, facts, situation, audit_of)
    for fact in facts:
        match fact:
            case AuditAllocated(reaudit_of=str(earlier), auditor=auditor):
                yield Decided(f"audit/{earlier}", ReauditAllocated(reaudit=reference, auditor=auditor))
            case AuditReassigned(auditor=auditor) if audit.reaudit_of is not None:
                yield Decided(f"audit/{audit.reaudit_of}", ReauditAllocated(reaudit=reference, auditor=auditor))
            case AuditSubmitted(grade=grade, significant_concern=concern):
                if audit.reaudit_of is not None:
                    yield Decided(f"audit/{audit.reaudit_of}", ReauditCompleted(reaudit=reference, grade=grade))
                if audit.extra_of is not None:
                    yield Decided(f"audit/{audit.extra_of}", ExtraCompleted(extra=reference, concern=concern))
            case AuditVoided() | AuditExempted():
                how: Literal["voided", "exempted"] = "voided" if isinstance(fact, AuditVoided) else "exempted"
                if audit.reaudit_of is not None:
                    yield Decided(f"audit/{audit.reaudit_of}", ReauditWithdrawn(reaudit=reference, how=how))
                if audit.extra_of is not None:
                    yield Decided(f"audit/{audit.extra_of}", ExtraWithdrawn(extra=reference, how=how))
