"""Days of each year, as a framework names them: `24 December`, or `25 December to 1 January`."""

from calendar import month_name
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

DayOfYear = tuple[int, int]
"""Month and day."""

LEAP_YEAR = 2024
MONTHS = {name: number for number, name in enumerate(month_name) if name}


@dataclass(frozen=True, slots=True)
class Yearly:
    """The days from the first to the last of each year, both among them; over the turn of the year where they do."""

    first: DayOfYear
    last: DayOfYear

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `25 December to 1 January`; ValueError says what is wanted."""
        first, _, last = text.strip().partition(" to ")
        return cls(_read(first, text), _read(last or first, text))

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        asked = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= asked <= self.last
        return asked >= self.first or asked <= self.last

    def __str__(self) -> str:
        """As it is written in a policy."""
        first, last = (f"{day} {month_name[month]}" for month, day in (self.first, self.last))
        return first if first == last else f"{first} to {last}"


def _read(words: str, text: str) -> DayOfYear:
    day, _, month = words.strip().partition(" ")
    number = MONTHS.get(month.strip().capitalize(), 0)
    try:
        found = date(LEAP_YEAR, number, int(day))
    except ValueError as error:
        wanted = "write a day and a month, such as `24 December`, or two of them: `25 December to 1 January`"
        raise ValueError(f"{text!r} names no days of a year: {wanted}") from error
    return found.month, found.day


_DAY = rf"\d{{1,2}} ({'|'.join(MONTHS)})"
YearlyText = Annotated[
    Yearly,
    BeforeValidator(lambda v: v if isinstance(v, Yearly) else Yearly.parse(str(v))),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_DAY}( to {_DAY})?$",
            "description": "A day of each year, or the first and the last of several.",
            "examples": ["24 December", "25 December to 1 January"],
        }
    ),
]
