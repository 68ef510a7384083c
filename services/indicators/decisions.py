"""What follows from a command about an indicator: the figure is checked against the policy, then one fact."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from events.base import Fact
from events.errors import Refused
from events.indicators import IndicatorCompared, IndicatorRecorded
from services.clock import local_date
from services.core.situation import Situation
from services.indicators.commands import CompareIndicator, RecordIndicator
from services.indicators.state import IndicatorRecord, comparator_key, value_key
from services.obligations.calendar import month_end
from services.obligations.periods import Period, period_of
from services.policy.indicators import Indicator

HUNDRED = Decimal(100)
PLACES = Decimal("0.0001")
"""To how many places a value that is worked out is kept; a half goes up."""

LARGEST = Decimal(10) ** 11


def record(command: RecordIndicator, held: IndicatorRecord, situation: Situation) -> list[Fact]:
    """The value of the month; nothing where exactly this stands already. A month that has not begun is refused."""
    indicator = _indicator(command.indicator, situation)
    if command.month > f"{local_date(situation.at):%Y-%m}":
        raise Refused("month", f"{command.month} lies ahead of the day on which it is recorded")
    _require_level(command, indicator, situation)
    _require_part(command.part, indicator)
    value = command.value
    if command.numerator is not None and command.denominator is not None:
        value = _worked_out(command.numerator, command.denominator, indicator)
    if value is None:
        raise Refused("value", "needed, or numerator and denominator")
    _require_fit("value", value, indicator, whole=True)
    fact = IndicatorRecorded(
        **command.model_dump(
            include={"indicator", "month", "level", "ref", "part", "numerator", "denominator", "source"}
        ),
        value=value,
    )
    return [] if held.values.get(value_key(fact)) == fact else [fact]


def compare(command: CompareIndicator, held: IndicatorRecord, situation: Situation) -> list[Fact]:
    """The comparator of a month or a year; nothing where exactly this stands already.

    A target may be set for a time to come; what others reached cannot be known ahead.
    """
    indicator = _indicator(command.indicator, situation)
    time = _time(command, situation.policy.calendar.year_start)
    ahead = time.first > local_date(situation.at)
    if ahead and command.comparator != "target":
        raise Refused("month" if command.month else "year", f"{time.first} lies ahead of the day of recording")
    _require_part(command.part, indicator)
    if command.comparator == "target" and indicator.unit is None:
        raise Refused("comparator", f"{indicator.name} has no unit, so it has no target")
    _require_fit("value", command.value, indicator, whole=False)
    fact = IndicatorCompared(
        **command.model_dump(include={"indicator", "comparator", "part", "value", "source"}),
        first=time.first,
        last=time.last,
    )
    return [] if held.comparators.get(comparator_key(fact)) == fact else [fact]


def _indicator(name: str, situation: Situation) -> Indicator:
    found = next((each for each in situation.policy.indicators if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in situation.policy.indicators)
        raise Refused("indicator", f"unknown indicator {name}; known: {known or 'none'}")
    return found


def _time(command: CompareIndicator, year_start: int) -> Period:
    if command.month is not None:
        first = date.fromisoformat(f"{command.month}-01")
        return Period(first, month_end(first))
    return period_of("year", date(command.year or 0, year_start, 1), year_start)


def _require_level(command: RecordIndicator, indicator: Indicator, situation: Situation) -> None:
    """Refused where nobody would ever look for the value: a slip of the pen must not pass for a figure."""
    if command.level not in indicator.levels:
        raise Refused("level", f"{indicator.name} is recorded for: {', '.join(indicator.levels)}")
    directory = situation.directory()
    match command.level:
        case "service" | "team" as kind:
            known = directory.kind_of(command.ref, situation.at) == kind
        case "person":
            known = bool(directory.ever_held_by(command.ref or "", situation.at))
        case _:
            known = True
    if not known:
        raise Refused("ref", f"{command.ref} is not a {command.level} of the directory")


def _require_part(part: str | None, indicator: Indicator) -> None:
    if part is None and (indicator.parts or indicator.open_parts):
        known = ", ".join(indicator.parts) or "any of the authority's own words"
        raise Refused("part", f"{indicator.name} needs its part: {known}")
    if part is not None and not indicator.open_parts and part not in indicator.parts:
        raise Refused("part", f"unknown part {part}; known: {', '.join(indicator.parts) or 'none'}")


def _worked_out(numerator: Decimal, denominator: Decimal, indicator: Indicator) -> Decimal:
    """The value in the indicator's unit: per cent, per so many, or by division. Refused for what has no such form."""
    if indicator.unit in {None, "count", "pounds"}:
        raise Refused("denominator", f"{indicator.name} is not a share, a rate or a mean: give its value")
    if denominator <= 0 or numerator < 0:
        rule = "a share of none has no value: leave the month out" if denominator == 0 else "must not be negative"
        raise Refused("numerator" if numerator < 0 else "denominator", rule)
    if indicator.unit == "per cent" and numerator > denominator:
        raise Refused("numerator", f"{numerator} of {denominator} is more than all")
    factor = HUNDRED if indicator.unit == "per cent" else Decimal(indicator.per or 1)
    value = numerator * factor / denominator
    if value >= LARGEST:
        raise Refused("numerator", "gives a value that is out of all measure")
    return value.quantize(PLACES, ROUND_HALF_UP).normalize() + 0


def _require_fit(field: str, value: Decimal, indicator: Indicator, *, whole: bool) -> None:
    if indicator.unit == "per cent" and not 0 <= value <= HUNDRED:
        raise Refused(field, f"{value} per cent is not a valid share: it lies between 0 and 100")
    if indicator.unit not in {None, "pounds"} and value < 0:
        raise Refused(field, f"{value} is negative; {indicator.name} counts from nothing")
    if whole and indicator.unit == "count" and value != value.to_integral_value():
        raise Refused(field, f"{value} is not a whole number; {indicator.name} is a count")
