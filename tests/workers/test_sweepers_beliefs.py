"""What a sweeper believes of what was swept before it: of which history, by which rules, by which clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from nats.aio.client import Client
from sqlalchemy import insert, select, update

from events.audits import AuditSubmitted, AuditVoided
from events.errors import Refused, RolledBack
from events.escalations import EscalationResolved
from events.subjects import stream_name
from projections.store import writing
from services.clock import local_date
from services.policy.model import Policy
from services.policy_files import load_folder
from services.store.messages import RawMessage
from services.store.reading import raw_pages
from services.store.source import Source
from tests.histories import allocated, sealed
from tests.stores import PATIENCE
from tests.workers.rig import LOWEST, Rig, policy_folder
from tests.workers.sweeping import Copy, Worked, closed, same_as_anew, told
from tests.workers.test_accepted_damage import accept, write_past
from tests.workers.test_sweeping import with_a_ladder
from workers.due import swept
from workers.due.sweeper import Sweeper
from workers.due.swept import Reading
from workers.histories.accepting import accept_loss
from workers.histories.adopting import THE_OPERATOR, adopted_by, take_over
from workers.intake import ends
from workers.kept import outlooks
from workers.kept.sweep_books import OPEN, PLACES
from workers.processes.together import beside
from workers.system import System


def kept_rows(rig: Rig) -> list[dict[str, object]]:
    with rig.system.engine.connect() as db:
        return [dict(each._mapping) for each in db.execute(select(OPEN).where(OPEN.c.authority == rig.authority))]


async def test_a_database_put_back_from_an_older_backup(rig: Rig, client: Client) -> None:
    """It goes on from where the backup was read, and comes to what one would that begins with the first event."""
    rig.record("A-1", allocated(due=None))
    rig.record("A-2", allocated(due=None))
    await Copy(rig, client).sweep()
    backup, place = kept_rows(rig), outlooks.place_of(rig.system.engine, rig.authority)
    assert place is not None
    await asyncio.to_thread(closed, rig, "A-3")
    rig.record("A-1", AuditSubmitted(grade=LOWEST))
    await told(rig, "A-1")
    await Copy(rig, client).sweep()
    outlooks.begin_anew(rig.system.engine, rig.authority, place.edition, place.anew)
    with writing(rig.system.engine) as db:
        db.execute(insert(OPEN), backup)
        db.execute(update(PLACES).where(PLACES.c.authority == rig.authority).values(position=place.position))
        db.execute(update(PLACES).where(PLACES.c.authority == rig.authority).values(fingerprint=place.fingerprint))
    with Worked(rig) as worked:
        await Copy(rig, client).sweep()
    assert set(worked.records) == {"audit/A-1", "audit/A-3"}
    await same_as_anew(rig, client)


@pytest.mark.parametrize("other", [{"position": 99}, {"fingerprint": "0" * 64}])
async def test_another_history_than_was_read(rig: Rig, client: Client, other: dict[str, object]) -> None:
    """On one that ends earlier, or holds another event, nothing is swept and no process starts until it is given up."""
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    await Copy(rig, client).sweep()
    rig.record("A-2", allocated(due=None), AuditSubmitted(grade=LOWEST))
    with writing(rig.system.engine) as db:
        db.execute(update(PLACES).where(PLACES.c.authority == rig.authority).values(other))
    with pytest.raises(RolledBack, match="the sweeper has read event"):
        await Copy(rig, client).sweep()
    with pytest.raises(RolledBack, match="the sweeper has read event"):
        await rig.system.check(client)
    act = {"reason": "the disk is gone", "actor": "P-OPS"}
    await asyncio.to_thread(accept_loss, rig.system, rig.authority, progress=lambda *_: None, **act)
    await rig.system.check(client)
    with Worked(rig) as worked:
        assert await Copy(rig, client).sweep() == 2
    assert set(worked.records) == {"audit/A-1", "audit/A-2"}
    with pytest.raises(Refused, match="nothing of"):
        await asyncio.to_thread(accept_loss, rig.system, rig.authority, progress=lambda *_: None, **act)


async def test_damage_that_was_accepted_is_looked_behind(rig: Rig, client: Client) -> None:
    """What history says without an event may be owed again: all is looked at anew, once."""
    rig.record("A-1", allocated(due=None))
    await asyncio.to_thread(closed, rig, "A-2")
    await Copy(rig, client).sweep()
    bad = await write_past(rig, "body")
    await accept(rig, bad)
    sweeper = Copy(rig, client)
    with Worked(rig) as worked:
        await sweeper.sweep()
    assert set(worked.records) == {"audit/A-1", "audit/A-2"}
    for each in (sweeper, Copy(rig, client)):
        with Worked(rig) as worked:
            await each.sweep()
        assert worked.records == []


def further(rig: Rig, folder: Path, change: Callable[[str], str] = str) -> Policy:
    """A second version of the framework."""
    policies = load_folder(policy_folder(folder, rig.authority, change))
    return policies[rig.authority].newest.model_copy(update={"version": "2nd"})


async def worked_at_a_start(rig: Rig, client: Client) -> list[str]:
    with Worked(rig) as worked:
        await Copy(rig, client).sweep()
    return worked.records


async def test_what_was_judged_otherwise_is_judged_again(rig: Rig, client: Client, tmp_path: Path) -> None:
    """Another program, clock or text of a version has all worked out again; a further version touches nothing."""
    rig.record("A-1", allocated(due=None))
    await asyncio.to_thread(take_over, rig.system, rig.authority)
    assert await worked_at_a_start(rig, client) == ["audit/A-1"]
    second, today = further(rig, tmp_path / "second"), local_date(rig.now())
    await asyncio.to_thread(adopted_by, rig.system, second, today, THE_OPERATOR)
    assert await worked_at_a_start(rig, client) == []
    place = outlooks.place_of(rig.system.engine, rig.authority)
    assert place is not None
    assert set(place.edition["versions"]) == {each.version for each in rig.system.policies[rig.authority].versions}
    others: list[dict[str, object]] = [{"program": "x"}, {"offset": 1.0}, {"versions": {"1": "x"}}, {"kinds": []}]
    for other in others:
        with writing(rig.system.engine) as db:
            before = {**place.edition, **other}
            db.execute(update(PLACES).where(PLACES.c.authority == rig.authority).values(edition=before))
        assert await worked_at_a_start(rig, client) == ["audit/A-1"]
        assert await worked_at_a_start(rig, client) == []


async def test_a_copy_that_has_not_heard_of_an_adoption(rig: Rig, client: Client, tmp_path: Path) -> None:
    """What another copy judged by a version that this one does not know yet is not worked out anew: it learns of it."""
    rig.record("A-1", allocated(due=None))
    await asyncio.to_thread(take_over, rig.system, rig.authority)
    assert await worked_at_a_start(rig, client) == ["audit/A-1"]
    second, today = further(rig, tmp_path / "second"), local_date(rig.now())
    with System(rig.settings, clock=rig.system.clock) as late:
        sweeper = Sweeper(late, rig.authority, client)
        await sweeper.sweep()
        await asyncio.to_thread(adopted_by, rig.system, second, today, THE_OPERATOR)
        assert await worked_at_a_start(rig, client) == []
        with Worked(rig) as worked:
            await sweeper.sweep()
    assert worked.records == []


async def test_what_cannot_be_read_is_told_until_it_is_accepted(rig: Rig, client: Client) -> None:
    """A missing event stands in each answer, and no more once damage is accepted and all was read anew."""
    rig.record("A-1", allocated(due=None))
    (gone,) = rig.record("A-2", allocated(due=None))
    rig.record("A-3", allocated(due=None))

    async def with_a_hole(source: Source, *, after: int, by_runs: bool) -> AsyncIterator[Sequence[RawMessage]]:
        async for page in raw_pages(source, after=after, by_runs=by_runs):
            yield [each for each in page if each.sequence != gone]

    reading = Reading(rig.system, rig.authority, Source(client, stream_name(rig.authority)))
    with patch.object(swept, "raw_pages", with_a_hole):
        assert [await reading.read(), await reading.read()] == [f"event {gone} is missing: run `sightline verify`"] * 2
    await accept(rig, await write_past(rig, "body"))
    assert [await reading.read(), await reading.read()] == ["", ""]


class Hands:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def test_a_ladder_that_was_adopted_while_it_runs(rig: Rig, client: Client, tmp_path: Path) -> None:
    """What a sweeper begins follows from the versions of the day, and not from those of its start."""
    rig.system.clock = clock = Hands(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    sweeper = Copy(rig, client)
    rig.record("A-1", allocated(due=None))
    await asyncio.to_thread(take_over, rig.system, rig.authority)
    await sweeper.sweep()
    second = further(rig, tmp_path / "second", with_a_ladder)
    await asyncio.to_thread(adopted_by, rig.system, second, date(2026, 3, 10), THE_OPERATOR)
    clock.now = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    await sweeper.sweep()
    assert rig.system.history(rig.authority).load("report/audit_highlight-2026-03")


async def test_a_clock_that_is_put_back(rig: Rig, client: Client) -> None:
    """What was done by a clock that ran ahead is looked at when its hour has come, without another event or a start."""
    rig.system.clock = clock = Hands(datetime(2026, 3, 9, 11, 0, tzinfo=UTC))
    rig.record("A-1", allocated(due=None), AuditSubmitted(grade=LOWEST))
    sweeper = Copy(rig, client)
    assert await sweeper.sweep() == 1
    await told(rig, "A-1")
    rig.record("A-1", AuditVoided(reason=sealed()))
    clock.now -= timedelta(hours=2)
    assert await sweeper.sweep() == 0
    clock.now += timedelta(hours=3)
    assert await sweeper.sweep() == 1
    await told(rig, "A-1")
    assert any(isinstance(each, EscalationResolved) for each in rig.steps("A-1"))
    assert await sweeper.sweep() == 0


async def test_what_came_just_before_a_sweep(rig: Rig, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep looks at all that was recorded before it began, however long ago its process saw where histories end."""
    monkeypatch.setattr(ends, "LOOK_EVERY", 10 * PATIENCE)
    async with beside(lambda stop: rig.system.ends.keep(client, stop)):
        copy = Copy(rig, client)
        await copy.sweep()
        await rig.system.ends.now(rig.authority)
        await copy.sweep()
        rig.record("A-1", allocated(due=None))
        await copy.sweep()
        place = outlooks.place_of(rig.system.engine, rig.authority)
        assert place is not None
        assert place.position == rig.system.position(rig.authority)
