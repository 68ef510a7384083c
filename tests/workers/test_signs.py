"""Signs of life of many authorities in one transaction: what one of them says keeps no other from being written."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.workers.rig import Rig
from workers import parked, sendings, sweeps
from workers.webhooks import books

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("note", "sign", "known"),
    [
        (sendings.note, sendings.Sending, sendings.sendings),
        (sweeps.note, sweeps.Sign, sweeps.sweeps),
        (books.note, books.Sign, books.signs),
    ],
)
@pytest.mark.parametrize("said", ["no file a\udcff", "no file a\0"])
def test_what_no_database_takes_is_left_out(
    rig: Rig,
    note: Callable[[Engine, Collection[Any]], None],
    sign: Callable[..., Any],
    known: Callable[[Engine], Mapping[str, Any]],
    said: str,
) -> None:
    """The name of a file may be no text: that sign is written without it, and those beside it are written."""
    books.prepare(rig.system.engine)
    other = f"{rig.authority}-2"
    note(rig.system.engine, [sign(rig.authority, NOW, reason=said), sign(other, NOW)])
    found = known(rig.system.engine)
    assert found[rig.authority].reason.startswith("no file a")
    assert found[other].reason == ""


def test_a_record_is_parked_whatever_its_failure_says(rig: Rig) -> None:
    """What cannot be written is left out of the reason, and the record is parked."""
    parked.park(rig.system.engine, "escalator", rig.authority, "audit/A-1", "no file a\udcff")
    (found,) = parked.parked(rig.system.engine)["escalator", rig.authority]
    assert found.reason == "no file a?"
