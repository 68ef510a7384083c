"""One entry of a register as its events leave it. Applying an event only assigns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from events.actions import ActionCompleted, ActionConfirmed, ActionSet
from events.escalations import Reference
from events.recorded import Recorded
from events.registers import EntryRecorded, EntryStepped, EntryWithdrawn
from services.audits.state import Action
from services.escalations.state import Escalation, take_escalation


@dataclass(slots=True)
class Entry:
    """An entry as it stands. `recorded` is None before it is recorded, `steps` counts each step that happened."""

    version: int = 0
    recorded: EntryRecorded | None = None
    child: str | None = None
    withdrawn: bool = False
    since: datetime | None = None
    steps: dict[str, int] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    escalations: dict[Reference, Escalation] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> Self:
        """The entry after `history`."""
        entry = cls()
        for recorded in history:
            entry.apply(recorded)
        return entry

    def apply(self, recorded: Recorded) -> None:
        """Take in one event."""
        at = recorded.envelope.occurred
        match recorded.fact:
            case EntryRecorded() as fact:
                self.recorded, self.child, self.since = fact, fact.child, at
            case EntryStepped(step=step):
                self.steps[step] = self.steps.get(step, 0) + 1
            case EntryWithdrawn():
                self.withdrawn = True
            case ActionSet() as fact:
                self.actions[fact.action] = Action.of(fact, at)
            case ActionCompleted(action=action):
                self.actions[action].completed = True
            case ActionConfirmed(action=action):
                self.actions[action].confirmed = True
            case fact:
                take_escalation(self.escalations, fact)
        self.dates.setdefault(recorded.fact.stored_name.rpartition(".v")[0], at)
        self.version = recorded.originator_version
        self.commands[recorded.envelope.command_id] = recorded.envelope.digest
