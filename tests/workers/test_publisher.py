"""What is published of a history: one message for each fact that is told, in its order, whatever happens meanwhile."""

import asyncio
from collections.abc import Sequence

from events.audits import AuditModerated, AuditSubmitted
from events.published.message import read
from events.subjects import published_stream
from services.store.messages import RawMessage
from services.store.source import Source
from tests.histories import allocated, sealed
from tests.workers.rig import LOWEST, Rig


async def published(rig: Rig) -> list[RawMessage]:
    """Every message of the council's published stream."""
    client = await rig.system.connect()
    source = Source(client, published_stream(rig.authority))
    found: list[RawMessage] = []
    more = True
    while more:
        page = await source.page(found[-1].sequence + 1 if found else 1, 1_000)
        found += page.messages
        more = bool(page.messages)
    await client.close()
    return found


def types(messages: Sequence[RawMessage]) -> list[str]:
    return [str(read(each.data)["type"]) for each in messages]


async def until_published(rig: Rig, many: int) -> list[RawMessage]:
    """The messages, once there are as many."""
    client = await rig.system.connect()
    source = Source(client, published_stream(rig.authority))
    for _ in range(400):
        if await source.last_sequence() >= many:
            break
        await asyncio.sleep(0.05)
    await client.close()
    return await published(rig)


async def test_facts_are_published_as_they_come(rig: Rig) -> None:
    """What was there before the publisher and what comes while it runs is published in its order, once each."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("publisher"):
        moderated = AuditModerated(moderator="P-3", outcome="changed", grade="Meets Good", rationale=sealed())
        rig.record("A-1", moderated)
        found = await until_published(rig, 4)
    assert types(found) == [
        "sightline.audit.allocated.v1",
        "sightline.audit.returned.v1",
        "sightline.audit.moderated.v1",
        "sightline.grade.changed.v1",
    ]
    assert read(found[-1].data)["data"] == {
        "record": "audit/A-1",
        "by_role": "qa_team",
        "changes": [{"section": None, "before": LOWEST, "after": "Meets Good"}],
    }
    assert found[-1].subject == f"sightline.v1.{rig.authority}.grade.changed"
