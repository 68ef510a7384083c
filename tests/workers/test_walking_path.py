"""The walking path: what is appended comes out as rows, timers and records."""

from events.audits import AuditSubmitted
from events.escalations import EscalationRaised, NoticeSent
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig


async def test_lowest_grade_is_told_at_once(rig: Rig) -> None:
    """A lowest grade leads to an alert in the view of notices, with no more than the event itself."""
    async with rig.workers("timekeeper", "escalator", "notices"):
        rig.record("A-1", allocated())
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        await rig.until(lambda: len(rig.notices("A-1")) == 3)
    raised = [step for step in rig.steps("A-1") if isinstance(step, EscalationRaised)]
    sent = [step for step in rig.steps("A-1") if isinstance(step, NoticeSent)]
    assert [step.obligation for step in raised] == ["immediate_alert"]
    assert sorted(step.obligation for step in sent) == ["corrective_action", "deep_dive"]
    assert {notice.obligation for notice in rig.notices("A-1")} == {"immediate_alert", "corrective_action", "deep_dive"}
