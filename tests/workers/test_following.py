"""`sightline follow`: what is published, as a person and as a program reads it."""

import asyncio
import json
from typing import Any

import pytest
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from events.audits import AuditModerated, AuditSubmitted
from tests.cli.program import Program
from tests.histories import allocated, sealed
from tests.workers.publishing import until_published
from tests.workers.rig import LOWEST, Rig
from workers.telling.following import Wanted, following


async def test_following_to_the_end(rig: Rig) -> None:
    """Each message is a line, with its sentence; of one topic where that was asked for, and as a CloudEvent as JSON."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    rig.record("A-1", AuditModerated(moderator="P-3", outcome="changed", grade="Meets Good", rationale=sealed()))
    async with rig.workers("publisher"):
        await until_published(rig, 4)
    program = Program(rig.settings)
    said = await asyncio.to_thread(program.run, "follow", rig.authority, "--from-position", "1", "--to-the-end")
    lines = said.out.splitlines()
    assert [line.split("  ")[2] for line in lines] == [
        "audit.allocated",
        "audit.returned",
        "audit.moderated",
        "grade.changed",
    ], said
    assert lines[1].endswith(f"audit/A-1  Returned with the grade “{LOWEST}”.")
    grades = await asyncio.to_thread(
        program.run, "follow", "grades", rig.authority, "--from", "2026-01-01", "--to-the-end", "--json"
    )
    (event,) = map(json.loads, grades.out.splitlines())
    assert event["type"] == "sightline.grade.changed.v1"
    assert event["data"]["changes"] == [{"section": None, "before": LOWEST, "after": "Meets Good"}]


async def test_nothing_in_time_is_not_the_end(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow to give what there is delays the end, and cuts nothing off."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("publisher"):
        await until_published(rig, 2)
    late = [True, True, True]
    real = JetStreamContext.PullSubscription.fetch

    async def fetch(pulled: JetStreamContext.PullSubscription, *asked: Any, **more: Any) -> list[Msg]:
        if late:
            late.pop()
            raise TimeoutError
        return await real(pulled, *asked, **more)

    monkeypatch.setattr(JetStreamContext.PullSubscription, "fetch", fetch)
    client = await rig.system.connect()
    found = [each async for each in following(client, Wanted(rig.authority, sequence=1, endless=False))]
    await client.close()
    assert [each.metadata.sequence.stream for each in found] == [1, 2]


def test_what_cannot_be_followed_is_refused(rig: Rig) -> None:
    """A topic that there is not, two beginnings, and a time that is none are each one line."""
    program = Program(rig.settings)
    assert "what: unknown grade; known: actions," in program.run("follow", "grade", rig.authority).mistake()
    both = program.run("follow", rig.authority, "--from", "2026-01-01", "--from-position", "3").mistake()
    assert "from: name either an instant or a position, and not both" in both
    assert (
        "from: 'soon' is not a valid date or time" in program.run("follow", rig.authority, "--from", "soon").mistake()
    )
