"""The calendar of what one person owes: under a secret address, without a child, and gone when it is revoked."""

import asyncio
from datetime import date
from typing import Any

from icalendar import Calendar

from events.audits import AuditSubmitted
from events.directory import CalendarGiven, CalendarRevoked, PersonAppointed, PersonLeft
from services.calendar_feed import hashed, new_secret
from services.directory.state import DIRECTORY
from tests.histories import allocated
from tests.workers.rig import Rig
from workers.calendars import calendar


def given(rig: Rig, person: str) -> str:
    secret = new_secret(rig.authority)
    rig.record("", CalendarGiven(person=person, secret=hashed(secret)), aggregate=DIRECTORY)
    return secret


async def feed(rig: Rig, secret: str) -> list[dict[str, Any]] | None:
    """The events of a calendar as a program reads them."""
    found = await asyncio.to_thread(calendar, rig.system, secret)
    if found is None:
        return None
    return [
        {"uid": str(each["uid"]), "on": each.decoded("dtstart"), "what": str(each["summary"]), "rev": each["sequence"]}
        for each in Calendar.from_ical(found).walk("VEVENT")
    ]


async def test_what_a_person_owes(rig: Rig) -> None:
    """Each thing on its day, under an identity that stays; what is done is gone; no child and nobody else's."""
    rig.record("", PersonAppointed(person="P-1", role="practitioner", unit="T-1"), aggregate=DIRECTORY)
    rig.record("A-1", allocated(due=date(2027, 3, 16)))
    first, other = given(rig, "P-1"), new_secret(rig.authority)
    auditor = allocated().auditor
    rig.record("", PersonAppointed(person=auditor, role="lead_auditor"), aggregate=DIRECTORY)
    theirs = given(rig, auditor)
    async with rig.workers("owed"):
        await rig.until(lambda: rig.reached("owed") == rig.system.history(rig.authority).position())
        (owed,) = await feed(rig, theirs) or []
        assert (owed["on"], "A-1" in owed["what"]) == (date(2027, 3, 16), True)
        raw = await asyncio.to_thread(calendar, rig.system, theirs)
        assert raw is not None
        assert allocated().child.encode() not in raw
        assert b"VALUE=DATE:20270316" in raw
        assert await feed(rig, other) is None
        assert await feed(rig, first) != [owed]
        rig.record("A-1", AuditSubmitted(grade="Meets Good"))
        await rig.until(lambda: rig.reached("owed") == rig.system.history(rig.authority).position())
        after = await feed(rig, theirs) or []
        assert owed["uid"] not in [each["uid"] for each in after]


async def test_an_address_that_leads_nowhere(rig: Rig) -> None:
    """Unknown, of another council, revoked, given anew, of somebody who left: each is answered alike, with nothing."""
    rig.record("", PersonAppointed(person="P-1", role="director"), aggregate=DIRECTORY)
    async with rig.workers("owed"):
        await rig.until(lambda: rig.reached("owed") == rig.system.history(rig.authority).position())
        former, secret = given(rig, "P-1"), given(rig, "P-1")
        assert await feed(rig, secret) == []
        assert await feed(rig, former) is None
        assert await feed(rig, secret[:-1]) is None
        assert await feed(rig, f"elsewhere.{secret.partition('.')[2]}") is None
        assert await feed(rig, "") is None
        rig.record("", CalendarRevoked(person="P-1"), aggregate=DIRECTORY)
        assert await feed(rig, secret) is None
        again = given(rig, "P-1")
        assert await feed(rig, again) == []
        rig.record("", PersonLeft(person="P-1", role="director"), aggregate=DIRECTORY)
        assert await feed(rig, again) is None


def test_the_stream_holds_no_secret(rig: Rig) -> None:
    """What is kept of the address is a hash: who reads the history cannot ask for the calendar."""
    secret = given(rig, "P-1")
    assert all(secret not in repr(each) for each in rig.system.history(rig.authority).load(DIRECTORY))
