"""What a fact means for audits: the earlier audit that asked for this one, and those that a draw marks."""

from collections.abc import Iterator
from typing import Literal

from events.audits import AuditAllocated, AuditExempted, AuditReassigned, AuditSubmitted, AuditVoided
from events.base import Fact
from events.reaudits import (
    AuditSampled,
    ExtraCompleted,
    ExtraWithdrawn,
    ReauditAllocated,
    ReauditCompleted,
    ReauditWithdrawn,
)
from events.sampling import SampleDrawn
from services.audits.state import Audit
from services.core.situation import Decided, Situation

TOLD = (AuditAllocated, AuditReassigned, AuditSubmitted, AuditVoided, AuditExempted)
"""What an earlier audit is told of the one that it asked for."""


def earlier_audit(fact: Fact, situation: Situation) -> Iterator[Decided]:
    """For the earlier audit: what it asked for has an auditor, was returned, or came to nothing."""
    audit: Audit = situation.record.state
    reference = situation.record.reference
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


def marked(fact: SampleDrawn, situation: Situation) -> Iterator[Decided]:
    """For each audit that a draw chose, where the policy marks them: that it is in the sample (TOR-86)."""
    if fact.purpose in {each.name for each in situation.policy.samples if each.marked}:
        for audit in fact.chosen:
            yield Decided(f"audit/{audit}", AuditSampled(purpose=fact.purpose, month=fact.month))
