"""What a decision may ask for beside its command and its record, and what it decides about other records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.base import Fact
from events.errors import Refused
from events.recorded import Recorded
from services.core.histories import Histories
from services.core.record import Record
from services.directory.may import Roll
from services.directory.state import Directory
from services.obligations.model import Obligation, Wanted
from services.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision may ask for beside the command and the state of the record.

    `record` is the record that is decided on, as it stands before the act. `policy` is the version in force on the day
    of the act, with the form and the scale that the work began with. `roll` holds the people whom the command names
    against the directory on that day. `key` names the key of the command's texts, if there is one.
    """

    policy: Policy
    at: datetime
    record: Record
    roll: Roll
    histories: Histories
    key: str | None

    def seal(self, field: str, text: str) -> str:
        """Encrypt a text with the key of the child concerned. Refused, naming the field, where there is none."""
        if self.key is None:
            raise Refused(field, "without a child there is no key for a free text")
        return self.histories.seal(self.key, field, text)

    def seal_if(self, field: str, text: str | None) -> str | None:
        """The text sealed, or None."""
        return self.seal(field, text) if text else None

    def seal_for(self, child: str, field: str, text: str) -> str:
        """Encrypt a text with the key of one child, where a command is about many."""
        return self.histories.seal(child, field, text)

    def owed(self, wanted: Wanted) -> tuple[Obligation, ...]:
        """The record's obligations, of the rules that are wanted."""
        return self.histories.owed_by(self.record.aggregate, wanted)

    def owed_after(self, fact: Fact, wanted: Wanted) -> tuple[Obligation, ...]:
        """The record's obligations as they will be once the fact, which is being decided, is recorded."""
        return self.histories.owed_by(self.record.aggregate, wanted, then=(fact, self.at))

    def owed_by(self, aggregate: str, wanted: Wanted) -> tuple[Obligation, ...]:
        """Those of another record."""
        return self.histories.owed_by(aggregate, wanted)

    def record_of(self, aggregate: str) -> Record:
        """Another record."""
        return self.histories.record(aggregate)

    def history(self, aggregate: str) -> Sequence[Recorded]:
        """The events of another record, in the order of their versions."""
        return self.histories.record(aggregate).history

    def began(self, aggregate: str) -> Policy | None:
        """The version that a record began under; None where it is no piece of work."""
        return self.histories.began(aggregate)

    def directory(self) -> Directory:
        """The people and units of the authority."""
        return self.histories.directory()

    def require_unit(self, field: str, unit: str | None, kind: str) -> None:
        """Refused, naming the field, for a unit that was no such team or service on that day; None names none."""
        if unit is not None and self.directory().kind_of(unit, self.at) != kind:
            raise Refused(field, f"{unit} was not a {kind} of the directory on {self.roll.day}")


@dataclass(frozen=True, slots=True)
class Decided:
    """A fact for one record."""

    aggregate: str
    fact: Fact
