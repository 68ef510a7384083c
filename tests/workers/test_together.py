"""What is worked out of many records at once is what each alone would give, at the cost of a few questions."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from events.audits import AuditSubmitted
from events.imports import ImportClosed, ImportOpened
from events.recorded import Recorded
from projections.keeper import prepared
from services.imports import import_aggregate
from services.store.application import History
from tests.histories import allocated
from tests.workers.rig import LOWEST, Rig
from tests.workers.sweeping import Copy, kept, same_as_anew
from workers.due import settling as settling_module
from workers.due.settling import Settling
from workers.views.made import made

AUDITS = ("A-1", "A-2", "A-3")
RECORDS = [f"audit/{each}" for each in AUDITS]


def told(rig: Rig) -> dict[str, int]:
    """How many steps are recorded of each audit; each of them once."""
    steps = {audit: rig.steps(audit) for audit in AUDITS}
    for each in steps.values():
        assert len({(step.obligation, step.step, step.key) for step in each}) == len(each)
    return {audit: len(each) for audit, each in steps.items()}


def graded(rig: Rig) -> Settling:
    for audit in AUDITS:
        rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
    return Settling(rig.system, rig.authority)


def test_what_is_settled_together_is_what_each_alone_would_be(rig: Rig) -> None:
    """Facts, their ids and their times are those of the audit by itself, in one write of its own place."""
    settling = graded(rig)
    together = settling.settle_together(RECORDS)
    assert together == {each: settling.settle(each) for each in RECORDS}
    assert told(rig) == dict.fromkeys(AUDITS, 3), "settled once more, alone, nothing is left to record"
    positions = [each.position for audit in AUDITS for each in rig.history(audit)[2:]]
    assert positions == list(range(7, 16)), "audit by audit, without anything in between"
    assert settling.settle_together(RECORDS) == together, "a repeat records nothing"
    assert told(rig) == dict.fromkeys(AUDITS, 3)


def test_an_audit_that_changes_meanwhile_leaves_nothing_half_done(rig: Rig) -> None:
    """Where one was read before its last event, nothing is written of any; each is then settled by what it is."""
    settling, load_all = graded(rig), History.load_all
    rig.record("A-2", AuditSubmitted(grade=LOWEST))

    def stale(history: History, aggregate_ids: Iterable[str]) -> dict[str, tuple[Recorded, ...]]:
        found = load_all(history, aggregate_ids)
        return {**found, "audit/A-2": found["audit/A-2"][:-1]}

    with patch.object(History, "load_all", stale):
        assert settling.settle_together(RECORDS) == {}
    assert told(rig) == dict.fromkeys(AUDITS, 0)
    for each in RECORDS:
        settling.settle(each)
    assert all(told(rig).values())


def test_what_does_not_fit_in_one_write_stands_in_several(rig: Rig) -> None:
    """The steps of an audit stand together in one of them."""
    settling = graded(rig)
    with patch.object(settling_module, "MAX_BATCH", 5):
        assert settling.settle_together(RECORDS) == dict.fromkeys(RECORDS)
    assert told(rig) == dict.fromkeys(AUDITS, 3)


@contextmanager
def alone(asked: Counter[str]) -> Iterator[None]:
    """Count the records whose histories are asked for one by one; the policies that were adopted are read at times."""
    load = History.load

    def loaded(history: History, aggregate_id: str, *, after: int = 0) -> tuple[Recorded, ...]:
        if not aggregate_id.startswith("policy/"):
            asked[aggregate_id] += 1
        return load(history, aggregate_id, after=after)

    with patch.object(History, "load", loaded):
        yield


async def test_a_sweep_over_many_asks_for_none_alone(rig: Rig) -> None:
    """What is due is found, what is to come is armed, and of an import that is open that is asked once."""
    audits, name = [f"A-{number}" for number in range(12)], import_aggregate("I-1")
    rig.record("", ImportOpened(file_hash="I-1"), aggregate=name)
    for each in audits[:6]:
        rig.record(each, allocated(due=None), AuditSubmitted(grade=LOWEST), at=rig.now() - timedelta(days=9))
    for each in audits[6:]:
        rig.record(each, allocated(due=None), AuditSubmitted(grade=LOWEST), imported="I-1")
    client, asked = await rig.system.connect(), Counter[str]()
    try:
        with alone(asked):
            assert await Copy(rig, client).sweep() == 6
        assert asked == {name: 1}
        found = kept(rig)
        assert {each for each, (_, _, held, _) in found.items() if held} == {f"audit/{each}" for each in audits[6:]}
        assert all(timers for each, (_, timers, held, _) in found.items() if not held)
        await same_as_anew(rig, client)
        rig.record("", ImportClosed(accepted=6, repeated=0, refused=0), aggregate=name)
        assert await Copy(rig, client).sweep() == 12
    finally:
        await client.close()


async def test_what_is_owed_is_asked_of_many_at_once(rig: Rig) -> None:
    """The view reads the records that a batch touches together, and finds what each by itself would show."""
    for audit in AUDITS:
        rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST))
    rig.record("A-1", allocated(due=None), aggregate="import/I-1")  # such a record owes nothing
    view, asked = made(rig.system, "owed"), Counter[str]()
    events = await asyncio.to_thread(rig.events)
    with alone(asked):
        found = prepared(view, rig.authority, events)
    assert not asked
    assert found == prepared(replace(view, work_out_many=None), rig.authority, events)
    assert set(found) == set(RECORDS)
