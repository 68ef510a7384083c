"""What is asked of the programme: a window that begins with its year and ends with the month, and what is overdue."""

from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest

from events.errors import Refused
from services.directory.state import DIRECTORY, fold_directory
from services.programme.activities import gather
from services.programme.asking import falling_due, overdue
from services.programme.owed import TaskRow
from tests.desks import TestDesk
from tests.services.programme.scenes import activity, audited, desk_in_east_sussex

TODAY = date(2026, 6, 15)


def due(desk: TestDesk, today: date = TODAY, **asked: Any) -> list[TaskRow]:
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    events = (each for history in streams.values() for each in history)
    directory = fold_directory(desk.store.load(DIRECTORY))
    return falling_due(desk.policies, directory, lambda *_: gather(events), today, **asked)


def test_the_window_that_nobody_named() -> None:
    """It begins with the programme's year, in April, and ends with the month; either end can be named."""
    desk = desk_in_east_sussex()
    assert {row.due for row in due(desk) if row.every == "month"} == {
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 30),
    }
    assert {row.due for row in due(desk, date(2027, 1, 2)) if row.every == "month"} >= {date(2026, 4, 30)}
    from_june = due(desk, first=date(2026, 6, 1), last=date(2026, 7, 31))
    assert {row.due for row in from_june if row.every == "month"} == {date(2026, 6, 30), date(2026, 7, 31)}


def test_of_one_role() -> None:
    """What one role owes is what all owe without the others' rows."""
    desk = desk_in_east_sussex()
    of_manager = due(desk, role="operations_manager")
    assert of_manager == [row for row in due(desk) if row.role == "operations_manager"] != []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"role": "wizard"}, "role: unknown role wizard; known: "),
        ({"first": date(2026, 7, 1), "last": date(2026, 6, 30)}, "to: 2026-06-30 is before 2026-07-01"),
    ],
    ids=["role", "window"],
)
def test_refused_before_anything_is_read(asked: dict[str, Any], said: str) -> None:
    """A role that is none, or a window that ends before it begins, costs no reading of events."""
    desk = desk_in_east_sussex()
    between = Mock(side_effect=AssertionError("read"))
    with pytest.raises(Refused) as refused:
        falling_due(desk.policies, fold_directory(()), between, TODAY, **asked)
    assert str(refused.value).startswith(said)
    assert not between.called


def test_overdue_since_the_record_begins() -> None:
    """What fell due before the day is overdue until it is done; nothing is, of an authority that has done nothing."""
    desk = desk_in_east_sussex()
    assert of_supervision(desk, date(2026, 6, 1)) == []
    done = {"about": "P-AUD", "item": "supervision audit", "concern": False}
    desk.do(activity("t3_3", "2026-04-14", "P-OM", "operations_manager", **done))
    assert of_supervision(desk, date(2026, 6, 1)) == [date(2026, 4, 30), date(2026, 5, 31)]
    desk.do(*audited("A-1", "supervision file", "2026-05-10", "P-AUD"))
    assert of_supervision(desk, date(2026, 6, 1)) == [date(2026, 4, 30)]
    assert of_supervision(desk, date(2026, 4, 30)) == []


def of_supervision(desk: TestDesk, on: date) -> list[date]:
    """The months for which the audit of a file of P-SW is overdue on the day."""
    streams: dict[str, Any] = desk.store.streams  # type: ignore[attr-defined]  # the store in memory
    events = (each for history in streams.values() for each in history)
    rows = overdue(desk.policies, fold_directory(desk.store.load(DIRECTORY)), gather(events), on)
    assert {row.state for row in rows} <= {"overdue"}
    return [row.due for row in rows if (row.task, row.about) == ("t3_16", "P-SW")]
