"""Notices reach people: one message for each recipient and notice, and what became of it is recorded."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

import workers.telling.sender
from events.audits import AuditSubmitted
from events.deliveries import (
    DeliveryAttempted,
    DeliveryBounced,
    DeliveryDelivered,
    DeliveryFailed,
    DeliveryHandedUp,
    DeliverySuppressed,
)
from events.directory import AddressDoubted, PersonLeft
from events.errors import SettingsError
from projections.deliveries import deliveries as shown
from services.clock import at_local
from services.directory.state import DIRECTORY
from services.settings import Settings
from tests.histories import allocated
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.services.deliveries.stand_in import KEY, StandIn, standing_in
from tests.workers.rig import LOWEST, Rig
from tests.workers.sending import address_of, became, deliveries, give_address, in_folder, parsed, staff, tell
from workers.health.whole import health
from workers.kept.sendings import sendings
from workers.running.supervisor import environment
from workers.telling.ways import way_of

MakeRig = Callable[..., Rig]
NO_MAIL = {"smtp_security": "none", "send_seconds": 20.0, "send_retry_seconds": 0.05, "send_attempts": 50}


def choose(rig: Rig, **settings: object) -> Settings:
    """Have the rig send as these settings say."""
    rig.settings = rig.system.settings = rig.settings.model_copy(update=settings)
    return rig.settings


@pytest.fixture
def mailbox(rig: Rig) -> Iterator[Mailbox]:
    """A mail server by which the rig sends."""
    found = Mailbox()
    with listening(found) as port:
        choose(rig, send="smtp", smtp_host="127.0.0.1", smtp_port=port, **NO_MAIL)
        yield found


@pytest.fixture
def notify(rig: Rig) -> Iterator[StandIn]:
    """A stand-in for GOV.UK Notify by which the rig sends."""
    key = rig.settings.data / "notify.key"
    key.write_text(KEY)
    with standing_in() as found:
        choose(rig, **NO_MAIL | {"send": "notify"}, notify_key_file=key, notify_template="t-1", notify_url=found.url)
        yield found


async def test_an_escalation_reaches_whom_it_names(rig: Rig) -> None:
    """Who has an address gets one message at once; for who has none that is recorded, and nothing goes."""
    staff(rig, "P-TM")
    async with rig.workers("timekeeper", "escalator", "sender"):
        rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
        await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
        (silent,) = await became(rig, "P-HOS", DeliverySuppressed)
    (message,) = in_folder(rig)
    assert message["To"] == address_of("P-TM")
    assert silent.reason == "no_address"
    assert (rig.settings.data / "messages" / rig.authority).stat().st_mode & 0o077 == 0


@pytest.mark.covers("A-ALL-13")
@pytest.mark.parametrize("way", ["mailbox", "notify"])
async def test_a_digest_is_one_message(request: pytest.FixtureRequest, rig: Rig, way: str) -> None:
    """What is told to one person on one day of one type goes at the policy's hour, in one message, by either way."""
    server = request.getfixturevalue(way)
    staff(rig, "P-TM", "P-SM")
    now = rig.system.clock
    rig.system.clock = lambda: at_local(date(2026, 3, 4), time(8, 0))
    for number in range(3):
        tell(rig, f"A-{number}", "P-TM", "P-SM", escalation=False)
    async with rig.workers("sender"):
        await rig.until(lambda: rig.authority in sendings(rig.system.engine))
        assert server.taken == []  # it is not the hour yet
        rig.system.clock = lambda: at_local(date(2026, 3, 4), time(8, 30))
    async with rig.workers("sender"):
        (attempted, _) = await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
        await became(rig, "P-SM", DeliveryAttempted, DeliveryDelivered)
    assert [each.about for each in attempted.told] == ["audit/A-0", "audit/A-1", "audit/A-2"]
    assert len(server.taken) == 2
    rig.system.clock = now


