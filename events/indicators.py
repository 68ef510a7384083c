"""What an indicator of performance stood at in a month, and what it is compared with.

One stream holds an indicator's figures of one calendar year (`indicator/<name>-2026`), so that none grows without
bound. A figure that is given again replaces the earlier one in the view; both stay here. No event here carries free
text.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from events.base import Fact, Label, Ref
from events.vocabulary import Comparator, IndicatorLevel
from events.wording import in_words

Figure = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=18, decimal_places=6)]
"""A number as it was given: exact, never a float."""


class IndicatorRecorded(Fact):
    """An indicator's value of a month, for the whole authority or for one service, team or person (`ref`).

    `numerator` and `denominator` are kept where the value was worked out from them. `part` says which of several
    figures under one title it is, such as an outcome; `source` where the figure comes from.
    """

    stored_name = "indicator.recorded.v1"
    clause = "an indicator's value is recorded"
    indicator: Label
    month: Ref
    level: IndicatorLevel = "authority"
    ref: Ref | None = None
    part: Label | None = None
    value: Figure
    numerator: Figure | None = None
    denominator: Figure | None = None
    source: Label | None = None

    def sentence(self) -> str:
        whose = f" of {self.level} {self.ref}" if self.ref else ""
        pair = "" if self.numerator is None else f" ({self.numerator} of {self.denominator})"
        origin = f"; from {self.source}" if self.source else ""
        return f"“{self.indicator}”{_part(self.part)}{whose} stood at {self.value}{pair} in {self.month}{origin}."


class IndicatorCompared(Fact):
    """What an indicator is compared with from the day `first` to the day `last`."""

    stored_name = "indicator.compared.v1"
    clause = "what an indicator is compared with is recorded"
    indicator: Label
    comparator: Comparator
    first: date
    last: date
    part: Label | None = None
    value: Figure
    source: Label | None = None

    def sentence(self) -> str:
        span = f"from {in_words(self.first)} to {in_words(self.last)}"
        origin = f"; from {self.source}" if self.source else ""
        return f"“{self.indicator}”{_part(self.part)} is compared with {self.value} ({self.comparator}) {span}{origin}."


def _part(part: str | None) -> str:
    return f", {part}," if part else ""
