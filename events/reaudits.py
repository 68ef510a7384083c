"""What an audit is told of others: its re-audit, the further files that it asked for, the sample it was drawn for.

Each is written together with the act on the other record, onto the stream of the audit that is told.
"""

from typing import Literal

from events.base import Fact, Label, Ref
from events.wording import with_concern, with_grade


class ReauditAllocated(Fact):
    """A re-audit of this file was given to an auditor: written together with that allocation, or its change."""

    stored_name = "audit.reaudit_allocated.v1"
    clause = "a re-audit is given to an auditor"
    acts = ("audit.allocate",)
    reaudit: Ref
    auditor: Ref

    def sentence(self) -> str:
        return f"The re-audit {self.reaudit} of this file was given to {self.auditor}."


class AuditSampled(Fact):
    """A month's sample has this audit in it: written together with the draw, where the policy marks the chosen."""

    stored_name = "audit.sampled.v1"
    clause = "the audit is drawn in a sample"
    acts = ("sample.draw",)
    purpose: Label
    month: Ref

    def sentence(self) -> str:
        return f"The audit was drawn for {self.purpose} from those of {self.month}."


class ReauditCompleted(Fact):
    """A re-audit of this file was returned: written together with the return of that other audit."""

    stored_name = "audit.reaudit_completed.v1"
    clause = "the re-audit is returned"
    acts = ("audit.submit",)
    reaudit: Ref
    grade: Label | None

    def sentence(self) -> str:
        return f"Re-audit {self.reaudit} was returned {with_grade(self.grade)}."


class ExtraCompleted(Fact):
    """One of the further files that a concern asked for was returned: written together with that return."""

    stored_name = "audit.extra_completed.v1"
    clause = "a further file is returned"
    acts = ("audit.submit",)
    extra: Ref
    concern: bool | None

    def sentence(self) -> str:
        return f"Further file {self.extra} was returned{with_concern(self.concern)}."


class ReauditWithdrawn(Fact):
    """A re-audit of this file was voided or exempted: it counts as never given and never returned (A-ALL-14)."""

    stored_name = "audit.reaudit_withdrawn.v1"
    clause = "the re-audit is voided or exempted"
    acts = ("audit.void", "audit.exempt")
    reaudit: Ref
    how: Literal["voided", "exempted"]

    def sentence(self) -> str:
        return f"Re-audit {self.reaudit} was {self.how}; it does not count."


class ExtraWithdrawn(Fact):
    """One of the further files that a concern asked for came to nothing: written together with the act that did it."""

    stored_name = "audit.extra_withdrawn.v1"
    clause = "a further file is voided or exempted"
    acts = ("audit.void", "audit.exempt")
    extra: Ref
    how: Literal["voided", "exempted"]

    def sentence(self) -> str:
        return f"Further file {self.extra} was {self.how}; it does not count."
