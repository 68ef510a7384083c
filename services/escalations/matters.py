"""The matters that escalate and owe: how a command names one, and what must be true before anything is done about it.

An audit, a dispute, an entry of a register, and what was done towards a duty in one month.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from events.base import Ref
from events.errors import NotFound, Refused
from services.audits.rules import require_audit
from services.audits.state import Audit
from services.command import Command
from services.disputes.state import Dispute
from services.duties.record import DutyRecord
from services.registers.state import Entry

Matter = Audit | Dispute | Entry | DutyRecord
"""The state of what a command is about."""

MatterRef = Annotated[str, StringConstraints(pattern=r"^(dispute|entry|duty)/[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""What a command is about when it is no audit: `dispute/D-1`, `entry/E-1` or `duty/supervision-2026-05`."""

KEYLESS = ("entry/", "duty/")
"""Matters that may be about no child: their texts have a key of their own, erased with that matter alone."""


class MatterCommand(Command):
    """A command about a matter of any kind: it names either an `audit` or another `matter`."""

    audit: Ref | None = None
    matter: MatterRef | None = Field(
        default=None, description="Instead of an audit: dispute/<ref>, entry/<ref> or duty/<name>-<month>."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.audit is None) == (self.matter is None):
            raise ValueError("name either `audit` or `matter`, and not both")
        return self

    @property
    def aggregate(self) -> str:
        """The matter's own record."""
        return self.matter or f"audit/{self.audit}"

    @property
    def own_key(self) -> str | None:
        """The key of an entry or of a duty's month; what is about a child takes the child's."""
        return self.aggregate.replace("/", "_") if self.aggregate.startswith(KEYLESS) else None


def require_matter(command: MatterCommand, matter: Matter) -> None:
    """NotFound unless it is there; Refused if it was withdrawn."""
    kind, _, reference = command.aggregate.partition("/")
    match matter:
        case Audit():
            require_audit(matter, reference)
        case Dispute() if matter.tier is None:
            raise NotFound(kind, reference)
        case Entry() if matter.recorded is None:
            raise NotFound(kind, reference)
        case Entry() if matter.withdrawn:
            raise Refused("matter", f"{command.aggregate} was withdrawn; its record stays as it is")
        case DutyRecord() if not matter.version:
            raise NotFound("what was done towards duty", reference)
        case _:
            pass
