"""One full sample of every kind of fact, and bare ones where a field may be empty."""

from datetime import UTC, date, datetime
from decimal import Decimal

from events import actions, audits, directory, disputes, duties, escalations, imports, indicators, registers, sampling
from events.answers import Answer
from events.base import Fact
from tests.histories import allocated, sealed

TEXT = sealed()
ON = date(2026, 3, 4)
TOLD = (escalations.Recipient(asked="director", role="Director", vacant=("Head of Service",)),)
STEP = {"obligation": "return", "step": "overdue_1", "due": datetime(2026, 3, 4, tzinfo=UTC)}

SAMPLES: tuple[Fact, ...] = (
    allocated(reaudit_of="A-0"),
    allocated(due=None),
    audits.AuditReassigned(auditor="P-4", reason=TEXT),
    audits.ReflectionRecorded(practitioner="P-9", reflection=TEXT),
    audits.MeetingRecorded(practitioner="P-9"),
    audits.MeetingRecorded(practitioner="P-9", override=TEXT),
    audits.FeedbackRecorded(source="child", outcome="not_age_appropriate", feedback=TEXT),
    audits.SectionGraded(section="plan", grade="Good", evidence=TEXT, impact=TEXT, escalate=True),
    audits.SectionCommented(section="Planning", comment=TEXT),
    audits.SafetyConcernRaised(concern=TEXT),
    audits.AuditAnswered(
        asked_at="return",
        answers=(
            Answer(question="seen_alone", yes=True),
            Answer(question="risks", chosen=("neglect", "domestic abuse")),
            Answer(question="words", text=TEXT),
        ),
    ),
    audits.AuditSubmitted(grade=None, significant_concern=True),
    audits.AuditSubmitted(grade="Good", bottom_lines_unmet=("visits",), override=TEXT, summary=TEXT),
    audits.ModeratorAllocated(moderator="P-3"),
    audits.AuditModerated(moderator="P-3", outcome="confirmed", grade=None, rationale=TEXT),
    audits.AuditModerated(moderator="P-3", outcome="changed", grade="Good", sections={"plan": "Good"}, rationale=TEXT),
    audits.AuditSignedOff(comments=TEXT),
    audits.AuditShared(team="T-1"),
    audits.FeedbackGiven(recipient="P-9"),
    audits.AuditFiled(),
    audits.AuditClosed(),
    audits.AuditVoided(reason=TEXT),
    audits.ReauditAllocated(reaudit="A-7", auditor="P-4"),
    audits.AuditSampled(purpose="second_tier_moderation", month="2026-01"),
    audits.ReauditCompleted(reaudit="A-7", grade="Good"),
    audits.ExtraCompleted(extra="A-8", concern=True),
    audits.AuditExempted(ground="sick leave", requested_by="P-4", requested_as="head_of_service"),
    audits.ChildLeft(how="moved"),
    audits.ActRefused(act="moderate", rule="own audit"),
    actions.ActionSet(action="X-1", text=TEXT, owner="P-9", due=None),
    actions.ActionRedated(action="X-1", due=ON, agreed_by="P-6", reason=TEXT),
    actions.ActionCompleted(action="X-1", impact=TEXT),
    actions.ActionConfirmed(action="X-1", confirmed_by="P-6", role="Team Manager"),
    escalations.NoticeSent(**STEP, kind="reminder", title="Return due", recipients=TOLD, late=True),
    escalations.NoticeSent(**STEP, kind="notice", title="Return due", recipients=(), reconstructed=True),
    escalations.NoticeLapsed(**STEP, reason="met"),
    escalations.EscalationRaised(**STEP, level=1, title="Return overdue", recipients=TOLD, late=True),
    escalations.EscalationRaised(**STEP, level=1, title="Return overdue", recipients=TOLD, reconstructed=True),
    escalations.EscalationAcknowledged(**STEP, note=TEXT),
    escalations.EscalationResolved(**STEP, how="resolved", note=TEXT),
    escalations.ObligationMet(obligation="tracker", key="A-1", note=TEXT),
    directory.UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    directory.UnitPlaced(unit="S-1", kind="service"),
    directory.PersonAppointed(person="P-1", role="Auditor", unit="T-1"),
    directory.PersonMoved(person="P-1", from_role="Auditor", from_unit="T-1", role="Director"),
    directory.PersonLeft(person="P-1", role="Director"),
    sampling.FileSelected(audit="A-1", audit_type="full", team="T-1"),
    sampling.ReturnCounted(audit="A-1", audit_type="full", grade=None),
    sampling.ReturnCounted(audit="A-1", audit_type="full", grade="Good", service="S-1"),
    sampling.SampleDiscussed(purpose="discussion", month="2026-01", participants=("P-1", "P-2")),
    sampling.FileWithdrawn(audit="A-1"),
    sampling.SampleDrawn(
        purpose="discussion", month="2026-01", frame=("A-1", "A-2"), size=1, seed="0a", chosen=("A-2",)
    ),
    duties.DutyRecorded(duty="t3_3", on=ON, holder="P-4"),
    duties.DutyRecorded(
        duty="t3_3",
        on=ON,
        holder="P-4",
        about="P-9",
        item="deep dive",
        count=2,
        evidence=("discussion",),
        concern=True,
        reported_to=("lscb",),
    ),
    duties.DutySkipped(duty="t3_16", on=ON, about="P-9", ground="no open case"),
    registers.EntryRecorded(kind="practice_week", on=ON, until=ON, holder="P-1"),
    registers.EntryRecorded(
        kind="dip_sample",
        on=ON,
        holder="P-1",
        team="T-1",
        answers=(Answer(question="scope", text=TEXT), Answer(question="outcome", chosen=("better",))),
        items=(registers.EntryItem(child="C-1"), registers.EntryItem(child="C-2")),
    ),
    registers.EntryStepped(kind="dip_sample", step="shared", on=ON, holder="P-1", subject="H-1"),
    registers.EntryWithdrawn(reason=TEXT),
    disputes.DisputeRaised(child="C-1", team="T-1", concern=TEXT, tier="social_worker"),
    disputes.DisputeRaised(child="C-1", team="T-1", concern=TEXT, tier="director", safety=True),
    disputes.DisputeEscalated(team="T-1", tier="head_of_service", reason=TEXT),
    disputes.DisputeResolved(resolution=TEXT),
    indicators.IndicatorRecorded(indicator="rereferrals", month="2026-03", value=Decimal("21.5")),
    indicators.IndicatorRecorded(
        indicator="turnover",
        month="2026-03",
        level="team",
        ref="T-1",
        part="locums",
        value=Decimal(25),
        numerator=Decimal(2),
        denominator=Decimal(8),
        source="rota",
    ),
    indicators.IndicatorCompared(
        indicator="rereferrals", comparator="england", first=ON, last=ON, value=Decimal("22.4"), source="tables"
    ),
    imports.ImportOpened(file_hash="abc"),
    imports.ImportClosed(accepted=3, repeated=1, refused=0),
)
