"""Southwark's alert about a child's safety through the real workers: each hour, until somebody acknowledges it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from events.audits import AuditAllocated
from events.directory import PersonAppointed, UnitPlaced
from events.disputes import DisputeRaised
from events.escalations import EscalationAcknowledged, EscalationRaised
from events.findings import SafetyConcernRaised
from projections.escalation_queue import escalations
from services.directory.state import DIRECTORY
from services.escalations.commands import AcknowledgeEscalation
from tests.edited import edited
from tests.histories import sealed
from tests.workers.rig import Rig
from workers.recording.desks import recording_desks

MakeRig = Callable[..., Rig]
RAISED = datetime(2026, 4, 3, 15, 40, tzinfo=UTC)
"""Good Friday, 16:40 in England."""

HOUR = timedelta(hours=1)
STAFF = (
    UnitPlaced(unit="S-1", kind="service"),
    UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    PersonAppointed(person="P-DIR", role="director"),
    PersonAppointed(person="P-HOS", role="head_of_service", unit="S-1"),
    PersonAppointed(person="P-PGL", role="practice_group_lead", unit="T-1"),
)


def southwark(text: str) -> str:
    """Southwark's framework in place of the one of the text, under the name that stands in it."""
    name = next(line for line in text.splitlines() if line.startswith("authority: "))
    own = edited("southwark")
    return own.replace("authority: southwark", name)


def begin(rig: Rig) -> None:
    """Two audits with a concern and two disputes of safety, all of an hour ago."""
    for number in ("1", "2"):
        fact = AuditAllocated(
            audit_type="case file", child=f"C-{number}", team="T-1", worker="P-SW", auditor="P-AUD", due=None
        )
        rig.record(f"A-{number}", fact, SafetyConcernRaised(concern=sealed(child=f"C-{number}")), at=RAISED)
        disputed = DisputeRaised(
            child=f"C-{number}", team="T-1", concern=sealed(child=f"C-{number}"), tier="director", safety=True
        )
        rig.record("", disputed, aggregate=f"dispute/D-{number}", at=RAISED)


def alerts(rig: Rig, about: str) -> list[EscalationRaised]:
    facts = [each.fact for each in rig.system.history(rig.authority).load(about)]
    return [each for each in facts if isinstance(each, EscalationRaised)]


def acknowledge(rig: Rig, **record: str) -> None:
    """The Director acknowledges it, as a user does."""
    rule = "safety_concern" if "audit" in record else "dispute_of_safety"
    command = AcknowledgeEscalation(
        command="escalation.acknowledge",
        authority=rig.authority,
        actor="P-DIR",
        role="director",
        obligation=rule,
        step="alert",
        note="on my way",
        **record,
    )
    with recording_desks(rig.system, "test") as importer:
        importer.desks[rig.authority].carry_out(command)


@pytest.mark.covers("SOU-59", "SOU-61", "A-SOU-05")
async def test_again_until_acknowledged(make_rig: MakeRig) -> None:
    """Of two audits and two disputes the acknowledged ones are told of no more; the others again an hour later."""
    rig = make_rig(change=southwark, clock_offset=RAISED + HOUR / 6 - datetime.now(UTC))
    rig.record("", *STAFF, aggregate=DIRECTORY, at=datetime(2025, 9, 1, 9, tzinfo=UTC))
    records = ("audit/A-1", "audit/A-2", "dispute/D-1", "dispute/D-2")
    async with rig.workers("timekeeper", "escalator", "escalations"):
        begin(rig)
        await rig.until(lambda: all(alerts(rig, each) for each in records))
        await asyncio.to_thread(acknowledge, rig, audit="A-1")
        await asyncio.to_thread(acknowledge, rig, record="dispute/D-1")
        await rig.drained()
    assert [len(alerts(rig, each)) for each in records] == [1, 1, 1, 1]
    nearly = RAISED + HOUR - timedelta(seconds=3) - datetime.now(UTC)
    rig = make_rig(authority=rig.authority, change=southwark, clock_offset=nearly)
    async with rig.workers("timekeeper", "escalator", "escalations", "sweeper"):
        await rig.until(lambda: all(len(alerts(rig, each)) == 2 for each in ("audit/A-2", "dispute/D-2")))
        await rig.drained()
        position = rig.system.history(rig.authority).position()
        await rig.until(lambda: rig.reached("escalations") >= position)
    assert [len(alerts(rig, each)) for each in records] == [1, 2, 1, 2]
    assert [each.due for each in alerts(rig, "dispute/D-2")] == [RAISED, RAISED + HOUR]
    assert {to.holder for to in alerts(rig, "audit/A-2")[1].recipients} == {"P-DIR", "P-HOS", "P-PGL"}
    assert {to.holder for to in alerts(rig, "dispute/D-2")[1].recipients} == {"P-DIR"}
    rows = escalations(rig.system.engine, rig.authority, about="dispute/D-1")
    assert [(row.about, row.state, row.acknowledged_by) for row in rows] == [("dispute/D-1", "acknowledged", "P-DIR")]
    [told] = [each.fact for each in rig.history("A-1") if isinstance(each.fact, EscalationAcknowledged)]
    assert str(told.note).startswith("sealed:")
