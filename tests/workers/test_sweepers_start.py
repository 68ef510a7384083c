"""What a start of the sweeper costs, and what a kill or a second copy takes from its knowledge: nothing."""

import asyncio
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from nats.aio.client import Client

from events.audits import AuditSubmitted
from events.imports import ImportClosed, ImportOpened
from events.subjects import armed_subjects, timer_stream
from services.imports import import_aggregate
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from tests.workers.sweeping import Copy, Worked, closed, kept, same_as_anew, told
from workers.kept.parked import parked

FEW, MANY = 2, 20


async def end_of_timers(client: Client, rig: Rig) -> int:
    return (await client.jetstream().stream_info(timer_stream(rig.authority))).state.last_seq


class Killed(BaseException):
    """The process ended here."""


async def test_a_start_costs_what_is_open(rig: Rig, client: Client) -> None:
    """Another start reads as many events and works out as many audits after ten times as many were closed."""
    rig.record("OPEN", allocated(due=None))
    costs = []
    for first, last in ((0, FEW), (FEW, MANY)):
        for number in range(first, last):
            await asyncio.to_thread(closed, rig, f"A-{number}")
        await Copy(rig, client).sweep()
        with Worked(rig) as worked:
            await Copy(rig, client).sweep()
        costs.append((worked.messages, worked.records))
    assert costs[0] == costs[1] == (1, [])
    assert set(kept(rig)) == {"audit/OPEN"}


async def test_what_an_import_brings_is_looked_at_once(rig: Rig, client: Client) -> None:
    """In the middle of the import nothing of it is looked at, though live work is; after its end each record is."""
    about, audits = import_aggregate("I-1"), [f"audit/A-{number}" for number in range(FEW)]
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=about)
    rig.record("LIVE", allocated(due=None))
    for number in range(FEW):
        rig.record(f"A-{number}", allocated(due=None), AuditSubmitted(grade=LOWEST), imported="I-1")
    with Worked(rig) as worked:
        await Copy(rig, client).sweep()
        assert worked.records == ["audit/LIVE"]
        await same_as_anew(rig, client)
        rig.record("A-0", AuditSubmitted(grade=LOWEST), imported="I-1")
        rig.record("", ImportClosed(accepted=5, repeated=0, refused=0), aggregate=about)
        worked.records.clear()
        await Copy(rig, client).sweep()
    assert sorted(worked.records) == audits
    assert all(not held and wanted for _, _, held, wanted in (kept(rig)[each] for each in audits))
    await same_as_anew(rig, client)


@pytest.mark.parametrize("where", ["after the mark", "after the timers"])
async def test_killed_it_goes_on(rig: Rig, client: Client, where: str) -> None:
    """Killed after an event was marked, or after its timers were armed, the next one looks at the record again."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    place = "workers.due.sweeper.Sweeper._choose" if where == "after the mark" else "workers.kept.outlooks.keep"
    with patch(place, side_effect=Killed), pytest.raises(Killed):
        await Copy(rig, client).sweep()
    assert kept(rig) == {"audit/A-1": (None, 0, False, True)}
    armed = await end_of_timers(client, rig)
    with Worked(rig) as worked:
        assert await Copy(rig, client).sweep() == 1
    assert worked.records == ["audit/A-1"]
    if where == "after the timers":
        assert await end_of_timers(client, rig) == armed + 1  # the poke for what is due, and nothing is armed twice
    assert await told(rig, "A-1") == 3
    assert await Copy(rig, client).sweep() == 0
    assert await told(rig, "A-1") == 3
    await same_as_anew(rig, client)


async def test_what_is_due_stays_until_it_is_recorded(rig: Rig, client: Client) -> None:
    """Each sweep pokes again for what nobody has recorded, whichever copy sweeps."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    assert [await Copy(rig, client).sweep() for _ in range(3)] == [1, 1, 1]
    await told(rig, "A-1")
    assert [await Copy(rig, client).sweep() for _ in range(2)] == [0, 0]


async def test_what_an_import_brings_to_a_record_of_before_is_looked_at(rig: Rig, client: Client) -> None:
    """It may answer what that owes or make it due, whether or not the import ever ends."""
    rig.record("A-1", allocated(due=None))
    await Copy(rig, client).sweep()
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=import_aggregate("I-1"))
    rig.record("A-1", AuditSubmitted(grade=LOWEST), imported="I-1")
    rig.record("A-2", allocated(due=None), imported="I-1")
    with Worked(rig) as worked:
        await Copy(rig, client).sweep()
    assert worked.records == ["audit/A-1"]
    assert kept(rig)["audit/A-2"][2], "held"


async def test_two_at_once(rig: Rig, client: Client) -> None:
    """Two copies that sweep at the same time, over and over, leave what one alone would."""
    copies = [Copy(rig, client), Copy(rig, client)]
    for number in range(6):
        name = import_aggregate(f"I-{number}")
        rig.record("", ImportOpened(file_hash=f"I-{number}"), aggregate=name)
        rig.record(f"A-{number}", allocated(due=None), imported=f"I-{number}")
        await asyncio.gather(
            asyncio.gather(*(each.sweep() for each in copies)),
            asyncio.to_thread(rig.record, f"B-{number}", allocated(due=None), AuditSubmitted(grade=LOWEST)),
        )
        if number % 2:
            rig.record("", ImportClosed(accepted=1, repeated=0, refused=0), aggregate=name)
    await asyncio.gather(*(each.sweep() for each in copies))
    await asyncio.gather(*(each.sweep() for each in copies))
    await same_as_anew(rig, client)
    assert {record for record, (_, _, held, _) in kept(rig).items() if held} == {f"audit/A-{n}" for n in (0, 2, 4)}


async def test_timers_that_are_gone_at_a_start(rig: Rig, client: Client) -> None:
    """Of a record that lacks a timer all are armed again; one that has all of them is not looked at."""
    for audit in ("A-1", "A-2"):
        rig.record(audit, allocated(due=date.today() + timedelta(days=90)))  # noqa: DTZ011 - any day far ahead
    await Copy(rig, client).sweep()
    js = client.jetstream()
    armed = (await js.stream_info(timer_stream(rig.authority), armed_subjects(rig.authority))).state.subjects or {}
    lost = next(each for each in armed if ".A-1." in each)
    await js.purge_stream(timer_stream(rig.authority), subject=lost)
    with Worked(rig) as worked:
        await Copy(rig, client).sweep()
    assert worked.records == ["audit/A-1"]
    again = (await js.stream_info(timer_stream(rig.authority), armed_subjects(rig.authority))).state.subjects or {}
    assert again.keys() == armed.keys()


async def test_a_record_is_released_by_whichever_copy_works_it_out(rig: Rig, client: Client) -> None:
    """Parked by one process, it is named by health until any other one has worked it out."""
    rig.record("A-1", allocated(due=None))
    with patch("workers.due.arming.settle", side_effect=ValueError("nobody foresaw it")):
        await Copy(rig, client).sweep()
    assert parked(rig.system.engine, "sweeper")
    await Copy(rig, client).sweep()
    assert not parked(rig.system.engine, "sweeper")
