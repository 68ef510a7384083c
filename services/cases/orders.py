"""Which way round the dates of a column stand that are bare numbers as text: judged by all of them together.

Of 03/04/2026 alone nobody can say whether March or April is meant. Of the column it stands in somebody can, as soon as
one of its dates is possible in one way only. What no date decides is read as England writes it, and that is said.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from events.errors import Refused
from services.cases.cells import Unusable, bare_date, child_number
from services.cases.headings import Columns, What
from services.cases.sheets import NumberedRow

DATED: tuple[What, ...] = ("birth", "start", "end")
"""What is a date of all that is read."""

_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_CENTURY = 2000

Way = Literal["day", "month", "either"]


@dataclass(slots=True)
class Order:
    """What the dates of one column show. `day` and `month` are the first rows where that alone can stand first."""

    day: int | None = None
    month: int | None = None
    either: int = 0

    def take(self, row: int, value: Any) -> None:
        """Take in a cell."""
        match way_of(value):
            case "day":
                self.day = self.day or row
            case "month":
                self.month = self.month or row
            case "either":
                self.either += 1

    @property
    def undecided(self) -> bool:
        """Whether there are dates that can be meant in two ways, and nothing says in which."""
        return bool(self.either) and self.day is None and self.month is None


def way_of(value: Any) -> Way | None:
    """What can stand first in a cell; None for what is no date of bare numbers, or the same day both ways."""
    if not isinstance(value, str):
        return None
    try:
        found = _NUMBERS.fullmatch(bare_date(value))
    except Unusable:
        return None
    if found is None or int(found[1]) == int(found[2]):
        return None
    first, second, year = (int(each) for each in found.groups())
    year += _CENTURY if year < 100 else 0  # noqa: PLR2004 - written with two digits; either century has the same leap years
    ways: list[Way] = []
    if _is_date(year, second, first):
        ways.append("day")
    if _is_date(year, first, second):
        ways.append("month")
    return "either" if len(ways) > 1 else next(iter(ways), None)


def orders_of(rows: Iterable[NumberedRow], columns: Columns, usable: Callable[[Sequence[Any]], bool]) -> "Orders":
    """Judge every column of dates by the rows under its headings, of those that are about a child and `usable`."""
    places = {what: columns.places[what] for what in DATED if what in columns.places}
    number = columns.places["number"]
    found = {what: Order() for what in places}
    for row, values in rows:
        if usable(values) and _has_number(values, number):
            for what, place in places.items():
                if place < len(values):
                    found[what].take(row, values[place])
    return Orders(found)


@dataclass(frozen=True, slots=True)
class Orders:
    """The columns of dates of one sheet."""

    of: Mapping[What, Order]

    def require_one_way(self, sheet: str, columns: Columns) -> None:
        """Refused for a column in which some dates must have the day first and others the month: nothing is guessed."""
        for what, order in self.of.items():
            if order.day is not None and order.month is not None:
                raise Refused(
                    "file",
                    f"{sheet}, column {columns.name(what)}: row {order.day} puts the day first and row {order.month} "
                    "the month; write all its dates one way",
                )

    def remarks(self) -> Iterator[tuple[What, str]]:
        """What should be said of a column, once: that its dates have the month first, or that nobody can tell."""
        for what, order in self.of.items():
            if order.month is not None:
                yield what, "its dates have the month before the day, and all of them were read so"
            elif order.undecided:
                several = "1 date" if order.either == 1 else f"{order.either} dates"
                yield what, f"{several} could be meant either way; read with the day before the month, as in England"

    def month_first(self) -> frozenset[What]:
        """What stands in the columns that have the month before the day."""
        return frozenset(what for what, order in self.of.items() if order.month is not None)


def _has_number(values: Sequence[Any], place: int) -> bool:
    try:
        return place < len(values) and bool(child_number(values[place]))
    except Unusable:
        return False


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