async def test_nothing_is_sent_of_imported_history(rig: Rig) -> None:
    """What was reconstructed reaches nobody, while what is told beside it does."""
    staff(rig, "P-TM")
    tell(rig, "A-1", "P-TM", reconstructed=True)
    tell(rig, "A-2", "P-TM")
    async with rig.workers("sender"):
        (attempted, _) = await became(rig, "P-TM", DeliveryAttempted, DeliveryDelivered)
    assert [each.about for each in attempted.told] == ["audit/A-2"]
    assert len(in_folder(rig)) == 1


async def test_what_fails_for_a_time_is_tried_again(rig: Rig, mailbox: Mailbox) -> None:
    """A server that will take it later is asked again, with the same Message-ID; that it failed is recorded."""
    staff(rig, "P-TM")
    mailbox.at_data = "451 later"
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        await rig.until(lambda: len(deliveries(rig).get("P-TM", [])) >= 2)
        mailbox.at_data = ""
        await rig.until(lambda: len(mailbox.taken) == 1)
        await rig.until(lambda: isinstance(deliveries(rig)["P-TM"][-1], DeliveryDelivered))
    attempted, failed, *_ = (await asyncio.to_thread(deliveries, rig))["P-TM"]
    assert isinstance(attempted, DeliveryAttempted)
    assert isinstance(failed, DeliveryFailed)
    assert (failed.reason, failed.again is not None) == ("deferred", True)


async def test_what_fails_for_good_goes_one_tier_up(rig: Rig, mailbox: Mailbox) -> None:
    """After the last attempt the tier above is told of it; where that is refused as well, the tier above that."""
    staff(rig, "P-TM", "P-SM", "P-HOS")
    mailbox.refused = {address_of("P-TM"), address_of("P-SM")}
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        steps = await became(rig, "P-TM", DeliveryAttempted, DeliveryFailed, DeliveryHandedUp)
        await became(rig, "P-SM", DeliveryAttempted, DeliveryFailed, DeliveryHandedUp)
        await became(rig, "P-HOS", DeliveryAttempted, DeliveryDelivered)
    assert steps[1].again is None
    assert [each.holder for each in steps[2].recipients] == ["P-SM"]
    (message,) = parsed(mailbox.taken)
    assert message["To"] == address_of("P-HOS")
    assert "could not be delivered" in message.get_content()
    assert "P-SM" not in str(message)
    assert "p-sm" not in str(message)


async def test_two_senders_send_one_message_of_each(rig: Rig, mailbox: Mailbox) -> None:
    """Whoever records the attempt first hands it over; the other finds it taken up."""
    staff(rig, "P-TM")
    async with rig.workers("sender", "sender"):
        for number in range(15):
            tell(rig, f"A-{number}", "P-TM")
        await rig.until(lambda: len(mailbox.taken) >= 15)
        await rig.until(lambda: len(deliveries(rig)["P-TM"]) == 30)
    assert len({message["Message-ID"] for message in parsed(mailbox.taken)}) == len(mailbox.taken) == 15


async def test_who_left_meanwhile(rig: Rig) -> None:
    """Nothing is sent to somebody who holds no post any more; the tier above is told instead."""
    staff(rig, "P-TM", "P-SM")
    tell(rig, "A-1", "P-TM")
    rig.record("", PersonLeft(person="P-TM", role="team_manager", unit="T-1"), aggregate=DIRECTORY)
    async with rig.workers("sender"):
        (silent, _) = await became(rig, "P-TM", DeliverySuppressed, DeliveryHandedUp)
        await became(rig, "P-SM", DeliveryAttempted, DeliveryDelivered)
    assert silent.reason == "left"


