"""What the parts of a policy have in common: each is read once and never changed."""

import re
from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticKnownError

import events.base

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name that the framework gives: of a role, a rule, a question, a set of grades."""


def _as_written(held: object) -> object:
    """A whole number as it is written: what a framework calls 1 is a word of its own, with quotation marks or not."""
    return str(held) if isinstance(held, int) and not isinstance(held, bool) else held


Label = Annotated[
    events.base.Label,
    BeforeValidator(_as_written),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 200}),
]
"""A word of the framework's own, such as a grade, a section or a type of audit. A whole number needs no quotes."""

Said = Annotated[bool | str, BeforeValidator(_as_written), WithJsonSchema({"type": ["boolean", "string", "integer"]})]
"""A value that a field of an event or an answer must have: true, false or a word."""


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(held: object) -> object:
    """A day as it is written: a number would be taken for the seconds since 1970, and a text of digits as well."""
    if isinstance(held, date) or (isinstance(held, str) and _DAY.fullmatch(held.strip())):
        return held
    raise PydanticKnownError("date_type")


CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:00)?")
"""An hour of the day and its minutes as they are written, wherever an hour stands."""


ADOPTED = "adopted"
"""Given as the context where what is read was adopted: hours that were once taken with their seconds stay readable."""


def clock_of(held: object, info: ValidationInfo) -> time | None:
    """An hour of the day as it is written; None for what is none."""
    if isinstance(held, time):
        return held
    text = held.strip() if isinstance(held, str) else ""
    if CLOCK.fullmatch(text):
        hour, minute, *_ = text.split(":")
        return time(int(hour), int(minute))
    return time.fromisoformat(text) if info.context == ADOPTED and ":" in text else None


def _hour(held: object, info: ValidationInfo) -> time:
    """An hour as it is written: a number, such as 8, would be taken for so many seconds after midnight."""
    found = clock_of(held, info)
    if found is None:
        raise PydanticKnownError("time_type")
    return found


Day = Annotated[date, BeforeValidator(_day)]
"""A day, written as year, month and day."""

HourOfDay = Annotated[time, BeforeValidator(_hour)]
"""An hour and its minutes."""


class Part(BaseModel):
    """A part of a policy: read once, never changed, and with no room for a misspelt key.

    A field whose own name does not say enough to a reader of the framework has a title.
    """

    # What reads a part is made once one is read: of a policy that is kept (see `compiled`) no part is.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
