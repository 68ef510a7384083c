"""Words that a policy and an event have in common: they stand apart, so that whoever reads a policy loads no event."""

from typing import Literal

ActionLevel = Literal["child", "service", "strategic"]
"""Whom an action is for."""

IndicatorLevel = Literal["authority", "service", "team", "person"]
"""Whose figure an indicator is."""

Comparator = Literal["target", "statistical neighbours", "region", "england", "good or outstanding authorities"]
"""What an indicator is compared with."""

Method = Literal["random", "systematic", "stratified"]
"""How the children of a round are drawn."""

DrawnOf = Literal["returned", "unmoderated", "moderated"]
"""Of which audits a sample is drawn: those that came back, those of them not moderated yet, or those moderated."""

SampledEvery = Literal["month", "quarter", "half year", "year"]
"""The period of which a sample is drawn. One longer than a month has a record of its own: `month/2026-Q1`."""
