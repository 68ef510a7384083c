"""One full sample of every kind of fact, and bare ones where a field may be empty."""

from datetime import UTC, date, datetime

from events import actions, audits, cases, directory, disputes, duties, escalations, imports, sampling
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
    disputes.DisputeRaised(child="C-1", team="T-1", concern=TEXT, tier="social_worker"),
    disputes.DisputeRaised(child="C-1", team="T-1", concern=TEXT, tier="director", safety=True),
    disputes.DisputeEscalated(team="T-1", tier="head_of_service", reason=TEXT),
    disputes.DisputeResolved(resolution=TEXT),
    cases.CaseListOpened(file_hash="abc", kind="annex_a", as_of=ON),
    cases.CasesListed(cases=(cases.ListedCase(child="C-1", number=TEXT, team="T-1", open_since=ON),)),
    cases.CaseListClosed(taken=1, left_out=2),
    imports.ImportOpened(file_hash="abc"),
    imports.ImportClosed(accepted=3, repeated=1, refused=0),
)
