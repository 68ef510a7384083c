"""The calendar of what one person owes: under a secret address, without a child, and gone when it is revoked."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

import workers.asking.calendars
from events.audits import AuditSubmitted
from events.directory import CalendarGiven, CalendarRevoked, PersonAppointed, PersonLeft
from services.calendar_feed import hashed, new_secret
from services.clock import local_date
from services.directory.state import DIRECTORY
from services.obligations.calendar import month_end
from tests.histories import allocated
from tests.workers.rig import Rig
from workers.asking.calendars import calendar

VIEWS = ("owed", "activities")
"""The views that a calendar is made of."""


async def known(rig: Rig) -> None:
    """Wait until the views know all that was recorded."""
    end = rig.system.history(rig.authority).position()
    await rig.until(lambda: all(rig.reached(view) == end for view in VIEWS))


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
    async with rig.workers(*VIEWS):
        await known(rig)
        (owed,) = await feed(rig, theirs) or []
        assert (owed["on"], "A-1" in owed["what"]) == (date(2027, 3, 16), True)
        raw = await asyncio.to_thread(calendar, rig.system, theirs)
        assert raw is not None
        assert allocated().child.encode() not in raw
        assert b"VALUE=DATE:20270316" in raw
        assert await feed(rig, other) is None
        assert await feed(rig, first) != [owed]
        rig.record("A-1", AuditSubmitted(grade="Meets Good"))
        await known(rig)
        after = await feed(rig, theirs) or []
        assert owed["uid"] not in [each["uid"] for each in after]


async def test_the_programme_s_tasks_of_a_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted for them stands on the last day of its period until it is done; nobody else's, and no future one.

    It is counted once for all who ask within a while.
    """
    manager, today = allocated().auditor, local_date(rig.now())
    month, quarter = month_end(today), month_end(today.replace(month=(today.month + 2) // 3 * 3, day=1))
    posts = (("team_manager", manager, "T-1"), ("director", "P-7", None))
    for role, person, unit in posts:  # who comes in the midst of a period owes nothing of it
        appointed = PersonAppointed(person=person, role=role, unit=unit)
        rig.record("", appointed, aggregate=DIRECTORY, at=rig.now() - timedelta(days=400))
    theirs, others = given(rig, manager), given(rig, "P-7")
    rig.record("A-1", allocated(due=None))
    async with rig.workers(*VIEWS):
        await known(rig)
        found = {each["what"]: each for each in await feed(rig, theirs) or []}
        audits, observed = "A file audited by each manager", "Practice observed by each manager"
        (one,), (two,) = ([held for what, held in found.items() if title in what] for title in (audits, observed))
        assert (one["on"], two["on"]) == (month, quarter)
        assert not [each for each in await feed(rig, others) or [] if "manager" in each["what"]]
        rig.record("A-1", AuditSubmitted(grade="Meets Good"))
        await known(rig)
        assert one in (await feed(rig, theirs) or []), "it is not counted for each who asks"
        monkeypatch.setattr(workers.asking.calendars, "KEPT", -1.0)
        after = [each["uid"] for each in await feed(rig, theirs) or []]
    assert (one["uid"] in after, two["uid"] in after) == (False, True)


async def test_an_address_that_leads_nowhere(rig: Rig) -> None:
    """Unknown, of another council, revoked, given anew, of somebody who left: each is answered alike, with nothing."""
    rig.record("", PersonAppointed(person="P-1", role="director"), aggregate=DIRECTORY)
    async with rig.workers(*VIEWS):
        await known(rig)
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
