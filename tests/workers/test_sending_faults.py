"""The other side hangs, accepts and sends back, or has no time: what is recorded, and what goes again."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from events.deliveries import (
    DeliveryAttempted,
    DeliveryBounced,
    DeliveryDelivered,
    DeliveryFailed,
    DeliveryHandedUp,
    DeliverySuppressed,
)
from events.directory import AddressDoubted, PersonAppointed
from events.errors import Refused
from services.directory.state import DIRECTORY
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.services.deliveries.stand_in import BUSY_SECONDS, KEY, StandIn, standing_in
from tests.workers.rig import Rig
from tests.workers.sending import address_of, became, parsed, staff, tell
from workers.recording.desks import desk_of, keyrings

FAST = {"smtp_security": "none", "send_seconds": 20.0, "send_retry_seconds": 0.05, "send_attempts": 50}


def choose(rig: Rig, **settings: Any) -> None:
    """Have the rig send as these settings say."""
    rig.settings = rig.system.settings = rig.settings.model_copy(update=FAST | settings)


@pytest.fixture
def mailbox(rig: Rig) -> Iterator[Mailbox]:
    """A mail server by which the rig sends."""
    found = Mailbox()
    with listening(found) as port:
        choose(rig, send="smtp", smtp_host="127.0.0.1", smtp_port=port)
        yield found


@pytest.fixture
def notify(rig: Rig) -> Iterator[StandIn]:
    """A stand-in for GOV.UK Notify by which the rig sends."""
    key = rig.settings.data / "notify.key"
    key.write_text(KEY)
    with standing_in() as found:
        choose(rig, send="notify", notify_key_file=key, notify_template="t-1", notify_url=found.url)
        yield found


def report_bounce(rig: Rig, delivery: str) -> None:
    """Say that a message came back, as whoever reads the mailbox does."""
    line = {"command": "delivery.report_bounce", "authority": rig.authority, "actor": "P-QA", "role": "qa_team"}
    with keyrings(rig.system) as (rings, master):
        desk = desk_of(rig.system, rig.authority, rings[rig.authority], master)
        desk.carry_out(rig.system.catalogue.parse(orjson.dumps({**line, "delivery": delivery})))


async def test_a_mail_server_that_accepts_and_sends_back(rig: Rig, mailbox: Mailbox) -> None:
    """Somebody who reads the mailbox reports it: the address is doubtful from then on, and the tier above is told."""
    staff(rig, "P-TM", "P-SM")
    rig.record("", PersonAppointed(person="P-QA", role="qa_team"), aggregate=DIRECTORY)
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
        (record,) = {
            each.originator_id
            for each in await asyncio.to_thread(rig.events)
            if each.originator_id.startswith("delivery/")
        }
        delivery = record.partition("/")[2]
        await asyncio.to_thread(report_bounce, rig, delivery)
        steps = (DeliveryAttempted, DeliveryDelivered, DeliveryBounced, DeliveryHandedUp)
        (*_, up) = await became(rig, "P-TM", *steps)
        assert [each.holder for each in up.recipients] == ["P-SM"]
        await became(rig, "P-SM", DeliveryAttempted, DeliveryDelivered)
        with pytest.raises(Refused, match="came back before"):
            await asyncio.to_thread(report_bounce, rig, delivery)
        directory = rig.system.history(rig.authority).load(DIRECTORY)
        assert [each.fact.person for each in directory if isinstance(each.fact, AddressDoubted)] == ["P-TM"]
        tell(rig, "A-2", "P-TM")
        (*_, silent, _) = await became(rig, "P-TM", *steps, DeliverySuppressed, DeliveryHandedUp)
    assert silent.reason == "doubtful"
    sent = [message["To"] for message in parsed(mailbox.taken)]
    assert sent.count(address_of("P-TM")) == 1


async def test_a_mail_server_that_hangs(rig: Rig, mailbox: Mailbox) -> None:
    """It is left after the time limit, which is recorded without a word of the address; once it answers, all goes."""
    choose(rig, send_seconds=2.0)  # a mail server that answers has done so by then, on a full machine too
    staff(rig, "P-TM", "P-SM")
    mailbox.hangs = True
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM", "P-SM")

        def failed() -> list[Any]:
            return [each.fact for each in rig.events() if isinstance(each.fact, DeliveryFailed)]

        await rig.until(lambda: bool(failed()))
        (first, *_) = await asyncio.to_thread(failed)
        assert (first.reason, first.again is not None) == ("timed_out", True)
        mailbox.hangs = False
        await rig.until(
            lambda: {each["To"] for each in parsed(mailbox.taken)} == set(map(address_of, ("P-TM", "P-SM")))
        )
    assert "council.example" not in repr(await asyncio.to_thread(failed))


async def test_a_service_that_fails_takes_it_later(rig: Rig, notify: StandIn) -> None:
    """500 twice, then it is taken: one message, under one reference, and each failure on record."""
    staff(rig, "P-TM")
    notify.answers = [500, 500]
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        twice = (DeliveryAttempted, DeliveryFailed) * 2
        steps = await became(rig, "P-TM", *twice, DeliveryAttempted, DeliveryDelivered)
    assert [each.reason for each in steps if isinstance(each, DeliveryFailed)] == ["deferred", "deferred"]
    assert len(notify.taken) == 1


async def test_a_service_that_has_no_time_is_left_alone(rig: Rig, notify: StandIn) -> None:
    """429: nothing goes before the seconds have passed that it asks for, whatever our own wait is."""
    staff(rig, "P-TM")
    notify.answers = [429]
    async with rig.workers("sender"):
        before = rig.now()
        tell(rig, "A-1", "P-TM")
        (_, failed) = await became(rig, "P-TM", DeliveryAttempted, DeliveryFailed)
        assert failed.reason == "busy"
        assert failed.again >= before + timedelta(seconds=BUSY_SECONDS)
        assert notify.taken == []
