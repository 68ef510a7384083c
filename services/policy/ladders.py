"""The shape of a ladder: what is sent before and after the day by which something is owed, and to whom."""

from datetime import time
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from services.policy.expressions import AddresseeText, MomentText
from services.policy.part import CLOCK, Key, Label, Part, clock_of

HourWord = Literal["notice", "lapse", "at once", "end of day"]
HOUR_WORDS: tuple[HourWord, ...] = get_args(HourWord)


def _hour(held: object, info: ValidationInfo) -> object:
    """A word, or an hour of the day as it is written; ValueError says what is wanted."""
    if (found := clock_of(held, info)) is not None or held in HOUR_WORDS:
        return held if found is None else found
    words = ", ".join(f"`{each}`" for each in HOUR_WORDS)
    raise ValueError(f"{held!r} is no hour: write {words} or an hour of the day, such as 10:00")


Hour = Annotated[
    HourWord | time,
    BeforeValidator(_hour),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(HOUR_WORDS)},
                {"type": "string", "pattern": f"^{CLOCK.pattern}$", "examples": ["10:00"]},
            ]
        }
    ),
]
"""At which hour of its day a step goes: one of the words, or an hour of its own."""

END_OF_DAY = time(23, 59)
"""The last minute of a day."""

StepKind = Literal["reminder", "notice", "escalation", "correction"]


class LadderStep(Part):
    """One rung: when, how it is meant, and who is told. `hour` says at which hour of its date (A-ALL-04).

    `notice` is the calendar's `notice_hour`, `lapse` the beginning of the day and `end of day` its last minute;
    `at once` is the instant at which the clock starts or, on a later day, that day's beginning. Another hour is
    written as such: `10:00`.

    A title may have places that are filled when the step fires: `{done}` and `{wanted}` of a sum (`met_sum`), and the
    fields of the event that started the clock. With `repeat_hours` an escalation is raised again after so many hours
    until somebody acknowledges it, `at_most` so many times.
    """

    name: Key
    on: MomentText
    kind: StepKind
    to: tuple[AddresseeText, ...] = Field(min_length=1)
    title: Label
    hour: Hour = "notice"
    level: int = Field(default=1, ge=1, le=9)
    repeat_hours: int | None = Field(default=None, ge=1, le=168)
    at_most: int = Field(default=24, ge=1, le=200)

    def goes_at(self, notice_hour: time) -> time:
        """The hour of its date, where dated notices go at that one."""
        if isinstance(self.hour, time):
            return self.hour
        return {"notice": notice_hour, "end of day": END_OF_DAY}.get(self.hour, time(0, 0))
