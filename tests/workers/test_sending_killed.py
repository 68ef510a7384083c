"""A sender that is killed between handing a message over and recording it: what the next one does."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from events.deliveries import DeliveryAttempted, DeliveryDelivered
from tests.forks import Process, begin
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.services.deliveries.stand_in import KEY, standing_in
from tests.workers.rig import Rig
from tests.workers.sending import became, deliveries, parsed, staff, tell
from workers.running.supervisor import environment

pytestmark = pytest.mark.long

FAST = {"smtp_security": "none", "send_seconds": 1.0, "send_retry_seconds": 0.05}
HANGS = FAST | {"send_seconds": 20.0}
"""Killed while the other side hangs, and before that has lasted too long."""


@asynccontextmanager
async def a_sender(rig: Rig, **settings: object) -> AsyncIterator[Process]:
    """A sender as a process of its own, which is killed at the end of the block."""
    rig.settings = rig.system.settings = rig.settings.model_copy(update=settings)
    variables = {**os.environ, **environment(rig.settings)}
    process = await asyncio.to_thread(begin, "workers", "sender", environment=variables)
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


async def test_notify_is_asked_before_anything_goes_again(rig: Rig) -> None:
    """Killed while the service had taken the message and not answered: the next sender finds it, and sends nothing."""
    staff(rig, "P-TM")
    key = rig.settings.data / "notify.key"
    key.write_text(KEY)
    with standing_in() as notify:
        chosen = {"send": "notify", "notify_key_file": key, "notify_template": "t-1", "notify_url": notify.url}
        notify.takes_and_hangs = True
        async with a_sender(rig, **HANGS, **chosen):
            tell(rig, "A-1", "P-TM")
            await rig.until(lambda: len(notify.taken) == 1)
        await became(rig, "P-TM", DeliveryAttempted)
        notify.takes_and_hangs = False
        async with a_sender(rig, **FAST, **chosen):
            await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
        assert len(notify.taken) == 1


async def test_a_mail_server_may_get_it_twice_under_one_message_id(rig: Rig) -> None:
    """Killed before its answer came: the letter goes again, as the same message, once the time of the first is over."""
    staff(rig, "P-TM")
    mailbox = Mailbox()
    with listening(mailbox) as port:
        chosen = {"send": "smtp", "smtp_host": "127.0.0.1", "smtp_port": port}
        mailbox.takes_and_hangs = True
        async with a_sender(rig, **HANGS, **chosen):
            tell(rig, "A-1", "P-TM")
            await rig.until(lambda: len(mailbox.taken) == 1)
        await became(rig, "P-TM", DeliveryAttempted)
        mailbox.takes_and_hangs = False
        async with a_sender(rig, **FAST, **chosen):
            await rig.until(lambda: isinstance(deliveries(rig)["P-TM"][-1], DeliveryDelivered))
    # one that took more than its time goes once more
    first, second, *_ = (await asyncio.to_thread(deliveries, rig))["P-TM"]
    assert isinstance(first, DeliveryAttempted)
    assert isinstance(second, DeliveryAttempted)
    assert (first.number, second.number) == (1, 2)
    assert len({each["Message-ID"] for each in parsed(mailbox.taken)}) == 1


@pytest.mark.parametrize("written", [1, 5])
async def test_a_folder_has_one_file_of_each(rig: Rig, written: int) -> None:
    """Killed once so many are written: in the end there is one file for each, and each is known to be delivered."""
    staff(rig, "P-TM")
    for number in range(8):
        tell(rig, f"A-{number}", "P-TM")
    folder = rig.settings.data / "messages" / rig.authority
    async with a_sender(rig):
        await rig.until(lambda: len(list(folder.glob("*.eml"))) >= written)
    async with rig.workers("sender"):
        await rig.until(lambda: all_delivered(rig, 8))
    assert len(list(folder.glob("*.eml"))) == 8


def all_delivered(rig: Rig, number: int) -> bool:
    """Whether so many messages are known to be delivered, and none is in hand."""
    facts = [each.fact for each in rig.events() if each.originator_id.startswith("delivery/")]
    return sum(isinstance(each, DeliveryDelivered) for each in facts) == number
