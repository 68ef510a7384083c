"""Periods: every day lies in exactly one of each length, and what is owed in it is due on its last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import Refused
from services.obligations.periods import (
    MONTHS,
    Period,
    key_of,
    number_of,
    period_called,
    period_of,
    periods,
    year_of,
)
from services.policy.tasks import Every

LENGTHS = st.sampled_from(list(MONTHS))
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
STARTS = st.integers(1, 12)
DAY = timedelta(days=1)


@pytest.mark.covers("A-ESX-02", "A-ESX-03", "ESX-N20")
@given(every=LENGTHS, day=DAYS, start=STARTS)
def test_each_day_lies_in_one_period(every: Every, day: date, start: int) -> None:
    """A day lies in its period, the days around the period lie in others, and periods follow without a gap."""
    period = period_of(every, day, start)
    assert day in period
    assert period_of(every, period.first, start) == period_of(every, period.last, start) == period
    assert period_of(every, period.first - DAY, start).last == period.first - DAY
    assert period_of(every, period.last + DAY, start).first == period.last + DAY


@pytest.mark.covers("A-ESX-03")
@given(every=LENGTHS, day=DAYS, start=STARTS)
def test_a_period_is_of_whole_months(every: Every, day: date, start: int) -> None:
    """A period begins on the first of a month, ends on the last of one, and has its months."""
    period = period_of(every, day, start)
    assert period.first.day == 1
    assert (period.last + DAY).day == 1
    assert len(list(period.months())) == MONTHS[every]


@pytest.mark.covers("A-ESX-02")
@given(every=LENGTHS, day=DAYS, start=STARTS)
def test_a_year_is_filled_without_remainder(every: Every, day: date, start: int) -> None:
    """The periods that end within a year are as many as fit into it, and begin and end with it."""
    year = year_of(day, 1 if every == "calendar year" else start)
    within = list(periods(every, year.first, year.last, start))
    assert len(within) == 12 // MONTHS[every]
    assert (within[0].first, within[-1].last) == (year.first, year.last)
    numbers = [number_of(every, each.first, start) for each in within]
    assert numbers == list(range(numbers[0], numbers[0] + len(within)))


@pytest.mark.covers("ESX-C9", "A-ESX-01", "A-ESX-02", "A-ESX-03")
@pytest.mark.parametrize(
    ("every", "last_days"),
    [
        ("two months", "2026-05-31 2026-07-31 2026-09-30 2026-11-30 2027-01-31 2027-03-31"),
        ("quarter", "2026-06-30 2026-09-30 2026-12-31 2027-03-31"),
        ("third", "2026-07-31 2026-11-30 2027-03-31"),
        ("half year", "2026-09-30 2027-03-31"),
        ("year", "2027-03-31"),
        ("calendar year", "2026-12-31"),
    ],
)
def test_the_financial_year(every: Every, last_days: str) -> None:
    """From April, two-monthly pairs, quarters, thirds and halves end on the days that the readings give."""
    found = periods(every, date(2026, 4, 1), date(2027, 3, 31))
    assert [each.last.isoformat() for each in found] == last_days.split()


@pytest.mark.covers("A-ESX-03")
def test_leap_years() -> None:
    """February ends on its own last day, in leap years too."""
    assert period_of("month", date(2028, 2, 3)).last == date(2028, 2, 29)
    assert period_of("month", date(2027, 2, 3)).last == date(2027, 2, 28)
    assert period_of("two months", date(2028, 2, 29), 1) == period_of("two months", date(2028, 1, 1), 1)


@given(every=LENGTHS, day=DAYS, start=STARTS)
def test_a_name_leads_back_to_its_period(every: Every, day: date, start: int) -> None:
    """Every day of a period gives it the same name, and the name gives the period."""
    period = period_of(every, day, start)
    key = key_of(every, day, start)
    assert {key_of(every, period.first, start), key_of(every, period.last, start)} == {key}
    assert period_called(key, every, start) == period


@pytest.mark.parametrize(
    ("key", "every", "first", "last"),
    [
        ("2026-03", "month", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026-04", "two months", date(2026, 4, 1), date(2026, 5, 31)),
        ("2026-Q1", "quarter", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q4", None, date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-T3", None, date(2026, 12, 1), date(2027, 3, 31)),
        ("2026-H2", "half year", date(2026, 10, 1), date(2027, 3, 31)),
        ("2026", None, date(2026, 4, 1), date(2027, 3, 31)),
        ("2026", "calendar year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_names_of_periods(key: str, every: Every | None, first: date, last: date) -> None:
    """The year of a name is the one in which the programme's year begins; months are those of the calendar."""
    found = period_called(key, every)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("key", "every", "instead"),
    [("2026-05", "two months", "2026-04"), ("2026-05", "quarter", "2026-Q1"), ("2026", "month", "2026-04")],
)
def test_a_name_of_another_length_is_refused(key: str, every: Every, instead: str) -> None:
    """What is no name of such a period is refused with one that is, and never read as another period."""
    with pytest.raises(Refused, match=f"period: {key} is not the name of a {every}; write {instead}"):
        period_called(key, every)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 9, 1), date(2025, 9, 30), "Sep 2025"),
        (date(2025, 10, 1), date(2025, 12, 31), "Oct to Dec 2025"),
        (date(2025, 4, 1), date(2026, 3, 31), "Apr 2025 to Mar 2026"),
        (date(2025, 3, 1), date(2026, 3, 31), "Mar 2025 to Mar 2026"),
    ],
)
def test_a_period_as_a_person_reads_it(first: date, last: date, words: str) -> None:
    """One month by itself; of several the first and the last, with the year of the first where it is another."""
    assert Period(first, last).in_words() == words


