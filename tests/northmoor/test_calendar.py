"""Northmoor's days: what no working day is there, what moves off it, and at which hour people are told."""

from datetime import date

import pytest

from services.obligations.calendar import WorkingCalendar
from services.policy.expressions import Span
from services.policy.yearly import Yearly
from tests.northmoor.council import POLICY, allocated, desk, owed, returned, steps

CALENDAR = WorkingCalendar.of(POLICY)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-12-24", 1, "2027-01-04"),  # Monday 28 to Thursday 31 December are closed; 1 January is a Friday
        ("2027-12-24", 1, "2028-01-04"),  # the next year alike; Monday 3 January is the substitute bank holiday
        ("2025-12-31", 1, "2026-01-02"),  # the turn of a year from within
        ("2026-12-18", 4, "2026-12-24"),  # the days before are worked
    ],
)
def test_no_working_day_from_christmas_to_new_year_in_any_year(start: str, count: int, end: str) -> None:
    """NM-24: every 25 December to 1 January is left out, beside weekends and bank holidays."""
    assert CALENDAR.shift(date.fromisoformat(start), Span(count, "working days")).isoformat() == end


def test_an_audit_over_christmas() -> None:
    """NM-5, NM-24, NM-27: fifteen working days go around the closure, and each step is at nine in its own day."""
    [found] = owed(desk(allocated("A-1", "2026-12-14")), "audit_return")
    assert str(found.due) == "2027-01-12"
    assert steps(found) == {
        "reminder": "2027-01-07 09:00",
        "late": "2027-01-13 09:00",
        "later": "2027-01-20 09:00",
        "latest": "2027-01-27 09:00",
    }


def test_a_last_day_moves_to_the_next_working_day() -> None:
    """NM-16, NM-25: six weeks after the return fall into the closure, and end on the first day after it."""
    made = desk(allocated("A-1", "2026-11-02"), *returned("A-1", "2026-11-17", "Inadequate"))
    [found] = owed(made, "reaudit_inadequate")
    assert str(found.due) == "2027-01-04"  # 29 December


def test_days_of_each_year_are_read_and_written_alike() -> None:
    """One day, several, and several over the turn of the year; 29 February in leap years alone."""
    one, over, leap = (Yearly.parse(each) for each in ("24 December", "25 December to 1 January", "29 February"))
    assert [str(each) for each in (one, over, leap)] == ["24 December", "25 December to 1 January", "29 February"]
    assert one.holds(date(2031, 12, 24))
    assert not one.holds(date(2031, 12, 25))
    within = [date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 2)]
    assert [over.holds(day) for day in within] == [False, True, True, False]
    assert leap.holds(date(2028, 2, 29))
    assert not leap.holds(date(2027, 3, 1))


@pytest.mark.parametrize(
    "text", ["Christmas", "31 June", "25 December to", "25 Dec", "25 December until 1 January", ""]
)
def test_what_names_no_days_of_a_year(text: str) -> None:
    """What is no day and month is refused with what to write."""
    with pytest.raises(ValueError, match="write a day and a month"):
        Yearly.parse(text)
