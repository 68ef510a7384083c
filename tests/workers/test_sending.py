"""Notices reach people: one message for each recipient and notice, and what became of it is recorded."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from events.audits import AuditSubmitted
from events.deliveries import DeliveryAttempted, DeliveryDelivered, DeliverySuppressed
from events.directory import PersonAddressed, PersonAppointed, UnitPlaced
from services.directory.addresses import FIELD, key_of_person
from services.directory.state import DIRECTORY
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from workers.recording import keyrings

MakeRig = Callable[..., Rig]
STAFF = (
    UnitPlaced(unit="S-1", kind="service"),
    UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    PersonAppointed(person="P-TM", role="team_manager", unit="T-1"),
    PersonAppointed(person="P-HOS", role="head_of_service", unit="S-1"),
)


def give_address(rig: Rig, person: str, address: str) -> None:
    """Record a person's address as the directory holds it, sealed."""
    with keyrings(rig.system) as (rings, _):
        sealed = rings[rig.authority].seal(key_of_person(person), FIELD, address)
    rig.record("", PersonAddressed(person=person, address=sealed), aggregate=DIRECTORY)


def in_folder(rig: Rig) -> list[Message]:
    folder = rig.settings.data / "messages" / rig.authority
    return [message_from_bytes(each.read_bytes(), policy=default) for each in sorted(folder.glob("*.eml"))]


def raise_alert(rig: Rig, audit: str = "A-1") -> None:
    """The lowest grade: an escalation at once to the managers of the child's service and the QA team."""
    rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))


def deliveries(rig: Rig) -> dict[str, list[Any]]:
    """What became of each message, by its record."""
    found: dict[str, list[Any]] = {}
    for each in rig.events():
        if each.originator_id.startswith("delivery/"):
            found.setdefault(each.originator_id, []).append(each.fact)
    return found


async def test_an_escalation_reaches_whom_it_names(rig: Rig) -> None:
    """Who has an address gets one message at once; for who has none that is recorded, and nothing goes."""
    rig.record("", *STAFF, aggregate=DIRECTORY)
    give_address(rig, "P-TM", "team.manager@council.example")
    async with rig.workers("timekeeper", "escalator", "sender"):
        raise_alert(rig)
        await rig.until(lambda: bool(in_folder(rig)))
        await rig.until(lambda: len(deliveries(rig)) >= 3)
    (message,) = in_folder(rig)
    assert message["To"] == "team.manager@council.example"
    of = {facts[0].recipient: facts for facts in (await asyncio.to_thread(deliveries, rig)).values()}
    assert [type(each) for each in of["P-TM"]] == [DeliveryAttempted, DeliveryDelivered]
    (silent,) = of["P-HOS"]
    assert isinstance(silent, DeliverySuppressed)
    assert silent.reason == "no_address"
