"""Frameworks whose own review date has passed: the owner is told, the work goes on (HAL-109, SOU-115, A-HAL-21)."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.policy.versions import Policies


def overdue_reviews(held: Iterable[Policies], today: date) -> Iterator[str]:
    """A sentence for each framework in force whose review was due before today."""
    for policies in held:
        policy = policies.in_force(today)
        if policy.review_due is not None and policy.review_due < today:
            yield f"{policy.authority}: the framework's own review was due on {policy.review_due:%-d %B %Y}"
