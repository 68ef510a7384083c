"""One indicator's record of one calendar year, as its events leave it. Applying an event only assigns."""

from dataclasses import dataclass, field
from datetime import date

from events.indicators import IndicatorCompared, IndicatorRecorded
from events.recorded import Recorded

INDICATOR = "indicator/"

ValueKey = tuple[str, str, str | None, str | None]
"""What a value is of: the month, the level, whose it is, and the part."""

ComparatorKey = tuple[str, date, date, str | None]
"""What a comparator is of: its kind, its first and last day, and the part."""


def indicator_aggregate(name: str, year: str) -> str:
    """The record that holds an indicator's figures of a calendar year, such as `indicator/rereferrals-2026`."""
    return f"{INDICATOR}{name}-{year}"


def value_key(fact: IndicatorRecorded) -> ValueKey:
    """What the value is of: a later value of the same replaces it."""
    return fact.month, fact.level, fact.ref, fact.part


def comparator_key(fact: IndicatorCompared) -> ComparatorKey:
    """What the comparator is of: a later one of the same replaces it."""
    return fact.comparator, fact.first, fact.last, fact.part


@dataclass(slots=True)
class IndicatorRecord:
    """What the next command about the indicator must know: what stands, and which commands were carried out."""

    values: dict[ValueKey, IndicatorRecorded] = field(default_factory=dict)
    comparators: dict[ComparatorKey, IndicatorCompared] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        match recorded.fact:
            case IndicatorRecorded() as fact:
                self.values[value_key(fact)] = fact
            case IndicatorCompared() as fact:
                self.comparators[comparator_key(fact)] = fact
