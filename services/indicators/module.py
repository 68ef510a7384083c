"""Indicators: the figures of performance, one record for each of them and calendar year."""

from services.core.part import Act, Part
from services.core.record import Kind
from services.indicators import commands as c
from services.indicators import decisions as d
from services.indicators.state import IndicatorRecord

MODULE = Part(
    name="indicators",
    kinds=(Kind("indicator", IndicatorRecord),),
    acts=(
        Act(c.RecordIndicator, d.record, words="record what an indicator stood at"),
        Act(c.CompareIndicator, d.compare, words="record what an indicator is compared with"),
    ),
)
