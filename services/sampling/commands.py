"""The command that draws a sample."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from events.base import Ref
from services.command import Command
from services.policy.model import Key
from services.sampling.month import month_aggregate

Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]


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


SamplingCommands = Annotated[DrawSample | DiscussSample, Field(discriminator="command")]
