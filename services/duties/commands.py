"""The commands about period duties."""

from typing import Annotated, Literal

from pydantic import Field

from events.base import Label, Ref
from services.core.command import Command, Day
from services.duties.state import duty_aggregate
from services.policy.duties import DutyName
from services.policy.part import Key


class RecordDuty(Command):
    """Record that something a duty asks for was done on a day.

    Without `holder` it counts for the actor. Several of the same kind on one day take a `count`.
    """

    command: Literal["duty.record"]
    duty: DutyName
    on: Day
    holder: Ref | None = None
    about: Ref | None = None
    item: Label | None = None
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    evidence: tuple[Label, ...] = ()
    concern: bool | None = None
    reported_to: tuple[Key, ...] = ()

    @property
    def aggregate(self) -> str:
        """The duty's record of that month."""
        return duty_aggregate(self.duty, self.on)


class SkipDuty(Command):
    """Record that a duty need not be done about somebody in the period of a day, and why (A-ESX-21)."""

    command: Literal["duty.skip"]
    duty: DutyName
    on: Day
    about: Ref
    ground: Label

    @property
    def aggregate(self) -> str:
        """The duty's record of that month."""
        return duty_aggregate(self.duty, self.on)