async def test_a_message_that_comes_back(rig: Rig, notify: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service says so: the address is doubtful until it is changed, and the tier above is told."""
    monkeypatch.setattr(workers.telling.sender, "ASK_EVERY", 0.2)
    staff(rig, "P-TM", "P-SM")
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        await rig.until(lambda: len(notify.taken) == 1)
        notify.states[notify.taken[0]["reference"]] = "permanent-failure"
        came = (DeliveryAttempted, DeliveryDelivered, DeliveryBounced, DeliveryHandedUp)
        await became(rig, "P-TM", *came)
        await became(rig, "P-SM", DeliveryAttempted, DeliveryDelivered)
        assert any(isinstance(each.fact, AddressDoubted) for each in rig.system.history(rig.authority).load(DIRECTORY))
        tell(rig, "A-2", "P-TM")
        (*_, silent, up) = await became(rig, "P-TM", *came, DeliverySuppressed, DeliveryHandedUp)
        assert (silent.reason, up.recipients[0].holder) == ("doubtful", "P-SM")
        give_address(rig, "P-TM", "p-tm.new@council.example")
        tell(rig, "A-3", "P-TM")
        await rig.until(lambda: notify.taken[-1]["email_address"] == "p-tm.new@council.example")


async def test_switched_off(rig: Rig) -> None:
    """Where an installation sends nothing, that is recorded of each message."""
    choose(rig, send="off")
    staff(rig, "P-TM")
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")
        (silent,) = await became(rig, "P-TM", DeliverySuppressed)
    assert silent.reason == "switched_off"
    assert in_folder(rig) == []


async def test_what_was_told_long_ago_is_left(rig: Rig) -> None:
    """A notice of the time before there were messages goes to nobody now."""
    staff(rig, "P-TM")
    tell(rig, "A-1", "P-TM")
    later = rig.system.clock
    rig.system.clock = lambda: later() + timedelta(days=8)
    async with rig.workers("sender"):
        (silent,) = await became(rig, "P-TM", DeliverySuppressed)
    assert silent.reason == "stale"


async def test_health_says_what_waits(rig: Rig) -> None:
    """A server that is away shows in health, with how many messages wait for it."""
    choose(rig, send="smtp", smtp_host="127.0.0.1", smtp_port=9, **NO_MAIL)
    staff(rig, "P-TM")
    async with rig.workers("sender"):
        tell(rig, "A-1", "P-TM")

        def failing() -> bool:
            (found,) = [each for each in health(rig.settings) if each.worker == "sender"]
            return (found.state, found.waiting) == ("failing", 1) and "1 of 1" in found.reason

        await rig.until(failing)


def test_a_rehearsal_writes_to_nobody(make_rig: MakeRig) -> None:
    """With a moved clock no mail server and no service is used: its days are none of the recipients'."""
    rig = make_rig(clock_offset=datetime(2026, 3, 9, tzinfo=UTC) - datetime.now(UTC))
    choose(rig, send="smtp", smtp_host="127.0.0.1")
    with pytest.raises(SettingsError, match="SIGHTLINE_SEND"):
        way_of(rig.system, rig.authority)


async def test_what_became_of_each_is_shown(rig: Rig, mailbox: Mailbox) -> None:
    """A row for each message: to whom, about what, how it stands, and who was told in its place; no address."""
    staff(rig, "P-TM", "P-SM")
    mailbox.refused = {address_of("P-TM")}
    async with rig.workers("sender", "deliveries"):
        tell(rig, "A-1", "P-TM", "P-HOS")
        await became(rig, "P-SM", DeliveryAttempted, DeliveryDelivered)
        await became(rig, "P-HOS", DeliverySuppressed)
        position = rig.system.history(rig.authority).position()
        await rig.until(lambda: rig.reached("deliveries") >= position)
        rows = {row.recipient: row for row in shown(rig.system.engine, rig.authority)}
    assert {name: (row.state, row.reason, row.attempts) for name, row in rows.items()} == {
        "P-TM": ("given up", "refused", 1),
        "P-SM": ("delivered", None, 1),
        "P-HOS": ("not sent", "no_address", 0),
    }
    assert [each.holder for each in rows["P-TM"].above] == ["P-SM"]
    assert rows["P-SM"].instead_of == rows["P-TM"].delivery
    call = ["show", "deliveries", rig.authority, "--audit", "A-1"]
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "workers.cli", *call],
        env={**os.environ, **environment(rig.settings)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "P-SM" in done.stdout
    assert "@" not in done.stdout
