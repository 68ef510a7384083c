"""The command that draws a sample."""

from typing import Literal

from pydantic import Field

from events.base import Ref
from services.core.command import Command, Month
from services.policy.part import Key
from services.sampling.state import month_aggregate


class DrawSample(Command):
    """Draw a sample of a month's returned audits, for a purpose that the policy names (SOU-26, SWI-03).

    Without a `seed` it follows from the frame, so that nobody can pick it.
    """

    command: Literal["sample.draw"]
    purpose: Key
    month: Month = Field(description="Such as 2026-01.")
    service: Ref | None = None
    seed: Ref | None = None

    @property
    def aggregate(self) -> str:
        """The month's own record."""
        return month_aggregate(self.month, self.service)


class DiscussSample(Command):
    """Record that the sample drawn for a purpose was talked through, and with whom (SOU-42)."""

    command: Literal["sample.discuss"]
    purpose: Key
    month: Month
    service: Ref | None = None
    participants: tuple[Ref, ...] = Field(min_length=1)

    @property
    def aggregate(self) -> str:
        """The month's own record."""
        return month_aggregate(self.month, self.service)
