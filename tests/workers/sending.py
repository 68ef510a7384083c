"""What the tests of the sender share: staff with addresses, notices as they are told, and what became of them."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from events.deliveries import DeliveryAttempted, DeliverySuppressed
from events.directory import PersonAddressed, PersonAppointed, UnitPlaced
from events.escalations import EscalationRaised, NoticeSent, Recipient
from services.directory.addresses import FIELD, key_of_person
from services.directory.state import DIRECTORY
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.rig import Rig
from workers.recording.desks import keyrings

STAFF = (
    UnitPlaced(unit="S-1", kind="service"),
    UnitPlaced(unit="T-1", kind="team", parent="S-1"),
    PersonAppointed(person="P-TM", role="team_manager", unit="T-1"),
    PersonAppointed(person="P-SM", role="service_manager", unit="S-1"),
    PersonAppointed(person="P-HOS", role="head_of_service", unit="S-1"),
)
POSTS = {"P-TM": ("team_manager", "T-1"), "P-SM": ("service_manager", "S-1"), "P-HOS": ("head_of_service", "S-1")}


def staff(rig: Rig, *with_address: str) -> None:
    """The line of managers of a team; those named have an address."""
    rig.record("", *STAFF, aggregate=DIRECTORY)
    for person in with_address:
        give_address(rig, person)


def give_address(rig: Rig, person: str, address: str = "") -> None:
    """Record a person's address as the directory holds it, sealed."""
    with keyrings(rig.system) as (rings, _):
        sealed = rings[rig.authority].seal(key_of_person(person), FIELD, address or address_of(person))
    rig.record("", PersonAddressed(person=person, address=sealed), aggregate=DIRECTORY)


def address_of(person: str) -> str:
    return f"{person.lower()}@council.example"


def tell(
    rig: Rig, audit: str, *people: str, escalation: bool = True, at: datetime | None = None, reconstructed: bool = False
) -> None:
    """Have a notice about an audit told to these people, as the escalator records it."""
    told: tuple[Recipient, ...] = tuple(
        Recipient(asked=POSTS[each][0], role=POSTS[each][0], unit=POSTS[each][1], holder=each) for each in people
    )
    step = {"obligation": "audit_return", "step": "overdue_1", "due": at or rig.now(), "title": "Late return"}
    fact: EscalationRaised | NoticeSent
    if escalation:
        fact = EscalationRaised(**step, level=1, recipients=told, reconstructed=reconstructed)
    else:
        fact = NoticeSent(**step, kind="reminder", recipients=told, reconstructed=reconstructed)
    rig.record(audit, allocated(due=None), fact, at=at)


def in_folder(rig: Rig) -> list[EmailMessage]:
    """The messages in the folder."""
    folder = rig.settings.data / "messages" / rig.authority
    return parsed(each.read_bytes() for each in sorted(folder.glob("*.eml")))


def parsed(messages: Iterable[bytes]) -> list[EmailMessage]:
    """Messages as a mail program reads them."""
    return [message_from_bytes(each, policy=default) for each in messages]


def deliveries(rig: Rig) -> dict[str | None, list[Any]]:
    """What became of the messages to each recipient, in the order of the stream."""
    whose: dict[str, str | None] = {}
    found: dict[str | None, list[Any]] = {}
    for each in rig.events():
        if not each.originator_id.startswith("delivery/"):
            continue
        if isinstance(each.fact, DeliveryAttempted | DeliverySuppressed):
            whose[each.originator_id] = each.fact.recipient
        found.setdefault(whose[each.originator_id], []).append(each.fact)
    return found


async def became(rig: Rig, person: str | None, *kinds: type, within: float = PATIENCE) -> list[Any]:
    """Wait until just that became of the messages to the person; what it was."""

    def done() -> bool:
        return [type(each) for each in deliveries(rig).get(person, [])] == list(kinds)

    await rig.until(done, within=within)
    return (await asyncio.to_thread(deliveries, rig))[person]
