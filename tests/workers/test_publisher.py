"""What is published of a history: one message for each fact that is told, in its order, whatever happens meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from events.audits import AuditModerated, AuditReassigned, AuditSubmitted
from events.escalations import EscalationRaised, EscalationResolved, Recipient
from events.published.message import RECONSTRUCTED, read
from events.registry import encode
from events.subjects import PUBLISHED_AGE, published_stream
from projections.store import writing
from services.store.source import api
from tests.histories import allocated, months_of_auditing, sealed
from tests.services.store.faults import Meddling
from tests.stores import PATIENCE
from tests.workers.conftest import MakeRig
from tests.workers.publishing import owed, published, types, until_all_published, until_published
from tests.workers.rig import LOWEST, Rig
from workers.health.whole import health
from workers.kept.published import READ, kept
from workers.telling import publisher
from workers.telling.known import Known
from workers.telling.outbox import Outbox


def audits(rig: Rig, name: str, many: int) -> None:
    """Append so many whole audits, fact by fact, as they run through one another."""
    for about, fact in months_of_auditing(many):
        rig.record("", fact, aggregate=about.replace("A-", f"{name}-"))


async def test_facts_are_published_as_they_come(rig: Rig) -> None:
    """What was there before the publisher and what comes while it runs is published in its order, once each."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("publisher"):
        moderated = AuditModerated(moderator="P-3", outcome="changed", grade="Meets Good", rationale=sealed())
        rig.record("A-1", moderated)
        found = await until_published(rig, 4)
    assert types(found) == ["audit.allocated.v1", "audit.returned.v1", "audit.moderated.v1", "grade.changed.v1"]
    assert read(found[-1].data)["data"] == {
        "record": "audit/A-1",
        "by_role": "qa_team",
        "changes": [{"section": None, "before": LOWEST, "after": "Meets Good"}],
    }
    assert found[-1].subject == f"sightline.v1.{rig.authority}.grade.changed"


async def test_a_month_is_published_whole(rig: Rig) -> None:
    """Many audits that run through one another: exactly what their facts give, in their order, to the byte."""
    await asyncio.to_thread(audits, rig, "A", 8)
    async with rig.workers("publisher"):
        await asyncio.to_thread(audits, rig, "B", 8)
        found = await until_all_published(rig)
    assert {"grade.changed.v1", "escalation.resolved.v1", "action.set.v1"} <= set(types(found))


