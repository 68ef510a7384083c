"""What an import is bringing in is worked out from the events that go by: the same rows, and nothing is asked for."""

import asyncio
from dataclasses import replace
from unittest.mock import patch

import pytest
from pydantic import BaseModel

from events.audits import AuditSubmitted
from events.losses import DamageAccepted
from events.recorded import Recorded
from projections.keeper import keep
from projections.owed import owed_now, versions
from projections.rebuild import rebuild
from tests.histories import allocated, batches
from tests.workers.releasing import IMPORT, LONG_AGO, RECORDS, Asked, brought_in, closed, opened
from tests.workers.rig import LOWEST, Rig
from workers.views import in_hand
from workers.views.in_hand import InHand
from workers.views.made import made

SIZES = (1, 5, 100)


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_asked_for_while_an_import_comes_in(rig: Rig, size: int) -> None:
    """Whoever asks meanwhile is told what is owed by what has come, and the end is what a rebuild gives."""
    opened(rig)
    brought_in(rig)
    events = await asyncio.to_thread(rig.events)
    view = made(rig.system, "owed")
    with Asked() as asked:
        for batch in batches(events[:-2], size):
            keep(view, rig.system.engine, rig.authority, batch)
    assert asked.audits == set()
    assert versions(rig.system.engine, rig.authority) == dict.fromkeys(RECORDS, 2) | {"audit/A-4": 1, "audit/A-5": 1}
    with Asked() as asked:
        keep(view, rig.system.engine, rig.authority, events[-2:])
    assert asked.audits == set()
    rows = owed_now(rig.system.engine, rig.authority)
    assert {row.about for row in rows} == RECORDS
    rebuild(made(rig.system, "owed"), rig.system.engine, {rig.authority: lambda after: [events[after:]]})
    assert owed_now(rig.system.engine, rig.authority) == rows
    by_newest = replace(made(rig.system, "owed"), work_out_many=None)
    rebuild(by_newest, rig.system.engine, {rig.authority: lambda after: [events[after:]]})
    assert owed_now(rig.system.engine, rig.authority) == rows


async def test_what_is_not_in_hand_is_read(rig: Rig) -> None:
    """Records from before the import or without one, and after its end those that came with it."""
    rig.record("A-0", allocated(due=None), at=LONG_AGO)
    opened(rig)
    rig.record("A-0", AuditSubmitted(grade=LOWEST), at=LONG_AGO, imported=IMPORT)
    rig.record("A-1", allocated(due=None), at=LONG_AGO, imported=IMPORT)
    closed(rig)
    rig.record("A-1", AuditSubmitted(grade=LOWEST))
    events = await asyncio.to_thread(rig.events)
    view = made(rig.system, "owed")
    for batch, read in zip(batches(events, 1), ({"audit/A-0"}, (), {"audit/A-0"}, (), (), {"audit/A-1"}), strict=True):
        with Asked() as asked:
            keep(view, rig.system.engine, rig.authority, batch)
        assert asked.audits == set(read)


def told(rig: Rig) -> list[Recorded]:
    opened(rig)
    brought_in(rig, ("A-1", "A-2"))
    return [*rig.history("A-1"), *rig.history("A-2")]


def held(taken: dict[str, list[Recorded]]) -> dict[str, list[int]]:
    return {about: [each.originator_version for each in events] for about, events in taken.items()}


def test_only_what_follows_on_what_is_held_is_held(rig: Rig) -> None:
    """A repeat changes nothing; a hole, or another event in the place of one, leaves nothing in hand."""
    first, second, *_ = told(rig)
    third = replace(second, originator_version=3, position=99)
    hand = InHand()
    assert held(hand.take(rig.authority, [first])) == {"audit/A-1": [1]}
    assert held(hand.take(rig.authority, [first, second])) == {"audit/A-1": [1, 2]}
    assert held(hand.take(rig.authority, [first])) == {"audit/A-1": [1, 2]}
    assert hand.take("another", [third]) == {}
    other = replace(second, fingerprint="another")
    assert hand.take(rig.authority, [other]) == {}
    assert hand.take(rig.authority, [third]) == {}
    hand.take(rig.authority, [first])
    assert hand.take(rig.authority, [third]) == {}
    assert hand.take(rig.authority, [second]) == {}


def test_what_was_not_touched_for_longest_goes_where_much_is_held(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes is read when it is touched again."""
    monkeypatch.setattr(in_hand, "HELD", 4 * in_hand.BESIDE - 1)
    a1, a2, b1, b2 = told(rig)
    other = replace(a1, originator_id="audit/A-3")
    hand = InHand()
    hand.take(rig.authority, [a1, b1, a2, other])
    assert hand.take(rig.authority, [b2]) == {}, "it went, and the one that was touched since did not"
    assert held(hand.take(rig.authority, [a2])) == {"audit/A-1": [1, 2]}
    hand = InHand()
    hand.take(rig.authority, [a1, b1, a2])
    assert held(hand.take(rig.authority, [b2])) == {"audit/A-2": [1, 2]}
    assert hand.take(rig.authority, [replace(a2, originator_version=3)]) == {}
    assert held(hand.take(rig.authority, [b2])) == {"audit/A-2": [1, 2]}


def test_what_is_held_is_weighed_and_not_counted(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text may be as long as a thousand events; it is handed on as others are, and not held."""
    monkeypatch.setattr(in_hand, "HELD", 4 * in_hand.BESIDE)
    a1, a2, b1, b2 = told(rig)
    text = "x" * 3 * in_hand.BESIDE
    long = replace(a2, fact=a2.fact.model_copy(update={"summary": text}))
    hand = InHand()
    assert held(hand.take(rig.authority, [b1, a1, long])) == {"audit/A-1": [1, 2], "audit/A-2": [1]}
    assert hand.take(rig.authority, [a2, b2]) == {}
    assert held(hand.take(rig.authority, [a1, a2])) == {"audit/A-1": [1, 2]}, "what is held no more weighs nothing"
    assert held(hand.take(rig.authority, [a2])) == {"audit/A-1": [1, 2]}


def test_what_is_held_is_weighed_once(rig: Rig) -> None:
    """To weigh an event is to write it out: it is not done once more when nothing is held any more."""
    weighed: list[BaseModel] = []
    written_out = BaseModel.model_dump_json

    def counted(fact: BaseModel) -> str:
        weighed.append(fact)
        return written_out(fact)

    events = told(rig)
    closed(rig)
    with patch.object(BaseModel, "model_dump_json", counted):
        hand = InHand()
        hand.take(rig.authority, events)
        hand.take(rig.authority, rig.events()[-1:])
        assert hand.take(rig.authority, events[1:2]) == {}, "with the end of the import it went"
    assert weighed == [each.fact for each in events]


def test_nothing_is_held_after_damage_was_accepted(rig: Rig) -> None:
    """What is held may tell of what was given up."""
    a1, a2, *_ = told(rig)
    hand = InHand()
    hand.take(rig.authority, [a1])
    accepted = replace(
        a2, originator_id="history/1", fact=DamageAccepted(position=1, through=1, found="missing", reason="unknown")
    )
    hand.take(rig.authority, [accepted])
    assert hand.take(rig.authority, [a2]) == {}
