"""The commands that let a clock of an audit stand still, and go on."""

from typing import ClassVar, Literal

from pydantic import Field

from events.base import Label, Ref
from services.audits.commands import AuditCommand
from services.core.command import Example


class StopClock(AuditCommand):
    """Let the clocks stand still that the framework stops on this ground: all of the audit, or that of one action.

    Meanwhile nothing of it is overdue and nobody is reminded; `audit.resume_clock` lets it go on. Refused where no
    clock that runs stops on the ground, and while it stands still for it already.
    """

    command: Literal["audit.stop_clock"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "NOR-7", "ground": "child missing"}
    ground: Label = Field(description="The ground, as the policy words it.")
    action: Ref | None = Field(default=None, description="The action whose clock alone stands still.")


class ResumeClock(AuditCommand):
    """Let go on what stood still on this ground, from the next working day after, with later last days."""

    command: Literal["audit.resume_clock"]
    example: ClassVar[Example] = {"role": "qa_team", "audit": "NOR-7", "ground": "child missing"}
    ground: Label = Field(description="The ground on which it stood still.")
    action: Ref | None = Field(default=None, description="The action, where its clock alone stood still.")
