"""Nothing is sent again by a rebuild of every view that is killed while messages go out."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from events.deliveries import DeliveryAttempted, DeliveryDelivered
from services.settings import read_settings
from tests.projections.rebuilt import of_nothing
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.workers.rig import Rig
from tests.workers.sending import address_of, deliveries, parsed, staff, tell
from workers.histories.rebuilding import rebuild_everything
from workers.running.supervisor import environment
from workers.system import System

ROOT = Path(__file__).parents[2]


def rebuild_until_killed() -> None:
    """The program that is killed: it has written a batch of every view, says so, and waits."""

    def wait(_authority: str, position: int) -> None:
        print(position, flush=True)
        sys.stdin.read()

    with System(read_settings()) as system:
        rebuild_everything(system, system.authorities, wait)


def killed(rig: Rig, audit: str) -> int:
    """Run that program, have people told once it has written a batch, and kill it; the position that it had come to."""
    program = [sys.executable, "-c", f"import {__name__} as me; me.rebuild_until_killed()"]
    variables = {**os.environ, **environment(rig.settings)}
    with subprocess.Popen(program, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        tell(rig, audit, "P-TM", "P-SM")
        process.kill()
    return int(said)


def delivered(rig: Rig) -> int:
    """How many messages are known to be delivered."""
    return sum(isinstance(each, DeliveryDelivered) for held in deliveries(rig).values() for each in held)


async def test_a_rebuild_that_is_killed_sends_nothing_again(rig: Rig) -> None:
    """Killed twice as people are told, and ended: each message has gone once, and history says of each that it went."""
    staff(rig, "P-TM", "P-SM")
    mailbox = Mailbox()
    with listening(mailbox) as port:
        mail = {"send": "smtp", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        rig.settings = rig.system.settings = rig.settings.model_copy(update=mail)
        async with rig.workers("sender", "notices", "deliveries"):
            tell(rig, "A-1", "P-TM", "P-SM")
            first = await asyncio.to_thread(killed, rig, "A-2")
            second = await asyncio.to_thread(killed, rig, "A-3")
            found = await asyncio.to_thread(rebuild_everything, rig.system, [rig.authority], lambda *_: None)
            tell(rig, "A-4", "P-TM", "P-SM")
            await rig.until(lambda: delivered(rig) == len(mailbox.taken) == 8)
            await rig.until(lambda: len(rig.notices()) == 4)
        became = await asyncio.to_thread(deliveries, rig)
    assert 0 < first < second
    assert of_nothing(found)
    sent = parsed(mailbox.taken)
    assert sorted(each["To"] for each in sent) == sorted([address_of("P-TM"), address_of("P-SM")] * 4)
    assert len({each["Message-ID"] for each in sent}) == len(sent)
    assert len({each["Subject"] + each.get_content() for each in sent if each["To"] == address_of("P-TM")}) == 4
    for each in became.values():
        assert Counter(map(type, each)) == {DeliveryAttempted: 4, DeliveryDelivered: 4}
