"""Published messages are posted to webhooks: signed, once where nothing fails, again until they are taken."""

import asyncio
from collections.abc import Callable

import pytest

from events.audits import AuditSubmitted
from events.published.message import MSG_ID, read
from events.subjects import published_stream
from events.webhooks import WebhookRemoved, WebhookSet
from services.webhooks.decisions import new_secret
from services.webhooks.state import SECRET, URL
from tests.histories import allocated
from tests.workers.publishing import published, until_published
from tests.workers.receiver import CLOSE, HANG, OK, Posted, Receiver, answer, receiving
from tests.workers.rig import LOWEST, Rig, eventually
from workers.health.whole import health
from workers.intake import pace
from workers.intake.ends import End
from workers.parts.standing import WorkerHealth
from workers.recording.desks import keyrings
from workers.webhooks import books, switchboard
from workers.webhooks.line import PREFIX

MakeRig = Callable[..., Rig]
QUICK = {
    "webhooks_private": True,
    "webhooks_total_seconds": 20.0,  # a post that takes longer counts as not taken, and rightly comes again
    "webhooks_retry_seconds": 0.05,
    "webhooks_longest_wait_seconds": 0.2,
}
SHORT = QUICK | {"webhooks_give_up_seconds": 0.2}


@pytest.fixture
def quick(make_rig: MakeRig) -> Rig:
    """A rig that may post to this machine, and tries again at once."""
    return make_rig(**QUICK)


def set_webhook(rig: Rig, url: str, name: str = "W-1", types: tuple[str, ...] = ()) -> str:
    """Record a webhook as a command would; its secret."""
    secret = new_secret()
    with keyrings(rig.system) as (rings, _):
        ring = rings[rig.authority]
        fact = WebhookSet(
            url=ring.seal(f"webhook_{name}", URL, url),
            host="127.0.0.1",
            types=types,
            secret=ring.seal(f"webhook_{name}", SECRET, secret),
            made=True,
        )
    rig.record("", fact, aggregate=f"webhook/{name}")
    return secret


def audits(rig: Rig, *names: str) -> None:
    """Two messages of each."""
    for each in names:
        rig.record(each, allocated(due=None), AuditSubmitted(grade=LOWEST))


async def until(receiver: Receiver, many: int) -> None:
    """Until so many different messages came."""
    await eventually(lambda: len(set(receiver.ids)) >= many)


def waiting(rig: Rig) -> int | None:
    """How many messages wait, by the worker's sign of life."""
    sign = books.signs(rig.system.engine).get(rig.authority)
    return sign.waiting if sign else None


async def standing(rig: Rig) -> WorkerHealth:
    found = await asyncio.to_thread(health, rig.settings)
    return next(each for each in found if each.worker == "webhooks" and each.authority == rig.authority)


async def test_what_is_published_is_posted_and_verified(quick: Rig) -> None:
    """Each message from then on comes once, as a CloudEvent, and the library of the scheme takes its signature."""
    audits(quick, "A-0")
    async with receiving() as receiver, quick.workers("publisher"):
        await until_published(quick, 2)  # what is published before the webhook is set is not its own
        secret = await asyncio.to_thread(set_webhook, quick, receiver.url)
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, "A-1", "A-2")
            await until(receiver, 4)
            await eventually(lambda: waiting(quick) == 0)
    told = await published(quick)
    fresh = [each for each in told if read(each.data)["subject"] != "audit/A-0"]
    assert sorted(receiver.ids) == sorted(each.headers[MSG_ID] for each in fresh)
    for each in receiver.posts:
        assert each.line == "POST /hook?token=secret-of-the-receiver HTTP/1.1"
        assert each.headers["content-type"] == "application/cloudevents+json"
        assert each.verified(secret)["id"] == each.id


async def test_only_the_types_that_are_wanted(quick: Rig) -> None:
    """A webhook of one type gets no other; types that are set anew hold from then on."""
    async with receiving() as receiver, quick.workers("publisher"):
        await asyncio.to_thread(set_webhook, quick, receiver.url, types=("sightline.audit.returned.v1",))
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, "A-1")
            await until(receiver, 1)
            await asyncio.to_thread(audits, quick, "A-2")
            await until(receiver, 2)
    assert {read(each.body)["type"] for each in receiver.posts} == {"sightline.audit.returned.v1"}


@pytest.mark.parametrize(
    "bad",
    [
        answer("500 Internal Server Error"),
        answer("302 Found", "Location: http://169.254.169.254/latest/meta-data"),
        answer("400 Bad Request"),
        answer("429 Too Many Requests", "Retry-After: 0"),
        answer("503 Service Unavailable", "Retry-After: nonsense"),
        CLOSE,
        HANG,
        b"no http at all\r\n\r\n",
    ],
)
async def test_what_is_not_taken_comes_again_under_its_id(make_rig: MakeRig, bad: bytes) -> None:
    """Whatever a receiver does, the message comes again under the same id; no redirect is followed."""
    quick = make_rig(**QUICK | ({"webhooks_total_seconds": 1.0} if bad is HANG else {}))

    def say(number: int, _posted: Posted) -> bytes:
        return bad if number == 1 else OK

    async with receiving(say) as receiver, quick.workers("publisher"):
        secret = await asyncio.to_thread(set_webhook, quick, receiver.url, types=("sightline.audit.returned.v1",))
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, "A-1")
            await eventually(lambda: len(receiver.posts) > 1)
    first, second = receiver.posts[:2]
    assert first.id == second.id
    assert first.verified(secret) == second.verified(secret)


