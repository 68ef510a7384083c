"""How much of an import its release holds at the same time, and what it leaves to the next one."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from nats.aio.client import Client

from events.audits import AuditSubmitted
from events.errors import BrokenHistory
from services.store.messages import RawMessage
from services.store.source import Source
from tests.histories import allocated
from tests.stores import PATIENCE
from tests.workers.releasing import (
    AUDITS,
    CLOSED,
    IMPORT,
    LONG_AGO,
    RECORDS,
    Asked,
    brought_in,
    closed,
    imported,
    keeper,
    once,
    one_by_one,
    opened,
    parked,
    release,
    waiting,
)
from tests.workers.rig import LOWEST, Rig
from tests.workers.sweeping import Copy
from tests.workers.test_imports import poked
from workers.due import attending, brought, released, releasing
from workers.due.arming import Arming
from workers.due.brought import Brought
from workers.due.released import Release
from workers.due.settling import Judged


async def test_no_more_is_held_than_may_be(rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not touched for longest goes first; what comes to it afterwards is not lost."""
    opened(rig)
    rig.record("A-9", allocated(due=None), at=LONG_AGO, imported=IMPORT)
    for audit in AUDITS:
        brought_in(rig, [audit])
    rig.record("A-9", AuditSubmitted(grade=LOWEST), at=LONG_AGO + timedelta(days=1), imported=IMPORT)
    closed(rig)
    monkeypatch.setattr(brought, "HELD", 4 * brought.HEADERS)
    monkeypatch.setattr(releasing, "TOGETHER", 1)
    parts: list[list[str]] = []
    hand_out = Brought.hand_out

    def handed_out(each: Brought, most: int) -> dict[str, Sequence[RawMessage]]:
        found = hand_out(each, most)
        parts.append(list(found))
        assert not each.is_full
        return found

    monkeypatch.setattr(Brought, "hand_out", handed_out)
    with Asked() as asked, patch.object(releasing, "raw_pages", one_by_one):
        await release(keeper(rig, client))
    assert parts[0] == ["audit/A-9"]
    assert asked.audits == {"audit/A-9"}
    assert poked(rig) == 1
    once(rig, AUDITS)


async def test_time_to_stop_in_the_middle(rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import is not done then: its message comes again, and the next release goes on with what is left."""
    imported(rig)
    monkeypatch.setattr(releasing, "TOGETHER", 2)
    stopping = keeper(rig, client)
    stop, arm = asyncio.Event(), Arming.arm

    async def stopped(arming: Arming, settled: Mapping[str, Judged]) -> dict[str, int]:
        stop.set()
        return await arm(arming, settled)

    with patch.object(Arming, "arm", stopped):
        assert await release(stopping, stop) is not None
    assert sum(bool(rig.steps(audit)) for audit in AUDITS) in {2, 4}, "what is in hand is finished, and no more begun"
    assert await release(keeper(rig, client)) is None
    once(rig)


async def test_while_one_part_waits_another_is_worked_out(
    rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first part has no timers armed before the second one has."""
    imported(rig)
    monkeypatch.setattr(releasing, "TOGETHER", 2)
    parts, second, arm = list[set[str]](), asyncio.Event(), Arming.arm

    async def waits(arming: Arming, settled: Mapping[str, Judged]) -> dict[str, int]:
        parts.append({*settled})
        if len(parts) == 1:
            async with asyncio.timeout(PATIENCE):
                await second.wait()
        second.set()
        return await arm(arming, settled)

    with patch.object(Arming, "arm", waits):
        assert await release(keeper(rig, client)) is None
    assert [len(part) for part in parts] == [2, 2, 2]
    assert set.union(*parts) == RECORDS
    once(rig)


async def test_time_to_stop_while_the_import_is_read(rig: Rig, client: Client) -> None:
    """No more of it is read then, for nothing that comes would be handed out, and all of it would be held."""
    imported(rig)
    stopping = keeper(rig, client)
    stop, taken = asyncio.Event(), list[RawMessage]()

    def stopped(_: Brought, page: Iterable[RawMessage]) -> None:
        taken.extend(page)
        if len(taken) == 3:
            stop.set()

    with patch.object(releasing, "raw_pages", one_by_one), patch.object(Brought, "take", stopped):
        assert await release(stopping, stop) is not None
    assert len(taken) == 3
    assert await release(keeper(rig, client)) is None
    once(rig)


async def test_time_to_stop_while_a_parked_import_is_tried_again(rig: Rig, client: Client) -> None:
    """No message comes of what is parked: it is put off, and stays parked until it is done."""
    imported(rig)
    stopping, stop, taken = keeper(rig, client), asyncio.Event(), list[RawMessage]()
    with patch.object(Brought, "take", side_effect=BrokenHistory(CLOSED, "it is to be read again")):
        assert await release(stopping) is None
    assert parked(rig) == [CLOSED]

    def stopped(_: Brought, page: Iterable[RawMessage]) -> None:
        taken.extend(page)
        stop.set()

    with patch.object(releasing, "raw_pages", one_by_one), patch.object(Brought, "take", stopped):
        await stopping.attending.look(stop, waiting(rig))
    assert len(taken) == 1
    assert parked(rig) == [CLOSED]
    await stopping.attending.look(asyncio.Event(), waiting(rig))
    assert parked(rig) == []
    once(rig)


async def test_imports_that_were_closed_together_are_read_one_after_the_other(rig: Rig, client: Client) -> None:
    """What is held of them together stays within the bound of one."""
    names = ("I-1", "I-2", "I-3")
    for number, name in enumerate(names):
        opened(rig, name)
        brought_in(rig, AUDITS[2 * number : 2 * number + 2], name=name)
    for name in names:
        closed(rig, name)
    reading, together = 0, list[int]()

    async def counted(source: Source, *, after: int, until: int, by_runs: bool) -> AsyncIterator[list[RawMessage]]:
        nonlocal reading
        reading += 1
        async for page in one_by_one(source, after=after, until=until, by_runs=by_runs):
            together.append(reading)
            yield page
        reading -= 1

    timekeeper = keeper(rig, client)
    with patch.object(releasing, "raw_pages", counted):
        await asyncio.gather(*(release(timekeeper, name=name) for name in names))
    assert set(together) == {1}
    once(rig)


async def test_what_it_leaves_is_asked_for_as_the_records_are_looked_at(rig: Rig, client: Client) -> None:
    """So many at a time as are looked at together: an import may have brought a hundred thousand."""
    await Copy(rig, client).sweep()
    opened(rig)
    brought_in(rig, at=rig.now() - timedelta(days=3))
    closed(rig)
    await release(keeper(rig, client))
    asked = list[int]()
    ask = released.released

    def counted(*given: Any) -> dict[str, Release]:
        found = ask(*given)
        asked.append(len(found))
        return found

    with patch.object(attending, "TOGETHER", 2), patch.object(released, "released", counted):
        await Copy(rig, client).sweep()
    assert asked == [2, 2, 2]
