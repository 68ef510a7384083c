"""What each kept body means. The bodies lie in `bodies/`, as they were stored on the day that the name was first used.

A body is never edited. A new version of a contract adds a body under its own name, and the older one stays and
is read as this table says.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from events.actions import ActionCompleted, ActionConfirmed, ActionRedated, ActionSet
from events.answers import Answer
from events.audits import (
    AuditAllocated,
    AuditClosed,
    AuditExempted,
    AuditFiled,
    AuditModerated,
    AuditReassigned,
    AuditShared,
    AuditSignedOff,
    AuditSubmitted,
    AuditVoided,
    ChildLeft,
    FeedbackGiven,
    ModeratorAllocated,
)
from events.base import Fact
from events.cases import CaseListClosed, CaseListOpened, CasesListed, ListedCase
from events.children import ChildErased, ChildHeld, ChildHoldReleased
from events.commands import ActRefused, CommandNamed
from events.directory import PersonAppointed, PersonLeft, PersonMoved, PersonTrained, UnitPlaced
from events.escalations import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationResolved,
    NoticeLapsed,
    NoticeSent,
    ObligationMet,
    Recipient,
)
from events.findings import (
    AuditAnswered,
    FeedbackRecorded,
    MeetingRecorded,
    ReflectionRecorded,
    SafetyConcernRaised,
    SectionCommented,
    SectionGraded,
)
from events.imports import ImportClosed, ImportOpened
from events.indicators import IndicatorCompared, IndicatorRecorded
from events.programme import TaskRecorded, TaskSkipped
from events.reads import OpenedRecord, TextsOpened
from events.reaudits import (
    AuditSampled,
    ExtraCompleted,
    ExtraWithdrawn,
    ReauditAllocated,
    ReauditCompleted,
    ReauditWithdrawn,
)
from events.registers import EntryItem, EntryRecorded, EntryStepped, EntryWithdrawn
from tests.events.kept_clocks import OF_CLOCKS
from tests.events.kept_deliveries import OF_DELIVERIES
from tests.events.kept_disputes import OF_DISPUTES
from tests.events.kept_policies import OF_POLICIES
from tests.events.kept_reports import OF_REPORTS
from tests.events.kept_rounds import OF_ROUNDS
from tests.events.kept_samples import OF_SAMPLES
from tests.events.kept_streams import OF_STREAMS
from tests.events.kept_webhooks import OF_WEBHOOKS
from tests.histories import sealed

BODIES = Path(__file__).parent / "bodies"
DUE = datetime(2026, 4, 4, 7, 0, tzinfo=UTC)
TOLD = (
    Recipient(asked="team", role="team", unit="T-1"),
    Recipient(
        asked="service_manager over auditor",
        role="head_of_service",
        unit="S-1",
        holder="P-5",
        vacant=("service_manager of S-1",),
    ),
)
MODERATED = AuditModerated(
    moderator="P-3",
    outcome="changed",
    grade="Does Not Meet Good – escalate immediately",
    sections={},
    rationale=sealed(),
    learning_points=sealed(),
    safety_plan=None,
    discussed=True,
)

MEANINGS: dict[str, Fact] = {
    "audit.allocated.v1": AuditAllocated(
        audit_type="full",
        child="C-1",
        child_number=sealed(),
        team="T-1",
        worker="P-9",
        auditor="P-2",
        due=date(2026, 2, 2),
        round="R-2026-01",
        strand="Help and protection",
        age_band="6–10",
        open_since=date(2025, 11, 30),
        reaudit_of="A-0",
    ),
    "audit.reassigned.v1": AuditReassigned(auditor="P-4", reason=sealed()),
    "audit.reflection_recorded.v1": ReflectionRecorded(practitioner="P-9", reflection=sealed()),
    "audit.meeting_recorded.v1": MeetingRecorded(practitioner="P-9", override=sealed()),
    "audit.feedback_recorded.v1": FeedbackRecorded(source="parents_carers", outcome="obtained", feedback=sealed()),
    "audit.section_graded.v1": SectionGraded(
        section="Risk", grade="Meets good", grader="practitioner", evidence=sealed(), impact=sealed(), escalate=True
    ),
    "audit.section_commented.v1": SectionCommented(section="Planning", comment=sealed()),
    "audit.safety_concern_raised.v1": SafetyConcernRaised(concern=sealed()),
    "entry.recorded.v1": EntryRecorded(
        kind="dip_sample",
        on=date(2026, 3, 2),
        until=date(2026, 3, 6),
        holder="P-1",
        child="C-1",
        person="P-9",
        team="T-1",
        service="S-1",
        subject="H-1",
        answers=(Answer(question="rating", chosen=("amber",)),),
        items=(EntryItem(child="C-2", answers=(Answer(question="better", yes=True),)),),
    ),
    "entry.stepped.v1": EntryStepped(kind="dip_sample", step="shared", on=date(2026, 3, 9), holder="P-1"),
    "entry.withdrawn.v1": EntryWithdrawn(reason=sealed()),
    "audit.answered.v1": AuditAnswered(
        asked_at="feedback",
        answers=(
            Answer(question="rights", yes=False),
            Answer(question="first_visit", on=date(2026, 3, 2)),
            Answer(question="hours_to_allocate", number=30.5),
            Answer(question="risks", chosen=("neglect",)),
            Answer(question="relationships", text=sealed()),
        ),
    ),
    "audit.submitted.v1": AuditSubmitted(
        grade="Inadequate",
        bottom_lines_unmet=("child seen alone", "plan in date"),
        override=sealed(),
        safety_plan=sealed(),
        immediate_concern=True,
        significant_concern=False,
        summary=None,
    ),
    "audit.moderator_allocated.v1": ModeratorAllocated(moderator="P-3", due=date(2026, 1, 30)),
    "audit.moderated.v1": MODERATED,
    "audit.moderated.v2": MODERATED.model_copy(update={"sections": {"Plans": "Does not meet good"}}),
    "audit.signed_off.v1": AuditSignedOff(comments=sealed()),
    "audit.shared.v1": AuditShared(team="T-1"),
    "audit.feedback_given.v1": FeedbackGiven(recipient="P-9"),
    "audit.filed.v1": AuditFiled(),
    "audit.closed.v1": AuditClosed(),
    "audit.voided.v1": AuditVoided(reason=sealed()),
    "audit.reaudit_allocated.v1": ReauditAllocated(reaudit="A-2", auditor="P-4"),
    "audit.sampled.v1": AuditSampled(purpose="second_tier_moderation", month="2026-01"),
    "audit.reaudit_completed.v1": ReauditCompleted(reaudit="A-2", grade="Good"),
    "audit.extra_completed.v1": ExtraCompleted(extra="A-3", concern=True),
    "audit.reaudit_withdrawn.v1": ReauditWithdrawn(reaudit="A-2", how="voided"),
    "audit.extra_withdrawn.v1": ExtraWithdrawn(extra="A-3", how="exempted"),
    "audit.exempted.v1": AuditExempted(ground="sick leave", requested_by="P-4", requested_as="head_of_service"),
    "audit.child_left.v1": ChildLeft(how="moved"),
    "audit.act_refused.v1": ActRefused(act="audit.moderate", rule="the auditor may not moderate the same audit"),
    "action.set.v1": ActionSet(
        action="X-1", level="service", text=sealed(), owner="P-9", due=date(2026, 2, 28), stage="moderation"
    ),
    "action.redated.v1": ActionRedated(action="X-1", due=date(2026, 3, 31), agreed_by="P-8", reason=sealed()),
    "action.completed.v1": ActionCompleted(action="X-1", impact=sealed()),
    "action.confirmed.v1": ActionConfirmed(action="X-1", confirmed_by="P-5", role="team_manager"),
    "notice.sent.v1": NoticeSent(
        obligation="audit_return",
        step="reminder",
        key="",
        due=DUE,
        kind="reminder",
        title="Audit due in one week",
        recipients=TOLD,
        late=True,
        reconstructed=False,
    ),
    "notice.lapsed.v1": NoticeLapsed(obligation="reaudit", step="reminder", key="2", due=DUE, reason="cancelled"),
    "escalation.raised.v1": EscalationRaised(
        obligation="audit_return",
        step="outstanding_list",
        due=DUE,
        level=2,
        title="Audit outstanding",
        recipients=TOLD,
        reconstructed=True,
    ),
    "escalation.acknowledged.v1": EscalationAcknowledged(
        obligation="audit_return", step="outstanding_list", due=DUE, note=sealed()
    ),
    "escalation.resolved.v1": EscalationResolved(
        obligation="audit_return", step="outstanding_list", due=DUE, how="discharged", note=None
    ),
    "obligation.met.v1": ObligationMet(obligation="action_tracker", key="2", note=sealed()),
    "unit.placed.v1": UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    "person.appointed.v1": PersonAppointed(person="P-5", role="head_of_service", unit="S-1"),
    "person.moved.v1": PersonMoved(
        person="P-5", from_role="team_manager", from_unit="T-1", role="head_of_service", unit="S-1"
    ),
    "person.left.v1": PersonLeft(person="P-5", role="director", unit=None),
    **OF_SAMPLES,
    "duty.recorded.v1": TaskRecorded(
        duty="t3_3",
        on=date(2026, 5, 14),
        holder="P-4",
        about="P-9",
        item="supervision record",
        count=2,
        evidence=("reflective discussion",),
        concern=True,
        reported_to=("head_of_service", "lscb"),
    ),
    "duty.skipped.v1": TaskSkipped(duty="t3_16", on=date(2026, 4, 30), about="P-9", ground="no open case"),
    "indicator.recorded.v1": IndicatorRecorded(
        indicator="rereferrals",
        month="2026-03",
        level="team",
        ref="T-1",
        part="referrals",
        value=Decimal("21.5"),
        numerator=Decimal(43),
        denominator=Decimal(200),
        source="monthly return",
    ),
    "indicator.compared.v1": IndicatorCompared(
        indicator="rereferrals",
        comparator="statistical neighbours",
        first=date(2025, 4, 1),
        last=date(2026, 3, 31),
        part=None,
        value=Decimal("22.40"),
        source="published tables",
    ),
    "cases.opened.v1": CaseListOpened(file_hash="0a1b2c3d", kind="annex_a", as_of=date(2026, 3, 31)),
    "cases.listed.v1": CasesListed(
        cases=(
            ListedCase(
                child="C-1",
                number=sealed(),
                lists=("child protection plans", "children in need"),
                service="Locality 4",
                team="T-1",
                worker="worker-0a1b",
                open_since=date(2025, 11, 2),
                strand="Help and protection",
                age=7,
            ),
            ListedCase(child="C-2", number=sealed(child="C-2")),
        )
    ),
    "cases.closed.v1": CaseListClosed(taken=2, left_out=1),
    "child.erased.v1": ChildErased(version=2, key_id="0123456789abcdef", reason="retention"),
    "child.held.v1": ChildHeld(number=1, reason="inquiry"),
    "child.hold_released.v1": ChildHoldReleased(number=2, reason="inquiry"),
    "texts.opened.v1": TextsOpened(door="http", opened=(OpenedRecord(record="audit/A-1", fields=("action.text",)),)),
    "person.trained.v1": PersonTrained(person="P-5", until=date(2027, 3, 31)),
    **OF_DELIVERIES,
    **OF_CLOCKS,
    **OF_DISPUTES,
    **OF_REPORTS,
    **OF_POLICIES,
    **OF_WEBHOOKS,
    **OF_ROUNDS,
    "import.opened.v1": ImportOpened(file_hash="0a1b2c3d"),
    "import.closed.v1": ImportClosed(accepted=120, repeated=7, refused=3),
    "command.named.v1": CommandNamed(record="audit/A-1"),
    **OF_STREAMS,
}
"""One meaning for every stored name that was ever written, former versions too."""


def kept_body(stored_name: str) -> bytes:
    """The body as it was stored."""
    return (BODIES / f"{stored_name}.json").read_bytes().rstrip(b"\n")
