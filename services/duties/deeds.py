"""What counts towards the duties, gathered from all events of an authority: recorded deeds, and returned audits."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from events.audits import AuditAllocated, AuditExempted, AuditReassigned, AuditSubmitted, AuditVoided
from events.duties import DutyRecorded, DutySkipped
from events.recorded import Recorded
from services.clock import local_date
from services.duties.periods import Period

Named = tuple[str, str | None]
"""As what an audit names somebody (`auditor`, `worker`, `reviewer`, `team`) and whom; `("", None)` for any audit."""

ANYBODY: Named = ("", None)


@dataclass(slots=True)
class _Audit:
    """An audit as the duties see it; `on` is the day of its return."""

    allocated: AuditAllocated
    auditor: str
    on: date | None = None

    def named(self) -> Iterator[Named]:
        yield from (("auditor", self.auditor), ("worker", self.allocated.worker), ("team", self.allocated.team))
        if self.allocated.reviewer is not None:
            yield ("reviewer", self.allocated.reviewer)
        yield ANYBODY


@dataclass(slots=True)
class Deeds:
    """Everything that counts towards the duties. Further files and re-audits are left out (A-ESX-14)."""

    recorded: dict[str, list[DutyRecorded]] = field(default_factory=dict)
    skipped: dict[str, list[DutySkipped]] = field(default_factory=dict)
    returned: Counter[tuple[str, Named, int, int]] = field(default_factory=Counter)

    def audits(self, types: Iterable[str], named: Named, period: Period) -> int:
        """How many audits of these types, naming somebody so, were returned in the period."""
        return sum(self.returned[kind, named, *month] for kind in types for month in period.months())


def gather(events: Iterable[Recorded]) -> Deeds:
    """What the events come to, in whatever order aggregates stand among each other. Void and exempt audits are none."""
    deeds = Deeds()
    audits: dict[str, _Audit] = {}
    for each in events:
        fact, about = each.fact, each.originator_id
        match fact:
            case DutyRecorded():
                deeds.recorded.setdefault(fact.duty, []).append(fact)
            case DutySkipped():
                deeds.skipped.setdefault(fact.duty, []).append(fact)
            case AuditAllocated(reaudit_of=None, extra_of=None):
                audits[about] = _Audit(fact, fact.auditor)
            case AuditReassigned() if about in audits:
                audits[about].auditor = fact.auditor
            case AuditSubmitted() if about in audits:
                audits[about].on = local_date(each.envelope.occurred)
            case AuditVoided() | AuditExempted():
                audits.pop(about, None)
    for audit in audits.values():
        if audit.on is not None:
            kind = audit.allocated.audit_type
            deeds.returned.update((kind, named, audit.on.year, audit.on.month) for named in audit.named())
    return deeds
