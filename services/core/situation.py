"""What a decision may ask for beside its command and its record, and what it decides about other records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.base import Fact
from events.errors import Refused
from events.recorded import Recorded
from services.core.record import Record
from services.directory.may import Roll
from services.directory.state import Directory
from services.obligations.model import Obligation, OwedBy, Wanted
from services.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision may ask for beside the command and the state of the record.

    `record` is the record that is decided on, as it stands before the act; `record_of(aggregate)` gives another one.
    `seal(field, text)` encrypts with the key of the child concerned, `seal_for(child, field, text)` where a command is
    about many children. `owed(wanted)` gives the record's obligations, of the rules that are wanted, and
    `owed_by(aggregate, wanted)` those of another; `directory()` the people and units of the authority. `roll` holds the
    people whom the command names against the directory on the day of the act.

    `policy` is the version in force on the day of the act, with the form and the scale that the work began with;
    `began(aggregate)` gives the version that a record began under, None where it is no piece of work.
    """

    policy: Policy
    at: datetime
    record: Record
    seal: Callable[[str, str], str]
    owed: Callable[[Wanted], tuple[Obligation, ...]]
    directory: Callable[[], Directory]
    seal_for: Callable[[str, str, str], str]
    record_of: Callable[[str], Record]
    owed_by: OwedBy
    began: Callable[[str], Policy | None]
    roll: Roll

    def history(self, aggregate: str) -> Sequence[Recorded]:
        """The events of another record, in the order of their versions."""
        return self.record_of(aggregate).history

    def require_unit(self, field: str, unit: str | None, kind: str) -> None:
        """Refused, naming the field, for a unit that was no such team or service on that day; None names none."""
        if unit is not None and self.directory().kind_of(unit, self.at) != kind:
            raise Refused(field, f"{unit} was no {kind} of the directory on {self.roll.day}")

    def seal_if(self, field: str, text: str | None) -> str | None:
        """The text sealed, or None."""
        return self.seal(field, text) if text else None


@dataclass(frozen=True, slots=True)
class Decided:
    """A fact for one record."""

    aggregate: str
    fact: Fact
