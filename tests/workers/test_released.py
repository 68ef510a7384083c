"""What a sweep believes of the release of an import: what is still so, of the history that it reads, and no more."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from nats.aio.client import Client
from sqlalchemy import select

from events.audits import AuditSubmitted, AuditVoided
from events.errors import BrokenHistory, Unavailable
from events.imports import ImportOpened
from events.subjects import timer_stream
from services.imports import import_aggregate
from tests.histories import allocated, sealed
from tests.workers.conftest import MakeRig
from tests.workers.releasing import (
    AUDITS,
    IMPORT,
    RECORDS,
    armed,
    brought_in,
    closed,
    imported,
    keeper,
    once,
    opened,
    release,
)
from tests.workers.rig import LOWEST, Rig
from tests.workers.sweeping import Copy, Worked, kept, same_as_anew
from tests.workers.test_accepted_damage import accept, write_past
from workers.due import released, releasing
from workers.due.arming import Arming
from workers.due.edition import edition_of
from workers.due.released import Release, hand_over
from workers.due.settling import Judged
from workers.due.sweeper import NAME, Sweeper
from workers.kept import outlooks
from workers.kept.parked import parked
from workers.kept.sweep_books import RELEASED


def left(rig: Rig) -> set[str]:
    """Of which records something is left to the next sweep."""
    with rig.system.engine.connect() as db:
        return set(db.execute(select(RELEASED.c.record).where(RELEASED.c.authority == rig.authority)).scalars())


async def begun(rig: Rig, client: Client) -> None:
    """A council that is swept already, of which an import is then closed."""
    rig.record("BEFORE", allocated(due=None))
    await Copy(rig, client).sweep()
    imported(rig, at=rig.now() - timedelta(days=3))


async def looked_at(rig: Rig, sweeper: Sweeper) -> set[str]:
    with Worked(rig) as worked:
        await sweeper.sweep()
    return set(worked.records)


@pytest.mark.parametrize("meanwhile", [False, True], ids=["swept after it", "swept while it comes in, too"])
async def test_what_was_worked_out_is_not_worked_out_again(rig: Rig, client: Client, *, meanwhile: bool) -> None:
    """The sweep after it keeps the same of each record as one that works all of them out."""
    sweeper = Copy(rig, client)
    await sweeper.sweep()
    opened(rig)
    brought_in(rig, at=rig.now() - timedelta(days=3))
    rig.record("OPEN", allocated(due=None), imported=IMPORT)
    rig.record("VOID", allocated(due=None), AuditVoided(reason=sealed()), imported=IMPORT)
    if meanwhile:
        await sweeper.sweep()
    closed(rig)
    await release(keeper(rig, client))
    assert left(rig) == {*RECORDS, "audit/OPEN", "audit/VOID"}
    assert not rig.steps("OPEN")
    assert await looked_at(rig, sweeper) == set()
    assert kept(rig).keys() == {*RECORDS, "audit/OPEN", "audit/VOID"}
    assert left(rig) == set()
    await same_as_anew(rig, client)
    once(rig)


async def test_an_act_after_it_has_the_record_looked_at(rig: Rig, client: Client) -> None:
    """Whether it came before the sweep or after what the sweep believed; the others are not looked at for it."""
    await begun(rig, client)
    await release(keeper(rig, client))
    rig.record("A-4", AuditSubmitted(grade=LOWEST))
    sweeper = Copy(rig, client)
    assert await looked_at(rig, sweeper) == {"audit/A-4"}
    rig.record("A-2", AuditSubmitted(grade=LOWEST))
    assert {"audit/A-2"} <= await looked_at(rig, sweeper) <= {"audit/A-2", "audit/A-4"}


async def test_an_act_while_it_is_handed_over(rig: Rig, client: Client) -> None:
    """What was worked out before the act is left to the sweep after it, which does not believe that."""
    await begun(rig, client)

    def after_an_act(*given: Any) -> None:
        rig.record("A-4", AuditSubmitted(grade=LOWEST))
        hand_over(*given)

    with patch.object(released, "hand_over", after_an_act):
        await release(keeper(rig, client))
    assert left(rig) == RECORDS
    assert await looked_at(rig, Copy(rig, client)) == {"audit/A-4"}


async def test_an_act_between_the_look_at_the_stream_and_what_is_kept(rig: Rig, client: Client) -> None:
    """The next sweep finds it and looks."""
    await begun(rig, client)
    await release(keeper(rig, client))
    standing = released.standing

    async def before_an_act(*given: Any) -> dict[str, outlooks.Outlook]:
        found = await standing(*given)
        await asyncio.to_thread(rig.record, "A-4", AuditSubmitted(grade=LOWEST))
        return found

    sweeper = Copy(rig, client)
    with patch.object(released, "standing", before_an_act):
        assert await looked_at(rig, sweeper) == set()
    assert await looked_at(rig, sweeper) == {"audit/A-4"}


@pytest.mark.parametrize("how", ["damage accepted", "loss accepted"])
async def test_nothing_is_believed_over_a_beginning_anew(rig: Rig, client: Client, how: str) -> None:
    """Damage that was accepted changes what a history says without a further event in it."""
    await begun(rig, client)
    await release(keeper(rig, client))
    if how == "damage accepted":
        await accept(rig, await write_past(rig, "body"))
    else:
        outlooks.forget(rig.system.engine, rig.authority)
    assert await looked_at(rig, Copy(rig, client)) >= RECORDS


async def test_begun_anew_while_it_is_worked_out(rig: Rig, client: Client) -> None:
    """What was judged by a history of before is not left to the reading that goes on by now."""
    await begun(rig, client)
    arm = Arming.arm

    async def begun_anew(arming: Arming, settled: Mapping[str, Judged]) -> dict[str, int]:
        place = outlooks.place_of(rig.system.engine, rig.authority)
        assert place is not None
        outlooks.begin_anew(rig.system.engine, rig.authority, place.edition, place.anew)
        return await arm(arming, settled)

    with patch.object(Arming, "arm", begun_anew):
        await release(keeper(rig, client))
    assert left(rig) == set()
    assert await looked_at(rig, Copy(rig, client)) >= RECORDS


@pytest.mark.parametrize("other", [{"program": "x"}, {"offset": 1.0}, {"versions": {"1": "x"}}, {"kinds": []}])
async def test_what_was_judged_otherwise_is_not_left_to_the_sweep(
    rig: Rig, client: Client, other: dict[str, object]
) -> None:
    """By another program, clock or text of a version than the sweeper goes by."""
    await begun(rig, client)
    with patch.object(releasing, "edition_of", lambda *given: {**edition_of(*given), **other}):
        await release(keeper(rig, client))
    assert left(rig) == set()
    assert await looked_at(rig, Copy(rig, client)) == RECORDS


async def test_killed_before_it_was_armed(rig: Rig, client: Client) -> None:
    """The sweep looks at what was recorded, and arms it."""
    await begun(rig, client)
    with patch.object(Arming, "arm", side_effect=asyncio.CancelledError), pytest.raises(asyncio.CancelledError):
        await release(keeper(rig, client))
    assert all(rig.steps(audit) for audit in AUDITS)
    assert await looked_at(rig, Copy(rig, client)) == RECORDS
    assert armed(rig).keys() >= RECORDS


async def test_killed_between_what_is_armed_and_what_is_handed_over(rig: Rig, client: Client) -> None:
    """The sweep looks for itself, and so it does where the database does not take it."""
    await begun(rig, client)
    with patch.object(released, "hand_over", side_effect=Unavailable("the disk is full")):
        assert await release(keeper(rig, client)) is None
    assert await looked_at(rig, Copy(rig, client)) == RECORDS
    await same_as_anew(rig, client)


async def test_the_sweeper_killed_before_it_has_kept_what_it_believes(rig: Rig, client: Client) -> None:
    """The next one finds the same, and an act since then."""
    await begun(rig, client)
    await release(keeper(rig, client))
    with patch.object(outlooks, "keep", side_effect=asyncio.CancelledError), pytest.raises(asyncio.CancelledError):
        await Copy(rig, client).sweep()
    rig.record("A-4", AuditSubmitted(grade=LOWEST))
    assert await looked_at(rig, Copy(rig, client)) == {"audit/A-4"}


async def test_copies_that_release_and_sweep_at_the_same_time(rig: Rig, client: Client) -> None:
    """Whoever is first: in the end is kept what one alone would keep."""
    await begun(rig, client)
    copies = [Copy(rig, client), Copy(rig, client)]
    keepers = [keeper(rig, client) for _ in range(2)]
    await asyncio.gather(*map(release, keepers), *(each.sweep() for each in copies))
    for audit in AUDITS:
        await asyncio.to_thread(once, rig, [audit])
    await asyncio.gather(*(each.sweep() for each in copies))
    await asyncio.gather(*(each.sweep() for each in copies))
    await same_as_anew(rig, client)


async def test_a_copy_that_is_late_leaves_what_is_not_believed(rig: Rig, client: Client) -> None:
    """It worked the record out of what stood before an act, and says so after another copy has seen that act."""
    await begun(rig, client)
    engine, late = rig.system.engine, dict[str, Release]()

    def noted(*given: Any) -> None:
        late.update(given[-1])
        hand_over(*given)

    with patch.object(released, "hand_over", noted):
        await release(keeper(rig, client))
    (position,) = rig.record("A-4", AuditSubmitted(grade=LOWEST))
    newer = Release(position, rig.history("A-4")[-1].envelope.event_id, None, 0)
    place = outlooks.place_of(engine, rig.authority)
    assert place is not None
    reading = released.begun(engine, rig.authority)
    for found in (newer, late["audit/A-4"]):
        hand_over(engine, rig.authority, reading, place.edition, {"audit/A-4": found})
    assert await looked_at(rig, Copy(rig, client)) == {"audit/A-4"}


async def test_timers_that_were_lost_before_a_start(rig: Rig, client: Client) -> None:
    """What was armed is looked for at a start of the sweeper, whoever has armed it."""
    await begun(rig, client)
    await release(keeper(rig, client))
    await client.jetstream().purge_stream(timer_stream(rig.authority))
    assert await looked_at(rig, Copy(rig, client)) >= RECORDS
    assert armed(rig).keys() >= RECORDS


async def test_a_step_that_is_near_is_looked_at(make_rig: MakeRig) -> None:
    """As it is by each sweep until it is recorded."""
    rig = make_rig(sweep_seconds=86_400.0 * 400)
    client = await rig.system.connect()
    await begun(rig, client)
    await release(keeper(rig, client))
    assert await looked_at(rig, Copy(rig, client)) >= RECORDS
    await client.close()


async def test_what_was_swept_before_is_not_handed_over(rig: Rig, client: Client) -> None:
    """No sweep would look at it and be done with it: it would stay for ever."""
    await begun(rig, client)
    await release(keeper(rig, client))
    assert await looked_at(rig, Copy(rig, client)) == set()
    seen = kept(rig)
    last = rig.history("A-1")[-1]
    assert last.position is not None
    worked_out = {"audit/A-1": Release(last.position, last.envelope.event_id, None, 0)}
    place = outlooks.place_of(rig.system.engine, rig.authority)
    assert place is not None
    assert last.position <= place.position
    reading = released.begun(rig.system.engine, rig.authority)
    hand_over(rig.system.engine, rig.authority, reading, place.edition, worked_out)
    assert left(rig) == set()
    assert kept(rig) == seen


async def test_what_the_sweeper_parked_is_looked_at(rig: Rig, client: Client) -> None:
    """Only so it is parked no more."""
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=import_aggregate("I-1"))
    brought_in(rig, at=rig.now() - timedelta(days=3))
    sweeper = Copy(rig, client)
    await sweeper.sweep()
    with patch.object(Arming, "work_out", side_effect=BrokenHistory("audit/A-1", "version 2 is missing")):
        sweeper._wanted = {"audit/A-1": outlooks.Wanted("audit/A-1", "")}
        await sweeper._attending.one("audit/A-1", asyncio.Event())
    closed(rig)
    await release(keeper(rig, client))
    assert left(rig) == RECORDS
    assert await looked_at(rig, Copy(rig, client)) == {"audit/A-1"}
    assert parked(rig.system.engine, NAME) == {}


async def test_what_waits_for_another_import_is_looked_at_after_that(rig: Rig, client: Client) -> None:
    """It is not over with the end of the import with which it began."""
    await Copy(rig, client).sweep()
    opened(rig)
    opened(rig, "I-2")
    brought_in(rig, ["A-0", "A-1"], at=rig.now() - timedelta(days=3))
    rig.record("A-1", AuditSubmitted(grade=LOWEST), imported="I-2")
    closed(rig)
    await release(keeper(rig, client))
    assert left(rig) == {"audit/A-0"}
    assert await looked_at(rig, Copy(rig, client)) == {"audit/A-1"}
    assert kept(rig)["audit/A-1"][2], "held"
