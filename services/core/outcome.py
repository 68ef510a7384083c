"""What became of a command that was not refused."""

from dataclasses import dataclass
from typing import Literal

from events.errors import SeparationOfDuties
from events.recorded import Recorded
from services.core.record import Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command that was not refused, with what should be looked at again."""

    result: Literal["accepted", "repeated"]
    events: tuple[Recorded, ...] = ()
    warnings: tuple[str, ...] = ()


def repeated(record: Record, identity: str) -> Outcome:
    """What is said of a command that was carried out before; a refusal that was recorded is raised again."""
    if identity in record.refused:
        raise SeparationOfDuties("actor", record.refused[identity])
    return Outcome("repeated")
