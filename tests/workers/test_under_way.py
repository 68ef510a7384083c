"""What a sweep leaves to the release of an import that is under way, and what it does where none gets on."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from unittest.mock import patch

import pytest
from nats.aio.client import Client

from events.audits import AuditSubmitted
from events.subjects import stream_name
from tests.histories import allocated
from tests.workers.releasing import RECORDS, imported, keeper, once, release
from tests.workers.rig import LOWEST, Rig
from tests.workers.sweeping import Copy, Worked
from tests.workers.test_imports import poked
from workers.due import releasing
from workers.due.arming import Arming
from workers.due.settling import Judged
from workers.due.sweeper import Sweeper
from workers.due.timekeeper import NAME
from workers.intake.consuming import ensure
from workers.intake.pulling import Pull


async def begun(rig: Rig, client: Client) -> Sweeper:
    """A sweeper that has read an import which is closed, and whose timekeeper has not come to its end yet."""
    rig.record("BEFORE", allocated(due=None))
    sweeper = Copy(rig, client)
    await sweeper.sweep()
    await ensure(client.jetstream(), keeper(rig, client).intake)
    imported(rig, at=rig.now() - timedelta(days=3))
    return sweeper


async def looked_at(sweeper: Sweeper, rig: Rig) -> set[str]:
    with Worked(rig) as worked:
        await sweeper.sweep()
    return set(worked.records)


async def taken(rig: Rig, client: Client) -> None:
    """Have all events acknowledged, as the timekeeper does once it has worked out what they touch."""
    pull = await Pull.opened(client, stream_name(rig.authority), NAME)
    while messages := await pull.batch(200, asyncio.Event()):
        for each in messages:
            await each.ack_sync()
        if (messages[-1].metadata.num_pending or 0) == 0:
            break
    await pull.close()


async def in_part(rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Release some of the records, two by two until it is time to stop; which."""
    monkeypatch.setattr(releasing, "TOGETHER", 2)
    stop, arm, done = asyncio.Event(), Arming.arm, set[str]()

    async def stopped(arming: Arming, settled: Mapping[str, Judged]) -> dict[str, int]:
        stop.set()
        armed = await arm(arming, settled)
        done.update(armed)
        return armed

    with patch.object(Arming, "arm", stopped):
        assert await release(keeper(rig, client), stop) is not None
    assert set() < done < RECORDS
    return done


@pytest.mark.parametrize("again", [False, True], ids=["one that runs", "one that starts"])
async def test_what_is_being_released_is_left_alone(
    rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    """As long as it gets on; nothing is worked out a second time, and nobody is poked to do it a third time."""
    sweeper = await begun(rig, client)
    assert await looked_at(sweeper, rig) == set()
    await in_part(rig, client, monkeypatch)
    assert await looked_at(Copy(rig, client) if again else sweeper, rig) == set()
    assert await release(keeper(rig, client)) is None
    await taken(rig, client)
    assert await looked_at(sweeper, rig) == set(), "what was released is believed"
    assert poked(rig) == 0
    once(rig)


async def test_what_nobody_gets_on_with_is_looked_at(rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that stands still was waited for once; what it had worked out is believed."""
    sweeper = await begun(rig, client)
    assert await looked_at(sweeper, rig) == set()
    done = await in_part(rig, client, monkeypatch)
    assert await looked_at(sweeper, rig) == set()
    assert await looked_at(sweeper, rig) == RECORDS - done


async def test_what_the_release_passed_over_is_looked_at(rig: Rig, client: Client) -> None:
    """It is over once its end is acknowledged, whatever became of the records."""
    sweeper = await begun(rig, client)
    assert await looked_at(sweeper, rig) == set()
    await taken(rig, client)
    assert await looked_at(sweeper, rig) == RECORDS


async def test_what_did_not_wait_for_it_is_looked_at_meanwhile(rig: Rig, client: Client) -> None:
    """A live act has its record looked at by the next sweep, however long a release takes."""
    sweeper = await begun(rig, client)
    rig.record("BEFORE", AuditSubmitted(grade=LOWEST))
    assert await looked_at(sweeper, rig) == {"audit/BEFORE"}
