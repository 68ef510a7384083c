"""The shape of a ladder: what is sent before and after the day by which something is owed, and to whom."""

from typing import Literal

from pydantic import Field

from services.policy.expressions import AddresseeText, MomentText
from services.policy.part import Key, Label, Part

Hour = Literal["notice", "lapse", "at once", "end of day"]
StepKind = Literal["reminder", "notice", "escalation", "correction"]


class LadderStep(Part):
    """One rung: when, how it is meant, and who is told. `hour` says at which hour of its date (A-ALL-04).

    `at once` is the instant at which the clock starts or, on a later day, that day's beginning.

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