async def test_a_huge_answer_is_not_read(quick: Rig) -> None:
    """A receiver that answers without end has taken the message: nothing of what it says is read."""

    def say(_number: int, _posted: Posted) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n" + b"x" * 1_000_000

    async with receiving(say) as receiver, quick.workers("publisher"):
        await asyncio.to_thread(set_webhook, quick, receiver.url)
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, "A-1")
            await until(receiver, 2)
    assert len(receiver.posts) == 2


async def test_a_slow_receiver_holds_up_no_other(quick: Rig) -> None:
    """While one hangs, the other gets everything."""
    async with receiving(lambda *_: HANG) as slow, receiving() as fast, quick.workers("publisher"):
        await asyncio.to_thread(set_webhook, quick, slow.url, "W-1")
        await asyncio.to_thread(set_webhook, quick, fast.url, "W-2")
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, *[f"A-{number}" for number in range(20)])
            await until(fast, 40)
            assert slow.posts
            slow.over.set()
    assert len(fast.posts) == 40


async def test_what_is_never_taken_is_parked_and_can_be_posted_again(make_rig: MakeRig) -> None:
    """After its last attempt a message is kept with the reason, health says so, and a replay posts it under its id."""
    rig = make_rig(**SHORT)
    broken = True

    def say(_number: int, _posted: Posted) -> bytes:
        return answer("500 Internal Server Error") if broken else OK

    async with receiving(say) as receiver, rig.workers("publisher"):
        await asyncio.to_thread(set_webhook, rig, receiver.url)
        async with rig.workers("webhooks"):
            await asyncio.to_thread(audits, rig, "A-1")
            await rig.until(lambda: len(books.parked(rig.system.engine, rig.authority)) == 2)
            parked = books.parked(rig.system.engine, rig.authority)
            assert {each.fault for each in parked} == {"failed"}
            assert {each.message for each in parked} == set(receiver.ids)
            found = await standing(rig)
            assert found.state == "failing"
            assert "parked: 2 of W-1" in found.reason
            broken, before = False, len(receiver.posts)
            assert books.ask_again(rig.system.engine, rig.authority, "W-1") == 2
            await rig.until(lambda: not books.parked(rig.system.engine, rig.authority))
    assert sorted(receiver.ids[before:]) == sorted(each.message for each in parked)


async def test_a_webhook_that_is_removed_gets_nothing_more(quick: Rig) -> None:
    """What waited for it goes with it."""
    broken = True
    async with (
        receiving(lambda *_: answer("500 Internal Server Error") if broken else OK) as receiver,
        receiving() as other,
        quick.workers("publisher"),
    ):
        await asyncio.to_thread(set_webhook, quick, receiver.url)
        async with quick.workers("webhooks"):
            await asyncio.to_thread(audits, quick, "A-1")
            await until(receiver, 2)
            await eventually(lambda: waiting(quick) == 2)
            await asyncio.to_thread(quick.record, "", WebhookRemoved(), aggregate="webhook/W-1")
            await asyncio.to_thread(set_webhook, quick, other.url, "W-2")
            await eventually(lambda: waiting(quick) == 0)
            broken, before = False, len(receiver.posts)
            await asyncio.to_thread(audits, quick, "A-2")
            await until(other, 2)
    assert len(receiver.posts) == before


async def told_that_it_is_gone(rig: Rig) -> None:
    """A message was posted, and what the receiver said to it is recorded."""
    await asyncio.to_thread(audits, rig, "A-1")
    history = rig.system.history(rig.authority)
    await rig.until(lambda: history.load("webhook/W-1")[-1].fact.stored_name == "webhook.stopped.v1")


async def test_a_receiver_that_is_gone_stops_the_webhook(quick: Rig) -> None:
    """410: it is recorded, and nothing is posted there until it is set again."""
    async with receiving(lambda *_: answer("410 Gone")) as receiver, quick.workers("publisher"):
        await asyncio.to_thread(set_webhook, quick, receiver.url)
        async with quick.workers("webhooks"):
            await told_that_it_is_gone(quick)
            await asyncio.to_thread(audits, quick, "A-2")
            receiver.say = lambda *_: OK
            await asyncio.to_thread(set_webhook, quick, receiver.url)
            await asyncio.to_thread(audits, quick, "A-3")
            await eventually(lambda: [read(each.body)["subject"] for each in receiver.posts].count("audit/A-3") >= 2)
    assert len(receiver.ids) == len(set(receiver.ids)), "what was on its way to it is not posted again"


async def test_who_is_gone_after_a_quiet_time_gets_nothing_more(quick: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded just now is not yet known of the history's end: who recorded it reads it all the same."""
    monkeypatch.setattr(pace, "RESTS_AFTER", -1.0)
    monkeypatch.setattr(switchboard, "LOOK_AT_REST", 0.05)
    monkeypatch.setattr(quick.system.ends, "of", lambda _: End("2026-07-01T09:00:00Z", 1, "", 0))
    stream = published_stream(quick.authority)
    client, loop = await quick.system.connect(), asyncio.get_running_loop()

    def standing() -> bool:  # asked in a thread, while the loop goes on
        consumers = asyncio.run_coroutine_threadsafe(client.jetstream().consumers_info(stream), loop).result()
        return any(each.name.startswith(PREFIX) for each in consumers)

    async with receiving(lambda *_: answer("410 Gone")) as receiver, quick.workers("publisher"):
        await asyncio.to_thread(set_webhook, quick, receiver.url)
        async with quick.workers("webhooks"):
            await told_that_it_is_gone(quick)
            await eventually(lambda: not standing())
    await client.close()
    assert len(receiver.ids) == len(set(receiver.ids))
