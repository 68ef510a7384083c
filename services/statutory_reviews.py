"""By when a child's statutory reviews must be held: shown to the auditor as a prompt, and never a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat

from events.errors import Refused
from services.obligations.calendar import WorkingCalendar
from services.policy.model import Policy


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """The last day for one review; `held` is None for the one to come."""

    step: str
    latest: date
    held: date | None

    @property
    def in_time(self) -> bool | None:
        """Whether it was held by then; None while it is to come."""
        return None if self.held is None else self.held <= self.latest


def review_dates(policy: Policy, kind: str, start: date, held: Sequence[date] = ()) -> tuple[ReviewDate, ...]:
    """Every review held with its last day, and the next one (SOU-35, A-SOU-17).

    Each span counts from the review before it, the first one from `start`; the last span of the policy repeats.
    Raises Refused for a kind that the policy does not know, or dates that are not in order.
    """
    steps = policy.tool.review_prompts.get(kind)
    if steps is None:
        raise Refused(
            "kind", f"unknown kind of review {kind}; known: {', '.join(policy.tool.review_prompts) or 'none'}"
        )
    if list(held) != sorted(held) or (held and held[0] < start):
        raise Refused("held", "the reviews must be named in the order in which they were held")
    calendar = WorkingCalendar.of(policy)

    def dates() -> Iterator[ReviewDate]:
        spans = chain(steps, repeat(steps[-1]))
        for step, before, after in zip(spans, (start, *held), (*held, None), strict=False):
            yield ReviewDate(step.name, calendar.shift(before, step.within), after)

    return tuple(dates())
