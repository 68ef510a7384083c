"""The walking path: what is appended comes out as rows, timers and records."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from events.audits import AuditSubmitted
from events.directory import PersonAppointed, PersonLeft, UnitPlaced
from events.escalations import EscalationRaised, NoticeLapsed, NoticeSent
from projections.notices import digests
from services.directory.state import DIRECTORY
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig
from workers.health.whole import settled
from workers.parts.registry import VIEW_NAMES

MakeRig = Callable[..., Rig]
STAFF = (
    UnitPlaced(unit="S-1", kind="service"),
    UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    PersonAppointed(person="P-2", role="practitioner", unit="T-1"),
    PersonAppointed(person="P-SM", role="service_manager", unit="S-1"),
)


def until(instant: datetime, *, seconds: float = 0.0) -> timedelta:
    """The offset of a clock that reaches the instant that many seconds from now."""
    return instant - timedelta(seconds=seconds) - datetime.now(UTC)


async def test_lowest_grade_is_told_at_once(rig: Rig) -> None:
    """A lowest grade leads to an alert in the view of notices, with no more than the event itself."""
    async with rig.workers("timekeeper", "escalator", "notices"):
        rig.record("A-1", allocated(due=None))
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-1")) == 3)
    raised = [step for step in rig.steps("A-1") if isinstance(step, EscalationRaised)]
    sent = [step for step in rig.steps("A-1") if isinstance(step, NoticeSent)]
    assert [step.obligation for step in raised] == ["immediate_alert"]
    assert sorted(step.obligation for step in sent) == ["corrective_action", "deep_dive"]
    assert {notice.obligation for notice in rig.notices("A-1")} == {"immediate_alert", "corrective_action", "deep_dive"}


async def test_a_step_fires_at_its_time(make_rig: MakeRig) -> None:
    """A reminder goes out when the workers' clock reaches its instant, neither before nor noticeably after."""
    due = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    rig = make_rig(clock_offset=until(due, seconds=1.5))
    rig.record("A-1", allocated(due=date(2026, 3, 16)), at=due - timedelta(hours=1))
    async with rig.workers("timekeeper", "escalator"):
        await rig.until(lambda: bool(rig.steps("A-1")))
    (reminder,) = rig.steps("A-1")
    assert isinstance(reminder, NoticeSent)
    assert (reminder.step, reminder.due, reminder.late) == ("reminder", due, False)
    assert timedelta() <= rig.history("A-1")[-1].envelope.occurred - due < timedelta(seconds=PATIENCE)


async def test_what_was_done_in_time_lapses(make_rig: MakeRig) -> None:
    """An audit returned before its reminder is due: the step is recorded as lapsed and nobody is told."""
    due = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    rig = make_rig(clock_offset=until(due, seconds=1.5))
    async with rig.workers("timekeeper", "escalator", "notices"):
        earlier = due - timedelta(hours=1)  # also where the machine takes longer than the clock
        rig.record("A-1", allocated(due=date(2026, 3, 16)), AuditSubmitted(grade="Meets Good"), at=earlier)
        await rig.until(lambda: bool(rig.steps("A-1")))
        (lapsed,) = rig.steps("A-1")
        assert isinstance(lapsed, NoticeLapsed)
        assert (lapsed.step, lapsed.reason) == ("reminder", "met")
        position = rig.system.history(rig.authority).position()
        await rig.until(lambda: rig.reached("notices") >= position)
        assert rig.notices() == []


@pytest.mark.covers("ALL-C4")
async def test_after_an_outage_only_what_is_still_missing_is_chased(make_rig: MakeRig) -> None:
    """The list of Tuesday goes out late on Thursday, marked late, without the audit that was returned meanwhile."""
    rig = make_rig(clock_offset=until(datetime(2026, 2, 5, 9, 30, tzinfo=UTC)))
    monday = date(2026, 2, 2)
    rig.record("", *STAFF, aggregate=DIRECTORY, at=datetime(2025, 9, 1, 9, tzinfo=UTC))
    for audit in ("A-1", "A-2"):
        rig.record(audit, allocated(due=monday), at=datetime(2026, 1, 27, 9, tzinfo=UTC))
    rig.record("A-2", AuditSubmitted(grade="Meets Good"), at=datetime(2026, 2, 4, 15, tzinfo=UTC))
    async with rig.workers("timekeeper", "escalator", "notices"):
        await rig.until(lambda: bool(rig.steps("A-1") and rig.steps("A-2") and rig.notices("A-1")))
    reminder, listed = rig.steps("A-1")
    assert isinstance(reminder, NoticeLapsed)
    assert (reminder.step, reminder.reason) == ("reminder", "too_late")  # its day was over when the audit was allocated
    assert isinstance(listed, EscalationRaised)
    assert listed.step == "outstanding_list"
    assert listed.due == datetime(2026, 2, 3, 8, 0, tzinfo=UTC)
    assert listed.late
    assert [told.holder for told in listed.recipients] == ["P-SM"]
    assert [step.reason for step in rig.steps("A-2") if isinstance(step, NoticeLapsed)] == ["too_late", "met"]
    assert len(rig.steps("A-2")) == 2
    (digest,) = digests(rig.system.engine, rig.authority, on=date(2026, 2, 5), recipient="P-SM")
    assert [notice.audit for notice in digest.notices] == ["A-1"]


async def test_whoever_holds_the_post_now_is_told(rig: Rig) -> None:
    """A change in the directory is seen by the very next notice."""
    appointed = PersonAppointed(person="P-NEW", role="head_of_service", unit="S-1")
    former = PersonAppointed(person="P-OLD", role="head_of_service", unit="S-1")
    async with rig.workers("timekeeper", "escalator"):
        rig.record("", *STAFF, former, aggregate=DIRECTORY)
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: bool(rig.steps("A-1")))
        left = PersonLeft(person="P-OLD", role="head_of_service", unit="S-1")
        rig.record("", left, appointed, aggregate=DIRECTORY)
        rig.record("A-2", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: bool(rig.steps("A-2")))
    assert "P-OLD" in rig.told("A-1")
    assert "P-NEW" in rig.told("A-2")
    assert "P-OLD" not in rig.told("A-2")


async def test_settled_means_that_nothing_is_left_to_do(rig: Rig) -> None:
    """Once `settled` returns, every step that was due is recorded and in the view."""
    async with rig.workers("timekeeper", "escalator", "publisher", *VIEW_NAMES):
        for number in range(20):
            rig.record(f"A-{number}", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await settled(rig.system, within=PATIENCE)
        assert len(rig.notices()) == 60
