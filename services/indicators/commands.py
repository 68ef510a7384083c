"""The commands about indicators."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from events.base import Label, Ref
from events.indicators import Figure
from events.vocabulary import Comparator, IndicatorLevel
from services.core.command import Command, Example, Month
from services.indicators.state import indicator_aggregate
from services.policy.indicators import IndicatorName

Year = Annotated[int, Field(ge=1900, le=2199)]


class RecordIndicator(Command):
    """Record what an indicator stood at in a month, as its value or as numerator and denominator (SWI-103, TOR-155).

    A later record of the same month, level and part replaces the earlier one in the view; the history keeps both.
    Recording what stands already changes nothing.
    """

    command: Literal["indicator.record"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "indicator": "visits_on_time",
        "month": "2026-01",
        "numerator": "186",
        "denominator": "200",
        "source": "monthly return",
    }
    indicator: IndicatorName = Field(description="The indicator, by its name in the policy.")
    month: Month = Field(description="Such as 2026-01.")
    level: IndicatorLevel = Field(default="authority", description="What the figure is of.")
    ref: Ref | None = Field(default=None, description="The service, team or person, where the level is not authority.")
    part: Label | None = Field(default=None, description="Which of several figures under the title it is.")
    value: Figure | None = Field(default=None, description="The value itself.")
    numerator: Figure | None = Field(default=None, description="The numerator, with its denominator.")
    denominator: Figure | None = Field(default=None, description="The denominator, with its numerator.")
    source: Label | None = Field(default=None, description="Where the figure comes from.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        pair = (self.numerator is not None, self.denominator is not None)
        if any(pair) and not all(pair):
            raise ValueError("numerator and denominator belong together")
        if (self.value is None) != all(pair):
            raise ValueError("give either the value, or numerator and denominator")
        if (self.level == "authority") != (self.ref is None):
            raise ValueError("ref names the service, team or person; the level authority has none")
        return self

    @property
    def aggregate(self) -> str:
        """The indicator's record of that year."""
        return indicator_aggregate(self.indicator, self.month[:4])


class CompareIndicator(Command):
    """Record what an indicator is compared with in a month or a year (TOR-122, SWI-124, SOU-106).

    A year is the one that begins in `year`, in the month with which the policy's years begin. A comparator of the
    same time and part given again replaces the earlier one in the view; the history keeps both.
    """

    command: Literal["indicator.compare"]
    example: ClassVar[Example] = {
        "role": "qa_team",
        "indicator": "visits_on_time",
        "comparator": "england",
        "year": 2025,
        "value": "91.5",
    }
    indicator: IndicatorName = Field(description="The indicator, by its name in the policy.")
    comparator: Comparator = Field(description="What it is compared with.")
    month: Month | None = Field(default=None, description="The month that it holds for, such as 2026-01.")
    year: Year | None = Field(default=None, description="2025 stands for the year that begins in 2025.")
    part: Label | None = Field(default=None, description="Which of several figures under the title it is.")
    value: Figure = Field(description="What it stood at there.")
    source: Label | None = Field(default=None, description="Where the figure was published.")

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.month is None) == (self.year is None):
            raise ValueError("give either the month or the year that it holds for")
        return self

    @property
    def aggregate(self) -> str:
        """The indicator's record of the year in which the time begins."""
        return indicator_aggregate(self.indicator, self.month[:4] if self.month else str(self.year))
