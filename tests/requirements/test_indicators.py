"""Every indicator that a framework names can be recorded for a month and is shown with its unit and its direction."""

from collections.abc import Iterator

import pytest

from events.indicators import IndicatorRecorded
from services.policy.indicators import Indicator
from tests.desks import SHIPPED, TestDesk

NOT_ALONE = {"SWI-106", "SWI-118", "HAL-99", "SOU-107", "TOR-45", "TOR-122", "TOR-160"}
"""Requirements that ask for more than the figure itself."""


def every_indicator() -> Iterator[object]:
    for authority, policies in SHIPPED.items():
        for indicator in policies.newest.indicators:
            ids = [each for each in indicator.source if each not in NOT_ALONE]
            name = f"{authority}-{indicator.name}"
            yield pytest.param(authority, indicator, id=name, marks=[pytest.mark.covers(*ids)] if ids else [])


@pytest.mark.parametrize(("authority", "indicator"), every_indicator())
def test_a_months_figure(authority: str, indicator: Indicator) -> None:
    """The role that keeps the figures records a month's value, and the stream holds it with its month."""
    desk = TestDesk(authority)
    role = desk.policies.newest.acts["indicator.record"][0]
    head = {"command": "indicator.record", "authority": authority, "actor": "P-BI", "role": role, "at": "2026-04-07"}
    parts = indicator.parts or (("as the authority names it",) if indicator.open_parts else (None,))
    for part in parts:
        named = {"part": part} if part else {}
        desk.do({**head, "indicator": indicator.name, "month": "2026-03", "value": 12, **named})
    facts = [each.fact for each in desk.store.load(f"indicator/{indicator.name}-2026")]
    assert len([fact for fact in facts if isinstance(fact, IndicatorRecorded)]) == len(parts)
