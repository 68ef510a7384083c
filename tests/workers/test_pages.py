"""Pages of a list: all of them are the list, whatever becomes of it between two of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import Refused
from workers.asking.pages import REMEMBERED, Mark, page


@dataclass(frozen=True)
class Owed:
    """A row whose days change by themselves; several may be about the same thing."""

    about: str
    days: int = 0


def walked(rows: Sequence[Owed], limit: int) -> list[Owed]:
    found: list[Owed] = []
    after: Mark | None = None
    while True:
        part = page(rows, limit, after)
        assert len(part.rows) <= limit
        assert (part.before, part.among) == (len(found), len(rows))
        found += part.rows
        if part.mark is None:
            return found
        after = part.mark


LISTS = st.lists(st.builds(Owed, st.sampled_from(["A-1", "A-2", "E-1"]), st.integers(0, 9)), max_size=30)


@given(LISTS, st.integers(1, 12))
def test_all_pages_are_the_whole(rows: list[Owed], limit: int) -> None:
    """In the same order, each row once, also where several rows cannot be told apart."""
    assert walked(rows, limit) == rows


@given(st.integers(1, 12), st.integers(0, 40), st.sets(st.integers(0, 39), max_size=REMEMBERED - 1))
def test_nothing_is_lost_or_given_twice_where_the_list_changes(limit: int, more: int, gone: set[int]) -> None:
    """What came in, went or has another day now moves no other row to another page."""
    rows = [Owed(f"A-{number}") for number in range(40)]
    first = page(rows, limit)
    assert first.mark is not None
    changed = [Owed(f"B-{number}") for number in range(more)]
    changed += [Owed(row.about, 7) for number, row in enumerate(rows) if number not in gone]
    if any(each.about == f"A-{number}" for each in changed for number in range(max(0, limit - REMEMBERED), limit)):
        rest = [each.about for each in page(changed, None, first.mark).rows]
        assert rest == [f"A-{number}" for number in range(limit, 40) if number not in gone]


def test_a_place_of_another_list() -> None:
    """It is said, and never taken for the beginning or the end."""
    mark = page([Owed("A-1"), Owed("A-2")], 1).mark
    with pytest.raises(Refused, match="after: names no place in this list"):
        page([Owed("B-1")], 1, mark)


def test_no_limit() -> None:
    """All of it, and nothing comes after."""
    rows = [Owed("A-1"), Owed("A-2")]
    assert (page(rows, None).rows, page(rows, None).mark) == (rows, None)
    assert page([], 3).mark is None
