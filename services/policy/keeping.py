"""How notices reach people, how long what was recorded stays at hand, and what a copy for boards hides."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field

from services.policy.expressions import SpanText, some_time
from services.policy.ladders import StepKind
from services.policy.part import HourOfDay, Label, Part


class Messages(Part):
    """How notices reach people (A-ALL-13): those of the kinds `at_once` each by itself, the others in a digest.

    A digest goes to each person on each day at the hour `digest_at` (England's), one for each type of notice.
    """

    digest_at: HourOfDay = Field(default=time(8, 30), title="Hour of the digest of a day")
    at_once: tuple[StepKind, ...] = Field(default=("escalation",), title="Kinds that go at once, each by itself")


class Retention(Part):
    """How long what was recorded stays in the live history; then it may be archived, and is still read (A-ALL-16).

    Nothing is archived, or removed from the live history, by itself.
    """

    period: Annotated[SpanText, AfterValidator(some_time)] = Field(
        title="What was recorded stays in the live history for"
    )
    source: tuple[Label, ...] = Field(min_length=1)


class Copies(Part):
    """What a board's copy of a report hides (A-ALL-15)."""

    suppress_up_to: int = Field(default=5, ge=0, le=50, title="A copy for boards hides numbers from 1 up to")
