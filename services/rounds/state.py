"""One round as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field

from events.recorded import Recorded
from events.rounds import (
    DataRequested,
    DipsRecorded,
    EnquiriesAdded,
    QuestionsAgreed,
    RoundApproved,
    RoundAssigned,
    RoundAuditCounted,
    RoundAuditGiven,
    RoundAuditWithdrawn,
    RoundDrawn,
    RoundPlanned,
    RoundScheduled,
)
from services.core.folded import Folded

PLAN = (RoundPlanned, EnquiriesAdded, QuestionsAgreed)
"""What the plan consists of: after each of them it is approved afresh."""


@dataclass(slots=True)
class Round(Folded):
    """A round as it stands.

    `approved` holds for each role that approved the plan as it stands the units that it approved for; `draws` and
    `assigned` the last draw of each name and its assignment; `given` the auditor of each audit, `counted` those
    that count; `dips` the children who were dip sampled.
    """

    scheduled: RoundScheduled | None = None
    planned: RoundPlanned | None = None
    enquiries: list[str] = field(default_factory=list)
    questions: dict[str, QuestionsAgreed] = field(default_factory=dict)
    requested: DataRequested | None = None
    approved: dict[str, set[str]] = field(default_factory=dict)
    draws: dict[str, RoundDrawn] = field(default_factory=dict)
    drawn_by: dict[str, Recorded] = field(default_factory=dict)
    assigned: dict[str, RoundAssigned] = field(default_factory=dict)
    given: dict[str, RoundAuditGiven] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    dips: set[str] = field(default_factory=set)

    def apply(self, recorded: Recorded) -> None:  # noqa: C901, PLR0912 - one arm for each event that changes something
        """Take in one event."""
        fact = recorded.fact
        if isinstance(fact, PLAN):
            self.approved = {}
        match fact:
            case RoundScheduled():
                self.scheduled = fact
            case RoundPlanned():
                self.planned = fact
            case EnquiriesAdded(lines=lines):
                self.enquiries.extend(lines)
            case QuestionsAgreed(service=service):
                self.questions[service] = fact
            case DataRequested():
                self.requested = fact
            case RoundApproved(approver=approver, units=units):
                self.approved[approver] = self.approved.get(approver, set()) | set(units)
            case RoundDrawn(draw=draw):
                self.draws[draw], self.drawn_by[draw] = fact, recorded
                self.assigned.pop(draw, None)
            case RoundAssigned(draw=draw):
                self.assigned[draw] = fact
            case RoundAuditGiven(audit=audit):
                self.given[audit] = fact
            case RoundAuditCounted(audit=audit):
                self.counted.add(audit)
            case RoundAuditWithdrawn(audit=audit):
                self.given.pop(audit, None)
                self.counted.discard(audit)
            case DipsRecorded(children=children):
                self.dips.update(children)