async def test_a_publisher_that_starts_again_knows_what_came_before(rig: Rig) -> None:
    """The grade before a change is known to one that begins between the two, from the record itself."""
    async with rig.workers("publisher"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await until_published(rig, 2)
    rig.record("A-1", AuditModerated(moderator="P-3", outcome="changed", grade="Meets Good", rationale=sealed()))
    async with rig.workers("publisher"):
        found = await until_all_published(rig)
    assert read(found[-1].data)["data"]["changes"][0]["before"] == LOWEST


async def test_what_publishes_nothing_is_not_read_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start goes on after the checkpoint where the facts since the last message told nobody anything."""
    rig.record("A-1", allocated(due=None))
    rig.record("A-1", *[AuditReassigned(auditor=f"P-{number}", reason=sealed()) for number in range(40)])
    async with rig.workers("publisher"):
        await until_published(rig, 1)
        await rig.until(lambda: kept(rig.system.engine, rig.authority).position == 41)
    seen: list[int] = []
    prepare = Known.prepare

    async def noted(self: Known, events: list[object]) -> None:
        seen.append(len(events))
        await prepare(self, events)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(Known, "prepare", noted)
    async with rig.workers("publisher"):
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        await until_published(rig, 2)
    assert sum(seen) == 1


async def test_the_first_message_may_come_while_the_end_is_looked_for(rig: Rig) -> None:
    """A stream that is empty at the first question and not at the second has an end like any other."""
    rig.record("A-1", allocated(due=None))
    (message,) = await owed(rig)
    client = await rig.system.connect()
    outbox = Outbox(client, rig.authority)

    async def come() -> None:
        await Outbox(client, rig.authority).publish([message], 0)

    async def once_asked() -> None:
        outbox._client = Meddling(client, "STREAM.INFO", come)  # type: ignore[assignment]  # stands in for the client

    outbox._client = Meddling(client, "STREAM.INFO", once_asked)  # type: ignore[assignment]  # as above
    assert (await outbox.end()).sequence == 1
    await client.close()


async def test_a_lost_checkpoint_costs_time_alone(rig: Rig) -> None:
    """Without its checkpoint a publisher goes on after its last message: nothing is published twice."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    async with rig.workers("publisher"):
        await until_published(rig, 2)
    with writing(rig.system.engine) as db:
        db.execute(delete(READ))
    async with rig.workers("publisher"):
        rig.record("A-1", AuditModerated(moderator="P-3", outcome="confirmed", grade=LOWEST, rationale=sealed()))
        await until_all_published(rig)


DUE = datetime(2026, 2, 2, tzinfo=UTC)
STEP = {"obligation": "return", "step": "overdue_1", "due": DUE, "trigger": "t"}
TOLD = (Recipient(asked="director", role="director", holder="P-DIR"),)


async def test_what_is_no_news_stands_apart(rig: Rig) -> None:
    """Imported history, what was worked out from it, and the end of that carry the flag and a subject of their own."""
    rig.record("A-1", allocated(due=None), imported="I-1")
    raised = EscalationRaised.model_validate({**STEP, "level": 1, "title": "t", "recipients": TOLD})
    rig.record("A-1", raised.model_copy(update={"reconstructed": True}))
    rig.record("A-1", EscalationResolved.model_validate({**STEP, "how": "discharged"}))
    rig.record("A-2", allocated(due=None))
    async with rig.workers("publisher"):
        found = await until_all_published(rig)
    old, news = found[:3], found[3:]
    apart = f"sightline.v1.{rig.authority}.reconstructed."
    assert [each.subject.removeprefix(apart) for each in old] == [
        "audit.allocated",
        "escalation.raised",
        "escalation.resolved",
    ]
    assert all(read(each.data)["reconstructed"] and each.headers[RECONSTRUCTED] == "true" for each in old)
    assert [each.subject for each in news] == [f"sightline.v1.{rig.authority}.audit.allocated"]
    assert not any(read(each.data)["reconstructed"] or RECONSTRUCTED in each.headers for each in news)


async def made_anew(rig: Rig) -> None:
    """Lose the published stream and have it made again."""
    client = await rig.system.connect()
    stream = published_stream(rig.authority)
    config = (await api(client, f"STREAM.INFO.{stream}", within=PATIENCE))["config"]
    await api(client, f"STREAM.DELETE.{stream}", within=PATIENCE)
    await api(client, f"STREAM.CREATE.{stream}", config, within=PATIENCE)
    await client.close()


async def test_a_stream_that_is_made_later_tells_no_news_of_before(rig: Rig) -> None:
    """What was recorded before the stream was made, or made anew, is published as no news, under its own ids."""
    rig.record("A-1", allocated(due=None))
    async with rig.workers("publisher"):
        (first,) = await until_published(rig, 1)
    await made_anew(rig)
    with writing(rig.system.engine) as db:
        db.execute(delete(READ))
    async with rig.workers("publisher"):
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        again, returned = await until_published(rig, 2)
    assert read(again.data) == {**read(first.data), "reconstructed": True}
    assert [read(each.data)["reconstructed"] for each in (first, again, returned)] == [False, True, False]


async def test_what_is_older_than_the_stream_keeps_is_not_published(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """With checkpoint and messages gone by age, nothing of that age comes a second time."""
    monkeypatch.setattr(publisher, "PUBLISHED_AGE", timedelta(seconds=-1))
    rig.record("A-1", allocated(due=None))
    async with rig.workers("publisher"):
        await rig.until(lambda: kept(rig.system.engine, rig.authority).position == 1)
        monkeypatch.setattr(publisher, "PUBLISHED_AGE", PUBLISHED_AGE)
        rig.record("A-1", AuditSubmitted(grade=LOWEST))
        found = await until_published(rig, 1)
    assert types(found) == ["audit.returned.v1"]


async def test_health_tells_the_lag(make_rig: MakeRig) -> None:
    """Health says of each authority whether its publisher runs, and by how much it is behind."""
    rig = make_rig()

    def seen() -> tuple[str, int]:
        (found,) = [each for each in health(rig.settings) if each.worker == "publisher"]
        return found.state, found.behind

    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    assert await asyncio.to_thread(seen) == ("missing", 2)
    async with rig.workers("publisher"):
        await until_published(rig, 2)
        await rig.until(lambda: seen() == ("up to date", 0))
    rig.record("A-1", AuditModerated(moderator="P-3", outcome="confirmed", grade=LOWEST, rationale=sealed()))
    assert await asyncio.to_thread(seen) == ("stopped", 1)


async def test_what_cannot_be_read_halts_it_and_health_says_so(rig: Rig) -> None:
    """An event that nobody can read is passed over by nobody: all before it is published, and nothing after it."""
    rig.record("A-1", allocated(due=None))
    client = await rig.system.connect()
    body = encode(AuditSubmitted(grade=LOWEST))
    await client.jetstream().publish(f"sightline.{rig.authority}.audit.A-1", body, headers={"ce-type": "no.such.v1"})
    rig.record("A-2", allocated(due=None))
    async with rig.workers("publisher"):
        await until_published(rig, 1)
        await rig.until(lambda: rig.halts("publisher") == [2])
    found = [each for each in await asyncio.to_thread(health, rig.settings) if each.worker == "publisher"]
    assert [(each.state, each.halted_at) for each in found] == [("halted", 2)]
    assert len(await published(rig)) == 1
    await client.close()
