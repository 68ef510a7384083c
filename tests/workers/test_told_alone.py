"""That somebody was told changes nothing of what is owed: the view moves its version on, and reads no history."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from unittest.mock import patch

import pytest

from events.audits import AuditSubmitted
from events.errors import BrokenHistory
from events.escalations import EscalationAcknowledged, EscalationRaised, EscalationResolved, Step
from events.recorded import Recorded
from projections import keeper
from projections.keeper import keep
from projections.owed import OpenRow, faulty, owed_now, versions
from projections.rebuild import rebuild
from projections.view import View, WorkedOut
from services.modules import CATALOGUE
from services.open_obligations import is_told_alone, open_by_history
from tests.histories import allocated, batches
from tests.workers.releasing import AUDITS, LONG_AGO, Asked
from tests.workers.rig import LOWEST, Rig
from workers.due.settling import Settling
from workers.views.made import made, worked_out_from

RECORDS = [f"audit/{audit}" for audit in AUDITS]


async def kept(rig: Rig, view: View, size: int = 100) -> set[str]:
    """Keep what is new; which audits are asked for."""
    events = await asyncio.to_thread(rig.events)
    events = events[rig.reached(view.name) :]
    with Asked() as asked:
        for batch in batches(events, size):
            keep(view, rig.system.engine, rig.authority, batch)
    return asked.audits


async def begun(rig: Rig) -> View:
    """The view after audits came, and before anybody was told of them."""
    for audit in AUDITS:
        rig.record(audit, allocated(due=None), AuditSubmitted(grade=LOWEST), at=LONG_AGO)
    view = made(rig.system, "owed")
    assert await kept(rig, view) == set(RECORDS)
    Settling(rig.system, rig.authority).settle_together(RECORDS)
    return view


def shown(rig: Rig) -> tuple[list[OpenRow], dict[str, int]]:
    return owed_now(rig.system.engine, rig.authority), versions(rig.system.engine, rig.authority)


async def same_as_anew(rig: Rig) -> None:
    """What is shown is what a rebuild gives that works each record out by its newest history."""
    found, events = shown(rig), await asyncio.to_thread(rig.events)
    assert found[0]
    assert found[1] == {record: len(rig.history(record.removeprefix("audit/"))) for record in RECORDS}
    by_newest = replace(made(rig.system, "owed"), work_out_many=None)
    rebuild(by_newest, rig.system.engine, {rig.authority: lambda after: [events[after:]]})
    assert shown(rig) == found


@pytest.mark.parametrize("size", [1, 5, 100])
async def test_no_history_is_read_for_what_was_told(rig: Rig, size: int) -> None:
    """Nor for those of which it is told in several batches."""
    view = await begun(rig)
    assert await kept(rig, view, size) == set()
    await same_as_anew(rig)


async def test_an_act_among_them_has_the_record_worked_out(rig: Rig) -> None:
    """As has an answer of a person to what was raised, which may keep further steps from being said."""
    view = await begun(rig)
    rig.record("A-1", AuditSubmitted(grade=LOWEST))
    rig.record("A-2", EscalationAcknowledged(**reference(rig.raised("A-2")[0])))
    assert await kept(rig, view) == {"audit/A-1", "audit/A-2"}
    await same_as_anew(rig)


async def test_what_could_not_be_worked_out_is_tried_again(rig: Rig) -> None:
    """A record of which it is not known what it owes is not taken for one that nothing changed of."""
    view = await begun(rig)
    broken = WorkedOut(2, {"owed_records": [{"version": 2, "fault": "its policy is gone"}]})
    rig.drop("owed")
    events = [each for each in await asyncio.to_thread(rig.events) if not isinstance(each.fact, Step)]
    failing = replace(view, work_out_many=lambda *_: {RECORDS[1]: broken})
    keep(replace(failing, work_out=by_hand(rig, events)), rig.system.engine, rig.authority, events)
    assert [each.about for each in faulty(rig.system.engine, rig.authority)] == [RECORDS[1]]
    assert await kept(rig, view) == {RECORDS[1]}
    await same_as_anew(rig)


def by_hand(rig: Rig, events: Sequence[Recorded]) -> Callable[[str, str], WorkedOut | None]:
    """Works records out by these events of them."""
    return lambda authority, about: worked_out_from(
        rig.system, authority, about, [each for each in events if each.originator_id == about]
    )


async def test_a_record_that_the_view_does_not_hold_as_it_was_read(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody put an earlier state in its place meanwhile: nothing is written, and the next look begins anew."""
    view, reached = await begun(rig), rig.reached("owed")
    told_alone = keeper.told_alone

    def later(*given: object) -> dict[str, WorkedOut]:
        found = told_alone(*given)  # type: ignore[arg-type]  # as it was called
        return {about: replace(each, since=99, version=99) for about, each in found.items()}  # type: ignore[call-arg]

    monkeypatch.setattr(keeper, "told_alone", later)
    with pytest.raises(BrokenHistory, match="does not hold version 99"):
        await kept(rig, view)
    assert rig.reached("owed") == reached
    monkeypatch.undo()
    assert await kept(rig, view) == set()
    await same_as_anew(rig)


