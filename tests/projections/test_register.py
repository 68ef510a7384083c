"""What the audit register shows, given what happened."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from events.audits import (
    AuditClosed,
    AuditExempted,
    AuditModerated,
    AuditReassigned,
    AuditSignedOff,
    AuditSubmitted,
    AuditVoided,
    ModeratorAllocated,
)
from events.base import Fact
from events.findings import FeedbackRecorded, ReflectionRecorded, SafetyConcernRaised
from events.reaudits import ReauditCompleted
from events.stages import Stage
from projections.register import RegisterRow, register
from tests.histories import DUE, TORBAY, allocated, history, recorded, sealed
from tests.projections.views import kept

SUBMITTED = AuditSubmitted(grade="Meets Good")
CHANGED = AuditModerated(moderator="P-3", outcome="changed", grade="Exceeds Good", rationale=sealed())


def shown(engine: Engine, *facts: Fact, as_of: date | None = None) -> RegisterRow:
    (row,) = register(kept(engine, "register", history(facts)), TORBAY, as_of=as_of)
    return row


def test_whole_life(sqlite: Engine) -> None:
    """From allocation to closure the row holds every date, both grades and both people."""
    row = shown(sqlite, allocated(), SUBMITTED, ModeratorAllocated(moderator="P-3", due=DUE), CHANGED, AuditClosed())
    assert row == RegisterRow(
        audit="A-1",
        audit_type="full",
        child="C-1",
        team="T-1",
        worker="P-9",
        auditor="P-2",
        moderator="P-3",
        round=None,
        strand=None,
        allocated_on=date(2026, 1, 5),
        due=DUE,
        returned_on=date(2026, 1, 5),
        moderation_due=DUE,
        moderated_on=date(2026, 1, 5),
        closed_on=date(2026, 1, 5),
        grade_by_auditor="Meets Good",
        final_grade="Exceeds Good",
        moderation="changed",
        stage="closed",
        late=False,
        reaudit_of=None,
        reaudited_by=None,
        safety_concern=False,
        family_feedback=False,
        reflection=False,
        stands_since=None,
        stands_because=None,
    )


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ([], "allocated"),
        ([SUBMITTED], "returned"),
        ([SUBMITTED, ModeratorAllocated(moderator="P-3")], "with moderator"),
        ([SUBMITTED, CHANGED], "moderated"),
        ([SUBMITTED, CHANGED, AuditSignedOff()], "signed off"),
        ([SUBMITTED, AuditClosed()], "closed"),
        ([SUBMITTED, AuditClosed(), ModeratorAllocated(moderator="P-3")], "closed"),
        ([SUBMITTED, AuditClosed(), ModeratorAllocated(moderator="P-3"), CHANGED], "closed"),
        ([SUBMITTED, CHANGED, AuditClosed(), AuditVoided(reason=sealed())], "voided"),
        ([AuditExempted(ground="new case", requested_by="P-1", requested_as="director")], "exempted"),
        ([AuditVoided(reason=sealed())], "voided"),
    ],
)
def test_stage(sqlite: Engine, facts: list[Fact], stage: Stage) -> None:
    """The stage is the furthest that the audit came to; a moderation that is drawn after the closing moves nothing."""
    assert shown(sqlite, allocated(), *facts).stage == stage
    assert [row.audit for row in register(sqlite, TORBAY, stage=stage)] == ["A-1"]


def test_marks(sqlite: Engine) -> None:
    """Reflection, family feedback, a safety concern, another auditor and a re-audit leave their marks."""
    row = shown(
        sqlite,
        allocated(reaudit_of="A-0"),
        AuditReassigned(auditor="P-4", reason=sealed()),
        ReflectionRecorded(practitioner="P-9", reflection=sealed()),
        FeedbackRecorded(source="family", outcome="attempted"),
        SafetyConcernRaised(concern=sealed()),
        SUBMITTED,
        ReauditCompleted(reaudit="A-7", grade="Meets Good"),
    )
    assert (row.reflection, row.family_feedback, row.safety_concern) == (True, True, True)
    assert (row.auditor, row.reaudit_of, row.reaudited_by) == ("P-4", "A-0", "A-7")


def test_concern_in_the_return(sqlite: Engine) -> None:
    """An immediate concern that is marked in the return is a safety concern as well."""
    assert shown(sqlite, allocated(), AuditSubmitted(grade=None, immediate_concern=True)).safety_concern


@pytest.mark.parametrize(("as_of", "late"), [(None, None), (date(2026, 2, 2), False), (date(2026, 2, 3), True)])
def test_late_while_it_is_out(sqlite: Engine, as_of: date | None, late: bool | None) -> None:  # noqa: FBT001 - a parameter of the table above
    """An audit still out is late from the day after it was due, and nobody can tell without a day to judge by."""
    assert shown(sqlite, allocated(), as_of=as_of).late is late


@pytest.mark.parametrize(
    ("submitted", "late"),
    [(datetime(2026, 7, 31, 22, 59, tzinfo=UTC), False), (datetime(2026, 7, 31, 23, 1, tzinfo=UTC), True)],
)
def test_late_by_the_english_day(sqlite: Engine, submitted: datetime, late: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    """Lateness goes by the day in England: in summer it ends at 23:00 UTC."""
    events = [recorded(allocated(due=date(2026, 7, 31))), recorded(SUBMITTED, at=submitted, version=2, position=2)]
    (row,) = register(kept(sqlite, "register", events), TORBAY, as_of=date(2026, 7, 1))
    assert row.late is late


def test_never_late(sqlite: Engine) -> None:
    """A void audit is not late, and neither is one without a due date."""
    facts: list[Fact | tuple[str, Fact]] = [
        allocated(),
        AuditVoided(reason=sealed()),
        ("audit/A-2", allocated(due=None)),
    ]
    rows = register(kept(sqlite, "register", history(facts)), TORBAY, as_of=date(2027, 1, 1))
    assert [row.late for row in rows] == [False, False]


def test_filters(sqlite: Engine) -> None:
    """Filters by audit, child and team narrow the list, one on top of the other; None does not filter."""
    facts = [("audit/A-1", allocated()), ("audit/A-2", allocated(child="C-2")), ("audit/A-3", allocated(team="T-2"))]
    kept(sqlite, "register", history(facts))
    assert [row.audit for row in register(sqlite, TORBAY, team="T-1", child=None)] == ["A-1", "A-2"]
    assert [row.audit for row in register(sqlite, TORBAY, team="T-1", child="C-2")] == ["A-2"]
    assert [row.audit for row in register(sqlite, TORBAY, audit="A-3")] == ["A-3"]
    assert register(sqlite, "halton") == []
