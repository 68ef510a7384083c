"""Every indicator that a framework names can be recorded for a month and is shown with its unit and its direction."""

import pytest

from events.indicators import IndicatorRecorded
from services.policy.indicators import Indicator
from tests.desks import SHIPPED, TestDesk
from tests.lives import people

EVERY = [
    pytest.param(authority, indicator, id=f"{authority}-{indicator.name}")
    for authority, policies in SHIPPED.items()
    for indicator in policies.newest.indicators
]


@pytest.mark.covers("SWI-103", "SWI-104", "SWI-105", "SWI-107", "SWI-108", "SWI-109", "SWI-110", "SWI-111", "SWI-112")
@pytest.mark.covers("SWI-113", "SWI-114", "SWI-115", "SWI-116", "SWI-117", "SWI-119", "SWI-120", "SWI-121", "SWI-122")
@pytest.mark.covers("SWI-123", "TOR-155", "HAL-98", "SOU-106", "ESX-N42", "ESX-N43", "ESX-N44")
@pytest.mark.parametrize(("authority", "indicator"), EVERY)
def test_a_months_figure(authority: str, indicator: Indicator) -> None:
    """The role that keeps the figures records a month's value, and the stream holds it with its month."""
    desk = TestDesk(authority)
    role = desk.policies.newest.acts["indicator.record"][0]
    head = {"command": "indicator.record", "authority": authority, "actor": "P-BI", "role": role, "at": "2026-04-07"}
    if "authority" not in indicator.levels:
        head |= {"level": indicator.levels[0], "ref": "S-1"}
        desk.do(*people(authority))
    parts = indicator.parts or (("as the authority names it",) if indicator.open_parts else (None,))
    for part in parts:
        named = {"part": part} if part else {}
        desk.do({**head, "indicator": indicator.name, "month": "2026-03", "value": 12, **named})
    facts = [each.fact for each in desk.store.load(f"indicator/{indicator.name}-2026")]
    assert len([fact for fact in facts if isinstance(fact, IndicatorRecorded)]) == len(parts)


def test_every_named_indicator_is_there() -> None:
    """What the marks above name stands as the source of an indicator of its framework."""
    sources = {
        each for policies in SHIPPED.values() for indicator in policies.newest.indicators for each in indicator.source
    }
    swindon = {f"SWI-{number}" for number in range(103, 124) if number not in {106, 118}}
    assert sources >= swindon | {"TOR-155", "HAL-98", "SOU-106", "ESX-N42", "ESX-N43", "ESX-N44"}
