"""Signs of life of many authorities in one transaction: what one of them says keeps no other from being written."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.workers.rig import Rig
from workers.kept import halts, parked, sendings, sweeps
from workers.webhooks import books

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


Note = Callable[[Engine, Collection[Any], datetime], None]
Known = Callable[[Engine], Mapping[str, Any]]

each_kind = pytest.mark.parametrize(
    ("note", "sign", "known"),
    [
        (sendings.note, sendings.Sending, sendings.sendings),
        (sweeps.note, sweeps.Sign, sweeps.sweeps),
        (books.note, books.Sign, books.signs),
    ],
)


@each_kind
@pytest.mark.parametrize("said", ["no file a\udcff", "no file a\0"])
def test_what_no_database_takes_is_left_out(
    rig: Rig,
    note: Note,
    sign: Callable[..., Any],
    known: Known,
    said: str,
) -> None:
    """The name of a file may be no text: that sign is written without it, and those beside it are written."""
    books.prepare(rig.system.engine)
    other = f"{rig.authority}-2"
    note(rig.system.engine, [sign(rig.authority, NOW, reason=said), sign(other, NOW)], NOW)
    found = known(rig.system.engine)
    assert found[rig.authority].reason.startswith("no file a")
    assert found[other].reason == ""


@each_kind
def test_an_older_sign_takes_the_place_of_no_newer_one(
    rig: Rig, note: Note, sign: Callable[..., Any], known: Known
) -> None:
    """A copy that was suspended writes, once it wakes, what it had to say before another did its work."""
    engine, earlier, other = rig.system.engine, NOW - timedelta(minutes=5), f"{rig.authority}-2"
    books.prepare(engine)
    note(engine, [sign(rig.authority, NOW, reason="the newer one")], NOW)
    note(engine, [sign(rig.authority, earlier, reason="before it was suspended"), sign(other, earlier)], NOW)
    found = known(engine)
    assert (found[rig.authority].beat, found[rig.authority].reason) == (NOW, "the newer one")
    assert found[other].beat == earlier
    note(engine, [sign(rig.authority, NOW, reason="as new as that")], NOW)
    assert known(engine)[rig.authority].reason == "as new as that"


@each_kind
def test_a_clock_that_ran_ahead_hides_nobody(rig: Rig, note: Note, sign: Callable[..., Any], known: Known) -> None:
    """What was given tomorrow, by a clock that was put right since, gives way to what is given today."""
    engine, later = rig.system.engine, NOW + timedelta(days=1)
    books.prepare(engine)
    note(engine, [sign(rig.authority, later)], later)
    note(engine, [sign(rig.authority, NOW)], NOW)
    assert known(engine)[rig.authority].beat == NOW


def test_a_record_is_parked_whatever_its_failure_says(rig: Rig) -> None:
    """What cannot be written is left out of the reason, and the record is parked."""
    parked.park(rig.system.engine, "escalator", rig.authority, "audit/A-1", "no file a\udcff")
    (found,) = parked.parked(rig.system.engine)["escalator", rig.authority]
    assert found.reason == "no file a?"


def test_a_view_stands_still_whatever_its_reason_says(rig: Rig) -> None:
    """What no database takes is left out of the reason, and that the view stands still is written."""
    engine = rig.system.engine
    halts.prepare(engine)
    halts.note(engine, halts.Halt("register", rig.authority, 1, "no file a\udcff and \0", NOW))
    assert halts.halts(engine)["register", rig.authority].reason == "no file a? and \\u0000"