async def test_a_record_of_which_another_copy_knows_no_more_what_it_owes(rig: Rig) -> None:
    """That it could not work the record out meanwhile stays told: a version that is moved on says that all is known."""
    view = await begun(rig)
    events = await asyncio.to_thread(rig.events)
    first = next(number for number, each in enumerate(events) if isinstance(each.fact, Step))
    about, version = events[first].originator_id, events[first].originator_version
    lost = WorkedOut(version, {"owed_records": [{"version": version, "fault": "its policy is gone"}]})
    another = replace(view, is_told_alone=lambda _: False, work_out_many=lambda *_: {about: lost})
    told_alone = keeper.told_alone

    def meanwhile(*given: object) -> Mapping[str, WorkedOut]:
        found = told_alone(*given)  # type: ignore[arg-type]  # as it was called
        with patch.object(keeper, "told_alone", told_alone):
            keep(another, rig.system.engine, rig.authority, events[first : first + 1])
        return found

    with patch.object(keeper, "told_alone", meanwhile), pytest.raises(BrokenHistory, match="any more"):
        keep(view, rig.system.engine, rig.authority, events[first:])
    assert [each.about for each in faulty(rig.system.engine, rig.authority)] == [about]
    assert await kept(rig, view) == {about}
    await same_as_anew(rig)


async def test_only_what_follows_on_what_was_worked_out_is_taken_so(rig: Rig) -> None:
    """A record of which something is missing in between, or that is further already, is worked out by its history."""
    view = await begun(rig)
    steps = list(rig.history("A-1")[2:])

    def moved(events: Sequence[Recorded]) -> dict[str, int]:
        found = keeper.told_alone(view, rig.system.engine, rig.authority, events)
        return {about: each.version for about, each in found.items()}

    assert moved(steps) == {"audit/A-1": len(steps) + 2}
    assert moved(steps[1:]) == moved([steps[0], *steps[2:]]) == {}
    await kept(rig, view)
    assert moved(steps) == {"audit/A-1": len(steps) + 2}, "a repeat says the same"
    assert moved(steps[:1]) == {}


async def test_what_is_told_alone_changes_nothing_of_what_is_owed(rig: Rig) -> None:
    """The rows of a record are the same with and without it."""
    await begun(rig)
    policies, kind = rig.system.policies[rig.authority], CATALOGUE.kind_of("audit/A-1")
    for audit in AUDITS:
        history = rig.history(audit)
        acts = [each for each in history if not is_told_alone(each)]
        assert len(acts) < len(history)
        assert open_by_history(kind, history, policies) == open_by_history(kind, acts, policies)
        assert any(isinstance(each.fact, EscalationRaised) for each in history)


async def test_what_people_record_is_never_told_alone(rig: Rig) -> None:
    """What they answer is theirs, and so is a step that is recorded in somebody else's name than the engine's."""
    await begun(rig)
    history = rig.history("A-1")
    person = [replace(each, envelope=replace(each.envelope, actor="P-1")) for each in history]
    assert any(map(is_told_alone, history))
    assert not any(map(is_told_alone, person))
    said = reference(rig.raised("A-1")[0])
    resolved = {how: replace(history[-1], fact=EscalationResolved(**said, how=how)) for how in HOW}
    assert {how: is_told_alone(each) for how, each in resolved.items()} == {
        "discharged": True,
        "withdrawn": True,
        "resolved": False,
    }


HOW: tuple[Literal["discharged", "withdrawn", "resolved"], ...] = ("discharged", "withdrawn", "resolved")


def reference(step: Step) -> dict[str, Any]:
    """What names the step that is answered."""
    return {name: getattr(step, name) for name in ("obligation", "step", "key", "due", "trigger", "number")}
