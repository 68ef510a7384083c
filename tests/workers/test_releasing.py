"""The release of an import: its audits are read once with all others, and each step is recorded once."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from nats.aio.client import Client

from events.audits import AuditSubmitted
from events.errors import BrokenHistory, Unavailable
from events.subjects import timer_stream
from services.directory.state import Directory
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from tests.histories import allocated
from tests.workers.releasing import (
    AUDITS,
    CLOSED,
    IMPORT,
    LONG_AGO,
    RECORDS,
    Asked,
    armed,
    brought_in,
    closed,
    imported,
    keeper,
    once,
    opened,
    parked,
    release,
)
from tests.workers.rig import LOWEST, Rig
from tests.workers.test_imports import poked
from workers.due import releasing
from workers.due.arming import Arming
from workers.due.settling import Judged, Settling
from workers.due.timers import Timers


async def test_what_began_with_an_import_is_read_with_all_others_and_recorded_from_that(
    rig: Rig, client: Client
) -> None:
    """No audit is asked for by itself and nobody is poked; what is due is recorded, and what is to come is armed."""
    imported(rig, at=rig.now() - timedelta(days=3))
    with Asked() as asked:
        assert await release(keeper(rig, client)) is None
    assert asked.audits == set()
    assert poked(rig) == 0
    once(rig)
    found = armed(rig)
    assert found.keys() == RECORDS
    purged = Timers(client, rig.authority, timedelta())
    await client.jetstream().purge_stream(timer_stream(rig.authority))
    await Arming(rig.system, rig.authority, purged).work_out_together(sorted(RECORDS), lambda: False)
    assert armed(rig) == found, "as the audits by themselves would be armed"


async def test_what_is_not_whole_in_the_import_is_worked_out_by_its_newest_history(rig: Rig, client: Client) -> None:
    """Audits from before the import, those with acts since, and those that somebody settled already."""
    rig.record("A-0", allocated(due=None), at=LONG_AGO)
    opened(rig)
    rig.record("A-0", AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=1), imported=IMPORT)
    brought_in(rig, AUDITS[1:])
    rig.record("A-1", AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=2))
    closed(rig)
    rig.record("A-2", AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=2))
    Settling(rig.system, rig.authority).settle("audit/A-3")
    with Asked() as asked:
        await release(keeper(rig, client))
    assert asked.audits == {"audit/A-0", "audit/A-2", "audit/A-3"}
    assert poked(rig) == 2, "nothing is due any more in the one that was settled"
    async with rig.workers("escalator"):
        await rig.drained("escalator")
    once(rig)


async def test_an_act_between_reading_and_recording_leaves_it_to_the_escalator(rig: Rig, client: Client) -> None:
    """Then nothing is recorded of any audit of that write; each is worked out by what it is now, and poked."""
    imported(rig)
    record = Settling.settle_histories

    def after_an_act(settling: Settling, *given: object, **more: object) -> Mapping[str, Judged]:
        rig.record("A-4", AuditSubmitted(grade=LOWEST))
        return record(settling, *given, **more)  # type: ignore[arg-type]  # as it was called

    with patch.object(Settling, "settle_histories", after_an_act):
        await release(keeper(rig, client))
    assert not any(rig.steps(audit) for audit in AUDITS)
    assert poked(rig) == len(AUDITS)
    async with rig.workers("escalator"):
        await rig.drained("escalator")
    once(rig)


async def test_two_copies_release_the_same_import(rig: Rig, client: Client) -> None:
    """Whoever is first records a step; the other finds it, or is refused and pokes."""
    imported(rig)
    copies = [keeper(rig, client) for _ in range(3)]
    await asyncio.gather(*map(release, copies))
    async with rig.workers("escalator"):
        await rig.drained("escalator")
    once(rig)


async def test_killed_between_what_is_recorded_and_what_is_armed(rig: Rig, client: Client) -> None:
    """The next release arms what the first one had recorded, and records nothing twice."""
    imported(rig, at=rig.now() - timedelta(days=3))

    async def killed(_: Arming, settled: Mapping[str, Judged]) -> dict[str, int]:
        assert settled.keys() == RECORDS
        raise asyncio.CancelledError

    with patch.object(Arming, "arm", killed), pytest.raises(asyncio.CancelledError):
        await release(keeper(rig, client))
    assert all(rig.steps(audit) for audit in AUDITS)
    assert armed(rig).keys() == set()
    assert await release(keeper(rig, client)) is None
    assert armed(rig).keys() == RECORDS
    once(rig)


async def test_what_could_not_be_armed_is_worked_out_by_itself(rig: Rig, client: Client) -> None:
    """A timer that was refused holds up no other audit, and stands in the end."""
    imported(rig, at=rig.now() - timedelta(days=3))
    arm = Timers.arm
    refused: list[str] = []

    async def once_refused(timers: Timers, aggregate: str, rungs: Sequence[object]) -> int:
        if aggregate == "audit/A-1" and not refused:
            refused.append(aggregate)
            raise Unavailable("the timer is not confirmed")
        return await arm(timers, aggregate, rungs)  # type: ignore[arg-type]  # as it was called

    with patch.object(Timers, "arm", once_refused), Asked() as asked:
        await release(keeper(rig, client))
    assert asked.audits == {"audit/A-1"}
    assert armed(rig).keys() == RECORDS


@pytest.mark.parametrize("error", [BrokenHistory("directory", "version 2 is missing"), KeyError("nobody foresaw it")])
async def test_a_directory_that_cannot_be_read_leaves_all_to_the_escalator(
    rig: Rig, client: Client, error: Exception
) -> None:
    """It says of each audit what is wrong with it; timers stand meanwhile."""
    imported(rig, at=rig.now() - timedelta(days=3))

    def broken(_: Settling) -> Directory:
        raise error

    with patch.object(Settling, "directory", broken):
        await release(keeper(rig, client))
    assert not any(rig.steps(audit) for audit in AUDITS)
    assert poked(rig) == len(AUDITS)
    assert armed(rig).keys() == RECORDS


async def test_a_store_that_does_not_answer_has_the_whole_import_tried_again(rig: Rig, client: Client) -> None:
    """No audit of it is asked for by itself, nor parked, for what is wrong with none of them."""
    imported(rig)
    timekeeper = keeper(rig, client)
    away = Unavailable("the append is not confirmed")
    with patch.object(Settling, "settle_histories", side_effect=away), Asked() as asked:
        await release(timekeeper)
    assert (asked.audits, poked(rig), parked(rig)) == (set(), 0, [CLOSED])
    await release(timekeeper)
    assert parked(rig) == []
    once(rig)


async def test_what_is_read_of_an_audit_only_in_part_is_not_taken_for_it(rig: Rig, client: Client) -> None:
    """It is worked out by itself, where it shows what is wrong with it; the others are settled without it."""
    imported(rig)
    about, whole = "audit/A-1", rig.history("A-1")
    pages = raw_pages

    async def spoilt(source: Source, **asked: Any) -> AsyncIterator[list[RawMessage]]:
        async for page in pages(source, **asked):
            yield [each._replace(data=b"{}") if each.sequence == whole[-1].position else each for each in page]

    with patch.object(releasing, "raw_pages", spoilt), Asked() as asked:
        await release(keeper(rig, client))
    assert asked.audits == {about}
    assert rig.history("A-1") == whole
    once(rig, [each for each in AUDITS if each != "A-1"])


async def test_what_is_parked_is_worked_out_by_itself(rig: Rig, client: Client) -> None:
    """Only so it is parked no more once it could be worked out."""
    imported(rig)
    timekeeper = keeper(rig, client)
    with patch.object(Arming, "work_out", side_effect=BrokenHistory("audit/A-1", "version 2 is missing")):
        await timekeeper.attending.one("audit/A-1", asyncio.Event())
    assert parked(rig) == ["audit/A-1"]
    await release(timekeeper)
    assert parked(rig) == []
    assert poked(rig) == 1