def test_a_year_begins_in_april_unless_somebody_says_otherwise() -> None:
    """What names no month begins its years, and all that divides them, with April."""
    day = date(2026, 3, 31)
    assert year_of(day) == Period(date(2025, 4, 1), day)
    assert period_of("quarter", day) == Period(date(2026, 1, 1), day)
    assert (key_of("quarter", day), key_of("year", day)) == ("2025-Q4", "2025")
    assert period_called("2025-H2", None) == Period(date(2025, 10, 1), day)
    assert list(periods("half year", date(2025, 10, 1), day)) == [Period(date(2025, 10, 1), day)]
    assert number_of("year", day) + 1 == number_of("year", date(2026, 4, 1))
    first = date(2026, 4, 1)
    assert year_of(first).first == period_of("quarter", first).first == period_called("2026", None).first == first
    assert (key_of("quarter", first), key_of("year", first)) == ("2026-Q1", "2026")
    assert next(iter(periods("year", first, date(2027, 3, 31)))).first == first
    assert number_of("quarter", day) + 1 == number_of("quarter", first)


@pytest.mark.parametrize(
    ("every", "day", "start", "name"),
    [
        ("quarter", date(2026, 8, 31), 9, "2025-Q4"),
        ("quarter", date(2026, 9, 1), 9, "2026-Q1"),
        ("year", date(2026, 8, 31), 9, "2025"),
        ("calendar year", date(2026, 8, 31), 9, "2026"),
        ("half year", date(2026, 12, 31), 1, "2026-H2"),
        ("third", date(2026, 5, 1), 1, "2026-T2"),
        ("two months", date(2026, 10, 31), 9, "2026-09"),
    ],
)
def test_the_name_of_a_period_in_another_year(every: Every, day: date, start: int, name: str) -> None:
    """Where the year begins in another month, names count from that month; a calendar year has its own name."""
    assert key_of(every, day, start) == name
    found = period_called(name, every, start)
    assert found == period_of(every, day, start)
    before, after = found.first - DAY, found.last + DAY
    number = number_of(every, day, start)
    assert [number_of(every, each, start) - number for each in (before, found.first, found.last, after)] == [
        -1,
        0,
        0,
        1,
    ]


def test_the_ends_of_a_period_lie_in_it() -> None:
    """The first day and the last are its own, and those around it are not."""
    march = period_of("month", date(2026, 3, 15))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [day in march for day in days] == [False, True, True, False]
