"""A worker that dies between a post and its acknowledgement, and two that work at once."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable

import pytest

from tests.stores import PATIENCE
from tests.workers.receiver import OK, Posted, receiving
from tests.workers.rig import Rig, eventually
from tests.workers.test_published_once import process_of
from tests.workers.test_webhooks import QUICK, audits, set_webhook, until, waiting
from workers.kept.leases import Leases

pytestmark = pytest.mark.long

MakeRig = Callable[..., Rig]

UNHURRIED = QUICK | {"webhooks_total_seconds": 8.0}
"""A post that takes longer counts as not taken, and rightly comes again: on a busy machine one takes seconds."""


async def test_killed_after_the_post(make_rig: MakeRig) -> None:
    """Killed before it could acknowledge: the receiver gets the same message again under its id, twice and no more."""
    rig = make_rig(**UNHURRIED)
    killed = asyncio.Event()
    victims: list[Callable[[], None]] = []

    def say(number: int, _posted: Posted) -> bytes:
        if number == 1:
            victims[0]()
            killed.set()
        return OK

    async with receiving(say) as receiver, rig.workers("publisher"):
        secret = await asyncio.to_thread(set_webhook, rig, receiver.url, types=("sightline.audit.returned.v1",))
        async with process_of(rig.settings, "webhooks") as process:
            victims.append(lambda: process.send_signal(signal.SIGKILL))
            await asyncio.to_thread(audits, rig, "A-1")
            await asyncio.wait_for(killed.wait(), PATIENCE)
        async with process_of(rig.settings, "webhooks"):
            await eventually(lambda: len(receiver.posts) > 1)
            await eventually(lambda: waiting(rig) == 0)
    first, second = receiver.posts
    assert first.id == second.id
    assert first.verified(secret) == second.verified(secret)


async def test_two_at_once(make_rig: MakeRig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that both believe to be the one that works share what there is: each message is posted once."""
    monkeypatch.setattr(Leases, "_take", lambda each: frozenset(each.held))
    rig = make_rig(**QUICK)
    async with receiving() as receiver, rig.workers("publisher"):
        await asyncio.to_thread(set_webhook, rig, receiver.url)
        async with rig.workers("webhooks", "webhooks"):
            await asyncio.to_thread(audits, rig, *[f"A-{number}" for number in range(20)])
            await until(receiver, 40)
            await eventually(lambda: waiting(rig) == 0)
    assert set(Counter(receiver.ids).values()) == {1}
