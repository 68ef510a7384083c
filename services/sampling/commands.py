"""The command that draws a sample."""

from typing import ClassVar, Literal

from pydantic import Field

from events.base import Ref
from services.core.command import Command, Example
from services.obligations.periods import PeriodKey
from services.policy.part import Key
from services.sampling.state import month_aggregate


class DrawSample(Command):
    """Draw a sample of a month's returned audits, for a purpose that the policy names (SOU-26, SWI-03).

    Where the policy says so it is drawn on any day, of a longer period, or of moderated audits. Without a `seed` it
    follows from the frame, so that nobody can pick it.
    """

    command: Literal["sample.draw"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "purpose": "discussion",
        "month": "2026-02",
        "service": "S-1",
    }
    purpose: Key = Field(description="The purpose, as the policy names it.")
    month: PeriodKey = Field(description="Such as 2026-01; of a longer period 2026-Q1, 2026-H1 or 2026.")
    service: Ref | None = Field(
        default=None,
        description="The service, where one is drawn from alone (its own months, where the share carries over).",
    )
    seed: Ref | None = Field(default=None, description="The seed; without one, it follows from the frame.")

    @property
    def aggregate(self) -> str:
        """The month's own record."""
        return month_aggregate(self.month, self.service)


class DiscussSample(Command):
    """Record that the sample drawn for a purpose was talked through, and with whom (SOU-42)."""

    command: Literal["sample.discuss"]
    example: ClassVar[Example] = {
        "role": "head_of_service",
        "purpose": "discussion",
        "month": "2026-02",
        "service": "S-1",
        "participants": ["P-SW"],
    }
    purpose: Key = Field(description="The purpose, as the policy names it.")
    month: PeriodKey = Field(description="Such as 2026-01; of a longer period 2026-Q1, 2026-H1 or 2026.")
    service: Ref | None = Field(default=None, description="The service, where one is drawn from alone.")
    participants: tuple[Ref, ...] = Field(min_length=1, description="With whom it was talked through.")

    @property
    def aggregate(self) -> str:
        """The month's own record."""
        return month_aggregate(self.month, self.service)
