"""The commands about programme tasks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from events.base import Label, Ref
from services.core.command import Command, Day, Example
from services.policy.part import Key
from services.policy.tasks import TaskName
from services.programme.state import task_aggregate


class RecordTask(Command):
    """Record that something a task asks for was done on a day.

    Without `holder` it counts for the actor. Several of the same kind on one day take a `count`.
    """

    command: Literal["duty.record"]
    example: ClassVar[Example] = {"role": "dcs", "duty": "t1_5", "on": "2026-02-11"}
    duty: TaskName = Field(description="The task, by its name in the policy.")
    on: Day = Field(description="The day.")
    holder: Ref | None = Field(default=None, description="For whom it counts; without one, for the actor.")
    about: Ref | None = Field(default=None, description="Whom or what it is about.")
    item: Label | None = Field(default=None, description="Which of several things it is.")
    count: Annotated[int, Field(ge=1, le=1000)] = Field(default=1, description="How many of them were done that day.")
    evidence: tuple[Label, ...] = Field(default=(), description="What bears it out, as the policy words it.")
    concern: bool | None = Field(default=None, description="Whether it led to a concern.")
    reported_to: tuple[Key, ...] = Field(default=(), description="A role that it was reported to.")

    @property
    def aggregate(self) -> str:
        """The task's record of that month."""
        return task_aggregate(self.duty, self.on)


class SkipTask(Command):
    """Record that a task need not be done about somebody in the period of a day, and why (A-ESX-21)."""

    command: Literal["duty.skip"]
    example: ClassVar[Example] = {
        "role": "operations_manager",
        "duty": "t3_14",
        "on": "2026-02-11",
        "about": "T-1",
        "ground": "no open case",
    }
    duty: TaskName = Field(description="The task, by its name in the policy.")
    on: Day = Field(description="The day.")
    about: Ref = Field(description="Whom or what it is about.")
    ground: Label = Field(description="The ground, as the policy words it.")

    @property
    def aggregate(self) -> str:
        """The task's record of that month."""
        return task_aggregate(self.duty, self.on)
