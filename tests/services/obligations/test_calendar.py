"""Counting days: what one rule for all clocks gives, on the days that make it hard."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.obligations.calendar import WorkingCalendar, bank_holidays
from services.policy.expressions import Span, Unit

ENGLAND = WorkingCalendar()
DAYS = st.dates(date(2019, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(1, 60)
SIGNS = st.sampled_from([1, -1])


def after(day: str, count: int, unit: Unit, sign: int = 1) -> str:
    return ENGLAND.shift(date.fromisoformat(day), Span(count, unit), sign).isoformat()


@pytest.mark.covers("A-ALL-01")
def test_bank_holidays_of_the_worked_cases() -> None:
    """England's bank holidays of 2026 are known, 28 December for 26 December too, and New Year of 2027."""
    named = ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]
    weekdays = {day for day in bank_holidays(2026) if day.weekday() < 5}
    assert weekdays == {date.fromisoformat(f"2026-{each}") for each in named}
    assert date(2027, 1, 1) in bank_holidays(2027)


@pytest.mark.covers("A-ALL-01", "HAL-C2", "HAL-C8")
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-01-16", 10, "2026-01-30"),
        ("2026-04-20", 10, "2026-05-05"),
        ("2026-05-01", 5, "2026-05-11"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-18", 10, "2027-01-06"),
        ("2026-12-17", 5, "2026-12-24"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-26", 1, "2026-12-29"),
        ("2026-03-24", 15, "2026-04-16"),
    ],
)
def test_working_days_on(start: str, count: int, end: str) -> None:
    """The Nth working day after day 0, over weekends, Easter, May and Christmas."""
    assert after(start, count, "working days") == end


@pytest.mark.covers("A-ALL-07")
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [("2026-04-03", 5, "2026-03-27"), ("2026-04-12", 5, "2026-04-02"), ("2026-12-29", 1, "2026-12-24")],
)
def test_working_days_back(start: str, count: int, end: str) -> None:
    """The Nth working day before day 0."""
    assert after(start, count, "working days", -1) == end


@pytest.mark.covers("A-ALL-01", "HAL-C4", "ESX-C5")
@pytest.mark.parametrize(
    ("start", "count", "sign", "end"),
    [
        ("2026-01-31", 1, 1, "2026-02-28"),
        ("2026-01-30", 1, 1, "2026-02-28"),
        ("2026-03-31", 1, 1, "2026-04-30"),
        ("2026-05-29", 1, 1, "2026-06-29"),
        ("2026-12-31", 1, 1, "2027-01-31"),
        ("2026-11-30", 3, 1, "2027-02-28"),
        ("2027-11-30", 3, 1, "2028-02-29"),
        ("2026-08-31", 6, -1, "2026-02-28"),
        ("2026-01-15", 1, -1, "2025-12-15"),
    ],
)
def test_months_end_on_the_last_valid_day(start: str, count: int, sign: int, end: str) -> None:
    """Months end on the same day number, or on the month's last day if it has none, across years too."""
    assert after(start, count, "months", sign) == end


@pytest.mark.covers("A-ALL-01")
def test_an_authoritys_own_closures_are_no_working_days() -> None:
    """A day on which the authority is closed is skipped like a bank holiday."""
    closed = WorkingCalendar(frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}))
    assert closed.shift(date(2026, 12, 24), Span(1, "working days")) == date(2027, 1, 4)
    assert ENGLAND.shift(date(2026, 12, 24), Span(1, "working days")) == date(2026, 12, 29)


@pytest.mark.covers("A-ALL-03")
@pytest.mark.parametrize(
    ("rule", "good_friday", "plain"),
    [
        ("none", "2026-04-03", "2026-04-02"),
        ("next", "2026-04-07", "2026-04-02"),
        ("previous", "2026-04-02", "2026-04-02"),
    ],
)
def test_rolling(rule: str, good_friday: str, plain: str) -> None:
    """A date off the working days stays, or moves to the nearest working day as the rule says; a working day stays."""
    assert ENGLAND.roll(date(2026, 4, 3), rule).isoformat() == good_friday  # type: ignore[arg-type]  # from the table
    assert ENGLAND.roll(date(2026, 4, 2), rule).isoformat() == plain  # type: ignore[arg-type]  # from the table


@pytest.mark.covers("A-ALL-01")
@given(day=DAYS, count=COUNTS, sign=SIGNS)
def test_working_days_are_counted_exactly(day: date, count: int, sign: int) -> None:
    """N working days on, or back, is a working day, and exactly N working days lie on the way to it."""
    end = ENGLAND.shift(day, Span(count, "working days"), sign)
    assert ENGLAND.is_working(end)
    between = (day + timedelta(days=sign * number) for number in range(1, abs((end - day).days) + 1))
    assert sum(map(ENGLAND.is_working, between)) == count


@given(day=DAYS, count=COUNTS, sign=SIGNS)
def test_weeks_are_seven_days(day: date, count: int, sign: int) -> None:
    """N weeks are seven times N days, on the same day of the week."""
    weeks = ENGLAND.shift(day, Span(count, "weeks"), sign)
    assert weeks == ENGLAND.shift(day, Span(7 * count, "days"), sign)
    assert weeks.weekday() == day.weekday()


@given(day=DAYS, count=COUNTS)
def test_months_never_leave_their_month(day: date, count: int) -> None:
    """N months on lies in the Nth month after, never on a later day number, and earlier only on that month's last."""
    end = ENGLAND.shift(day, Span(count, "months"))
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == count
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(day=DAYS, rule=st.sampled_from(["next", "previous"]))
def test_a_rolled_day_works_and_no_nearer_one_did(day: date, rule: str) -> None:
    """Rolling ends on the nearest working day of its direction."""
    end = ENGLAND.roll(day, rule)  # type: ignore[arg-type]  # from the strategy
    passed = abs((end - day).days)
    sign = 1 if rule == "next" else -1
    assert ENGLAND.is_working(end)
    assert end == day + sign * timedelta(days=passed)
    assert not any(ENGLAND.is_working(day + sign * timedelta(days=number)) for number in range(passed))


def test_hours_are_counted_from_no_day() -> None:
    """Who counts hours from a day has lost the instant: that is a mistake of the program, and told as one."""
    with pytest.raises(ValueError, match="counted from an instant, and not from a day"):
        WorkingCalendar().shift(date(2026, 3, 2), Span(3, "hours"))
