"""The sender: how fast a day's notices reach people as digests, by a real worker process.

A digest is made when its hour has come and every notice of it is there already. What it costs beside is the letter: so
the same letters are handed over by the bare way, with nothing recorded of them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from events.base import Fact
from events.deliveries import DeliveryAttempted, DeliveryDelivered
from events.directory import PersonAddressed, PersonAppointed, UnitPlaced
from events.envelope import TYPE
from events.escalations import NoticeSent, Recipient
from events.subjects import stream_name
from services.deliveries.letters import Letter
from services.directory.addresses import FIELD, key_of_person
from services.directory.state import DIRECTORY
from services.store.messages import RawMessage
from tests.bench.importing import council
from tests.bench.publishing import all_of, between
from tests.bench.report import Row
from tests.bench.tailing import PATIENCE, worker
from tests.histories import batches, history
from tests.services.deliveries.mail_server import Mailbox, listening
from tests.stores import Store
from workers.recording.desks import keyrings
from workers.system import System
from workers.telling.ways import way_of

TITLE = "Audit return: due soon"
TEAM, SERVICE = "T-1", "S-1"


@dataclass(frozen=True, slots=True)
class Day:
    """A day's notices: so many, spread evenly over so many people."""

    notices: int = 1_000
    people: int = 50


def send_digests(store: Store, folder: Path, *, day: Day | None = None) -> list[Row]:
    """A day's notices to the folder, and to a mail server on loopback."""
    day = day or Day()
    mailbox = Mailbox()
    with listening(mailbox) as port:
        mail = {"send": "smtp", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        rows = [_sent(store, folder / "folder", day, "a folder"), _sent(store, folder / "mail", day, "SMTP", **mail)]
    assert len(mailbox.taken) == 2 * day.people, "one by the sender and one by the bare way to each"
    return rows


def _sent(store: Store, folder: Path, day: Day, way: str, **settings: Any) -> Row:
    with council(store, folder) as (system, authority):
        system.settings = system.settings.model_copy(update=settings)
        _tell(system, authority, day)
        _ = system.engine  # makes the file
        with worker(system.settings, "sender"):
            events = _delivered(store, authority, day.people)
        bare = day.people / asyncio.run(_handed_over(system, authority, day))
    at = {name: [each.time for each in events if each.topic == name] for name in (BEGUN, DONE)}
    rate = day.people / (between(min(at[BEGUN]), max(at[DONE])) / 1e3)
    case = f"digests by {way}, {day.notices:,} notices to {day.people} people"
    ours = f"{rate:,.0f} /s, {rate * day.notices / day.people:,.0f} notices/s"
    return Row(case, ours, f"bare {way}: {bare:,.0f} /s", f"{rate / bare:.2f}")


def _tell(system: System, authority: str, day: Day) -> None:
    """A line of people with addresses, and yesterday's notices to them, whose hour has come."""
    people = [f"P-{number}" for number in range(day.people)]
    with keyrings(system) as (rings, _):
        sealed = {
            each: rings[authority].seal(key_of_person(each), FIELD, f"{each.lower()}@x.example") for each in people
        }
    facts: list[tuple[str, Fact]] = [
        (DIRECTORY, UnitPlaced(unit=SERVICE, kind="service")),
        (DIRECTORY, UnitPlaced(unit=TEAM, kind="team", parent=SERVICE)),
    ]
    for person in people:
        facts.append((DIRECTORY, PersonAppointed(person=person, role="practitioner", unit=TEAM)))
        facts.append((DIRECTORY, PersonAddressed(person=person, address=sealed[person])))
    facts += [(f"audit/A-{number}", _notice(people[number % day.people])) for number in range(day.notices)]
    began = datetime.now(UTC) - timedelta(hours=26)
    for batch in batches(history(facts, start=began, step=timedelta(), authority=authority), 1_000):
        system.history(authority).append(*batch)


def _notice(person: str) -> NoticeSent:
    told = Recipient(asked="auditor", role="practitioner", unit=TEAM, holder=person)
    due = datetime(2026, 2, 2, tzinfo=UTC)
    return NoticeSent(obligation="audit_return", step="due", due=due, title=TITLE, kind="reminder", recipients=(told,))


BEGUN, DONE = DeliveryAttempted.stored_name, DeliveryDelivered.stored_name


def _delivered(store: Store, authority: str, number: int) -> Sequence[RawMessage]:
    """What the sender recorded, once so many messages were taken."""
    deadline = perf_counter() + PATIENCE
    while True:
        events = [each for each in all_of(store, stream_name(authority)) if each.headers.get(TYPE) in {BEGUN, DONE}]
        done = sum(each.headers[TYPE] == DONE for each in events)
        if done >= number:
            return events
        assert perf_counter() < deadline, f"{done} of {number} were delivered"
        sleep(0.2)


async def _handed_over(system: System, authority: str, day: Day) -> float:
    """The seconds that as many letters of as many lines take by the way alone."""
    way = way_of(system, authority)
    assert way is not None
    lines = tuple(f"- audit A-{number}, by 2 Feb 2026" for number in range(day.notices // day.people))
    letters = [
        Letter(f"{number:032x}", authority, f"p-{number}@x.example", TITLE, lines) for number in range(day.people)
    ]
    began = perf_counter()
    async with way.opened() as box:
        for each in letters:
            assert await box.put(each) is None
    return perf_counter() - began
