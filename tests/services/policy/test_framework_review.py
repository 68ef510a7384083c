"""The review dates that frameworks set themselves."""

from datetime import date

import pytest

from services.policy.framework_review import overdue_reviews
from tests.desks import SHIPPED


@pytest.mark.covers("HAL-109", "SOU-115", "A-HAL-21", "A-SOU-21")
def test_a_passed_review_date_is_told() -> None:
    """From the day after its review date a framework is named, and those without a date never are."""
    held = list(SHIPPED.values())
    assert list(overdue_reviews(held, date(2015, 6, 30))) == []
    assert list(overdue_reviews(held, date(2015, 7, 1))) == [
        "southwark: the framework's own review was due on 30 June 2015"
    ]
    told = list(overdue_reviews(held, date(2026, 1, 19)))
    assert [each.partition(":")[0] for each in told] == ["halton", "southwark"]
