"""What became of a command that was not refused."""

from dataclasses import dataclass
from typing import Literal

from events.errors import SeparationOfDuties
from events.recorded import Recorded
from services.audits.state import Audit
from services.records import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command that was not refused, with what should be looked at again."""

    result: Literal["accepted", "repeated"]
    events: tuple[Recorded, ...] = ()
    warnings: tuple[str, ...] = ()


def repeated(state: State, identity: str) -> Outcome:
    """What is said of a command that was carried out before; a refusal that was recorded is raised again."""
    if isinstance(state, Audit) and identity in state.refused:
        raise SeparationOfDuties("actor", state.refused[identity])
    return Outcome("repeated")
